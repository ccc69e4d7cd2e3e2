"""The result of a call by hand can be taken back for a while: what it was, when, and what was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261127_channels"
down_revision = "20261127_calling"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hand_calls", sa.Column("outcome", sa.Text(), nullable=False, server_default=""))
    op.add_column("hand_calls", sa.Column("done_at", core.db.UTCDateTime(), nullable=True))
    op.add_column("hand_calls", sa.Column("before", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
