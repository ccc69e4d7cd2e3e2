"""Alarms of one source that come close together are one incident, with a list of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_grouping"
down_revision = "20261202_intake"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("fired_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("cleared_at", core.db.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_alarms_incident_id_incidents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_incident_alarms_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_incident_alarms_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_alarms")),
    )
    op.create_index(op.f("ix_incident_alarms_incident_id"), "incident_alarms", ["incident_id"])
    op.create_index(op.f("ix_incident_alarms_unit_id"), "incident_alarms", ["unit_id"])
    op.create_index("ix_incident_alarms_key", "incident_alarms", ["intake_id", "dedup_key"])
    # Not in a batch: the table is not copied and keeps its triggers.
    op.add_column("intakes", sa.Column("group_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
