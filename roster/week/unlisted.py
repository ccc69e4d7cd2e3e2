"""Units that need people in the next seven days and have no published list; and drafts that say something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core import clock
from core.db import batched, db
from people import queries as people
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.sources.models import Demand
from roster.week.seats import Units, WeekSeats, ahead


@dataclass(frozen=True)
class UnlistedUnit:
    """``empty``: seats that the draft leaves empty, None: the campaign has no shifts of the unit; ``due``: the start of
    the first shift, or of the campaign."""

    unit_id: int
    campaign_id: int
    due: datetime
    empty: int | None


@dataclass(frozen=True)
class ChangedToday:
    """A published shift of today or tomorrow whose draft seats other people."""

    shift_id: int
    campaign_id: int
    unit_id: int
    starts_at: datetime


@dataclass(frozen=True)
class Wanting:
    """``units``: ids of those with demand; ``planned``: those of them over which a campaign runs in the seven days."""

    units: frozenset[int]
    planned: frozenset[int]
    unlisted: tuple[UnlistedUnit, ...]


def wanting(week: WeekSeats, units: Units, *, campaign_id: int | None = None) -> Wanting:
    demand = with_demand(units)
    running = _running(week, campaign_id)
    over = {each.id: demand & set(people.subtree_ids(each.unit_id)) for each in running}
    with_shifts = _with_shifts(running)
    planned = {unit_id for some in over.values() for unit_id in some} | {each.unit_id for each in week.shifts}
    bare = {
        unit_id: UnlistedUnit(unit_id, each.id, clock.at_local(each.starts_on), None)
        for each in running
        for unit_id in over[each.id] - with_shifts
    }
    found = {**bare, **_drafted(week)}
    return Wanting(
        frozenset(demand | {each.unit_id for each in week.shifts}),
        frozenset(planned),
        tuple(sorted(found.values(), key=lambda each: (each.due, each.unit_id))),
    )


def changed(units: Units, *, now: datetime, campaign_id: int | None = None) -> list[ChangedToday]:
    """Who sits where on one shift does not matter, only who is on it."""
    until = clock.at_local(clock.local_date(now) + timedelta(days=2))
    differs = DraftAssignment.person_id.is_distinct_from(Duty.person_id)
    rows = db.session.execute(
        select(Shift.id, Shift.campaign_id, Shift.unit_id, Shift.starts_at, DraftAssignment.person_id, Duty.person_id)
        .select_from(Seat)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Campaign, Campaign.id == Shift.campaign_id)
        .outerjoin(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .outerjoin(Duty, (Duty.seat_id == Seat.id) & Duty.cancelled_at.is_(None))
        .where(*ahead(units, campaign_id, now=now, until=until), Campaign.revision > 0, differs)
        .order_by(Shift.starts_at, Shift.id)
    ).tuples()
    drafted, published = (
        defaultdict[ChangedToday, set[int | None]](set),
        defaultdict[ChangedToday, set[int | None]](set),
    )
    for shift_id, campaign, unit_id, starts_at, in_draft, on_list in rows:
        key = ChangedToday(shift_id, campaign, unit_id, starts_at)
        drafted[key].add(in_draft)
        published[key].add(on_list)
    return [each for each in drafted if drafted[each] - {None} != published[each] - {None}]


def with_demand(units: Units) -> set[int]:
    """Ids of units for which demand is written down."""
    wanted = select(Demand.unit_id).distinct()
    if units is not None:
        wanted = wanted.where(Demand.unit_id.in_(sorted(units)))
    return set(db.session.scalars(wanted))


def _running(week: WeekSeats, campaign_id: int | None) -> list[Campaign]:
    """Campaigns with a day among the seven, the latest last."""
    wanted = select(Campaign).where(
        Campaign.state != "closed", Campaign.starts_on <= week.days[-1], Campaign.ends_on >= week.days[0]
    )
    if campaign_id is not None:
        wanted = wanted.where(Campaign.id == campaign_id)
    return list(db.session.scalars(wanted.order_by(Campaign.starts_on, Campaign.id)))


def _with_shifts(running: Collection[Campaign]) -> set[int]:
    """A unit may need people on other days of the campaign only."""
    wanted = select(Shift.unit_id).where(Shift.campaign_id.in_([each.id for each in running])).distinct()
    return set(db.session.scalars(wanted))


def _drafted(week: WeekSeats) -> dict[int, UnlistedUnit]:
    """By unit: those whose shifts are a draft and nothing more."""
    first: dict[int, UnlistedUnit] = {}
    shifts = [each for each in week.shifts if not each.is_listed]
    seated = _seated([each.id for each in shifts])
    for each in shifts:
        known = first.get(each.unit_id, UnlistedUnit(each.unit_id, each.campaign_id, each.starts_at, 0))
        left = (known.empty or 0) + max(0, each.needed - seated.get(each.id, 0))
        first[each.unit_id] = UnlistedUnit(known.unit_id, known.campaign_id, known.due, left)
    return first


def _seated(shift_ids: Collection[int]) -> dict[int, int]:
    """Shift id → how many its draft seats."""
    wanted = select(Seat.shift_id, func.count(DraftAssignment.seat_id)).join(
        DraftAssignment, DraftAssignment.seat_id == Seat.id
    )
    return {
        shift_id: count
        for some in batched(sorted(shift_ids))
        for shift_id, count in db.session.execute(
            wanted.where(Seat.shift_id.in_(some)).group_by(Seat.shift_id)
        ).tuples()
    }
