"""Databases that go back to "freshly migrated" between tests in milliseconds: both kinds are copied from a template."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import URL

from core import sqlite
from core.db import db
from tests.support.postgres import create_database, drop_database

LIBRARY = sqlite.module(os.environ.get("SQLITE_DRIVER", "auto"))
"""The one of the product under test: two libraries in one process undo each other's locks."""


class SqliteStore:
    """A file beside its template; ``migrate(url)`` fills the template once."""

    def __init__(self, folder: Path, migrate: Callable[[str], None]) -> None:
        self._file, self._template = folder / "test.sqlite3", folder / "template.sqlite3"
        self.url = f"sqlite:///{self._file}"
        migrate(f"sqlite:///{self._template}")
        with closing(LIBRARY.connect(self._template)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def reset(self, template: Path | None = None) -> None:
        """Put a fresh copy (or one of what ``keep`` answered) in place. Nobody may be connected."""
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(template or self._template, self._file)

    def keep(self, name: str) -> Path:
        """The database as it is now, for ``reset``: what many tests start from is written once. Nobody may write."""
        kept = self._file.with_name(f"{name}.sqlite3")
        with closing(LIBRARY.connect(self._file)) as now, closing(LIBRARY.connect(kept)) as copy:
            now.backup(copy)
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return kept

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
    """A database beside its template on ``server``."""

    def __init__(self, server: URL, name: str, migrate: Callable[[str], None]) -> None:
        self._server, self._name, self._template = server, name, f"{name}_template"
        self.url = server.set(database=name).render_as_string(hide_password=False)
        create_database(server, self._template, "template0")
        migrate(server.set(database=self._template).render_as_string(hide_password=False))

    def reset(self) -> None:
        """Put a fresh copy in place, whoever is still connected."""
        drop_database(self._server, self._name)
        create_database(self._server, self._name, self._template)

    def close(self) -> None:
        drop_database(self._server, self._name)
        drop_database(self._server, self._template)
