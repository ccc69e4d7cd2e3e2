"""Reading whose published duties hold overtime, and what they have said of it.

A campaign's duties are reckoned together, past ones too, as hours are (``duty_hours.reckoning``); asked is about those
that are not over, and nobody who is known not to serve them: absent, gone, or not able to come, as they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.clock import at_local
from core.db import batched, db
from duty.overtime_consent import asking
from duty.overtime_consent.models import OvertimeConsent
from duty.timekeeping import workers
from duty.timekeeping.reckoning import WorkStretch, dates, overtime_of, reckon
from people.absences import spans as away
from people.models import Person
from roster import models
from roster.campaigns.models import Campaign
from roster.coverage import doubt
from roster.coverage.doubt import HeldSeat
from roster.models import Duty

_Other = aliased(Duty)
_DAY = timedelta(days=1)
NOT_COMING = ("absent", "refused", "left")


@dataclass(frozen=True)
class OvertimeRequest:
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
class ConsentLine:
    """One ask as pages show it; ``said`` is the answer that holds."""

    duty: Duty
    minutes: int
    said: OvertimeConsent | None

    @property
    def shown(self) -> str:
        """Return it as forms carry it (``asking.shown``)."""
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
) -> list[OvertimeRequest]:
    """Return those of one campaign that are not over, by start; ``person_ids``: of these people alone; ``units``: of
    duties in these units (ids) alone."""
    rows = _duties(campaign_id, person_ids, units)
    if not any(row.form == "onsite" and row.ends_at > now for row in rows):
        return []
    minutes = _minutes(db.session.get_one(Campaign, campaign_id), rows)
    ahead = [row for row in rows if row.id in minutes and row.ends_at > now and (units is None or row.unit_id in units)]
    causes = {
        each: why.cause for each, why in doubt.find_doubts([HeldSeat.from_row(row) for row in ahead], now=now).items()
    }
    return [
        OvertimeRequest(
            row.id, row.seat_id, row.person_id, row.unit_id, row.starts_at, row.ends_at, row.sequence, minutes[row.id]
        )
        for row in ahead
        if causes.get(HeldSeat.from_row(row)) not in NOT_COMING
    ]


def list_for_person(person_id: int, *, now: datetime) -> list[ConsentLine]:
    """Return what one person is asked, and what they have said, by start, over all campaigns."""
    ahead = (Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now, Duty.form == "onsite")
    campaigns = db.session.scalars(select(Duty.campaign_id).where(*ahead).distinct()).all()
    found = [each for campaign_id in sorted(campaigns) for each in asks(campaign_id, [person_id], now=now)]
    return sorted(lines(found), key=lambda line: (line.duty.starts_at, line.duty.id))


def answers(found: Iterable[OvertimeRequest]) -> dict[int, OvertimeConsent]:
    """Duty id → the answer that holds; nothing where there is none."""
    asked = {each.duty_id: each.version for each in found}
    return {
        row.duty_id: row
        for some in batched(sorted(asked))
        for row in db.session.scalars(select(OvertimeConsent).where(OvertimeConsent.duty_id.in_(some)))
        if asking.still_holds(row.state, (row.sequence, row.minutes), asked[row.duty_id])
    }


def lines(found: Sequence[OvertimeRequest]) -> list[ConsentLine]:
    """Return them in the same order, with what pages show of them."""
    wanted = select(Duty).options(
        joinedload(Duty.person).selectinload(Person.contacts), joinedload(Duty.shift), selectinload(Duty.unit)
    )
    ids, said = [each.duty_id for each in found], answers(found)
    rows = {row.id: row for some in batched(ids) for row in db.session.scalars(wanted.where(Duty.id.in_(some)))}
    return [ConsentLine(rows[each.duty_id], each.minutes, said.get(each.duty_id)) for each in found]


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
        theirs = select(_Other.person_id).where(_Other.campaign_id == campaign_id, _Other.unit_id.in_(sorted(units)))
        wanted = wanted.where(Duty.person_id.in_(theirs))
    return db.session.execute(wanted).all()


def _minutes(campaign: Campaign, rows: Sequence[Row[Any]]) -> dict[int, int]:
    """Duty id → minutes of overtime, as hours are reckoned once it is served; those without any are left out."""
    worked: defaultdict[int, list[WorkStretch]] = defaultdict(list)
    for row in rows:
        if row.form == "onsite":
            replaces = dates(row.starts_at, row.ends_at) if row.replaces_work else frozenset[date]()
            worked[row.person_id].append(WorkStretch(row.starts_at, row.ends_at, row.id, replaces=replaces))
    patterns = {row.person_id: row.work_pattern for row in rows if row.person_id in worked}
    since, until = at_local(campaign.starts_on - _DAY), at_local(campaign.ends_on + 3 * _DAY)
    of_each, _work = workers.worker_days(patterns, worked, away.during(worked, since, until))
    return {
        duty_id: minutes
        for who, own in worked.items()
        for duty_id, minutes in overtime_of(reckon(own, of_each[who])).items()
    }
