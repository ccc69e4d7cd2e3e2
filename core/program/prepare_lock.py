"""One node at a time prepares a database: copies, migrates, makes what a first start makes. Whoever comes second waits
for as long as the first is at it, and says on its console for whom.

On PostgreSQL it is an advisory lock of a connection that does nothing else, so it outlives the transactions of the
copy and the migrations; on SQLite a lock on a file beside the database. Both end with the process that holds them, and
the first also when its machine is gone.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import click
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.storage import sqlite

KEY = 0x7472_7563_7465_74
"""The number of the advisory lock, which PostgreSQL knows for each database apart."""
LOOK_AGAIN = 0.5
SAY_AGAIN = 30.0
"""Seconds after which a node that waits says so again."""
LONGEST_NAME = 63
"""Bytes that PostgreSQL keeps of what a connection calls itself."""
HOLDER = text(
    "SELECT application_name || coalesce(' at ' || host(client_addr), '') FROM pg_stat_activity WHERE pid = "
    "(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) | objid::bigint = :key)"
)


class Lock(Protocol):
    def take(self) -> bool:
        """Whether it is ours now; asked again and again, it never waits."""

    def holder(self) -> str:
        """Return what whoever has it says of itself; '' when that is not known."""

    def say(self, words: str) -> None:
        """What the others are told while it is ours."""

    def close(self) -> None: ...


class _OnServer:
    def __init__(self, engine: Engine) -> None:
        self._line: Connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # A machine that is gone holds it for half a minute, and not for the two hours of a system's own setting.
        for name, value in (("idle", 10), ("interval", 5), ("count", 4)):
            self._line.exec_driver_sql(f"SET tcp_keepalives_{name} = {value}")
        # It says nothing while a long copy is made; a limit of the server's would take the lock away.
        self._line.exec_driver_sql(
            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'"
        )

    def take(self) -> bool:
        return bool(self._line.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}).scalar_one())

    def holder(self) -> str:
        return str(self._line.execute(HOLDER, {"key": KEY}).scalar_one_or_none() or "")

    def say(self, words: str) -> None:
        """Raises ``OperationalError`` when the connection is lost, and the lock with it: nothing may go on then."""
        name = words.encode("ascii", "replace")[:LONGEST_NAME].decode()
        self._line.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})

    def close(self) -> None:
        with suppress(SQLAlchemyError):  # lost with its connection: then the server has let go of it
            self._line.execute(text("SELECT pg_advisory_unlock_all()"))
        self._line.invalidate()  # its limits and its name do not go back to the others
        self._line.close()


class _OnFile:
    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}.prepare.lock").open("a+")

    def take(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def holder(self) -> str:
        self._file.seek(0)
        return self._file.read().strip()

    def say(self, words: str) -> None:
        with suppress(OSError):  # a full disk: then the others are told less
            self._file.seek(0)
            self._file.truncate()
            self._file.write(f"{words}\n")
            self._file.flush()

    def close(self) -> None:
        self._file.close()


_held: list[Lock] = []


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Inside, this process alone prepares the database; an inner call joins the outer one."""
    lock = None if _held else _lock_of(engine)
    if lock is None:
        yield
        return
    try:
        _wait(lock)
        _held.append(lock)
        doing("prepares the database")
        yield
    finally:
        _held.clear()
        lock.close()


def doing(what: str) -> None:
    """Tell those who wait what is being done now."""
    for lock in _held:
        lock.say(f"{socket.gethostname().partition('.')[0][:20]} ({os.getpid()}): {what}")


def _lock_of(engine: Engine) -> Lock | None:
    if engine.dialect.name == "postgresql":
        return _OnServer(engine)
    file = sqlite.file_of(engine)
    return _OnFile(file) if file is not None else None


def _wait(lock: Lock) -> None:
    began, said = time.monotonic(), float("-inf")
    while not lock.take():
        now = time.monotonic()
        if now - said >= SAY_AGAIN:
            _tell(f"waiting for {lock.holder() or 'another node'}", now - began)
            said = now
        time.sleep(LOOK_AGAIN)
    if said > float("-inf"):
        _tell("it is our turn", time.monotonic() - began)


def _tell(what: str, waited: float) -> None:
    since = f" (since {waited:.0f} s)" if waited >= 1 else ""
    click.echo(f"prepare: {what}{since}", err=True)
