"""Codes of incidents: SC-<local year>-<running number>, without gaps and never given twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
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
    wanted = select(Setting).where(Setting.key == f"incident.number.{clock.local_date(now).year}")
    wanted = wanted.execution_options(populate_existing=True)
    found = session.scalar(wanted.with_for_update(skip_locked=True))
    if found is not None:
        return found, True
    row = (sqlite.insert if is_sqlite() else postgresql.insert)(Setting)
    session.execute(row.values(key=f"incident.number.{clock.local_date(now).year}", value=0).on_conflict_do_nothing())
    return session.scalars(wanted.with_for_update()).one(), False


def number(session: Session, incidents: Sequence[Incident], last: Setting | None, now: datetime) -> None:
    """Give each its code, SC-<local year>-<number>, and write them down."""
    if not incidents:
        return
    held = last or counter(session, now)[0]
    year, given = clock.local_date(now).year, int(held.value)
    for place, incident in enumerate(incidents, given + 1):
        incident.code = f"SC-{year}-{place:04d}"
    held.value = given + len(incidents)
    session.add_all(incidents)
    session.flush()
