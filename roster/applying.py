"""Write a solver's roster into the draft, around what people fixed or edited meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.actor import SYSTEM
from roster import snapshot
from roster.campaigns import get_campaign, locked_campaign
from roster.drafts import write_seats
from roster.models import Campaign
from roster.planning.check import person_violations
from roster.planning.problem import Assignment
from roster.seating import seated
from roster.snapshot import Cell, Snapshot


def apply(taken: Snapshot, assignments: Iterable[Assignment], *, now: datetime) -> tuple[Assignment, ...]:
    """Write ``assignments`` over the draft; answers the whole draft afterwards. In the caller's transaction.

    Seats that changed since ``taken``, pinned seats and served shifts stay as they are. Where an edit made meanwhile
    and the roster would break a hard rule for the same person, the edit wins and the seat stays empty.
    """
    locked_campaign(taken.campaign_id)
    today = snapshot.take(taken.campaign_id, now=now)
    edited = {
        seat for seats in taken.seats.values() for seat in seats if taken.cells.get(seat) != today.cells.get(seat)
    }
    by_shift: dict[int, list[int]] = {}
    for each in assignments:
        by_shift.setdefault(each.shift_id, []).append(each.staff_id)
    target: dict[int, Cell] = {}
    for shift_id, seats in today.seats.items():
        kept = _kept(today, shift_id, edited)
        target |= kept | _placed(today, seats, kept, edited, by_shift.get(shift_id, []))
    if edited:
        target = _without_clashes(today, target, edited)
    _write(today, target, now=now)
    return tuple(
        Assignment(s, target[seat].person_id) for s, seats in today.seats.items() for seat in seats if seat in target
    )


def _kept(today: Snapshot, shift_id: int, edited: set[int]) -> dict[int, Cell]:
    cells = {seat: today.cells[seat] for seat in today.seats[shift_id] if seat in today.cells}
    if shift_id in today.fixed:
        return cells
    return {seat: cell for seat, cell in cells.items() if cell.pinned or seat in edited}


def _placed(
    today: Snapshot, seats: Iterable[int], kept: Mapping[int, Cell], edited: set[int], people: Iterable[int]
) -> dict[int, Cell]:
    sitting = {cell.person_id for cell in kept.values()}
    free = [seat for seat in seats if seat not in kept and seat not in edited]
    now_on = {seat: today.cells[seat].person_id for seat in free if seat in today.cells}
    known = today.problem.person
    coming = [person for person in people if person not in sitting and person in known]
    return {
        seat: today.cells[seat] if now_on.get(seat) == person else Cell(person, False, None)
        for seat, person in seated(free, now_on, coming).items()
    }


def _without_clashes(today: Snapshot, target: Mapping[int, Cell], edited: set[int]) -> dict[int, Cell]:
    shift_of = {seat: shift_id for shift_id, seats in today.seats.items() for seat in seats}
    result = dict(target)
    for person in {target[seat].person_id for seat in edited if seat in target}:
        own = [seat for seat, cell in result.items() if cell.person_id == person]
        for seat in [seat for seat in own if seat not in edited and not result[seat].pinned]:
            shifts = [today.problem.shift_of[shift_of[each]] for each in own if each in result]
            found = person_violations(today.problem, person, shifts)
            if any(v.hard and shift_of[seat] in v.shift_ids for v in found):
                del result[seat]
    return result


def _write(today: Snapshot, target: Mapping[int, Cell], *, now: datetime) -> None:
    seats = [seat for each in today.seats.values() for seat in each]
    if write_seats(today.cells, seats, target, "solver", actor=SYSTEM, now=now):
        campaign: Campaign = get_campaign(today.campaign_id)
        campaign.draft_version += 1
