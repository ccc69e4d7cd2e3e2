"""Why nobody was told of a revision when it was published, and when they were told after all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261129_telling"
down_revision = '20261129_ledger'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("revisions", sa.Column("tell_reason", sa.Text(), server_default="", nullable=False))
    op.add_column("revisions", sa.Column("told_at", core.db.UTCDateTime(), nullable=True))
    op.add_column("revisions", sa.Column("told_by", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
