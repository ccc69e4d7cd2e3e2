"""What came along with an alarm, and when it was noticed, is kept while a window holds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_held"
down_revision = "20261202_diary_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("held_alarms", sa.Column("detected_at", core.db.UTCDateTime(), nullable=True))
    op.add_column("held_alarms", sa.Column("form", sa.Text(), server_default="", nullable=False))
    op.add_column("held_alarms", sa.Column("details", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
