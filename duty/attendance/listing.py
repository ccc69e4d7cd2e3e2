"""Who is there, for one unit with those below, on one day: a list for whoever sits at the desk or rings around."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import clock
from core.db import db
from core.pages import ListPage, part
from people.models import Person
from roster.models import Duty
from roster.presence import queries
from roster.presence.queries import PresenceLine

URGENT = ("missing", "not_ready", "expected")
"""States that wait for somebody, the worst first."""


@dataclass(frozen=True)
class AttendanceDay:
    """``part``: those of whom something is asked, what waits first; ``counts`` by state, of all; ``called``: how many
    were called because they are not there."""

    part: ListPage[PresenceLine]
    counts: Mapping[str, int]
    called: int

    @property
    def on_site(self) -> Sequence[PresenceLine]:
        return [line for line in self.part.rows if line.asked == "check_in"]

    @property
    def elsewhere(self) -> Sequence[PresenceLine]:
        return [line for line in self.part.rows if line.asked == "ready"]


def list_day(unit_ids: Collection[int], day: date, page: int, *, now: datetime) -> AttendanceDay:
    """Return who is there, from the published shifts of these units that touch the local ``day``."""
    begins = clock.at_local(day)
    wanted = (
        select(Duty)
        .options(
            joinedload(Duty.person).selectinload(Person.contacts), selectinload(Duty.unit), selectinload(Duty.shift)
        )
        .where(
            Duty.unit_id.in_(sorted(unit_ids)),
            Duty.duty.in_(sorted(queries.asking())),
            Duty.cancelled_at.is_(None),
            Duty.starts_at < begins + timedelta(days=1),
            Duty.ends_at > begins,
        )
        .order_by(Duty.starts_at, Duty.unit_id, Duty.seat_id)
    )
    lines = queries.lines_of(db.session.scalars(wanted).all(), now=now)
    asked = sorted((line for line in lines if line.asked), key=_urgency)
    called = sum(line.word.missed is not None and line.word.missed.ended_at is None for line in asked)
    return AttendanceDay(part(asked, page), Counter(line.state for line in asked), called)


def _urgency(line: PresenceLine) -> int:
    return URGENT.index(line.state) if line.state in URGENT else len(URGENT)
