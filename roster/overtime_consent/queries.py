"""Reading whose published duties hold overtime, and what they have said of it.

A campaign's duties are judged together, past ones too, as the rules judge them; asked is about those that are not over,
and nobody who is known not to serve them: absent, gone, or not able to come, as they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.clock import local_date
from core.db import batched, db
from people.models import Person
from roster import models
from roster.coverage import doubt
from roster.coverage.doubt import Held
from roster.models import Campaign, Duty
from roster.overtime_consent import asking
from roster.overtime_consent.models import OvertimeConsent
from roster.planning.problem import Form, Problem, Shift, Staff
from roster.snapshot import people as facts

NOT_COMING = ("absent", "refused", "left")


@dataclass(frozen=True)
class Ask:
    """One duty with overtime, by ids: ``minutes`` of it beside the duties before it."""

    duty_id: int
    seat_id: int
    person_id: int
    unit_id: int
    starts_at: datetime
    ends_at: datetime
    sequence: int
    minutes: int

    @property
    def version(self) -> tuple[int, int]:
        return self.sequence, self.minutes


@dataclass(frozen=True)
class Line:
    """One ask as pages show it; ``said`` is the answer that holds."""

    duty: Duty
    minutes: int
    said: OvertimeConsent | None

    @property
    def shown(self) -> str:
        """As forms carry it (``asking.shown``)."""
        return f"{self.duty.id}.{self.duty.sequence}.{self.minutes}"

    @property
    def state(self) -> str:
        return self.said.state if self.said is not None else asking.WAITING


def asks(
    campaign_id: int,
    person_ids: Collection[int] | None = None,
    *,
    units: Collection[int] | None = None,
    now: datetime,
) -> list[Ask]:
    """Those of one campaign that are not over, by start; ``person_ids``: of these people alone; ``units``: of duties in
    these units (ids) alone."""
    rows = _duties(campaign_id, person_ids, units)
    if not any(row.form == "onsite" and row.ends_at > now for row in rows):
        return []
    minutes = _minutes(db.session.get_one(Campaign, campaign_id), rows)
    ahead = [row for row in rows if row.id in minutes and row.ends_at > now and (units is None or row.unit_id in units)]
    causes = {each: why.cause for each, why in doubt.of([Held.of(row) for row in ahead], now=now).items()}
    return [
        Ask(row.id, row.seat_id, row.person_id, row.unit_id, row.starts_at, row.ends_at, row.sequence, minutes[row.id])
        for row in ahead
        if causes.get(Held.of(row)) not in NOT_COMING
    ]


def of_person(person_id: int, *, now: datetime) -> list[Line]:
    """What one person is asked, and what they have said, by start, over all campaigns."""
    ahead = (Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now, Duty.form == "onsite")
    campaigns = db.session.scalars(select(Duty.campaign_id).where(*ahead).distinct()).all()
    found = [each for campaign_id in sorted(campaigns) for each in asks(campaign_id, [person_id], now=now)]
    return sorted(lines(found), key=lambda line: (line.duty.starts_at, line.duty.id))


def answers(found: Iterable[Ask]) -> dict[int, OvertimeConsent]:
    """Duty id → the answer that holds; nothing where there is none."""
    asked = {each.duty_id: each.version for each in found}
    return {
        row.duty_id: row
        for some in batched(sorted(asked))
        for row in db.session.scalars(select(OvertimeConsent).where(OvertimeConsent.duty_id.in_(some)))
        if asking.still_holds(row.state, (row.sequence, row.minutes), asked[row.duty_id])
    }


def lines(found: Sequence[Ask]) -> list[Line]:
    """In the same order, with what pages show of them."""
    wanted = select(Duty).options(
        joinedload(Duty.person).selectinload(Person.contacts), joinedload(Duty.shift), selectinload(Duty.unit)
    )
    ids, said = [each.duty_id for each in found], answers(found)
    rows = {row.id: row for some in batched(ids) for row in db.session.scalars(wanted.where(Duty.id.in_(some)))}
    return [Line(rows[each.duty_id], each.minutes, said.get(each.duty_id)) for each in found]


def _duties(campaign_id: int, person_ids: Collection[int] | None, units: Collection[int] | None) -> Sequence[Row[Any]]:
    """All duties of people who have one in ``units``. Plain columns, by start: there are thousands in a province."""
    wanted = (
        select(
            Duty.id,
            Duty.seat_id,
            Duty.shift_id,
            Duty.campaign_id,
            Duty.person_id,
            Duty.unit_id,
            Duty.duty,
            Duty.template,
            Duty.form,
            Duty.starts_at,
            Duty.ends_at,
            Duty.sequence,
            models.Shift.replaces_work,
            Person.work_pattern,
        )
        .join(models.Shift, models.Shift.id == Duty.shift_id)
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
        .order_by(Duty.starts_at, Duty.unit_id, Duty.seat_id)
    )
    if person_ids is not None:
        wanted = wanted.where(Duty.person_id.in_(person_ids))
    if units is not None:
        other = aliased(Duty)
        theirs = select(other.person_id).where(other.campaign_id == campaign_id, other.unit_id.in_(sorted(units)))
        wanted = wanted.where(Duty.person_id.in_(theirs))
    return db.session.execute(wanted).all()


def _minutes(campaign: Campaign, rows: Sequence[Row[Any]]) -> dict[int, int]:
    """Duty id → minutes of overtime; those without any are left out."""
    days, shifts = facts.Days(campaign), [_shift(row) for row in rows]
    kinds = frozenset(row.duty for row in rows)
    staff = {
        row.person_id: Staff(row.person_id, "", "", kinds, frozenset(), work_pattern=days.pattern(row.work_pattern))
        for row in rows
    }
    away = tuple(facts.absences(staff, campaign))
    problem = Problem(
        shifts=tuple(shifts),
        staff=tuple(staff.values()),
        absences=away,
        work=tuple(days.work(staff.values(), away, shifts)),
        free_days=days.free,
        span=(campaign.starts_on, campaign.ends_on),
        normal_hours=days.normal_hours,
    )
    held: defaultdict[int, list[Shift]] = defaultdict(list)
    for row, shift in zip(rows, shifts, strict=True):
        held[row.person_id].append(shift)
    return {
        duty_id: minutes
        for person_id, own in held.items()
        for duty_id, minutes in asking.added(problem, staff[person_id], own).items()
    }


def _shift(row: Row[Any]) -> Shift:
    """The duty of one person: as long as they serve it, whatever the shift has become."""
    return Shift(
        id=row.id,
        duty=row.duty,
        unit="",
        start=row.starts_at,
        end=row.ends_at,
        form=cast(Form, row.form),
        headcount=1,
        points=0,
        night=False,
        peak=frozenset(),
        local_date=local_date(row.starts_at),
        template=row.template,
        replaces_work=row.replaces_work,
    )
