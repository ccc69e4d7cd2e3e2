"""The database: one handle, one naming convention, one way to write.

SQLite runs with its write-ahead log where that is sound (``core.storage.sqlite``), commits that are on the disk,
foreign keys on, and BEGIN IMMEDIATE for writers, because a deferred transaction that turns into a writer fails with
"database is locked" under load instead of waiting its turn.
"""

from __future__ import annotations

import json
import select
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, DateTime, Engine, FromClause, Integer, MetaData, Row, Select, Table, event
from sqlalchemy.dialects import postgresql, sqlite as sqlite_dialect
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from core.storage import faults, sqlite, writing

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


def insert_into(model: type[Any] | FromClause) -> postgresql.Insert:
    """An INSERT of the database in use that can say ON CONFLICT; both say it alike."""
    dialect = sqlite_dialect if is_sqlite() else postgresql
    return cast(postgresql.Insert, dialect.insert(cast(Any, model)))


@contextmanager
def transaction(patience: float | None = None, *, aside: bool = False) -> Iterator[Session]:
    """One use-case, one commit. An inner call joins the outer one.

    ``patience``: seconds for which SQLite's one writer is waited for before ``OperationalError``; by itself as
    long as ``writing`` says. ``aside``: it notes what a request may note twice, so that what the request is about can
    still be tried again (``core.tried_again``).

    The outermost call first ends any reading transaction: what was read before it is stale, and on SQLite only a
    transaction that *begins* as a writer waits in line. Load rows inside the block.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with writing.turn(db.engine, patience):
        session.info["writing"] = True
        try:
            with _before_the_commit():
                session.connection(execution_options={"begin_immediate": True, "patience": patience})
                yield session
                writing.announce(session)
            session.commit()
            session.info["written"] = session.info.get("written", 0) + (not aside)
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


@contextmanager
def _before_the_commit() -> Iterator[None]:
    try:
        yield
    except DBAPIError as fault:
        faults.note_undone(fault)
        raise


def glance(statement: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
    """The one row of ``statement``, None if there is none; more than one is an error.

    Where no transaction is open, in none: to begin and to end one costs as much again as the question.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return db.session.connection().execute(statement, values).one_or_none()
    with db.engine.connect().execution_options(**_ALONE[db.engine.dialect.name]) as line:
        return line.execute(statement, values).one_or_none()


def install_sqlite_rules(engine: Engine) -> None:
    """Make every connection of a SQLite engine safe for several writers (reliability requirement 12)."""
    used = sqlite.dbapi(engine)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=1000")
        sqlite.settle_journal(connection, used)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA busy_timeout={writing.patience()}")

    event.listen(engine, "begin", writing.begin)


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
