"""Codes of incidents: SC-<local year>-<running number>, without gaps and never given twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import clock
from core.db import is_sqlite
from core.models import Setting
from incidents.record.models import Incident


def counter(session: Session, now: datetime) -> tuple[Setting, bool]:
    """The last number of the year, until commit nobody else's: logging is serial. False when another was logging.

    A counter, so that a number is not given twice even when rows are cleared; and without gaps.
    """
    key = _key(now)
    found = session.scalar(_FREE, {"key": key})
    if found is not None:
        return found, True
    row = (sqlite.insert if is_sqlite() else postgresql.insert)(Setting)
    session.execute(row.values(key=key, value=0).on_conflict_do_nothing())
    return session.scalars(_WAITED_FOR, {"key": key}).one(), False


_NUMBER = select(Setting).where(Setting.key == bindparam("key")).execution_options(populate_existing=True)
_FREE, _WAITED_FOR = _NUMBER.with_for_update(skip_locked=True), _NUMBER.with_for_update()
_IDS = text("SELECT nextval(pg_get_serial_sequence('incidents', 'id')) FROM generate_series(1, :count)")
_LAST_ID = select(func.coalesce(func.max(Incident.id), 0))
_BOTH = text(
    "UPDATE settings SET value = ((value #>> '{}')::integer + :count)::text::json WHERE key = :key "
    "RETURNING (value #>> '{}')::integer - :count, ARRAY(SELECT nextval(pg_get_serial_sequence('incidents', 'id')) "
    "FROM generate_series(1, :count))"
)


def number(session: Session, incidents: Sequence[Incident], last: Setting | None, now: datetime) -> None:
    """Give each its id and its code, SC-<local year>-<number>; ``last``: the counter, if the caller holds it."""
    if not incidents:
        return
    year = clock.local_date(now).year
    given, ids = _held(session, len(incidents), last) if last is not None else _taken(session, len(incidents), now)
    for place, (incident, each) in enumerate(zip(incidents, ids, strict=True), given + 1):
        incident.code, incident.id = f"SC-{year}-{place:04d}", each


def _held(session: Session, count: int, last: Setting) -> tuple[int, Sequence[int]]:
    given = int(last.value)
    last.value = given + count
    if not is_sqlite():
        return given, session.scalars(_IDS, {"count": count}).all()
    first = session.scalars(_LAST_ID).one() + 1  # who writes is alone
    return given, range(first, first + count)


def _taken(session: Session, count: int, now: datetime) -> tuple[int, Sequence[int]]:
    """Last number and ids in one question; somebody who is logging at this moment is waited for."""
    if not is_sqlite():
        row = session.execute(_BOTH, {"key": _key(now), "count": count}).one_or_none()
        if row is not None:
            return row[0], row[1]
    return _held(session, count, counter(session, now)[0])


def _key(now: datetime) -> str:
    return f"incident.number.{clock.local_date(now).year}"
