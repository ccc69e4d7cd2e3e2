"""Reading for units × days: counts that the database makes, and only those shifts one by one that need a look.

Everything is of one campaign and one source: its draft, or what is published. ``units``: ids, None = all of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, except_, exists, func, select, union_all

from core.db import batched, db
from people import queries as people
from people.models import DutyKind, Person, PersonDuty, Unit as UnitRow
from roster.by_unit.cells import UnitSeatCounts
from roster.by_unit.tree import TreeUnit
from roster.campaigns.models import Campaign
from roster.campaigns.rights import Shown
from roster.confirmations import queries as confirmations
from roster.confirmations.models import Confirmation
from roster.models import DraftAssignment, Duty, Revision, Seat, Shift
from roster.snapshot import signed_terms

Units = Collection[int] | None


@dataclass(frozen=True)
class Of:
    """What is asked about."""

    campaign_id: int
    source: Shown
    units: Units = None


@dataclass(frozen=True)
class Needed:
    """One shift: how many people it cannot do without, and how many it has."""

    id: int
    unit_id: int
    on: date
    duty: str
    template: str
    starts_at: datetime
    ends_at: datetime
    needed: int
    held: int


@dataclass(frozen=True)
class AnsweredSeat:
    """Published seats of a unit on a day that are not over: ``state`` of their answer, None = none yet."""

    unit_id: int
    on: date
    state: str | None
    is_soon: bool
    seats: int


def counted(of: Of) -> list[UnitSeatCounts]:
    """For each unit and day with shifts."""
    shifts = _shifts(of).subquery()
    places = case((shifts.c.held < shifts.c.needed, shifts.c.held), else_=shifts.c.needed)
    wanted = select(shifts.c.unit_id, shifts.c.local_on, func.sum(shifts.c.needed), func.sum(places))
    rows = db.session.execute(wanted.group_by(shifts.c.unit_id, shifts.c.local_on)).tuples()
    return [UnitSeatCounts(unit_id, on, int(seats), int(held)) for unit_id, on, seats, held in rows]


def shifts(of: Of, shift_ids: Collection[int]) -> Iterator[Needed]:
    wanted = _shifts(of)
    for some in batched(sorted(shift_ids)):
        yield from (Needed(*row) for row in db.session.execute(wanted.where(Shift.id.in_(some))))


def short(of: Of, *, now: datetime) -> list[Needed]:
    """Shifts that are not over and have fewer people than they need, by start."""
    found = _shifts(of).where(Shift.ends_at > now).subquery()
    wanted = select(found).where(found.c.held < found.c.needed).order_by(found.c.starts_at, found.c.id)
    return [Needed(*row) for row in db.session.execute(wanted)]


def on_days(unit_ids: Collection[int], since: date, until: date) -> list[Needed]:
    """Published shifts of these units that belong to these local days, of whatever campaign, by start."""
    running = select(Campaign.id).where(
        Campaign.state != "draft", Campaign.revision > 0, Campaign.starts_on <= until, Campaign.ends_on >= since
    )
    found = [
        Needed(*row)
        for campaign_id in db.session.scalars(running.order_by(Campaign.id)).all()
        for row in db.session.execute(
            _shifts(Of(campaign_id, "published", unit_ids)).where(Shift.local_on.between(since, until))
        )
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.id))


def answers(of: Of, *, now: datetime, soon: datetime) -> list[AnsweredSeat]:
    """Return what holders have said; of a draft only those who sit there too are told of."""
    is_soon = case((Duty.starts_at <= soon, 1), else_=0)
    wanted = (
        select(Duty.unit_id, Shift.local_on, Confirmation.state, is_soon, func.count())
        .select_from(Duty)
        .join(Shift, Shift.id == Duty.shift_id)
        .outerjoin(Confirmation, confirmations.holds())
        .where(Duty.campaign_id == of.campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now)
        .group_by(Duty.unit_id, Shift.local_on, Confirmation.state, is_soon)
    )
    if of.units is not None:
        wanted = wanted.where(Duty.unit_id.in_(sorted(of.units)))
    if of.source == "draft":
        wanted = wanted.where(exists().where(*_sits(Duty.shift_id, Duty.person_id)).correlate(Duty))
    return [
        AnsweredSeat(unit, on, state, bool(near), seats)
        for unit, on, state, near, seats in db.session.execute(wanted).tuples()
    ]


def published(campaign_id: int) -> dict[int, int]:
    """Unit id → number of the last revision that changed its list; what nobody holds any more was one, too."""
    wanted = select(Duty.unit_id, func.max(Duty.sequence)).where(Duty.campaign_id == campaign_id)
    return dict(db.session.execute(wanted.group_by(Duty.unit_id)).tuples().all())


def drafted(campaign_id: int) -> set[int]:
    """Ids of units in whose shifts the draft seats somebody."""
    wanted = (
        select(Shift.unit_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .where(Shift.campaign_id == campaign_id)
    )
    return set(db.session.scalars(wanted.distinct()))


def changed(campaign: Campaign) -> dict[int, int]:
    """Unit id → how many of its shifts have other people in the draft than in the last revision, or say something else
    of themselves (``signed_terms``)."""
    ids, found = people.unit_ids(), _with_others(campaign.id)
    for shift_id, code in signed_terms.changed(campaign).items():
        found[ids[code]].add(shift_id)
    return {unit_id: len(shifts) for unit_id, shifts in found.items()}


def _with_others(campaign_id: int) -> defaultdict[int, set[int]]:
    """Unit id → ids of its shifts that the draft gives to other people than the last revision."""
    in_draft = (
        select(Shift.unit_id, Seat.shift_id, DraftAssignment.person_id)
        .join(Seat, Seat.shift_id == Shift.id)
        .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
        .where(Shift.campaign_id == campaign_id)
    )
    on_list = (
        select(Shift.unit_id, Duty.shift_id, Duty.person_id)
        .join(Shift, Shift.id == Duty.shift_id)
        .where(Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None))
    )
    one_way, other_way = except_(in_draft, on_list).subquery(), except_(on_list, in_draft).subquery()
    differs = union_all(
        select(one_way.c.unit_id, one_way.c.shift_id), select(other_way.c.unit_id, other_way.c.shift_id)
    ).subquery()
    found = defaultdict[int, set[int]](set)
    for unit_id, shift_id in db.session.execute(select(differs.c.unit_id, differs.c.shift_id)).tuples():
        found[unit_id].add(shift_id)
    return found


def units(unit_ids: Collection[int]) -> dict[int, TreeUnit]:
    """Return them by id; plain columns of all, because a province has nearly a thousand."""
    rows = db.session.execute(select(UnitRow.id, UnitRow.parent_id, UnitRow.code, UnitRow.name))
    wanted = set(unit_ids)
    return {row[0]: TreeUnit(*row) for row in rows if row[0] in wanted}


def people_in(unit_ids: Collection[int]) -> int:
    """Active people of these units who may take some duty: those whom a roster is made of."""
    able = exists().where(PersonDuty.person_id == Person.id)
    wanted = select(func.count()).select_from(Person).where(Person.active, able)
    return sum(db.session.scalar(wanted.where(Person.unit_id.in_(some))) or 0 for some in batched(sorted(unit_ids)))


def revision_date(campaign_id: int, number: int) -> datetime | None:
    return db.session.scalar(select(Revision.published_at).filter_by(campaign_id=campaign_id, number=number))


def _shifts(of: Of) -> Select[Any]:
    """With ``needed`` as ``planning.coverage.people_needed`` says it; what was cut up wholly has no seat left, its
    pieces are shifts."""
    held = _held(of)
    must = Shift.duty.in_(select(DutyKind.code).where(DutyKind.obligatory))
    number = Shift.published_for if of.source == "published" else Shift.headcount
    needed = case((and_(number < 1, must), 1), else_=number)
    columns = (Shift.id, Shift.unit_id, Shift.local_on, Shift.duty, Shift.template, Shift.starts_at, Shift.ends_at)
    wanted = (
        select(*columns, needed.label("needed"), func.coalesce(held.c.people, 0).label("held"))
        .outerjoin(held, held.c.shift_id == Shift.id)
        .where(Shift.campaign_id == of.campaign_id, exists().where(Seat.shift_id == Shift.id))
        .where(number.is_not(None))
    )
    return wanted if of.units is None else wanted.where(Shift.unit_id.in_(sorted(of.units)))


def _held(of: Of) -> Subquery:
    """How many people have a seat of each shift."""
    if of.source == "published":
        on_list = Duty.campaign_id == of.campaign_id, Duty.cancelled_at.is_(None)
        taken = select(Duty.shift_id, func.count().label("people")).where(*on_list).group_by(Duty.shift_id)
    else:
        taken = (
            select(Seat.shift_id, func.count().label("people"))
            .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Shift.campaign_id == of.campaign_id)
            .group_by(Seat.shift_id)
        )
    return taken.subquery()


def _sits(shift_id: Any, person_id: Any) -> tuple[ColumnElement[bool], ...]:
    """That the draft seats somebody on a shift."""
    return DraftAssignment.person_id == person_id, DraftAssignment.seat_id == Seat.id, Seat.shift_id == shift_id
