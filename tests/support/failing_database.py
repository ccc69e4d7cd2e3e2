"""A database that fails at a chosen statement, with errors of its own driver, as it would: PostgreSQL raises them
itself and gives the transaction up; SQLite undoes the whole transaction when its disk is full, whatever savepoints
there were."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event

LONGEST_END = 3000
"""Hundredths of a second."""

POSTGRESQL = {
    "disk full": "53100",
    "unique violation": "23505",
    "deadlock": "40P01",
    "lock time-out": "55P03",
    "statement time-out": "57014",
    "line lost": "",
}
"""What happens → its SQLSTATE."""
SQLITE = {
    "disk full": ("OperationalError", "SQLITE_FULL", True),
    "disk broken": ("OperationalError", "SQLITE_IOERR", True),
    "unique violation": ("IntegrityError", "SQLITE_CONSTRAINT_UNIQUE", False),
    "lock time-out": ("OperationalError", "SQLITE_BUSY", False),
    "statement time-out": ("OperationalError", "SQLITE_INTERRUPT", False),
}
"""What happens → class, name of the error, and whether SQLite undoes everything by itself."""
CODES = {
    "SQLITE_BUSY": 5,
    "SQLITE_INTERRUPT": 9,
    "SQLITE_IOERR": 10,
    "SQLITE_FULL": 13,
    "SQLITE_TOOBIG": 18,
    "SQLITE_MISMATCH": 20,
    "SQLITE_CONSTRAINT_CHECK": 275,
    "SQLITE_CONSTRAINT_NOTNULL": 1299,
    "SQLITE_CONSTRAINT_UNIQUE": 2067,
}
"""As sqlite.org numbers them: not every driver names all."""
KINDS = {"sqlite": sorted(SQLITE), "postgresql": sorted(POSTGRESQL)}


@dataclass
class Fault:
    """Strikes statement number ``at`` (commits count), and, unless ``once``, every one after it."""

    kind: str
    at: int
    once: bool
    seen: int = 0
    struck: int = 0

    def passes(self) -> bool:
        self.seen += 1
        self.struck += not (missed := self.seen < self.at or (self.once and self.seen > self.at))
        return missed


@contextmanager
def failing(engine: Engine, kind: str, *, at: int, once: bool = True) -> Iterator[Fault]:
    """``engine``'s statements fail as ``Fault`` says."""
    fault, strike = Fault(kind, at, once), _on_sqlite if engine.dialect.name == "sqlite" else _on_postgresql
    commits = engine.dialect.do_commit

    def statement(cursor: Any, *_more: Any) -> None:
        if not fault.passes():
            strike(cursor, kind, engine)

    def commit(connection: Any) -> None:
        if not fault.passes():
            strike(connection.cursor(), kind, engine)
        commits(connection)

    hooks = ("do_execute", "do_executemany", "do_execute_no_params")
    for hook in hooks:
        event.listen(engine, hook, statement)
    engine.dialect.do_commit = commit  # type: ignore[method-assign]
    try:
        yield fault
    finally:
        for hook in hooks:
            event.remove(engine, hook, statement)
        del engine.dialect.do_commit


def _on_postgresql(cursor: Any, kind: str, engine: Engine) -> None:
    state = POSTGRESQL[kind]
    if not state:
        process = cursor.connection.info.backend_pid
        cursor.connection.close()
        _wait_for_the_end_of(process, engine)
    cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION '{kind}' USING ERRCODE = '{state}'; END $$")


def _wait_for_the_end_of(process: int, engine: Engine) -> None:
    """The server undoes the transaction when it hears that the line is gone: until then its locks stand, and what
    passes by locked rows would rightly do nothing."""
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as watch:
        for _ in range(LONGEST_END):
            if watch.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (process,)).fetchone() is None:
                return
            time.sleep(0.01)
    raise AssertionError("the server keeps a transaction whose line is gone")


def _on_sqlite(cursor: Any, kind: str, engine: Engine) -> None:
    called, name, undone = SQLITE[kind]
    if undone and cursor.connection.in_transaction:
        cursor.execute("ROLLBACK")
    fault = getattr(engine.dialect.dbapi, called)(kind)
    fault.sqlite_errorname, fault.sqlite_errorcode = name, CODES[name]
    raise fault
