"""Rows that every installation starts from (all editable), and the append-only triggers of the audit."""

import json
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261125_reference"
down_revision = "20261125_schema"
branch_labels = None
depends_on = None

DATA = Path(__file__).parent.parent / "data" / "20261125_reference.json"
APPEND_ONLY = ("audit_entries",)
DATES = ("starts_on", "ends_on", "on_date")


def upgrade() -> None:
    tables = json.loads(DATA.read_text(encoding="utf-8"))
    metadata = sa.MetaData()
    metadata.reflect(op.get_bind(), only=list(tables))
    for name, rows in tables.items():
        op.bulk_insert(metadata.tables[name], [_typed(row) for row in rows])
    _after_explicit_ids(tables)
    _name_installation()
    _protect()


def _name_installation() -> None:
    # Keeps the iCalendar UIDs of two installations apart, whatever becomes of addresses and secrets.
    settings = sa.table("settings", sa.column("key", sa.Text), sa.column("value", sa.JSON))
    op.bulk_insert(settings, [{"key": "installation", "value": f"truc-tet-{uuid.uuid4().hex[:12]}"}])


def _typed(row: dict[str, object]) -> dict[str, object]:
    typed = {key: date.fromisoformat(str(value)) if key in DATES and value else value for key, value in row.items()}
    return {**typed, "created_at": datetime(2026, 11, 25, tzinfo=UTC)} if "created_by" in row else typed


def _after_explicit_ids(tables: dict[str, list[dict[str, object]]]) -> None:
    # PostgreSQL sequences do not notice explicit ids; the next insert would collide.
    if op.get_bind().dialect.name == "postgresql":
        for name, rows in tables.items():
            if rows and "id" in rows[0]:
                op.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _trigger(table, verb)


def _trigger(table: str, verb: str) -> None:
    name = f"{table}_no_{verb.lower()}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()")
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION append_only()")
    op.execute("DELETE FROM settings WHERE key = 'installation'")
    for name in reversed(list(json.loads(DATA.read_text(encoding="utf-8")))):
        op.execute(f"DELETE FROM {name}")
