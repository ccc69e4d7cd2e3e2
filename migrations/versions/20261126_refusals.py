"""Refusals are counted per actor and day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261126_refusals"
down_revision = "20261126_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refusals",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", core.db.UTCDateTime(timezone=True), nullable=False),
        sa.Column("last_at", core.db.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "on_day", name=op.f("pk_refusals")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
