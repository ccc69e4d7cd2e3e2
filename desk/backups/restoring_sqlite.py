"""Putting a copy of a SQLite database in place."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk.backups import files, sequences, sqlite_copy, stopped
from desk.backups.manifest import Manifest
from notify import pause

FILES = ("", "-wal", "-shm", "-journal")
"""A database is one file while nobody uses it; what a dead process left beside it belongs to it."""


def suffix(now: datetime) -> str:
    """Return the moment to the microsecond: a second restore in the same second must not take the place of what the
    first moved aside."""
    return f".before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"


def ensure_unused(engine: Engine) -> None:
    engine.dispose()
    stopped.ensure_sqlite_unused(engine, _path(engine))


class SqliteTarget:
    """Where the database of this installation lies."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.path = engine, _path(engine)

    def __str__(self) -> str:
        return str(self.path)

    def has_data(self) -> bool:
        """Whether anybody would miss it; a file that cannot be read may be worth a lot."""
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        with closing(sqlite_copy.connect(self.engine, self.path)) as database:
            try:
                tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                return any(
                    database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()  # noqa: S608 (our own names)
                    for name in ("people", "users", "incidents")
                    if name in tables
                )
            except self.engine.dialect.dbapi.DatabaseError:  # type: ignore[union-attr]
                return True

    def put(self, fresh: Path, manifest: Manifest, now: datetime) -> str:
        """Move what is there aside and ``fresh`` into its place, paused; where it lies now ("" when there was none)."""
        with closing(sqlite_copy.connect(self.engine, fresh)) as database:
            _prepare(database, self._numbers(), manifest, now)
        staged = self.path.with_name(f"{self.path.name}.restored")
        shutil.move(fresh, staged)  # DATA_DIR may be on another disk
        files.sync_file(staged)
        aside = self.path.with_name(self.path.name + suffix(now)) if self.path.exists() else None
        try:
            if aside is not None:
                _set_aside(self.path, aside)
            staged.replace(self.path)
        except OSError:
            staged.unlink(missing_ok=True)
            if aside is not None and aside.exists():
                _move(aside, self.path)
            raise
        files.sync_folder(self.path.parent)
        return str(aside) if aside is not None else ""

    def put_back(self, aside: str) -> None:
        """Put it back as it was before ``put``."""
        for end in FILES:
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        if aside:
            _move(Path(aside), self.path)

    def forget_old(self) -> list[str]:
        """Files that lie aside are seen in their folder, and are their owner's to remove."""
        return []

    def _numbers(self) -> tuple[dict[str, int], dict[str, int]] | None:
        if not self.path.exists():
            return None
        with closing(sqlite_copy.connect(self.engine, self.path)) as database:
            try:
                return sequences.read_sqlite(database)
            except self.engine.dialect.dbapi.DatabaseError:  # type: ignore[union-attr]
                return None


def _prepare(
    database: Any, present: tuple[dict[str, int], dict[str, int]] | None, manifest: Manifest, now: datetime
) -> None:
    """Nothing leaves until somebody has chosen; nobody counts as alive; numbers go on behind those given."""
    database.execute("BEGIN IMMEDIATE")
    database.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (pause.KEY, json.dumps(pause.value(now, manifest.created_at))),
    )
    database.execute("DELETE FROM heartbeats")
    sequences.raise_sqlite(database, present)
    database.execute("COMMIT")


def _set_aside(path: Path, aside: Path) -> None:
    """Under its new name too, before another takes its place: at no moment is there none."""
    for end in FILES[1:]:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    try:
        os.link(path, aside)
    except OSError:  # a file system without links
        path.rename(aside)


def _move(path: Path, to: Path) -> None:
    for end in FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(to.with_name(to.name + end))


def _path(engine: Engine) -> Path:
    return Path(str(engine.url.database)).resolve()
