"""Whether the product is stopped: a restore under a running program would be torn, or undone by its next commit."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from core import clock
from desk.backups.faults import CopyFault
from desk.backups.sqlite_copy import connect

LOCKS = ("serve.lock", "worker-*.lock")
LEAVING = 2.0
"""As long as SQLite waits for a lock here."""


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    """Nothing runs on this folder, and nothing starts while the block lasts. Raises ``CopyFault``."""
    with ExitStack() as ends:
        (data_dir / "serve.lock").touch(0o600)
        for path in sorted(each for pattern in LOCKS for each in data_dir.glob(pattern)):
            handle = ends.enter_context(path.open("a+"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as fault:
                what = "a worker" if path.name.startswith("worker") else "the program"
                raise CopyFault(f"{what} still runs on {data_dir} ({path.name} is held): stop it first") from fault
        yield


def ensure_sqlite_unused(engine: Engine, path: Path) -> None:
    """Raises ``CopyFault`` while any other process has the file open. A damaged file is used by nobody."""
    if not path.exists():
        return
    with closing(connect(engine, path)) as database:
        try:
            database.execute("PRAGMA busy_timeout=2000")
            # Only the last connection may end a write-ahead log; it also leaves everything in the one file.
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
        except engine.dialect.dbapi.OperationalError as fault:  # type: ignore[union-attr]
            if "locked" in str(fault):
                raise CopyFault(f"another program has {path} open: stop it first") from fault
        except engine.dialect.dbapi.DatabaseError:  # type: ignore[union-attr]
            return


def ensure_postgresql_unused(engine: Engine) -> None:
    """Raises ``CopyFault`` while anybody else is connected to the database. The server lists whoever has just left for
    a moment longer: it is asked again for ``LEAVING`` seconds."""
    ends = clock.monotonic() + LEAVING
    while found := _others(engine):
        if clock.monotonic() > ends:
            raise CopyFault(f"{len(found)} others are connected to the database ({found[0]} …): stop every node first")
        time.sleep(0.05)


def _others(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT coalesce(nullif(application_name, ''), 'a program') || ' at ' || "
                "coalesce(host(client_addr), 'this server') FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND coalesce(backend_type, 'client backend') = 'client backend'"
            )
        ).scalars()
        return [str(each) for each in others]
