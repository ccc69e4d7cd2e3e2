"""Published seats whose holder is recorded absent for some minute of the shift ("không chắc"): they are not covered.

Every claim about coverage asks here, or marks the resolver's answers (``roster.absent``); both rest on ``people.away``.
Why somebody is away is in neither: it is not everybody's to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select

from core import clock
from core.db import db, is_sqlite
from people import away
from people.away import Away
from people.models import Absence, Person, Unit
from roster.models import Duty, Shift
from roster.planning.problem import Assignment, Problem


@dataclass(frozen=True)
class Unsure:
    """One published seat, who was to serve, and the absence that touches the shift."""

    seat_id: int
    shift_id: int
    campaign_id: int
    unit_id: int
    unit_code: str
    unit: str
    duty: str
    template: str
    starts_at: datetime
    ends_at: datetime
    person_id: int
    code: str
    name: str
    away_from: datetime
    away_until: datetime
    """When they are back: absences that follow each other are one."""


def coming(
    units: Collection[int] | None, *, now: datetime, days: int | None = None, person_id: int | None = None
) -> list[Unsure]:
    """Those of shifts that are not over, by time; ``units``: ids, None = everywhere."""
    where = [Duty.ends_at > now, _absent_since(now)]
    if days is not None:
        where.append(Duty.starts_at < now + timedelta(days=days))
    if units is not None:
        where.append(Duty.unit_id.in_(sorted(units)))
    if person_id is not None:
        where.append(Duty.person_id == person_id)
    return found(*where)


def serving(*, now: datetime) -> list[Unsure]:
    """Those who should be on duty at this moment."""
    return found(Duty.starts_at <= now, Duty.ends_at > now, _absent_since(now))


def of_campaign(campaign_id: int) -> list[Unsure]:
    return found(Duty.campaign_id == campaign_id)


def of_shift(shift_id: int) -> set[int]:
    """Ids of the people who hold a published seat of it and are away."""
    return {each.person_id for each in found(Duty.shift_id == shift_id)}


def by_campaign() -> Counter[int]:
    """How many in each campaign."""
    return Counter(each.campaign_id for each in found())


def by_shift(seats: Iterable[Unsure]) -> Counter[int]:
    return Counter(each.shift_id for each in seats)


def found(*where: ColumnElement[bool]) -> list[Unsure]:
    """The current duties that fulfil ``where`` and whose holder is recorded absent, by time."""
    rows = _touched(*where)
    if not rows:
        return []
    first, last = min(row.starts_at for row in rows), max(row.ends_at for row in rows)
    aways = away.during({row.person_id for row in rows}, first, last + away.CHAIN)
    named = ((row, away.hit(aways.get(row.person_id, ()), row.starts_at, row.ends_at)) for row in rows)
    return [_unsure(row, cause, aways[row.person_id]) for row, cause in named if cause is not None]


def among(problem: Problem, assignments: Iterable[Assignment]) -> frozenset[tuple[int, int]]:
    """(shift id, person id) of those assigned, in a draft or elsewhere, who are recorded absent."""
    placed = [(problem.shift_of[each.shift_id], each.staff_id) for each in assignments]
    if not placed:
        return frozenset()
    first, last = min(shift.start for shift, _who in placed), max(shift.end for shift, _who in placed)
    aways = away.during({who for _shift, who in placed}, first, last)
    return frozenset(
        (shift.id, who) for shift, who in placed if away.hit(aways.get(who, ()), shift.start, shift.end) is not None
    )


def _unsure(row: Row[Any], cause: Away, aways: Collection[Away]) -> Unsure:
    back = away.until(aways, max(cause.starts_at, row.starts_at)) or cause.ends_at
    return Unsure(*(*row, cause.starts_at, back))


def _touched(*where: ColumnElement[bool]) -> list[Row[Any]]:
    """Duties that begin on a day of an absence, or the day before one begins: a shift is at most 24 hours long."""
    mine = exists().where(
        Absence.person_id == Duty.person_id, Absence.to_on >= Shift.local_on, Absence.from_on <= _day_after()
    )
    statement = (
        select(
            Duty.seat_id, Duty.shift_id, Duty.campaign_id, Duty.unit_id, Unit.code, Unit.name, Duty.duty,
            Duty.template, Duty.starts_at, Duty.ends_at, Duty.person_id, Person.code.label("person_code"),
            Person.full_name,
        )
        .join(Shift, Shift.id == Duty.shift_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Person, Person.id == Duty.person_id)
        .where(and_(Duty.cancelled_at.is_(None), mine, *where))
        .order_by(Duty.starts_at, Unit.code, Duty.duty, Duty.seat_id)
    )  # fmt: skip
    return list(db.session.execute(statement))


def _absent_since(now: datetime) -> ColumnElement[bool]:
    """Few are absent: of the history of everybody's duties, which is long, theirs alone are looked at."""
    yesterday = clock.local_date(now) - timedelta(days=1)
    return Duty.person_id.in_(select(Absence.person_id).where(Absence.to_on >= yesterday))


def _day_after() -> ColumnElement[Any]:
    return func.date(Shift.local_on, "+1 day") if is_sqlite() else Shift.local_on + 1
