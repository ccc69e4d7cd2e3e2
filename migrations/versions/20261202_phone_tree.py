"""Of which revisions the telephone numbers were mailed; of those until now nothing is mailed afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_phone_tree"
down_revision = "20261202_maintenance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("revisions", sa.Column("numbers_mailed_at", core.db.UTCDateTime(), nullable=True))
    op.execute("UPDATE revisions SET numbers_mailed_at = published_at")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
