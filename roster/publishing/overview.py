"""Reading for the desk: which campaign matters now, how it is covered day by day, and a person's own duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from core import clock
from core.calendar.holidays import DayClass, Phase, phase
from core.calendar.moments import parse_moment
from core.db import db
from people import queries as people
from people.models import DutyKind, Unit
from planning.coverage import people_needed
from roster.campaigns.models import Campaign
from roster.coverage import unsure
from roster.days.day_classes import listed as day_classes
from roster.days.holiday_sets import holiday_set
from roster.models import Duty, Revision, Shift

CellState = Literal["full", "gap", "unsure", "open", "none"]


@dataclass(frozen=True)
class Strip:
    """``cells[kind][i]`` is the state of ``days[i]`` (local dates); ``missing`` counts empty seats of shifts that
    are not over, and ``unsure`` those whose holder is in doubt (``roster.coverage.doubt``).
    """

    campaign: Campaign
    days: tuple[date, ...]
    kinds: tuple[DutyKind, ...]
    cells: dict[str, tuple[CellState, ...]]
    classes: dict[date, DayClass]
    missing: int
    unsure: int
    is_over: bool
    """No published shift of it is still to end: then it says nothing of now."""


def current_campaign(unit_id: int, *, now: datetime) -> Campaign | None:
    """The published campaign over the unit that runs today; else the next one; else the latest."""
    today = clock.local_date(now)
    found = db.session.scalars(
        select(Campaign)
        .where(Campaign.unit_id.in_(people.ancestor_ids(unit_id)), Campaign.state != "draft")
        .order_by(Campaign.starts_on, Campaign.id)
    ).all()
    running = [each for each in found if each.starts_on <= today <= each.ends_on]
    coming = [each for each in found if each.starts_on > today]
    return next(iter(running[-1:] or coming[:1] or found[-1:]), None)


def is_published(units: Collection[int] | None) -> bool:
    """Whether any campaign of these units (None: of all) was ever published."""
    wanted = select(Campaign.id).where(Campaign.state != "draft")
    if units is not None:
        wanted = wanted.where(Campaign.unit_id.in_(units))
    return db.session.scalar(wanted.limit(1)) is not None


def phase_of(unit_id: int, day: date, *, now: datetime) -> Phase | None:
    """The phase of ``day`` in the campaign that runs over it, ``None`` when no campaign does."""
    campaign = current_campaign(unit_id, now=now)
    if campaign is None or not campaign.starts_on <= day <= campaign.ends_on:
        return None
    tet = holiday_set(campaign.tet_year)
    return phase(day, tet.starts_on, tet.ends_on)


def day_class_of(day: date) -> DayClass:
    return day_classes(day, day).get(day) or ("weekly_rest" if day.weekday() >= 5 else "ordinary")


def strip(campaign: Campaign, *, now: datetime) -> Strip:
    """The published cover of a campaign, a cell for each day and duty kind."""
    length = (campaign.ends_on - campaign.starts_on).days + 1
    days = tuple(campaign.starts_on + timedelta(days=n) for n in range(length))
    offered = people.duty_kinds()
    must = {kind.code for kind in offered if kind.obligatory}
    manned, left_open = _manned(campaign, must, now), _left_open(campaign)
    on: defaultdict[Key, list[_Manned]] = defaultdict(list)
    for each in manned:
        on[each.local_on, each.duty].append(each)
    kinds = tuple(kind for kind in offered if any(key[1] == kind.code for key in on))
    cells = {
        kind.code: tuple(_state(on[key], left_open=key in left_open) for key in ((day, kind.code) for day in days))
        for kind in kinds
    }
    ahead = [each for each in manned if each.ends_at > now]
    return Strip(
        campaign,
        days,
        kinds,
        cells,
        day_classes(days[0], days[-1]),
        missing=sum(each.missing for each in ahead),
        unsure=sum(each.unsure for each in ahead),
        is_over=not ahead,
    )


Key = tuple[date, str]


@dataclass(frozen=True)
class _Manned:
    """A shift with those who hold its published seats, and how many of them are in doubt.

    An extra person on one shift fills no gap of another, but stands in for somebody in doubt on the same.
    """

    local_on: date
    duty: str
    ends_at: datetime
    needed: int
    here: int
    away: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.here)

    @property
    def unsure(self) -> int:
        return min(self.needed, self.here) - min(self.needed, self.here - self.away)


def _state(shifts: Sequence[_Manned], *, left_open: bool) -> CellState:
    if any(each.missing for each in shifts):
        return "gap"
    if any(each.unsure for each in shifts):
        return "unsure"
    if left_open:
        return "open"
    return "full" if any(each.needed for each in shifts) else "none"


def _manned(campaign: Campaign, must: Collection[str], now: datetime) -> list[_Manned]:
    away = unsure.by_shift(unsure.list_for_campaign(campaign.id, now=now))
    rows = db.session.execute(
        select(Shift.id, Shift.local_on, Shift.duty, Shift.ends_at, Shift.published_for, func.count(Duty.id))
        .outerjoin(Duty, and_(Duty.shift_id == Shift.id, Duty.cancelled_at.is_(None)))
        .where(Shift.campaign_id == campaign.id, Shift.published_for.is_not(None))
        .group_by(Shift.id, Shift.local_on, Shift.duty, Shift.ends_at, Shift.published_for)
    )
    return [
        _Manned(on, duty, ends_at, people_needed(asked or 0, obligatory=duty in must), here, away[shift_id])
        for shift_id, on, duty, ends_at, asked, here in rows.tuples()
    ]


def _left_open(campaign: Campaign) -> set[Key]:
    """Days of which the demand leaves minutes of an obligatory kind open, as the published proof says."""
    proof = db.session.scalar(select(Revision.proof).filter_by(campaign_id=campaign.id, number=campaign.revision)) or {}
    found: set[Key] = set()
    for gap in proof.get("gaps", []):
        if gap["kind"] == "open":
            first = clock.local_date(parse_moment(gap["starts_at"]))
            last = clock.local_date(parse_moment(gap["ends_at"]) - timedelta(seconds=1))
            days = range((last - first).days + 1)
            found |= {(first + timedelta(days=n), gap["duty"]) for n in days}
    return found


def own_duties(person_id: int, *, now: datetime, limit: int = 3) -> Sequence[Duty]:
    """The person's published duties that have not ended, in order of start."""
    return db.session.scalars(
        select(Duty)
        .options(joinedload(Duty.unit), joinedload(Duty.shift))
        .where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now)
        .order_by(Duty.starts_at, Duty.seat_id)
        .limit(limit)
    ).all()


def home_unit(unit_id: int | None) -> Unit | None:
    """The unit whose desk a person sees: the given one, else the first root."""
    if unit_id is not None:
        return people.unit_by_id(unit_id)
    return next(iter(people.root_units()), None)
