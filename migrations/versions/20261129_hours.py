"""Hours of duty that heads of units have closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261129_hours"
down_revision = '20261129_swaps'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hours_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("figures_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_hours_closings_campaign_id_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_hours_closings_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_closings")),
        sa.UniqueConstraint(
            "campaign_id",
            "unit_id",
            "month",
            "number",
            name=op.f("uq_hours_closings_campaign_id_unit_id_month_number"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hours_closings_unit_id"), "hours_closings", ["unit_id"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
