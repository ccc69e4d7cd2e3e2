"""Catalogue, targets, follow-up, routes and vehicles."""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261125_catalogue"
down_revision = "20261125_restricted"
branch_labels = None
depends_on = None

DATA = Path(__file__).parent.parent / "data" / "20261125_catalogue.json"
EMPTY_LIST, EMPTY_OBJECT = sa.text("'[]'"), sa.text("'{}'")


def upgrade() -> None:
    _tables()
    _columns()
    _rows(json.loads(DATA.read_text(encoding="utf-8")))


def _tables() -> None:
    op.create_table(
        "severity_questions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text_vi", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), server_default=EMPTY_LIST, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_severity_questions")),
    )
    op.create_table(
        "response_targets",
        sa.Column("severity", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("acknowledge_seconds", sa.Integer(), nullable=False),
        sa.Column("leadership_seconds", sa.Integer(), nullable=True),
        sa.Column("update_seconds", sa.Integer(), nullable=True),
        sa.Column("resolve_seconds", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=True),
        sa.CheckConstraint("severity BETWEEN 1 AND 4", name=op.f("ck_response_targets_severity_known")),
        sa.PrimaryKeyConstraint("severity", name=op.f("pk_response_targets")),
    )
    roles = "police fire medical rescue military cyber ministry post power health customs other".split()
    op.create_table(
        "authorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        _known("authorities", "role", roles),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_authorities_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorities")),
    )
    op.create_index(op.f("ix_authorities_unit_id"), "authorities", ["unit_id"])
    op.create_table(
        "routes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _known("routes", "level", ("1", "2", "3", "other")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_routes_unit_id_units")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_routes")),
    )
    op.create_index(op.f("ix_routes_unit_id"), "routes", ["unit_id"])
    op.create_table(
        "vehicles",
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("driver", sa.Text(), nullable=False),
        sa.Column("driver_phone", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _known("vehicles", "kind", ("truck", "van", "motorcycle", "boat", "other")),
        sa.ForeignKeyConstraint(["route"], ["routes.code"], name=op.f("fk_vehicles_route_routes")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_vehicles_unit_id_units")),
        sa.PrimaryKeyConstraint("plate", name=op.f("pk_vehicles")),
    )
    op.create_index(op.f("ix_vehicles_unit_id"), "vehicles", ["unit_id"])


def _known(table: str, column: str, values: tuple[str, ...] | list[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_known"))


def _columns() -> None:
    # Added in place: copying a table would lose its partial indexes and checks. Both databases read this SQL.
    op.execute(
        "ALTER TABLE incident_categories ADD COLUMN first_duty TEXT "
        "CONSTRAINT fk_incident_categories_first_duty_duty_kinds REFERENCES duty_kinds (code)"
    )
    false, blank = sa.false(), ""
    for table, column in (
        ("incident_categories", sa.Column("restricted", sa.Boolean(), server_default=false, nullable=False)),
        ("incident_categories", sa.Column("questions", sa.JSON(), server_default=EMPTY_LIST, nullable=False)),
        ("incident_categories", sa.Column("fields", sa.JSON(), server_default=EMPTY_LIST, nullable=False)),
        ("incident_categories", sa.Column("checklist", sa.JSON(), server_default=EMPTY_LIST, nullable=False)),
        ("incident_categories", sa.Column("authorities", sa.JSON(), server_default=EMPTY_LIST, nullable=False)),
        ("incidents", sa.Column("answers", sa.JSON(), server_default=EMPTY_OBJECT, nullable=False)),
        ("incidents", sa.Column("derived_severity", sa.Integer(), nullable=True)),
        ("incidents", sa.Column("because", sa.JSON(), server_default=EMPTY_LIST, nullable=False)),
        ("incidents", sa.Column("facts", sa.JSON(), server_default=EMPTY_OBJECT, nullable=False)),
        ("incidents", sa.Column("checklist", sa.JSON(), server_default=EMPTY_OBJECT, nullable=False)),
        ("incidents", sa.Column("leadership_told_at", sa.DateTime(timezone=True), nullable=True)),
        ("incidents", sa.Column("leadership_told_by", sa.Text(), server_default=blank, nullable=False)),
        ("incidents", sa.Column("clocks_from", sa.DateTime(timezone=True), nullable=True)),
        ("incidents", sa.Column("shift_ends_at", sa.DateTime(timezone=True), nullable=True)),
    ):
        op.add_column(table, column)


def _rows(data: dict) -> None:
    metadata = sa.MetaData()
    names = ("severity_questions", "response_targets", "authorities", "incident_categories")
    metadata.reflect(op.get_bind(), only=names)
    tables = metadata.tables
    for name in ("severity_questions", "response_targets", "authorities"):
        op.bulk_insert(tables[name], data[name])
    categories = tables["incident_categories"]
    duties = set(op.get_bind().scalars(sa.text("SELECT code FROM duty_kinds")))
    for code, values in data["categories"].items():
        if values["first_duty"] not in duties:
            values["first_duty"] = None
        # Categories that an enterprise took out stay out; those that it renamed keep their names.
        op.execute(categories.update().where(categories.c.code == code).values(**values))


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
