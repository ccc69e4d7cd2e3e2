"""A migrated database in sorted lines: tables, columns, indexes, constraints, triggers and functions."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sqlalchemy import Engine, text

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
COLUMNS = """
SELECT c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || CASE WHEN a.attidentity <> '' THEN ' IDENTITY ' || a.attidentity::text ELSE '' END
       || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid <> 0
"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace
"""
FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def lines(engine: Engine) -> list[str]:
    """One fact a line, each beginning with its table; bodies of triggers and functions as digests."""
    return sorted(set(_sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)))


def _sqlite(engine: Engine) -> list[str]:
    found = []
    for kind, name, table, sql in _rows(engine, SQLITE):
        if kind == "table":
            found += [f"{table}: {part}" for part in _parts(sql)]
        elif kind == "index":
            found.append(f"{table}: {_one_line(sql)}")
        else:
            found.append(f"{table}: {kind} {name} {_digest(sql)}")
    return found


def _parts(sql: str) -> list[str]:
    """Columns and constraints of a CREATE TABLE, which Alembic writes one a line."""
    listed = sql[sql.index("(") + 1 : sql.rindex(")")]
    rest = sql[sql.rindex(")") + 1 :].strip()
    parts = [_one_line(line).rstrip(",").strip() for line in re.split(r",\s*\n", listed)]
    return [part.replace('"', "") for part in parts if part] + ([f"TABLE {rest}"] if rest else [])


def _postgresql(engine: Engine) -> list[str]:
    plain = [*_rows(engine, COLUMNS), *_rows(engine, CONSTRAINTS), *_rows(engine, INDEXES)]
    found = [f"{table}: {_one_line(what)}" for table, what in plain]
    found += [f"{table}: trigger {name} {_digest(sql)}" for table, name, sql in _rows(engine, TRIGGERS)]
    return found + [f"function {name} {_digest(source)}" for name, source in _rows(engine, FUNCTIONS)]


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text(query)))


def _one_line(sql: str) -> str:
    return " ".join(sql.split())


def _digest(sql: str) -> str:
    return hashlib.sha256(_one_line(sql).encode()).hexdigest()[:16]
