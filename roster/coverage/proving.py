"""Whom the shifts of a campaign have, as places to prove: of a draft, or of what is published, as things stand now.

Absences and ways to be called are read at that moment: what was covered when it was signed may be at risk today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core.db import db
from people import queries as people
from people.models import DutyKind, Unit
from people.notification_rules import ladders
from planning.coverage import Gap, Place, Proof, people_needed, prove
from planning.extent import Extent, extents
from roster.campaigns.models import Campaign
from roster.consents import queries as consent_queries
from roster.coverage import doubt
from roster.coverage.doubt import Answered, Doubt, HeldSeat
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class ProvedShift:
    """A shift and who has its seats: person ids, ``None`` for an empty one."""

    shift_id: int
    unit: str
    duty: str
    starts_at: datetime
    ends_at: datetime
    headcount: int
    on: tuple[int | None, ...]


@dataclass(frozen=True)
class Stand:
    """How a roster stands: its places, what is proven of them, and how far its obligatory kinds reach.

    ``doubts``: (shift id, person id) of whoever has a seat → why it is in doubt; ``None``: they are sure to serve.
    """

    asked: Sequence[ProvedShift]
    places: Sequence[Place]
    proof: Proof
    extents: Sequence[Extent]
    obligatory: frozenset[str]
    doubts: Mapping[tuple[int, int], Doubt | None]


def prove_snapshot(taken: Snapshot, within: Collection[str] | None = None) -> list[ProvedShift]:
    """Return the shifts on which the proof rests: of all its units, or for some of them (codes) theirs and those of the
    units above, which answer where they leave a minute open."""
    known = None if within is None else {*within, *(each for chain in _above(within).values() for each in chain)}
    found = []
    for shift_id, seats in taken.seats.items():
        shift = taken.problem.shift_of[shift_id]
        if known is not None and shift.unit not in known:
            continue
        who = tuple(taken.cells[seat].person_id if seat in taken.cells else None for seat in seats)
        found.append(
            ProvedShift(
                shift_id=shift_id,
                unit=shift.unit,
                duty=shift.duty,
                starts_at=shift.start,
                ends_at=shift.end,
                headcount=shift.headcount,
                on=who,
            )
        )
    return found


def prove_published(campaign_id: int) -> list[ProvedShift]:
    """The shifts of the latest revision as it fills them, asked for as many as it was published with."""
    held = select(Duty.seat_id, Duty.person_id).where(Duty.cancelled_at.is_(None), Duty.campaign_id == campaign_id)
    return _asked(campaign_id, dict(db.session.execute(held).tuples().all()), Shift.published_for)


def prove_draft(campaign_id: int) -> list[ProvedShift]:
    """The shifts as the draft fills them; seats of people who have not agreed yet count as empty."""
    waiting = consent_queries.waiting_seats(campaign_id)
    rows = db.session.execute(
        select(DraftAssignment.seat_id, Seat.shift_id, DraftAssignment.person_id)
        .join(Seat, Seat.id == DraftAssignment.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Shift.campaign_id == campaign_id)
    )
    held = {seat: person for seat, shift, person in rows.tuples() if (shift, person) not in waiting}
    return _asked(campaign_id, held, Shift.headcount)


def people_on(asked: Iterable[ProvedShift]) -> dict[int, set[int]]:
    """Shift id → ids of those who have a seat of it."""
    return {each.shift_id: {who for who in each.on if who is not None} for each in asked}


def stand(
    campaign: Campaign, asked: Sequence[ProvedShift], *, now: datetime, answered: Answered | None = None
) -> Stand:
    """Prove what was asked for, with the people, absences and addresses of this moment.

    ``answered``: (shift id, person id) of a draft's seats that carry a reason; without it, as they are written.
    """
    obligatory = obligatory_kinds()
    doubts = _doubts(campaign.id, asked, now, answered)
    places = _places_of(asked, obligatory, doubts)
    units = {each.unit for each in asked}
    proof = prove(places, obligatory=obligatory, unit=campaign.unit.code, above=_above(units))
    reach_of = extents(places, obligatory=obligatory)
    return Stand(asked, places, proof, reach_of, obligatory, doubts)


def open_gaps(
    taken: Snapshot, within: Collection[str] | None, *, obligatory: frozenset[str], unit_id: int
) -> tuple[Gap, ...]:
    """Return what the demand of a campaign of the unit leaves open, of all its units or of those of these codes.

    Seats are there whoever sits on them, so it is worked out once for a plan.
    """
    known, key = taken.problem.facts, ("open", frozenset(within) if within is not None else None, obligatory)
    found: tuple[Gap, ...] | None = known.get(key)
    if found is None:
        asked = prove_snapshot(taken, within)
        places = [
            Place(each.shift_id, each.unit, each.duty, each.starts_at, each.ends_at, None)
            for each in asked
            if people_needed(each.headcount, obligatory=each.duty in obligatory)
        ]
        top = next(code for code, each in people.unit_ids().items() if each == unit_id)
        proof = prove(places, obligatory=obligatory, unit=top, above=_above({each.unit for each in asked}))
        found = known[key] = tuple(gap for gap in proof.gaps if gap.kind == "open")
    return found


def obligatory_kinds() -> frozenset[str]:
    """Codes of the kinds of duty that are never left with nobody: the letter's three and those marked so."""
    return frozenset(db.session.scalars(select(DutyKind.code).where(DutyKind.obligatory)))


def _doubts(
    campaign_id: int, asked: Sequence[ProvedShift], now: datetime, answered: Answered | None
) -> dict[tuple[int, int], Doubt | None]:
    units = people.unit_ids()
    held = {
        (each.shift_id, who): HeldSeat(
            shift_id=each.shift_id,
            campaign_id=campaign_id,
            unit_id=units[each.unit],
            duty=each.duty,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            person_id=who,
        )
        for each in asked
        for who in each.on
        if who is not None
    }
    found = doubt.find_doubts(list(held.values()), now=now, answered=answered)
    return {key: found.get(each) for key, each in held.items()}


def _places_of(
    asked: Sequence[ProvedShift], obligatory: Collection[str], doubts: Mapping[tuple[int, int], Doubt | None]
) -> list[Place]:
    """As many as each shift needs, and those beyond that somebody takes who can be called and is sure to serve.

    A shift of an ``obligatory`` kind that was made to need nobody still has one place: who leaves it empty says why.
    """
    rows = people.brief({who for each in asked for who in each.on if who is not None})
    called = ladders.reachable_ids(rows)
    return [
        place
        for each in asked
        for place in _places(
            each, rows, called, doubts, least=people_needed(each.headcount, obligatory=each.duty in obligatory)
        )
    ]


def _places(
    each: ProvedShift,
    rows: Mapping[int, Any],
    called: Collection[int],
    doubts: Mapping[tuple[int, int], Doubt | None],
    *,
    least: int,
) -> list[Place]:
    on = []
    for who in each.on:
        row = rows[who] if who is not None else None
        in_doubt = doubts[each.shift_id, row.id] if row is not None else None
        on.append(
            Place(
                each.shift_id,
                each.unit,
                each.duty,
                each.starts_at,
                each.ends_at,
                row.code if row else None,
                reachable=row is not None and row.id in called,
                doubt=in_doubt.cause if in_doubt else None,
            )
        )
    best_first = sorted(on, key=lambda place: (not _covers(place), place.person is None))
    return best_first[: max(least, sum(map(_covers, on)))]


def _covers(place: Place) -> bool:
    return place.reachable and place.doubt is None


def _above(codes: Collection[str]) -> dict[str, list[str]]:
    """The units over each of these, nearest first."""
    code_of = {unit_id: code for code, unit_id in people.unit_ids().items()}
    chains = people.ancestors_of([unit_id for unit_id, code in code_of.items() if code in codes])
    return {code_of[unit_id]: [code_of[each] for each in found[1:]] for unit_id, found in chains.items()}


def _asked(campaign_id: int, held: Mapping[int, int], number: InstrumentedAttribute[Any]) -> list[ProvedShift]:
    """The shifts of a campaign in order that ask for a ``number``. Plain columns: a province has thousands."""
    on = defaultdict[int, list[int | None]](list)
    seats = (
        select(Seat.shift_id, Seat.id).join(Shift, Shift.id == Seat.shift_id).where(Shift.campaign_id == campaign_id)
    )
    for shift_id, seat in db.session.execute(seats.order_by(Seat.position)).tuples():
        on[shift_id].append(held.get(seat))
    shifts = (
        select(Shift.id, Unit.code, Shift.duty, Shift.starts_at, Shift.ends_at, number)
        .join(Unit, Unit.id == Shift.unit_id)
        .where(Shift.campaign_id == campaign_id, number.is_not(None))
        .order_by(Shift.starts_at, Shift.id)
    )
    return [
        ProvedShift(shift_id, unit, duty, starts, ends, asked, tuple(on[shift_id]))
        for shift_id, unit, duty, starts, ends, asked in db.session.execute(shifts).tuples()
    ]
