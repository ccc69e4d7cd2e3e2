"""Points of service: their days, parcel checks, what is posted, opening hours, plans and backlog."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261212_points"
down_revision = "20261211_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backlog_limits",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_backlog_limits_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_backlog_limits")),
    )
    op.create_table(
        "backlogs",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("items >= 0", name=op.f("ck_backlogs_counted")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_backlogs_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_backlogs")),
    )
    op.create_index("ix_backlogs_day", "backlogs", ["day", "unit_id"], unique=False)

    op.create_table(
        "finding_rules",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("category BETWEEN 1 AND 4", name=op.f("ck_finding_rules_category_known")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_finding_rules_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "category", name=op.f("pk_finding_rules")),
    )
    op.create_table(
        "network_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("tet_year", sa.Integer(), nullable=False),
        sa.Column("extra_shifts", sa.Integer(), nullable=False),
        sa.Column("vehicles", sa.Integer(), nullable=False),
        sa.Column("temporary_staff", sa.Integer(), nullable=False),
        sa.Column("peak_days", sa.JSON(), nullable=False),
        sa.Column("power_backup", sa.Text(), nullable=False),
        sa.Column("line_backup", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", UTCDateTime(), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("submitted_ref", sa.Text(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'accepted')", name=op.f("ck_network_plans_state_known")
        ),
        sa.CheckConstraint(
            "extra_shifts >= 0 AND vehicles >= 0 AND temporary_staff >= 0", name=op.f("ck_network_plans_counts")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_network_plans_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_plans")),
        sa.UniqueConstraint("unit_id", "tet_year", name=op.f("uq_network_plans_unit_id_tet_year")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "parcel_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("referred", sa.Integer(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("checked >= 0 AND refused >= 0 AND referred >= 0", name=op.f("ck_parcel_checks_counts")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_parcel_checks_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_checks")),
        sa.UniqueConstraint("unit_id", "day", "counter", name=op.f("uq_parcel_checks_unit_id_day_counter")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parcel_checks_day", "parcel_checks", ["day", "unit_id"], unique=False)

    op.create_table(
        "point_days",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours_kept", sa.Boolean(), nullable=False),
        sa.Column("hours_note", sa.Text(), nullable=False),
        sa.Column("posting_kept", sa.Boolean(), nullable=False),
        sa.Column("posting_note", sa.Text(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_point_days_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_point_days")),
    )
    op.create_index("ix_point_days_day", "point_days", ["day", "unit_id"], unique=False)

    op.create_table(
        "point_sends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_point_sends_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_sends")),
        sa.UniqueConstraint("key", name=op.f("uq_point_sends_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_point_sends_unit_id", "point_sends", ["unit_id"], unique=False)

    op.create_table(
        "posting_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "what IN ('prohibited', 'conditions', 'prices', 'quality', 'complaints', 'support', 'hours')",
            name=op.f("ck_posting_texts_what_known"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_posting_texts_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_texts")),
        sa.UniqueConstraint("unit_id", "what", "version", name=op.f("uq_posting_texts_unit_id_what_version")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("photo_type", sa.Text(), nullable=False),
        sa.Column("photo_sha256", sa.Text(), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "what IN ('prohibited', 'conditions', 'prices', 'quality', 'complaints', 'support', 'hours')",
            name=op.f("ck_postings_what_known"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_postings_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("key", name=op.f("uq_postings_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_postings_unit_id", "postings", ["unit_id", "what", "id"], unique=False)

    op.create_table(
        "service_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("closes", sa.Text(), nullable=False),
        sa.Column("last_acceptance", sa.Text(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name=op.f("ck_service_hours_weekday_or_day")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_service_hours_weekday_known")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_service_hours_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_hours")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_service_hours_unit_id_day")),
        sa.UniqueConstraint("unit_id", "weekday", name=op.f("uq_service_hours_unit_id_weekday")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "parcel_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("category", sa.Integer(), nullable=True),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("informed", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("moment IN ('before', 'after')", name=op.f("ck_parcel_findings_moment_known")),
        sa.CheckConstraint("category BETWEEN 1 AND 4", name=op.f("ck_parcel_findings_category_known")),
        sa.CheckConstraint("parcels > 0", name=op.f("ck_parcel_findings_parcels_counted")),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_parcel_findings_incident_id_incidents"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_parcel_findings_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_findings")),
        sa.UniqueConstraint("key", name=op.f("uq_parcel_findings_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parcel_findings_incident_id", "parcel_findings", ["incident_id"], unique=False)
    op.create_index("ix_parcel_findings_unit_id", "parcel_findings", ["unit_id", "day"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
