"""What surrounds a transaction that writes: its turn, the lock, what its commit leaves behind, and who is told.

SQLite has one writer and no queue. One that finds the lock taken looks again after up to a tenth of a second, and a
thread that writes one transaction after the other takes it back in between: the others starve. So threads of a process
queue here, first come, first served, and only the first of the queue asks SQLite.

With its commit a transaction leaves a new stamp of each thing that it wrote and that somebody watches
(``core.fast_path.shared_cache``): with the commit and not before, so nobody waits for that row while they hold it. One
is held longer: ``GROUND``, from the first write of what plans are made of.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.storage import sqlite

WAIT_FOR_LOCK = 30.0
"""Seconds that a writer waits for its turn on SQLite before it is told to come again."""
SQLITE_BUSY = 5
LOOK_AGAIN_MS = 15
"""SQLite itself would soon look for a free lock every 100 ms only, and mostly find that another has been quicker."""

WAKE_CHANNEL = "truc_tet"
WAKE_SENDER = secrets.token_hex(8)
"""This process: a worker does not wake itself with its own commits (``core.server.commit_listener``)."""

WATCHED: defaultdict[str, set[str]] = defaultdict(set)
"""Table → the stamps that a write to it makes anew."""
APART: defaultdict[str, set[str]] = defaultdict(set)
"""Table → its columns of which nothing that is kept depends: to write these alone leaves no stamp."""
GROUND = "ground.stamp"
"""The stamp that whoever plans holds from the beginning of a transaction on (``shared_cache.hold_ground``).

On PostgreSQL everybody else takes it with the first write that changes it: whoever had written a row, and waited for
this one at the end, would be waited for by a planner who wants that row. For the same reason a commit takes it first.
"""
CHANGED = "standing.changed"
"""Where a connection notes which stamps the present transaction will make anew."""
_WRITES = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+[\"\[]?(\w+)", re.I
)
_SETS = re.compile(r"\s*UPDATE\s+\S+\s+SET\s+(.+?)\s+WHERE\s", re.I | re.S)
_STAMP = "('{key}', '\"{stamp}\"')"
_STAMPS = "INSERT INTO settings (key, value) VALUES {rows} ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class Late(Exception):
    """The turn did not come in time."""


class TurnLock:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Lock] = deque()

    @contextmanager
    def mine(self, seconds: float) -> Iterator[None]:
        """Have the turn inside the block. Raises ``Late`` when it did not come within ``seconds``."""
        self._take(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, seconds: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            called = threading.Lock()
            called.acquire()
            self._queue.append(called)
        if called.acquire(timeout=seconds):
            return
        with self._guard:
            if called in self._queue:
                self._queue.remove(called)
                raise Late
        # Called in the very moment in which it gave up: then it is its turn.

    def _pass_on(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._taken = False


_turns = TurnLock()


@contextmanager
def turn(engine: Engine, patience: float | None = None) -> Iterator[None]:
    """Hold, on SQLite, this thread's turn to write among the threads of this process, awaited for ``patience`` seconds
    or as long as usual."""
    if engine.dialect.name != "sqlite":
        yield
        return
    try:
        with _turns.mine(WAIT_FOR_LOCK if patience is None else patience):
            yield
    except Late as late:
        locked = sqlite.dbapi(engine).OperationalError("database is locked")
        raise OperationalError("BEGIN IMMEDIATE", None, locked) from late


def begin(connection: Connection) -> None:
    """How transactions of SQLite begin: as writers, as readers, or not at all where a statement stands alone."""
    options = connection.get_execution_options()
    if options.get("begin_immediate"):
        _take_lock(connection, options.get("patience"))
    elif not options.get("alone"):
        connection.exec_driver_sql("BEGIN")


def _take_lock(connection: Connection, seconds: float | None) -> None:
    """Other processes may hold the lock: look for it often, for a bounded time."""
    ends = time.monotonic() + (WAIT_FOR_LOCK if seconds is None else seconds)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={LOOK_AGAIN_MS}")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                busy = getattr(error.orig, "sqlite_errorcode", None) == SQLITE_BUSY
                if not busy or time.monotonic() > ends:
                    raise
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience()}")


def patience() -> int:
    """Milliseconds for which SQLite itself waits for a lock."""
    return round(WAIT_FOR_LOCK * 1000)


def leave_stamps(engine: Engine) -> None:
    """Leave a new stamp with each commit of what is watched, however it was written."""

    @event.listens_for(engine, "before_cursor_execute")
    def _look(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        written = _WRITES.match(statement)
        if written is None:
            return
        table = written[1].lower()
        if (keys := WATCHED.get(table)) and not _is_apart(table, statement):
            known = connection.info.setdefault(CHANGED, set())
            if GROUND in keys and GROUND not in known and engine.dialect.name == "postgresql":
                _hold(connection, GROUND)
            known.update(keys)

    @event.listens_for(engine, "commit")
    def _commit(connection: Connection) -> None:
        # While tables are migrated there may be none for the stamp; processes start anew after that.
        changed = connection.info.pop(CHANGED, ())
        if changed and not connection.get_execution_options().get("migrating"):
            rows = ", ".join(_STAMP.format(key=key, stamp=secrets.token_hex(8)) for key in sorted(changed, key=_order))
            connection.exec_driver_sql(_STAMPS.format(rows=rows))

    @event.listens_for(engine, "rollback")
    def _rollback(connection: Connection) -> None:
        if not connection.invalidated:  # a line that was lost takes its notes with it, and may not be asked for them
            connection.info.pop(CHANGED, None)


def _hold(connection: Connection, key: str) -> None:
    """Until the transaction ends. While tables are migrated there may be none for the stamp."""
    if not connection.get_execution_options().get("migrating"):
        connection.execute(text("SELECT value FROM settings WHERE key = :key FOR UPDATE"), {"key": key})


def _order(key: str) -> tuple[bool, str]:
    return key != GROUND, key


def _is_apart(table: str, statement: str) -> bool:
    """Values are parameters, so what stands between commas is a column and its mark."""
    apart = APART.get(table)
    sets = _SETS.match(statement) if apart else None
    if apart is None or sets is None:
        return False
    return {each.partition("=")[0].strip(' "') for each in sets[1].split(",")} <= apart


def announce(session: Session) -> None:
    """On PostgreSQL, tell the workers at commit, but only when something was written: else workers wake each other."""
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    session.execute(
        text("SELECT pg_notify(:channel, :sender) WHERE txid_current_if_assigned() IS NOT NULL"),
        {"channel": WAKE_CHANNEL, "sender": WAKE_SENDER},
    )
