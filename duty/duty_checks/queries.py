"""Reading checks: who is on duty now, which units could be checked, what has become of a check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, exists, false, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.clock import local_date
from core.db import db
from core.errors import NotFound
from core.security import tokens
from duty.duty_checks import rules
from duty.duty_checks.models import DutyCheck, DutyCheckAsk, DutyCheckUnit
from duty.on_duty import rehearsals
from notify.message_states.delivery_states import HAS_LEFT, DeliveryState, state_of
from notify.models import Message
from people import queries as people
from people.absences import spans
from people.links import letters
from people.models import Person, Unit
from people.notification_rules import leaving
from people.notification_rules.leaving import LeavingCounts
from roster.models import DraftAssignment, Duty, Rehearsal, Seat, Shift
from roster.presence.models import Presence
from roster.resolver import absent, numbers
from roster.resolver.numbers import DialNumber

SAID_LATELY = timedelta(days=2)
"""How long an answer can be taken back."""

OnNow = dict[int, list[tuple[int, str]]]
"""Unit id → (person id, duty kind) of everybody who serves there, by seat."""


def on_now(now: datetime, rehearsal: Rehearsal | None = None) -> OnNow:
    """Who is on duty at ``now`` (aware) by the published roster and has not left, of each unit itself; ``rehearsal``:
    by the roster that is played there."""
    if rehearsal is not None and rehearsal.source == "draft":
        at = rehearsals.played_at(rehearsal, now)
        rows = (
            select(Shift.unit_id, DraftAssignment.person_id, Shift.duty)
            .join(Seat, Seat.shift_id == Shift.id)
            .join(DraftAssignment, DraftAssignment.seat_id == Seat.id)
            .where(Shift.campaign_id == rehearsal.campaign_id, Shift.starts_at <= at, Shift.ends_at > at)
            .order_by(Seat.id)
        )
    else:
        at = now if rehearsal is None else rehearsals.played_at(rehearsal, now)
        rows = select(Duty.unit_id, Duty.person_id, Duty.duty).order_by(Duty.seat_id)
        rows = rows.where(Duty.cancelled_at.is_(None), Duty.starts_at <= at, Duty.ends_at > at)
        if rehearsal is not None:
            rows = rows.where(Duty.campaign_id == rehearsal.campaign_id)
        else:
            left = exists().where(Presence.duty_id == Duty.id, Presence.kind == "check_out", Presence.at <= at)
            rows = rows.where(~left)
    found: OnNow = defaultdict(list)
    for unit_id, person_id, duty in db.session.execute(rows).tuples():
        found[unit_id].append((person_id, duty))
    return dict(found)


@dataclass(frozen=True)
class CheckableUnit:
    """A unit with duty now: how many serve there, and when it was checked last."""

    unit: Unit
    people: int
    last: datetime | None
    is_drawn: bool


def choices(
    within: Collection[int] | None, *, now: datetime, rehearsal: Rehearsal | None = None
) -> list[CheckableUnit]:
    """Units of ``within`` (ids, None = all) that could be checked now, those that are drawn first, then by code."""
    found_now = on_now(now, rehearsal)
    serving = {unit_id: rows for unit_id, rows in found_now.items() if within is None or unit_id in within}
    last = last_checked(serving)
    key, day = str(current_app.config["SECRET_KEY"]), f"{local_date(now)}"
    drawn = set(rules.drawn(serving, last, lambda unit: tokens.signed(key, "duty-check", day, unit)))
    found = [
        CheckableUnit(unit, len({person for person, _duty in serving[unit.id]}), last.get(unit.id), unit.id in drawn)
        for unit in people.units(list(serving))
    ]
    return sorted(found, key=lambda each: (not each.is_drawn, each.unit.code))


def by_machine(within: Collection[int] | None, *, now: datetime, rehearsal: Rehearsal | None = None) -> LeavingCounts:
    """Return how many of those who could be asked now words would leave to."""
    serving = on_now(now, rehearsal)
    ids = {each for unit_id, rows in serving.items() if within is None or unit_id in within for each, _duty in rows}
    return leaving.counted(leaving.ways(letters.ways(sorted(ids), soon=True)).values())


def last_checked(unit_ids: Collection[int]) -> Mapping[int, datetime]:
    """Unit id → when it was checked last, exercises left out."""
    wanted = (
        select(DutyCheckUnit.unit_id, func.max(DutyCheck.asked_at))
        .join(DutyCheck, DutyCheck.id == DutyCheckUnit.check_id)
        .where(~DutyCheck.exercise, DutyCheckUnit.unit_id.in_(sorted(unit_ids)))
        .group_by(DutyCheckUnit.unit_id)
    )
    return dict(db.session.execute(wanted).tuples().all())


def by_id(check_id: int) -> DutyCheck:
    """Raises NotFound ``check.unknown``."""
    row = db.session.get(DutyCheck, check_id)
    if row is None:
        raise NotFound("check.unknown")
    return row


def topic(check_id: int) -> str:
    """Return the topic of what is written about a check.

    Whoever is asked gets the message whose key is the topic with their id behind it.
    """
    return f"duty-check/{check_id}"


def exclusively(session: Session, check_id: int) -> DutyCheck:
    """Return the check as it is now, locked until commit so that nobody else answers or closes it: what is on the sheet
    that is sent is what was said before it. Raises NotFound ``check.unknown``."""
    held = select(DutyCheck).where(DutyCheck.id == check_id).with_for_update()
    row = session.scalar(held.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("check.unknown")
    asks = select(DutyCheckAsk).where(DutyCheckAsk.check_id == check_id)
    session.scalars(asks.execution_options(populate_existing=True)).all()
    session.expire(row, ["asks"])
    return row


def being_checked(now: datetime) -> dict[int, int]:
    """Unit id → the check that is open there."""
    running = (
        select(DutyCheckUnit.unit_id, DutyCheckUnit.check_id)
        .join(DutyCheck, DutyCheck.id == DutyCheckUnit.check_id)
        .where(DutyCheck.closed_at.is_(None), DutyCheck.closes_at > now)
    )
    return dict(db.session.execute(running.order_by(DutyCheckUnit.check_id.desc())).tuples().all())


def unit_ids(check: DutyCheck) -> list[int]:
    return [each.unit_id for each in check.units]


def in_reach(within: Collection[int] | None, person_id: int | None, *, limit: int = 100) -> Sequence[DutyCheck]:
    """The last of those that are ``reached``, the newest first."""
    return db.session.scalars(reached(within, person_id).order_by(DutyCheck.id.desc()).limit(limit)).all()


def reached(within: Collection[int] | None, person_id: int | None) -> Select[tuple[DutyCheck]]:
    """Checks of which every unit is in ``within`` (ids, None = all), and those that the person asked, unordered:
    whoever sees a sheet sees all of it."""
    wanted = select(DutyCheck).options(
        selectinload(DutyCheck.asks).joinedload(DutyCheckAsk.person),
        selectinload(DutyCheck.units).joinedload(DutyCheckUnit.unit),
    )
    if within is None:
        return wanted
    outside = select(DutyCheckUnit.check_id).where(DutyCheckUnit.unit_id.not_in(sorted(within)))
    theirs = DutyCheck.id.not_in(outside) & DutyCheck.units.any()
    own = DutyCheck.asked_by_person_id == person_id if person_id is not None else false()
    return wanted.where(theirs | own)


def waiting_for(person_id: int, *, now: datetime) -> Sequence[DutyCheckAsk]:
    """Return what this person is asked and has not answered yet."""
    wanted = (
        select(DutyCheckAsk)
        .join(DutyCheck, DutyCheck.id == DutyCheckAsk.check_id)
        .options(joinedload(DutyCheckAsk.check), joinedload(DutyCheckAsk.unit))
        .where(DutyCheckAsk.person_id == person_id, DutyCheckAsk.answered_at.is_(None))
        .where(DutyCheck.closed_at.is_(None), DutyCheck.closes_at > now)
    )
    return db.session.scalars(wanted.order_by(DutyCheckAsk.id)).all()


def said_of(person_id: int, *, since: datetime) -> Sequence[DutyCheckAsk]:
    """Return what was answered as this person of checks since then, the newest first."""
    wanted = (
        select(DutyCheckAsk)
        .join(DutyCheck, DutyCheck.id == DutyCheckAsk.check_id)
        .options(joinedload(DutyCheckAsk.check), joinedload(DutyCheckAsk.unit))
        .where(DutyCheckAsk.person_id == person_id, DutyCheckAsk.answered_at.is_not(None), DutyCheck.asked_at > since)
    )
    return db.session.scalars(wanted.order_by(DutyCheckAsk.id.desc())).all()


@dataclass(frozen=True)
class UnitSheet:
    """One unit of the result: whoever serves in two of them stands under both."""

    unit: Unit
    asks: Sequence[DutyCheckAsk]
    desk: DialNumber
    """What is rung there."""

    @property
    def answered(self) -> int:
        return sum(each.answered_at is not None for each in self.asks)

    def is_silent(self, unasked: Collection[int]) -> bool:
        """Whether somebody was asked here and nobody has answered; of those who could not be asked nothing is known."""
        return not self.answered and any(each.person_id not in unasked for each in self.asks)


def sheet(check: DutyCheck) -> list[UnitSheet]:
    """Return them by unit in the order in which they were named, people by seat."""
    db.session.scalars(
        select(DutyCheckAsk)
        .options(joinedload(DutyCheckAsk.person).selectinload(Person.contacts))
        .where(DutyCheckAsk.check_id == check.id)
    ).all()
    desks = numbers.numbers_for_incidents(unit_ids(check))
    return [
        UnitSheet(
            each.unit,
            [ask for ask in check.asks if each.unit_id in {duty["unit"] for duty in ask.duties}],
            desks[each.unit_id],
        )
        for each in check.units
    ]


def delivered(check: DutyCheck) -> dict[int, DeliveryState]:
    """Return person id → what became of the message that asked them; without those to whom nothing carries words."""
    return delivered_each([check])[check.id]


def delivered_each(checks: Collection[DutyCheck]) -> dict[int, dict[int, DeliveryState]]:
    """The same by check id, in one statement."""
    keys = {f"{topic(check.id)}/{ask.person_id}": (check.id, ask.person_id) for check in checks for ask in check.asks}
    found: dict[int, dict[int, DeliveryState]] = {check.id: {} for check in checks}
    wanted = select(Message.idempotency_key, Message.state, Message.reported)
    rows = db.session.execute(wanted.where(Message.topic.in_([topic(each.id) for each in checks]))).tuples()
    for key, state, reported in rows:
        stands = state_of(state, reported)
        if key in keys and stands is not None:
            check_id, person_id = keys[key]
            found[check_id][person_id] = stands
    return found


def away(check: DutyCheck) -> set[int]:
    """Ids of those who were recorded absent when it began and had not come: nobody writes to them, and that they are
    silent is no news. That alone is said of it, not why."""
    at, after = check.asked_at, check.asked_at + timedelta(microseconds=1)
    aways = spans.during([each.person_id for each in check.asks], at, after)
    if not aways:
        return set()
    there = absent.here(Duty.person_id.in_(sorted(aways)), Duty.starts_at <= at, Duty.ends_at > at)
    left = dict(aways)
    for each in there:
        left[each.person_id] = list(absent.still(aways, each.person_id, each.said_at)[each.person_id])
    return {person_id for person_id, found in left.items() if spans.hit(found, at, after)}


@dataclass(frozen=True)
class CheckCounts:
    """People of a check, each once. ``asked``: the question reached a carrier, or they answered; ``unasked``: it lies
    here or was refused, and nothing can be concluded from their silence."""

    asked: int
    answered: int
    unasked: frozenset[int]


def counted(check: DutyCheck) -> CheckCounts:
    return counted_each([check])[check.id]


def counted_each(checks: Collection[DutyCheck]) -> dict[int, CheckCounts]:
    """Return check id → its numbers, in one statement."""
    states = delivered_each(checks)
    return {check.id: counted_from(check, states[check.id]) for check in checks}


def counted_from(check: DutyCheck, states: Mapping[int, DeliveryState]) -> CheckCounts:
    """Return the numbers of a check whose questions stand as ``delivered`` says."""
    silent = {each.person_id for each in check.asks if each.answered_at is None}
    unasked = frozenset(each for each in silent if states.get(each) not in HAS_LEFT)
    return CheckCounts(len(check.asks) - len(unasked), len(check.asks) - len(silent), unasked)
