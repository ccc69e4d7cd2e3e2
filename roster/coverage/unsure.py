"""Published seats that nobody can be sure of ("không chắc"): they are not covered.

Every claim about coverage asks here, or marks the resolver's answers (``roster.resolver.absent``). Why a seat is in
doubt is judged in ``roster.coverage.doubt``; why somebody is away is in neither: it is not everybody's to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, tuple_

from core import clock
from core.db import batched, db, is_sqlite
from people import queries as people
from people.absences.effects import EligibleDuties
from people.absences.spans import Away
from people.models import Absence, Person, PersonDuty, Unit
from planning.problem import Assignment
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.coverage import doubt
from roster.coverage.doubt import Cause, Doubt, HeldSeat
from roster.models import Duty, Shift
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class UnsureSeat:
    """One published seat, who was to serve, and why nobody can be sure of it."""

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
    doubt: Doubt

    @property
    def cause(self) -> Cause:
        return self.doubt.cause

    @property
    def away_until(self) -> datetime | None:
        """Return when somebody absent is back."""
        return self.doubt.away_until


def coming(
    units: Collection[int] | None, *, now: datetime, days: int | None = None, person_id: int | None = None
) -> list[UnsureSeat]:
    """Return those of shifts that are not over, by time; ``units``: ids, None = everywhere."""
    where = [Duty.ends_at > now]
    if days is not None:
        where.append(Duty.starts_at < now + timedelta(days=days))
    if units is not None:
        where.append(Duty.unit_id.in_(sorted(units)))
    where.append(_concerned(now) if person_id is None else Duty.person_id == person_id)
    return found(*where, now=now)


def serving(*, now: datetime) -> list[UnsureSeat]:
    """Return those who should be on duty at this moment."""
    return found(Duty.starts_at <= now, Duty.ends_at > now, _concerned(now), now=now)


def list_for_campaign(campaign_id: int, *, now: datetime) -> list[UnsureSeat]:
    return found(Duty.campaign_id == campaign_id, now=now)


def unsure_on_shift(shift_id: int, *, now: datetime) -> dict[int, UnsureSeat]:
    """Return by person id the holders of its published seats who are in doubt."""
    return {each.person_id: each for each in found(Duty.shift_id == shift_id, now=now)}


def by_campaign(*, now: datetime) -> Counter[int]:
    """How many in each campaign."""
    return Counter(each.campaign_id for each in found(now=now))


def by_shift(seats: Iterable[UnsureSeat]) -> Counter[int]:
    return Counter(each.shift_id for each in seats)


def found(*where: ColumnElement[bool], now: datetime) -> list[UnsureSeat]:
    """The current duties that fulfil ``where`` and whose holder is in doubt, by time."""
    rows = _touched(*where, now=now)
    doubts = doubt.find_doubts([HeldSeat.from_row(row) for row in rows], now=now)
    named = ((row, doubts.get(HeldSeat.from_row(row))) for row in rows)
    return [UnsureSeat(*(*row, cause)) for row, cause in named if cause is not None]


def forecast(
    standings: Mapping[int, EligibleDuties], aways: Mapping[int, Collection[Away]], *, now: datetime
) -> list[UnsureSeat]:
    """The seats to come of which one is sure today, and would not be if these people (by id) stood and were away so."""
    rows = [
        row
        for some in batched(sorted(standings.keys() | aways.keys()))
        for row in _rows(Duty.ends_at > now, Duty.person_id.in_(some))
    ]
    held = [HeldSeat.from_row(row) for row in rows]
    known = doubt.find_doubts(held, now=now)
    would = {each: why for each in held if (why := doubt.absence(each, aways.get(each.person_id, ()))) is not None}
    barred = doubt.barred([each for each in held if each.person_id in standings], standings)
    would |= {each: Doubt(cause) for each, cause in barred.items() if cause == "left" or each not in would}
    seats = [
        UnsureSeat(*(*row, would[each]))
        for row, each in zip(rows, held, strict=True)
        if each in would and each not in known
    ]
    return sorted(seats, key=lambda seat: (seat.starts_at, seat.unit_code, seat.duty, seat.seat_id))


def among(
    taken: Snapshot,
    assignments: Iterable[Assignment],
    *,
    now: datetime,
    known: Mapping[tuple[int, int], Doubt | None] | None = None,
) -> dict[tuple[int, int], Doubt]:
    """Return by (shift id, person id) those assigned, in a draft or elsewhere, who are in doubt.

    ``known``: what was found of some at this moment, ``None`` of whoever is sure.
    """
    units, known = people.unit_ids(), known or {}
    pairs = [(each.shift_id, each.staff_id) for each in assignments]
    found = {pair: why for pair in pairs if (why := known.get(pair)) is not None}
    placed = [(taken.problem.shift_of[shift_id], who) for shift_id, who in pairs if (shift_id, who) not in known]
    held = [
        HeldSeat(
            shift_id=shift.id,
            campaign_id=taken.campaign_id,
            unit_id=units[shift.unit],
            duty=shift.duty,
            starts_at=shift.start,
            ends_at=shift.end,
            person_id=who,
        )
        for shift, who in placed
    ]
    doubts = doubt.find_doubts(held, now=now, answered=taken.excused)
    return found | {(each.shift_id, each.person_id): why for each, why in doubts.items()}


def _touched(*where: ColumnElement[bool], now: datetime) -> list[Row[Any]]:
    """Duties that begin on a day of an absence, or the day before one begins (a shift is at most 24 hours long), and
    those to come of people who have left, may not take them or said that they cannot: few, so that the rest need not
    be judged one by one.
    """
    absent = exists().where(
        Absence.person_id == Duty.person_id, Absence.to_on >= Shift.local_on, Absence.from_on <= _day_after()
    )
    listed = exists().where(PersonDuty.person_id == Duty.person_id, PersonDuty.duty == Duty.duty)
    strange = tuple_(Person.unit_id, Duty.unit_id).in_(_strangers(*where, now=now))
    ahead = or_(~Person.active, ~listed, strange, confirmations.is_refused())
    return _rows(*where, or_(absent, and_(Duty.ends_at > now, ahead)))


def _rows(*where: ColumnElement[bool]) -> list[Row[Any]]:
    statement = (
        select(
            Duty.seat_id,
            Duty.shift_id,
            Duty.campaign_id,
            Duty.unit_id,
            Unit.code,
            Unit.name,
            Duty.duty,
            Duty.template,
            Duty.starts_at,
            Duty.ends_at,
            Duty.person_id,
            Person.code.label("person_code"),
            Person.full_name,
        )
        .join(Shift, Shift.id == Duty.shift_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cancelled_at.is_(None), *where)
        .order_by(Duty.starts_at, Unit.code, Duty.duty, Duty.seat_id)
    )
    return list(db.session.execute(statement))


def _strangers(*where: ColumnElement[bool], now: datetime) -> list[tuple[int, int]]:
    """(unit of somebody, unit that they serve to come) where theirs is not below the other."""
    wanted = select(Person.unit_id, Duty.unit_id).join(Person, Person.id == Duty.person_id).distinct()
    ahead = wanted.where(Duty.cancelled_at.is_(None), Duty.ends_at > now, Person.unit_id != Duty.unit_id, *where)
    pairs = db.session.execute(ahead).tuples().all()
    above = people.ancestors_of({home for home, _there in pairs}) if pairs else {}
    return [(home, there) for home, there in pairs if there not in above[home]]


def _concerned(now: datetime) -> ColumnElement[bool]:
    """The history of everybody's duties is long: only what is of campaigns that run or come, and of people who are
    absent or have left, is looked at.
    """
    yesterday = clock.local_date(now) - timedelta(days=1)
    absent = select(Absence.person_id).where(Absence.to_on >= yesterday)
    running = select(Campaign.id).where(Campaign.ends_on >= yesterday, Campaign.revision > 0)
    gone = select(Person.id).where(~Person.active)
    return or_(Duty.campaign_id.in_(running), Duty.person_id.in_(absent.union(gone)))


def _day_after() -> ColumnElement[Any]:
    return func.date(Shift.local_on, "+1 day") if is_sqlite() else Shift.local_on + 1
