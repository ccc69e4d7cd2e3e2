"""The database: one handle, one naming convention, one way to write.

SQLite runs with its write-ahead log where that is sound (``core.storage.sqlite``), commits that are on the disk,
foreign keys on, and BEGIN IMMEDIATE for writers, because a deferred transaction that turns into a writer fails with
"database is locked" under load instead of waiting its turn.
"""

from __future__ import annotations

import json
import secrets
import select
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Engine, Integer, MetaData, Row, Select, Table, event, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.storage import sqlite
from core.storage.write_queue import Late, Turns

Item = TypeVar("Item")
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


@event.listens_for(Table, "after_parent_attach")
def _never_the_same_id_twice(table: Table, _metadata: Any) -> None:
    """Ids leave the house: SQLite would give that of a deleted row to the next one (migrations/autoincrement.py)."""
    keys = list(table.primary_key.columns)
    if len(keys) == 1 and keys[0].name == "id" and isinstance(keys[0].type, Integer):
        table.dialect_options["sqlite"]["autoincrement"] = True


WAIT_FOR_LOCK = 30.0
"""Seconds that a writer waits for its turn on SQLite before it is told to come again."""
SQLITE_BUSY = 5
LOOK_AGAIN_MS = 15
"""SQLite itself would soon look for a free lock every 100 ms only, and mostly find that another has been quicker."""
_turns = Turns()

WAKE_CHANNEL = "truc_tet"
WAKE_SENDER = secrets.token_hex(8)
"""This process: a worker does not wake itself with its own commits (``core.server.commit_listener``)."""

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out; a naive value is a bug and is refused.

    SQLite keeps a fixed-width text (so that comparing text compares time), PostgreSQL timestamptz.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: give it a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_check(column: str, values: Sequence[str]) -> CheckConstraint:
    """A CHECK that ``column`` holds one of ``values``; named ``<column>_known``."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


_ALONE: dict[str, dict[str, Any]] = {"sqlite": {"alone": True}, "postgresql": {"isolation_level": "AUTOCOMMIT"}}
"""How a connection is told that a statement stands alone: SQLite's begins nothing unless it is told to."""
ASK_AFTER = 1.0
"""Seconds after its last use within which a connection to PostgreSQL is taken to work."""
BATCH = 1000
"""How many values a statement names, or rows it removes, at once: databases take a limited number of parameters."""


def batched(values: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """``values`` in pieces that one statement may name, or one transaction take."""
    return (values[start : start + size] for start in range(0, len(values), size))


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@contextmanager
def transaction() -> Iterator[Session]:
    """One use-case, one commit. An inner call joins the outer one.

    The outermost call first ends any reading transaction: what was read before it is stale, and on SQLite only a
    transaction that *begins* as a writer waits in line. Load rows inside the block.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with _turn():
        session.info["writing"] = True
        try:
            session.connection(execution_options={"begin_immediate": True})
            yield session
            _announce(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


def glance(statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    """The one row of ``statement``, None if there is none; more than one is an error.

    Where no transaction is open, in none: to begin and to end one costs as much again as the question.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return db.session.connection().execute(statement, values).one_or_none()
    with db.engine.connect().execution_options(**_ALONE[db.engine.dialect.name]) as line:
        return line.execute(statement, values).one_or_none()


@contextmanager
def _turn() -> Iterator[None]:
    """On SQLite, this thread's turn to write among the threads of this process."""
    if not is_sqlite():
        yield
        return
    try:
        with _turns.mine(WAIT_FOR_LOCK):
            yield
    except Late as late:
        locked = sqlite.dbapi(db.engine).OperationalError("database is locked")
        raise OperationalError("BEGIN IMMEDIATE", None, locked) from late


def _announce(session: Session) -> None:
    """On PostgreSQL, tell the workers at commit, but only when something was written: else workers wake each other."""
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    session.execute(
        text("SELECT pg_notify(:channel, :sender) WHERE txid_current_if_assigned() IS NOT NULL"),
        {"channel": WAKE_CHANNEL, "sender": WAKE_SENDER},
    )


def install_sqlite_rules(engine: Engine) -> None:
    """Make every connection of a SQLite engine safe for several writers (reliability requirement 12)."""
    used = sqlite.dbapi(engine)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=1000")
        sqlite.settle_journal(connection, used)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={_patience()}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("begin_immediate"):
            _begin_writing(connection)
        elif not options.get("alone"):
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Other processes may hold the lock: look for it often, for a bounded time."""
    ends = time.monotonic() + WAIT_FOR_LOCK
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
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_patience()}")


def _patience() -> int:
    return round(WAIT_FOR_LOCK * 1000)


def install_postgresql_rules(engine: Engine) -> None:
    """Times come in UTC from every connection, whatever the server's own zone: nothing is left to convert.

    A kept connection is asked whether it still works before it is used, unless it worked a moment ago and nothing came
    in on it since, as it does when the server goes away: asking each time is a fifth of what a small request costs.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        record.info["worked_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(connection: Any, record: Any, _proxy: Any) -> None:
        worked = record.info.get("worked_at")
        try:
            if worked is not None and (time.monotonic() - worked >= ASK_AFTER or _has_news(connection)):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _has_news(connection: Any) -> bool:
    """Whether something came in while nobody asked for it."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def to_json(value: Any) -> str:
    """Canonical JSON for hashes: sorted keys, no spaces, real letters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
