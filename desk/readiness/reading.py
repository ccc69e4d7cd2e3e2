"""Everything that the next seven days are judged by, read once in a few statements for all the units asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from desk.readiness import machine
from desk.readiness.judging import ReadinessFacts, ReadinessTrouble, UnderstaffedShift
from desk.readiness.weights import Code
from duty.time_off import queries as requests
from people import queries as people
from roster.confirmations.listing import TO_RING
from roster.coverage import unsure
from roster.coverage.unsure import UnsureSeat
from roster.feeds import freshness
from roster.models import Duty
from roster.reachability import report
from roster.resolver import numbers
from roster.week import seats, unlisted, untold
from roster.week.seats import Ahead, SeatHolder, Units, WeekSeats
from roster.week.unlisted import Wanting

ON_LISTS: tuple[Code, ...] = ("gaps", "unsure", "unconfirmed", "untold", "unreachable", "unproven", "changed")
"""Judged where something is published."""


@dataclass(frozen=True)
class _ReadOnce:
    week: WeekSeats
    wanting: Wanting
    doubts: tuple[UnsureSeat, ...]
    waiting: tuple[SeatHolder, ...]
    """Seats that begin soon, of which nobody has said anything and nobody doubts."""


def facts(units: Units, *, now: datetime, campaign_id: int | None = None) -> ReadinessFacts:
    """``units``: ids, None = all; ``campaign_id``: only its shifts. What belongs to the enterprise is always read."""
    week = seats.seats_of_week(units, now=now, campaign_id=campaign_id)
    wanting = unlisted.wanting(week, units, campaign_id=campaign_id)
    doubts = _doubts(week, units, campaign_id)
    read = _ReadOnce(week, wanting, doubts, _waiting(week, doubts))
    calendars = freshness.last_read({each.person_id for each in week.holders}, now=now)
    of_people = _units_of_people(week)
    of_machine, unjudged = machine.look(now=now)
    troubles = [
        *_gaps(week),
        *_unsure(doubts),
        *_unconfirmed(read.waiting),
        *_unlisted(wanting),
        *_reach(week, units, campaign_id),
        *_untold(week),
        *_changed(units, week, campaign_id),
        *(_requests(units, now) if campaign_id is None else ()),
        *_calendars(calendars, of_people, now),
        *_phones(week),
        *of_machine,
    ]
    listed = frozenset(each.unit_id for each in week.shifts if each.is_listed)
    looked: dict[Code, frozenset[int]] = dict.fromkeys(ON_LISTS, listed)
    looked["unlisted"] = wanting.planned
    looked["requests"] = wanting.units if campaign_id is None else frozenset()
    looked["calendars"] = frozenset(unit for person_id in calendars for unit in of_people[person_id])
    looked["phones"] = frozenset(each.unit_id for each in _on_site(week))
    return ReadinessFacts(now, week.days, wanting.units, tuple(troubles), tuple(_places(read)), looked, unjudged)


def is_whole(units: Units) -> bool:
    """Whether who answers for ``units`` answers for the enterprise."""
    return units is None or all(root.id in units for root in people.root_units())


def _doubts(week: WeekSeats, units: Units, campaign_id: int | None) -> tuple[UnsureSeat, ...]:
    where = [Duty.ends_at > week.now, Duty.starts_at < week.ends_at]
    if units is not None:
        where.append(Duty.unit_id.in_(sorted(units)))
    if campaign_id is not None:
        where.append(Duty.campaign_id == campaign_id)
    here = week.day_of
    return tuple(each for each in unsure.found(*where, now=week.now) if each.shift_id in here)


def _waiting(week: WeekSeats, doubts: Collection[UnsureSeat]) -> tuple[SeatHolder, ...]:
    until, doubted = week.now + TO_RING, {each.seat_id for each in doubts}
    return tuple(
        each for each in week.holders if not each.answered and each.starts_at <= until and each.seat_id not in doubted
    )


def _units_of_people(week: WeekSeats) -> dict[int, frozenset[int]]:
    """Person id → where they serve in the seven days."""
    found: dict[int, set[int]] = {}
    for each in week.holders:
        found.setdefault(each.person_id, set()).add(each.unit_id)
    return {person_id: frozenset(units) for person_id, units in found.items()}


def _gaps(week: WeekSeats) -> Iterator[ReadinessTrouble]:
    for each in week.shifts:
        if each.missing:
            yield _shift_trouble("gaps", each, count=each.missing)


def _shift_trouble(code: Code, shift: Ahead, *, count: int) -> ReadinessTrouble:
    return ReadinessTrouble(
        code,
        str(shift.id),
        frozenset({shift.unit_id}),
        count=count,
        shift_id=shift.id,
        campaign_id=shift.campaign_id,
        due=shift.starts_at,
    )


def _unsure(doubts: Collection[UnsureSeat]) -> Iterator[ReadinessTrouble]:
    for each in doubts:
        yield _seat_trouble("unsure", each, f"{each.seat_id}/{each.person_id}/{each.cause}", note=each.cause)


def _unconfirmed(waiting: Collection[SeatHolder]) -> Iterator[ReadinessTrouble]:
    for each in waiting:
        yield _seat_trouble("unconfirmed", each, f"{each.seat_id}/{each.person_id}")


def _seat_trouble(code: Code, seat: UnsureSeat | SeatHolder, key: str, *, note: str = "") -> ReadinessTrouble:
    return ReadinessTrouble(
        code,
        key,
        frozenset({seat.unit_id}),
        person_id=seat.person_id,
        shift_id=seat.shift_id,
        campaign_id=seat.campaign_id,
        due=seat.starts_at,
        note=note,
    )


def _unlisted(wanting: Wanting) -> Iterator[ReadinessTrouble]:
    for each in wanting.unlisted:
        note = "shiftless" if each.empty is None else "unsolved" if each.empty else "drafted"
        yield ReadinessTrouble(
            "unlisted",
            str(each.unit_id),
            frozenset({each.unit_id}),
            campaign_id=each.campaign_id,
            due=each.due,
            note=note,
        )


def _reach(week: WeekSeats, units: Units, campaign_id: int | None) -> Iterator[ReadinessTrouble]:
    """Told where they serve and at home, where their addresses are kept."""
    sent = seats.sent(units, now=week.now, campaign_id=campaign_id) if units is not None else ()
    serving: dict[int, list[SeatHolder]] = {}
    for each in sorted((*week.holders, *sent), key=lambda each: each.starts_at):
        serving.setdefault(each.person_id, []).append(each)
    faults = report.faults_for(serving)
    homes = people.homes_of(faults)
    for person_id, (fault, _ladder) in faults.items():
        code: Code = "unproven" if fault == "unverified" else "unreachable"
        where = frozenset({homes[person_id], *(each.unit_id for each in serving[person_id])})
        due = serving[person_id][0].starts_at
        yield ReadinessTrouble(code, str(person_id), where, person_id=person_id, due=due, note=fault)


def _untold(week: WeekSeats) -> Iterator[ReadinessTrouble]:
    for each in untold.untold(week.holders):
        yield ReadinessTrouble(
            "untold",
            f"{each.person_id}/{each.campaign_id}",
            each.unit_ids,
            person_id=each.person_id,
            campaign_id=each.campaign_id,
            since=each.since,
            note=each.why,
        )


def _changed(units: Units, week: WeekSeats, campaign_id: int | None) -> Iterator[ReadinessTrouble]:
    listed = {(each.campaign_id, each.unit_id) for each in week.shifts if each.is_listed}
    for each in unlisted.changed(units, now=week.now, campaign_id=campaign_id):
        # Of a unit without a list the whole draft is still to be published: that is said already.
        if (each.campaign_id, each.unit_id) in listed:
            yield ReadinessTrouble(
                "changed",
                str(each.shift_id),
                frozenset({each.unit_id}),
                shift_id=each.shift_id,
                campaign_id=each.campaign_id,
                due=each.starts_at,
            )


def _requests(units: Units, now: datetime) -> Iterator[ReadinessTrouble]:
    """Days off that people asked for: until somebody answers, nobody knows whether to plan with them."""
    for each in requests.waiting(units, now=now):
        if each.about == "absence":
            where = frozenset({each.unit_id})
            yield ReadinessTrouble(
                "requests", str(each.request_id), where, person_id=each.person_id, since=each.asked_at
            )


def _calendars(
    read: dict[int, datetime], units: dict[int, frozenset[int]], now: datetime
) -> Iterator[ReadinessTrouble]:
    for person_id, at in freshness.stale(read, now=now).items():
        yield ReadinessTrouble("calendars", str(person_id), units[person_id], person_id=person_id, since=at)


def _on_site(week: WeekSeats) -> list[Ahead]:
    return [each for each in week.shifts if each.form == "onsite"]


def _phones(week: WeekSeats) -> Iterator[ReadinessTrouble]:
    """A place where people sit, and no number of its own rings there: neither its desk's nor its office's."""
    first: dict[tuple[int, str], Ahead] = {}
    for each in _on_site(week):
        first.setdefault((each.unit_id, each.duty), each)
    found = numbers.to_ring_each(first)
    silent = {unit_id for (unit_id, duty) in first if found[unit_id, duty].unit_id != unit_id}
    for unit_id in sorted(silent):
        yield ReadinessTrouble("phones", str(unit_id), frozenset({unit_id}))


def _places(read: _ReadOnce) -> Iterator[UnderstaffedShift]:
    doubted = Counter(each.shift_id for each in read.doubts)
    waiting = Counter(each.shift_id for each in read.waiting)
    for each in read.week.shifts:
        if each.is_listed:
            yield UnderstaffedShift(
                each.unit_id,
                read.week.day_of[each.id],
                each.needed,
                each.missing,
                doubted[each.id],
                waiting[each.id],
            )
