"""Databases that go back to "freshly migrated" between tests in milliseconds: a file is copied, rows are put back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from core.db import db
from core.storage import sqlite
from tests.support.contents import Contents, end_others, put_back, take
from tests.support.postgres import create_database, drop_database

LIBRARY = sqlite.module(os.environ.get("SQLITE_DRIVER", "auto"))
"""The one of the product under test: two libraries in one process undo each other's locks."""

MADE_ANEW_AFTER = 200
"""Turns after which PostgreSQL copies the template again: deleted rows are left behind in the files."""


TEMPLATE = "template.sqlite3"


def make_template(folder: Path, migrate: Callable[[str], None]) -> None:
    """``migrate(url)`` fills the file from which each ``SqliteStore`` begins."""
    migrate(f"sqlite:///{folder / TEMPLATE}")
    with closing(LIBRARY.connect(folder / TEMPLATE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class SqliteStore:
    """A file, and the folder of its template, which may be that of other processes too."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._file, self._template = folder / "test.sqlite3", template / TEMPLATE
        self.url = f"sqlite:///{self._file}"

    def reset(self, template: Path | None = None) -> None:
        """Put a fresh copy (or one of what ``keep`` answered) in place. Nobody may be connected."""
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(template or self._template, self._file)

    def keep(self, name: str) -> Path:
        """The database as it is now, for ``reset``: what many tests start from is written once. Nobody may write."""
        kept = self._file.with_name(f"{name}.sqlite3")
        with closing(LIBRARY.connect(self._file)) as now, closing(LIBRARY.connect(kept)) as copy:
            copy.execute("PRAGMA synchronous=OFF")
            now.backup(copy)
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return kept

    def put(self, kept: Path, *, alone: bool = False) -> None:
        """What ``keep`` answered, by way of the database itself: somebody may be connected. Copying the file, where
        the caller is ``alone`` with it, costs a tenth."""
        if alone:
            return self.reset(kept)
        with closing(LIBRARY.connect(kept)) as copy, closing(LIBRARY.connect(self._file)) as now:
            now.execute("PRAGMA synchronous=OFF")
            copy.backup(now)

    def leave(self) -> None:
        """Nobody holds the file that is about to be another."""
        db.engine.dispose()

    def close(self) -> None:
        """Nothing to give back: the folder is temporary."""


def prepare(store: SqliteStore, app: Flask, name: str, make: Callable[[], Any]) -> tuple[Path, Any]:
    """What ``make`` writes into a fresh database, kept for ``store.reset``, and what it answers (no rows: ids)."""
    store.reset()
    with app.app_context():
        made = make()
        db.session.remove()
        db.engine.dispose()
    return store.keep(name), made


class PostgresStore:
    """A database on ``server`` into which its first contents are put back; made anew when that is no longer enough."""

    def __init__(self, server: URL, name: str, template: str) -> None:
        self._server, self._name, self._template = server, name, template
        self.url = server.set(database=name).render_as_string(hide_password=False)
        self._fresh: Contents | None = None
        self._turns = 0
        self._engine: Engine | None = None
        self._backends = set[int]()

    def borrow_from(self, engine: Engine) -> None:
        """Work on the connections of ``engine`` and leave them open: each new one has to read the catalogue anew, which
        costs more than most tests ask of it."""
        self._engine = engine
        event.listen(engine, "connect", lambda line, _record: self._backends.add(line.info.backend_pid))
        event.listen(engine, "engine_disposed", lambda _engine: self._backends.clear())

    def reset(self, kept: Contents | None = None) -> None:
        """Put fresh contents (or those that ``keep`` answered) in place, whoever is still connected."""
        self._turns += 1
        if self._fresh is None or self._turns % MADE_ANEW_AFTER == 0 or not self._put_back(self._fresh):
            self._make_anew()
        if kept is not None:
            self.put(kept)

    def put(self, kept: Contents, *, alone: bool = False) -> None:
        """What ``keep`` answered, into a database that nobody has changed the shape of since ``reset``."""
        with self._line() as line:
            assert put_back(line, kept), "the tables are not those of which this was kept"

    def keep(self, name: str) -> Contents:
        """The database as it is now, for ``reset`` and ``put``."""
        with self._line() as line:
            return take(line)

    def leave(self) -> None:
        """Connections stay open, unless somebody still uses one: then the pool begins anew."""
        if db.engine.pool.checkedout():  # type: ignore[attr-defined]
            db.engine.dispose()

    def close(self) -> None:
        drop_database(self._server, self._name)

    def _put_back(self, contents: Contents) -> bool:
        try:
            with self._line() as line:
                end_others(line, self._backends)
                return put_back(line, contents)
        except (psycopg.Error, DBAPIError):  # a dropped database, or a user who may not pass triggers by
            return False

    def _make_anew(self) -> None:
        drop_database(self._server, self._name)
        create_database(self._server, self._name, self._template)
        with self._line() as line:
            self._fresh = take(line)

    @contextmanager
    def _line(self) -> Iterator[psycopg.Connection]:
        if self._engine is None:
            address = self._server.set(drivername="postgresql", database=self._name)
            with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as line:
                yield line
            return
        with closing(self._engine.raw_connection()) as borrowed:
            line = borrowed.driver_connection
            line.autocommit = True
            try:
                yield line
            finally:
                if not line.closed:
                    line.rollback()
                    line.autocommit = False
