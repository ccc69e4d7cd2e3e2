"""Reports without an account."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_reports"
down_revision = "20261125_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "report_codes",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_report_codes_unit_id_units"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_report_codes"),
    )
    op.create_table(
        "public_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("mistaken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_public_reports_incident_id_incidents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_public_reports"),
        sa.UniqueConstraint("form_key", name="uq_public_reports_form_key"),
    )
    op.create_index("ix_public_reports_incident_id", "public_reports", ["incident_id"])
    op.create_table(
        "log_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_log_keys_incident_id_incidents", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_log_keys"),
        sa.UniqueConstraint("key", name="uq_log_keys_key"),
    )
    op.create_index("ix_log_keys_form", "log_keys", ["form"])
    op.create_index("ix_log_keys_incident_id", "log_keys", ["incident_id"])
    op.create_index("ix_log_keys_at", "log_keys", ["at"])
    op.create_table(
        "kept_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_photos"),
    )
    op.create_index("ix_kept_photos_form", "kept_photos", ["owner", "form_key"])
    op.create_index("ix_kept_photos_at", "kept_photos", ["at"])


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
