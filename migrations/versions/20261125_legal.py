"""Legal steps, attachments, joined incidents."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_legal"
down_revision = "20261125_catalogue"
branch_labels = None
depends_on = None

STEPS = ("suspend", "seal", "leadership", "authority", "record", "handover", "report")
TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")


def upgrade() -> None:
    _columns()
    _legal_steps()
    _attachments()
    _joins()


def _columns() -> None:
    # Added in place: copying a table would lose its partial indexes and checks. Both databases read this SQL.
    op.add_column("incident_categories", sa.Column("legal", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE incident_categories SET legal = TRUE "
        "WHERE code IN ('prohibited_item', 'suspicious_item', 'harmful_material')"
    )
    op.execute(
        "ALTER TABLE incidents ADD COLUMN joined_to_id INTEGER "
        "CONSTRAINT fk_incidents_joined_to_id_incidents REFERENCES incidents (id)"
    )
    op.create_index(op.f("ix_incidents_joined_to_id"), "incidents", ["joined_to_id"])


def _known(table: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def _of_incident(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_incidents")
    return sa.ForeignKeyConstraint([column], ["incidents.id"], name=name, ondelete="CASCADE")


def _legal_steps() -> None:
    op.create_table(
        "legal_steps",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        _known("legal_steps", "step", STEPS),
        _of_incident("legal_steps", "incident_id"),
        sa.PrimaryKeyConstraint("incident_id", "step", name=op.f("pk_legal_steps")),
    )


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sent_sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_by_ref", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), server_default="", nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        _known("attachments", "media_type", TYPES),
        sa.CheckConstraint("erased_at IS NULL OR content IS NULL", name=op.f("ck_attachments_erased_is_gone")),
        _of_incident("attachments", "incident_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("key", name=op.f("uq_attachments_key")),
    )
    op.create_index("ix_attachments_incident_id", "attachments", ["incident_id", "id"])


def _joins() -> None:
    op.create_table(
        "incident_joins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("main_id", sa.Integer(), nullable=False),
        sa.Column("status_before", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("incident_id <> main_id", name=op.f("ck_incident_joins_two_incidents")),
        _of_incident("incident_joins", "incident_id"),
        _of_incident("incident_joins", "main_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_joins")),
    )
    op.create_index(op.f("ix_incident_joins_main_id"), "incident_joins", ["main_id"])
    current = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_incident_joins_current", "incident_joins", ["incident_id"], unique=True, sqlite_where=current,
        postgresql_where=current,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
