"""When an absence was noted: shifts that were over by then stay as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261127_away"
down_revision = "20261126_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absences", sa.Column("recorded_at", core.db.UTCDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
