"""What a PostgreSQL database holds, to be put back in milliseconds.

A database copied from a template costs half a second of the machine each time, and most tests write to a few tables.
So only what differs is put back: rows where there were none, other rows, sequences that went on. A database whose
shape has changed (a migration, a dropped table, a restored backup) is no longer worth it: then ``put_back`` says no.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from psycopg import Connection

SHAPE = """SELECT md5(string_agg(h, '' ORDER BY h)) FROM (
    SELECT 'class' || oid || ':' || xmin AS h FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT 'column' || attrelid || ':' || attnum || ':' || xmin FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT 'default' || oid || ':' || xmin FROM pg_attrdef
    UNION ALL SELECT 'constraint' || oid || ':' || xmin FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'trigger' || oid || ':' || xmin FROM pg_trigger
    UNION ALL SELECT 'function' || oid || ':' || xmin FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT 'type' || oid || ':' || xmin FROM pg_type WHERE oid >= 16384
    UNION ALL SELECT 'room' || oid || ':' || xmin FROM pg_namespace
    UNION ALL SELECT 'setting' || setdatabase || ':' || setrole || ':' || xmin FROM pg_db_role_setting) AS everything"""
"""Every row of the catalog that a change of the schema writes anew; vacuuming and analysing does not."""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OTHERS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND (state <> 'idle' OR pid <> ALL(%s))"""


@dataclass(frozen=True)
class Contents:
    """``rows``: what COPY says of the tables that have any; ``digests``: what tells whether they are still the same."""

    shape: str
    tables: tuple[str, ...]
    digests: dict[str, str]
    rows: dict[str, bytes]
    sequences: dict[str, int | None]


def take(line: Connection) -> Contents:
    """What the database of ``line`` (autocommit) holds now."""
    tables = tuple(row[0] for row in line.execute(TABLES))
    digests = _digests(line, tables)
    rows = dict[str, bytes]()
    for table in digests:
        with line.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:  # type: ignore[call-overload]
            rows[table] = b"".join(copy)
    return Contents(_shape(line), tables, digests, rows, _sequences(line))


def put_back(line: Connection, wanted: Contents) -> bool:
    """Make the database of ``line`` (autocommit, of a superuser) hold ``wanted``; False when its shape is another."""
    if _shape(line) != wanted.shape:
        return False
    found, sequences = _digests(line, wanted.tables), _sequences(line)
    others = [table for table in {**found, **wanted.digests} if found.get(table) != wanted.digests.get(table)]
    moved = [name for name, value in wanted.sequences.items() if sequences[name] != value]
    # Foreign keys and triggers have had their say when the rows were first written.
    statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]
    statements += [f'DELETE FROM "{table}"' for table in others if table in found]
    statements += [_set_sequence(name, wanted.sequences[name]) for name in moved]
    line.execute("; ".join(statements))  # type: ignore[call-overload]
    for table in others:
        if table in wanted.rows:
            with line.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:  # type: ignore[call-overload]
                copy.write(wanted.rows[table])
    line.execute("COMMIT")
    return True


def end_others(line: Connection, spared: Collection[int]) -> None:
    """Cut every other connection to the database of ``line`` but those of ``spared`` (process numbers) that wait for
    work, and wait until they are gone."""
    line.execute(OTHERS, (list(spared),))


def _shape(line: Connection) -> str:
    found = line.execute(SHAPE).fetchone()
    assert found is not None
    return str(found[0])


def _digests(line: Connection, tables: tuple[str, ...]) -> dict[str, str]:
    """By table that has rows: a digest of them, in whatever order they lie."""
    each = (
        f"(SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{table}\" AS t)" for table in tables
    )
    found = line.execute(f"SELECT ARRAY[{', '.join(each)}]::text[]").fetchone()  # type: ignore[call-overload]
    assert found is not None
    return {table: digest for table, digest in zip(tables, found[0], strict=True) if digest is not None}


def _sequences(line: Connection) -> dict[str, int | None]:
    return dict(line.execute(SEQUENCES).fetchall())


def _set_sequence(name: str, value: int | None) -> str:
    """``None``: nothing was taken of it yet."""
    return f"SELECT setval('\"{name}\"', {value or 1}, {'false' if value is None else 'true'})"
