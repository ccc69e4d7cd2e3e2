"""Who is recorded absent gets one message, and published seats at risk have an incident of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261127_calling"
down_revision = "20261127_law"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("away", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("coverage_gaps", sa.Column("ends_at", core.db.UTCDateTime(), nullable=True))
    op.add_column("coverage_gaps", sa.Column("raise_at", core.db.UTCDateTime(), nullable=True))
    op.create_index("ix_absences_to_on", "absences", ["to_on"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
