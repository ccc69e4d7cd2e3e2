"""The shifts of the next seven days, who holds them as published and whether they have answered, read once for all.

The days are today and the six after it (local dates); what is over is left out, and what closed campaigns keep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from core import clock
from core.db import db
from people.models import Person
from planning.coverage import people_needed
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.confirmations.models import Confirmation
from roster.coverage.proving import obligatory_kinds
from roster.models import Duty, Seat, Shift

DAYS = 7
Units = Collection[int] | None
"""Ids of units; ``None`` = the whole enterprise."""
Listed = tuple[int, int]
"""(campaign id, unit id) of which something was published."""


@dataclass(frozen=True)
class Ahead:
    """``needed``: how many people the shift cannot do without; ``held``: how many hold a published seat of it."""

    id: int
    campaign_id: int
    unit_id: int
    duty: str
    form: str
    template: str
    starts_at: datetime
    ends_at: datetime
    day: date
    needed: int
    held: int
    is_listed: bool
    """Something of its campaign was published for its unit; else the unit has no list yet."""

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.held) if self.is_listed else 0


@dataclass(frozen=True)
class SeatHolder:
    """One published seat; ``answered``: its holder has said that they will serve it, or cannot."""

    seat_id: int
    shift_id: int
    campaign_id: int
    unit_id: int
    person_id: int
    starts_at: datetime
    changed_at: datetime
    answered: bool


@dataclass(frozen=True)
class WeekSeats:
    """``shifts`` by start; ``holders`` of them, by start."""

    now: datetime
    ends_at: datetime
    shifts: tuple[Ahead, ...]
    holders: tuple[SeatHolder, ...]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(clock.local_date(self.now) + timedelta(days=n) for n in range(DAYS))

    @cached_property
    def day_of(self) -> dict[int, date]:
        """Shift id → the day under which it is counted; one that began before today is today's."""
        return {each.id: max(each.day, self.days[0]) for each in self.shifts}


def end_of(now: datetime) -> datetime:
    """The local midnight at which the seven days are over (aware UTC)."""
    return clock.at_local(clock.local_date(now) + timedelta(days=DAYS))


def seats_of_week(units: Units, *, now: datetime, campaign_id: int | None = None) -> WeekSeats:
    until = end_of(now)
    within = ahead(units, campaign_id, now=now, until=until)
    holders = _holders(within)
    held = Counter(each.shift_id for each in holders)
    rows = db.session.execute(_shifts(within)).all()
    listed = _listed({row.campaign_id for row in rows})
    must = obligatory_kinds()
    # What has come to a unit's list since it was published is no gap of it: it is a list to come.
    here = [row for row in rows if row.published_for is not None or (row.campaign_id, row.unit_id) not in listed]
    shifts = tuple(_ahead(row, held[row.id], must, listed) for row in here)
    return WeekSeats(now, until, shifts, holders)


def sent(units: Collection[int], *, now: datetime, campaign_id: int | None = None) -> tuple[SeatHolder, ...]:
    """Published seats of other units that people of ``units`` hold: how these are reached is mended at home."""
    within = ahead(None, campaign_id, now=now, until=end_of(now))
    home = Duty.person_id.in_(select(Person.id).where(Person.unit_id.in_(sorted(units))))
    return _holders([*within, home, Shift.unit_id.not_in(sorted(units))])


def ahead(units: Units, campaign_id: int | None, *, now: datetime, until: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions that shifts ahead meet, joined with their campaigns."""
    where = [Campaign.state != "closed", Shift.ends_at > now, Shift.starts_at < until]
    if units is not None:
        where.append(Shift.unit_id.in_(sorted(units)))
    if campaign_id is not None:
        where.append(Shift.campaign_id == campaign_id)
    return where


def _shifts(within: Collection[ColumnElement[bool]]) -> Select[Any]:
    columns = (Shift.id, Shift.campaign_id, Shift.unit_id, Shift.duty, Shift.form, Shift.template, Shift.starts_at)
    more = (Shift.ends_at, Shift.local_on, Shift.headcount, Shift.published_for)
    wanted = select(*columns, *more).join(Campaign, Campaign.id == Shift.campaign_id)
    # What swaps of parts have cut up wholly has no seat left: its pieces are shifts, and need their people.
    has_seats = exists().where(Seat.shift_id == Shift.id)
    return wanted.where(*within, has_seats).order_by(Shift.starts_at, Shift.unit_id, Shift.id)


def _holders(within: Collection[ColumnElement[bool]]) -> tuple[SeatHolder, ...]:
    columns = (Duty.seat_id, Duty.shift_id, Duty.campaign_id, Duty.unit_id, Duty.person_id)
    wanted = (
        select(*columns, Duty.starts_at, Duty.changed_at, Confirmation.state.is_not(None))
        .join(Shift, Shift.id == Duty.shift_id)
        .join(Campaign, Campaign.id == Shift.campaign_id)
        .outerjoin(Confirmation, confirmations.holds())
        .where(Duty.cancelled_at.is_(None), *within)
        .order_by(Duty.starts_at, Duty.seat_id)
    )
    return tuple(SeatHolder(*row) for row in db.session.execute(wanted))


def _listed(campaign_ids: Collection[int]) -> set[Listed]:
    """Return what was ever published, also what nobody holds any more: that is a gap of a list, not a list to come."""
    wanted = select(Duty.campaign_id, Duty.unit_id).where(Duty.campaign_id.in_(sorted(campaign_ids))).distinct()
    return set(db.session.execute(wanted).tuples())


def _ahead(row: Any, held: int, must: Collection[str], listed: Collection[Listed]) -> Ahead:
    return Ahead(
        id=row.id,
        campaign_id=row.campaign_id,
        unit_id=row.unit_id,
        duty=row.duty,
        form=row.form,
        template=row.template,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        day=row.local_on,
        needed=people_needed(
            row.headcount if row.published_for is None else row.published_for, obligatory=row.duty in must
        ),
        held=held,
        is_listed=(row.campaign_id, row.unit_id) in listed,
    )
