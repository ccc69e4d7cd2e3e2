"""Who made refusals part of a point's number from which its sheet had left them out, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261219_added_by_hand"
down_revision = "20261218_unheeded_refused"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parcel_findings", sa.Column("added_at", UTCDateTime(), nullable=True))
    op.add_column("parcel_findings", sa.Column("added_by", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
