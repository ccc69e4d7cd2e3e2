"""The only place where the wall clock is read.

On PostgreSQL the database is asked, so that several nodes share one time; SQLite runs on one host.
Tests travel with :func:`travel`. All answers are aware UTC.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Interval, func, literal, text, type_coerce

from core.calendar.dates import VN as VN
from core.db import UTCDateTime, db

_travelled: list[datetime] = []


def now() -> datetime:
    """Now as aware UTC. Needs an application context on PostgreSQL."""
    if _travelled:
        return _travelled[-1]
    if db.engine.dialect.name == "postgresql":
        stamp: datetime = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return stamp.astimezone(UTC)
    return wall()


def unless_asked() -> datetime | None:
    """``now()`` where it can be told without the database, else None: then ``column`` asks beside other things."""
    return None if not _travelled and db.engine.dialect.name == "postgresql" else now()


def column(ago: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """``now() - ago`` as the database has it (PostgreSQL), beside other columns: one question less."""
    return type_coerce(func.clock_timestamp() - literal(ago, Interval), UTCDateTime)


def wall() -> datetime:
    """This host's own clock, for heartbeats before the database answers and for jump detection."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never jump; for budgets and circuit breakers, never stored."""
    return time.monotonic()


def local(at: datetime) -> datetime:
    """``at`` (aware) in Việt Nam's fixed UTC+7."""
    return at.astimezone(VN)


def local_date(at: datetime) -> date:
    return local(at).date()


def at_local(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The aware UTC moment of a local wall time in Việt Nam."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VN).astimezone(UTC)


@contextmanager
def travel(to: datetime) -> Iterator[None]:
    """Tests only: make :func:`now` answer ``to`` inside the block."""
    _travelled.append(to)
    try:
        yield
    finally:
        _travelled.pop()
