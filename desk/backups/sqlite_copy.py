"""The copy of a SQLite database, by its own backup call, from one moment, while others go on writing.

The engine's own library does all of it: two libraries in one process would break each other's locks on a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from core.storage import sqlite
from desk.backups.faults import CopyFault

PAGES = 2000
"""Pages a step: eight megabytes, then others on this processor have their turn."""
COUNTED = ("incidents", "people", "attachments", "audit_entries", "messages")


def connect(engine: Engine, path: Path) -> Any:
    """A plain connection to another file, with the library that the engine uses."""
    return _library(engine).connect(str(path), isolation_level=None)


def copy(engine: Engine, target: Path) -> None:
    """What is committed at this moment, as one file."""
    target.touch(0o600)
    pooled = engine.raw_connection()
    try:
        _copy(engine, pooled.driver_connection, target)
    except _library(engine).Error as fault:
        raise CopyFault(f"SQLite could not copy the database: {fault}") from fault
    finally:
        pooled.close()


def _copy(engine: Engine, source: Any, target: Path) -> None:
    walled = source.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    # A reading transaction holds the moment: without it, every commit of others would start the copy anew.
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(connect(engine, target)) as copied:
            # Without a write-ahead log writers wait for readers: then it is done in one go.
            source.backup(copied, pages=PAGES if walled else -1, sleep=0.002)
            copied.execute("PRAGMA journal_mode=DELETE")
    finally:
        source.execute("ROLLBACK")


def check(engine: Engine, path: Path) -> None:
    """Raises ``CopyFault`` when SQLite finds anything wrong with the file."""
    with _looking(engine, path) as database:
        try:
            faults = [str(row[0]) for row in database.execute("PRAGMA integrity_check(5)")]
            dangling = database.execute("PRAGMA foreign_key_check").fetchmany(5)
        except _library(engine).Error as fault:
            raise CopyFault(f"SQLite cannot read it: {fault}") from fault
    if faults != ["ok"]:
        raise CopyFault(f"its integrity check says: {'; '.join(faults)}")
    if dangling:
        raise CopyFault(f"rows point to rows that are not there: {dangling}")


def facts(engine: Engine, path: Path) -> tuple[str, str, Mapping[str, int]]:
    """(version of SQLite, revision of the tables, how many rows there are of what matters)."""
    with _looking(engine, path) as database:
        version = str(database.execute("SELECT sqlite_version()").fetchone()[0])
        there = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        held = database.execute("SELECT version_num FROM alembic_version") if "alembic_version" in there else ()
        schema = next((str(row[0]) for row in held), "")
        counts = {
            name: int(database.execute(f"SELECT count(*) FROM {name}").fetchone()[0])  # noqa: S608 (our own names)
            for name in COUNTED
            if name in there
        }
    return version, schema, counts


@contextmanager
def _looking(engine: Engine, path: Path) -> Iterator[Any]:
    with closing(connect(engine, path)) as database:
        yield database


def _library(engine: Engine) -> Any:
    """The engine's; Python's own where the engine's database is no SQLite, to look into copies from elsewhere."""
    return sqlite.dbapi(engine) if engine.dialect.name == "sqlite" else sqlite.module()
