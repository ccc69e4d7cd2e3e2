"""Maintenance windows and silences of sources, and what they hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "20261202_maintenance"
down_revision = "20261202_grouping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maintenance_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("is_silence", sa.Boolean(), nullable=False),
        sa.Column("starts_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("ends_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("obligatory_minutes", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("ended_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("released_at", core.db.UTCDateTime(), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_maintenance_windows_in_order")),
        sa.CheckConstraint(
            "NOT is_silence OR intake_id IS NOT NULL", name=op.f("ck_maintenance_windows_silence_of_a_source")
        ),
        sa.ForeignKeyConstraint(
            ["category"], ["incident_categories.code"], name=op.f("fk_maintenance_windows_category_incident_categories")
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_maintenance_windows_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_maintenance_windows_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_windows")),
    )
    for column in ("unit_id", "intake_id", "released_at"):
        op.create_index(op.f(f"ix_maintenance_windows_{column}"), "maintenance_windows", [column])
    op.create_table(
        "held_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=True),
        sa.Column("own_key", sa.Text(), nullable=False),
        sa.Column("dedup_key", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("fired_at", core.db.UTCDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("cleared_at", core.db.UTCDateTime(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["category"], ["incident_categories.code"], name=op.f("fk_held_alarms_category_incident_categories")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_held_alarms_incident_id_incidents"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name=op.f("fk_held_alarms_intake_id_intakes"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_held_alarms_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["window_id"],
            ["maintenance_windows.id"],
            name=op.f("fk_held_alarms_window_id_maintenance_windows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_alarms")),
    )
    for column in ("window_id", "intake_id", "unit_id", "incident_id"):
        op.create_index(op.f(f"ix_held_alarms_{column}"), "held_alarms", [column])
    op.create_index("ix_held_alarms_key", "held_alarms", ["dedup_key"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
