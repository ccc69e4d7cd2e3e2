"""Codes of incidents: SC-<local year>-<running number>, without gaps and never given twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import clock
from core.db import is_sqlite
from core.models import Setting
from incidents.models import Incident


def counter(session: Session, now: datetime) -> tuple[Setting, bool]:
    """The last number of the year, until commit nobody else's: logging is serial. False when another was logging.

    A counter, so that a number is not given twice even when rows are cleared; and without gaps.
    """
    key = f"incident.number.{clock.local_date(now).year}"
    found = session.scalar(_FREE, {"key": key})
    if found is not None:
        return found, True
    row = (sqlite.insert if is_sqlite() else postgresql.insert)(Setting)
    session.execute(row.values(key=key, value=0).on_conflict_do_nothing())
    return session.scalars(_WAITED_FOR, {"key": key}).one(), False


_IDS = text("SELECT nextval(pg_get_serial_sequence('incidents', 'id')) FROM generate_series(1, :count)")
_NUMBER = select(Setting).where(Setting.key == bindparam("key")).execution_options(populate_existing=True)
_FREE, _WAITED_FOR = _NUMBER.with_for_update(skip_locked=True), _NUMBER.with_for_update()


def number(session: Session, incidents: Sequence[Incident], last: Setting | None, now: datetime) -> None:
    """Give each its code, SC-<local year>-<number>, and write them down."""
    if not incidents:
        return
    held = last or counter(session, now)[0]
    year, given = clock.local_date(now).year, int(held.value)
    for place, incident in enumerate(incidents, given + 1):
        incident.code = f"SC-{year}-{place:04d}"
    held.value = given + len(incidents)
    if len(incidents) > 1 and not is_sqlite():  # many rows go in at once when none has to come back with its id
        for incident, each in zip(incidents, session.scalars(_IDS, {"count": len(incidents)}), strict=True):
            incident.id = each
    session.add_all(incidents)
    session.flush()
