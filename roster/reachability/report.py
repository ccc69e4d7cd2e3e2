"""Who serves in the days to come and cannot be called, or has never been proven to be; and which places are empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import joinedload

from core.actor import Actor
from core.clock import local_date
from core.db import db
from people import queries as people
from people.access import guard
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung, is_reached
from planning.coverage import people_needed
from roster.campaigns.models import Campaign
from roster.coverage.proving import obligatory_kinds
from roster.models import DraftAssignment, Duty, Seat, Shift

DAYS = 7
"""How far ahead publishing, the daily message and the desk look."""
Fault = Literal["none", "failing", "unverified"]
ORDER: tuple[Fault, ...] = ("none", "failing", "unverified")
Units = Collection[int] | None
"""Ids of units; ``None`` = the whole enterprise."""


@dataclass(frozen=True)
class Lacking:
    """Somebody with duty to come whom the system cannot be sure to reach."""

    person: Person
    fault: Fault
    duties: int
    first_at: datetime
    ladder: tuple[Rung, ...]


@dataclass(frozen=True)
class Short:
    """A published shift with fewer people than it needs."""

    shift: Shift
    missing: int


def fault_of(ladder: Sequence[Rung]) -> Fault | None:
    """``none``: no way, or every way refused; ``failing``: some way refused; ``unverified``: no way is proven."""
    if not is_reached(ladder):
        return "none"
    if any(rung.failing for rung in ladder):
        return "failing"
    return None if any(rung.verified for rung in ladder) else "unverified"


def lacking(units: Units, *, now: datetime, days: int = DAYS) -> list[Lacking]:
    """Return those who serve from now on for ``days`` days, the worst first, then who serves first."""
    serving = _serving(units, now, days)
    faults = faults_for(serving)
    found = people.people_by_ids(faults)
    listed = [_lacking(found[person_id], *fault, serving[person_id]) for person_id, fault in faults.items()]
    return sorted(listed, key=lambda each: (ORDER.index(each.fault), each.first_at, each.person.sort_key))


def counts_of(units: Units, *, now: datetime, days: int = DAYS) -> dict[Fault, int]:
    """How many of them, by fault, without reading who they are."""
    return _counted(fault for fault, _ladder in faults_for(_serving(units, now, days)).values())


def _serving(units: Units, now: datetime, days: int) -> Mapping[int, Sequence[tuple[int, int, datetime]]]:
    """Person → (unit, how many shifts, the first) of each unit that they serve."""
    rows = db.session.execute(
        select(Duty.person_id, Duty.unit_id, func.count(), func.min(Duty.starts_at))
        .join(Person, Person.id == Duty.person_id)
        .where(
            Duty.cancelled_at.is_(None),
            Duty.ends_at > now,
            Duty.starts_at < now + timedelta(days=days),
            Person.active,
            *_within(units),
        )
        .group_by(Duty.person_id, Duty.unit_id)
    ).all()
    serving: defaultdict[int, list[tuple[int, int, datetime]]] = defaultdict(list)
    for person_id, unit_id, count, first_at in rows:
        serving[person_id].append((unit_id, count, first_at))
    return serving


def _lacking(
    person: Person, fault: Fault, ladder: tuple[Rung, ...], serving: Sequence[tuple[int, int, datetime]]
) -> Lacking:
    _units, counts, firsts = zip(*serving, strict=True)
    return Lacking(person, fault, sum(counts), min(firsts), ladder)


def unreachable_in_draft(campaign_id: int, *, now: datetime) -> list[tuple[Row[Any], Fault]]:
    """Return those whom the draft seats in shifts that are not over, the worst first; for who is about to publish."""
    seated = db.session.scalars(
        select(DraftAssignment.person_id)
        .join(Seat, Seat.id == DraftAssignment.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.campaign_id == campaign_id, Shift.ends_at > now)
        .distinct()
    )
    faults = faults_for(list(seated))
    rows = people.brief(faults).values()
    ordered = sorted(rows, key=lambda row: (ORDER.index(faults[row.id][0]), row.sort_key))
    return [(row, faults[row.id][0]) for row in ordered]


def faults_for(person_ids: Collection[int]) -> dict[int, tuple[Fault, tuple[Rung, ...]]]:
    """The fault and ladder of those among ``person_ids`` who have a fault."""
    found = {}
    for person_id, ladder in ladders.ladders_of(person_ids).items():
        fault = fault_of(ladder)
        if fault is not None:
            found[person_id] = (fault, ladder)
    return found


def short(units: Units, *, now: datetime, days: int = DAYS) -> list[Short]:
    """Published shifts to come with empty places, by time; not what swaps of parts have cut up: it has no seat left."""
    has_seats = exists().where(Seat.shift_id == Shift.id)
    serving = (
        select(func.count())
        .where(Duty.shift_id == Shift.id, Duty.cancelled_at.is_(None))
        .correlate(Shift)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Shift, serving)
        .join(Campaign, Campaign.id == Shift.campaign_id)
        .options(joinedload(Shift.unit), joinedload(Shift.campaign))
        .where(
            *_coming(units, now, days),
            has_seats,
            Shift.published_for.is_not(None),
            or_(Shift.published_for > serving, serving == 0),
        )
        .order_by(Shift.starts_at, Shift.duty, Shift.id)
    )
    must = obligatory_kinds()
    lacks = ((row, people_needed(row.published_for, obligatory=row.duty in must) - here) for row, here in rows.tuples())
    return [Short(row, missing) for row, missing in lacks if missing > 0]


def published(units: Units, *, now: datetime, days: int = DAYS) -> bool:
    """Whether there is any published shift to come; without one, that none lacks people says nothing."""
    wanted = select(Shift.id).join(Campaign, Campaign.id == Shift.campaign_id).where(*_coming(units, now, days))
    return db.session.scalar(wanted.limit(1)) is not None


def _coming(units: Units, now: datetime, days: int) -> list[ColumnElement[bool]]:
    """Return the conditions that coming shifts of published campaigns meet, joined with those."""
    return [
        Campaign.state == "published",
        Shift.ends_at > now,
        Shift.starts_at < now + timedelta(days=days),
        *([] if units is None else [Shift.unit_id.in_(units)]),
    ]


def unpublished(units: Units, *, now: datetime, days: int = DAYS) -> list[Campaign]:
    """Campaigns that begin within ``days`` days, or have begun, and of which nothing is published."""
    today = local_date(now)
    wanted = (
        select(Campaign)
        .options(joinedload(Campaign.unit))
        .where(
            Campaign.state == "draft",
            Campaign.starts_on <= today + timedelta(days=days),
            Campaign.ends_on >= today,
        )
    )
    if units is not None:
        wanted = wanted.where(Campaign.unit_id.in_(units))
    return list(db.session.scalars(wanted.order_by(Campaign.starts_on, Campaign.id)))


def seen_by(actor: Actor, *, now: datetime) -> Units:
    """Return where ``actor`` may see who cannot be reached; an empty set: nowhere."""
    return guard.reach(actor, "reach.report", now=now)


def counts(listed: Iterable[Lacking]) -> dict[Fault, int]:
    return _counted(each.fault for each in listed)


def _counted(faults: Iterable[Fault]) -> dict[Fault, int]:
    found: dict[Fault, int] = dict.fromkeys(ORDER, 0)
    for each in faults:
        found[each] += 1
    return found


def _within(units: Units) -> list[ColumnElement[bool]]:
    return [] if units is None else [or_(Person.unit_id.in_(units), Duty.unit_id.in_(units))]
