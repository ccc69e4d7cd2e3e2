"""Authorities with earlier names and night numbers, calls to them, coordination, inspections, reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db import UTCDateTime

revision = "20261213_others"
down_revision = "20261212_points"
branch_labels = None
depends_on = None

FORMER = (
    "police",
    "fire",
    "medical",
    "rescue",
    "military",
    "cyber",
    "ministry",
    "post",
    "power",
    "health",
    "customs",
    "other",
)
NOW = (*FORMER[:-1], "market", "government", "other")


def upgrade() -> None:
    op.create_table(
        "logged_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/webp')",
            name=op.f("ck_logged_files_media_type_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logged_files")),
        sa.UniqueConstraint("about", "sent_sha256", name=op.f("uq_logged_files_about_sent_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inspections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR began_at <= ended_at", name=op.f("ck_inspections_in_order")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inspections_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inspections_began", "inspections", ["unit_id", "began_at"], unique=False)

    op.create_table(
        "report_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("form IN ('report', 'phone', 'list')", name=op.f("ck_report_requests_form_known")),
        sa.CheckConstraint("kind IN ('', 'daily', 'adhoc', 'summary')", name=op.f("ck_report_requests_kind_known")),
        sa.CheckConstraint("opens < until", name=op.f("ck_report_requests_hours_in_order")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_report_requests_days_in_order")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_requests_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_requests_days", "report_requests", ["unit_id", "starts_on", "ends_on"], unique=False)

    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("drawn_by", sa.Text(), nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=True),
        sa.Column("edited_by", sa.Text(), nullable=False),
        sa.Column("approved_at", UTCDateTime(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('daily', 'adhoc', 'summary')", name=op.f("ck_reports_kind_known")),
        sa.CheckConstraint("state IN ('draft', 'approved')", name=op.f("ck_reports_state_known")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_reports_days_in_order")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "unit_id",
            "kind",
            "starts_on",
            "ends_on",
            "incident",
            "edition",
            name=op.f("uq_reports_unit_id_kind_starts_on_ends_on_incident_edition"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "state_customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_state_customers_days_in_order")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_state_customers_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_customers")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_state_customers_unit_id"), "state_customers", ["unit_id"], unique=False)

    op.create_table(
        "contact_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("rang_by", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(authority_id IS NULL) <> (customer_id IS NULL)", name=op.f("ck_contact_calls_one_of_both")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_contact_calls_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["state_customers.id"], name=op.f("fk_contact_calls_customer_id_state_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_calls")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contact_calls_authority", "contact_calls", ["authority_id", "at"], unique=False)
    op.create_index("ix_contact_calls_customer", "contact_calls", ["customer_id", "at"], unique=False)

    op.create_table(
        "inspection_recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspections.id"],
            name=op.f("fk_inspection_recommendations_inspection_id_inspections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_recommendations")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_inspection_recommendations_inspection_id"),
        "inspection_recommendations",
        ["inspection_id"],
        unique=False,
    )

    op.create_table(
        "report_alarms",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["report_requests.id"],
            name=op.f("fk_report_alarms_request_id_report_requests"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", "day", name=op.f("pk_report_alarms")),
    )
    op.create_table(
        "reports_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("heard_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('mail', 'phone', 'other')", name=op.f("ck_reports_sent_way_known")),
        sa.CheckConstraint(
            "request_id IS NOT NULL OR report_id IS NOT NULL", name=op.f("ck_reports_sent_of_something")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_reports_sent_message_id_messages"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_reports_sent_report_id_reports")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_requests.id"], name=op.f("fk_reports_sent_request_id_report_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports_sent")),
        sa.UniqueConstraint("once", name=op.f("uq_reports_sent_once")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reports_sent_message_id"), "reports_sent", ["message_id"], unique=False)
    op.create_index(op.f("ix_reports_sent_report_id"), "reports_sent", ["report_id"], unique=False)
    op.create_index("ix_reports_sent_request", "reports_sent", ["request_id", "day"], unique=False)

    op.create_table(
        "coordinations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_number", sa.Text(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("handed_over", sa.Text(), nullable=False),
        sa.Column("handed_to", sa.Text(), nullable=False),
        sa.Column("handed_over_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'handed_over', 'closed')", name=op.f("ck_coordinations_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authorities.id"], name=op.f("fk_coordinations_authority_id_authorities")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_coordinations_incident_id_incidents"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_coordinations_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinations")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_coordinations_authority_id"), "coordinations", ["authority_id"], unique=False)
    op.create_index(op.f("ix_coordinations_incident_id"), "coordinations", ["incident_id"], unique=False)
    op.create_index("ix_coordinations_received", "coordinations", ["unit_id", "received_at"], unique=False)

    op.create_table(
        "public_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_public_notices_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_public_notices_open", "public_notices", ["ended_at", "unit_id"], unique=False)
    op.create_index(op.f("ix_public_notices_unit_id"), "public_notices", ["unit_id"], unique=False)
    for column in ("formerly", "phone_24h", "contact"):
        op.add_column("authorities", sa.Column(column, sa.Text(), server_default="", nullable=False))
    _roles_are(NOW)


def downgrade() -> None:
    for table in (
        "public_notices",
        "reports_sent",
        "report_alarms",
        "reports",
        "report_requests",
        "logged_files",
        "contact_calls",
        "coordinations",
        "state_customers",
        "inspection_recommendations",
        "inspections",
    ):
        op.drop_table(table)
    op.execute("UPDATE authorities SET role = 'other' WHERE role IN ('market', 'government')")
    _roles_are(FORMER)
    with op.batch_alter_table("authorities", schema=None) as batch_op:
        for column in ("contact", "phone_24h", "formerly"):
            batch_op.drop_column(column)


def _roles_are(roles: tuple[str, ...]) -> None:
    """A copied table of SQLite brings no checks along; PostgreSQL's has one to drop."""
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("authorities", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint(op.f("ck_authorities_role_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_authorities_role_known"), f"role IN ({listed})")
