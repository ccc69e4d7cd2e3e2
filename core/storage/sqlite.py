"""Which SQLite this program speaks to, and by which journal: a sound library keeps a write-ahead log, others do not.

SQLite from 3.7.0 to 3.51.2 can, rarely and for good, corrupt a database in WAL mode when a checkpoint overlaps with a
commit that starts the log anew (sqlite.org/wal.html#walresetbug). With such a library the old rollback journal is used.

Whatever opens the database in this process does it with the engine's own module: two SQLite libraries in one process
undo each other's locks on a file.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

CHOICES = ("auto", "python")
"""Settings of SQLITE_DRIVER: a sound library beside Python's where one is installed, or always the one of Python."""
FIRST_WITH_WAL = (3, 7, 0)
FIXED = (3, 51, 3)
FIXED_EARLIER = {(3, 44): 6, (3, 50): 7}
"""Older lines that got the repair too: from which release on."""
WAL, ROLLBACK = "wal", "delete"
CONVERT_WITHIN = 10.0
"""Seconds that a start waits for other programs to let go of a file that has to change its journal."""
log = logging.getLogger(__name__)


class UnsoundJournal(click.ClickException):
    """A file whose write-ahead log this library must not keep; on a command line what to do about it, and exit 1."""


@dataclass(frozen=True)
class SqliteState:
    """``driver`` names the Python module, ``version`` its SQLite, ``mode`` the journal of the file at this moment."""

    driver: str
    version: str
    mode: str

    @property
    def is_sound(self) -> bool:
        """Whether this library may keep such a journal."""
        return self.mode != WAL or has_sound_wal(_numbers(self.version))

    def __str__(self) -> str:
        return f"SQLite {self.version} ({self.driver}), journal_mode={self.mode}"


def has_sound_wal(version: tuple[int, ...]) -> bool:
    if version < FIRST_WITH_WAL:
        return False
    return version >= FIXED or version[2] >= FIXED_EARLIER.get((version[0], version[1]), 1_000)


def journal_for(version: tuple[int, ...]) -> str:
    """The journal that a library of that version keeps."""
    return WAL if has_sound_wal(version) else ROLLBACK


def module(choice: str = "auto") -> Any:
    """The DB-API module for SQLite engines: Python's own, unless its log is unsound and pysqlite3 is there."""
    if choice == "python" or has_sound_wal(sqlite3.sqlite_version_info):
        return sqlite3
    with contextlib.suppress(ImportError):
        return importlib.import_module("pysqlite3.dbapi2")
    return sqlite3


def connect(engine: Engine, **options: Any) -> Any:
    """A connection beside the pool, by the engine's own library; autocommit."""
    return dbapi(engine).connect(str(engine.url.database), isolation_level=None, **options)


def dbapi(engine: Engine) -> Any:
    """The engine's module: its ``Error`` is the one that connections of this engine raise."""
    return engine.dialect.dbapi


def state(connection: Connection) -> SqliteState | None:
    """Return what the database of ``connection`` runs on at this moment; None when it is no SQLite."""
    if connection.dialect.name != "sqlite":
        return None
    used = connection.dialect.dbapi
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    return SqliteState(used.__name__.partition(".")[0], used.sqlite_version, str(mode))  # type: ignore[union-attr]


def settle_journal(connection: Any, used: Any, *, within: float = 0.0) -> str:
    """Give the file the journal that library ``used`` should keep; the mode that it has afterwards.

    Leaving a write-ahead log needs the file for oneself: beside other programs that may fail, and then the mode stays
    what it was. ``within``: seconds to go on trying.
    """
    wanted, ends = journal_for(used.sqlite_version_info), time.monotonic() + within
    mode = _mode(connection)
    while mode not in (wanted, "memory"):
        try:
            mode = str(connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0])
        except used.OperationalError as fault:
            if "locked" not in str(fault):
                raise
        if time.monotonic() >= ends:
            break
        time.sleep(0.05)
    # The journal's removal is the commit: in that mode only EXTRA has it on the disk before anybody is told.
    connection.execute(f"PRAGMA synchronous={'FULL' if mode == WAL else 'EXTRA'}")
    return mode


def prepare(engine: Engine, *, strict: bool) -> None:
    """At a program's start: a file left in WAL mode is converted when this library must not keep that.

    Others who start at this moment are waited for. When it does not succeed, the program says so, and in production
    (``strict``) does not start: raises ``UnsoundJournal``.
    """
    file, used = file_of(engine), dbapi(engine)
    if file is None or not file.exists() or has_sound_wal(used.sqlite_version_info):
        return
    with contextlib.closing(connect(engine, timeout=1)) as connection:
        mode = settle_journal(connection, used, within=CONVERT_WITHIN)
    if mode != WAL:
        return
    words = (
        f"the database keeps a write-ahead log (WAL), and SQLite {used.sqlite_version} can corrupt it for good "
        "(sqlite.org/wal.html#walresetbug). Stop every program that has the file open, then start again: it is "
        f"converted to journal_mode={ROLLBACK} at start. Better: install pysqlite3 >= 0.6.1, or a Python with "
        f"SQLite >= {'.'.join(map(str, FIXED))}"
    )
    if strict:
        raise UnsoundJournal(f"APP_ENV=production refuses to start: {words}")
    log.warning("%s", words)


def file_of(engine: Engine) -> Path | None:
    """Return where the database lies; None for one in memory or on a server."""
    named = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(named) if named and named != ":memory:" else None


def _mode(connection: Any) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
