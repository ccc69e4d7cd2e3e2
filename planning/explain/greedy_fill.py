"""Fill empty seats of a roster one after the other while a condition holds: what a repair would bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush

from planning.explain.what_if import EditEffect, Rows
from planning.problem import Assignment, Shift


@dataclass(frozen=True)
class Option:
    """One person on one empty seat, and what that breaks and costs in the roster as it is."""

    shift: Shift
    staff_id: int
    change: EditEffect


Allowed = Callable[[Option], bool]
Priced = Callable[[Option], int]


def fill(
    rows: Rows, options: Iterable[Option], missing: Mapping[int, int], allowed: Allowed, *, priced: Priced
) -> tuple[tuple[Assignment, ...], int]:
    """The seats filled and the sum of their prices; the cheapest seat first, each judged with those before it.

    `missing`: shift id → empty seats.
    """
    trial, left, seats, price, moves = rows.copy(), dict(missing), list[Assignment](), 0, 0
    heap = [_entry(option, priced(option), 0) for option in options]
    heapify(heap)
    seen: dict[int, int] = {}  # person, or minus shift → number of the move that touched it last
    while heap:
        cost, *_tie, judged_at, option = heappop(heap)
        shift, staff_id = option.shift, option.staff_id
        if left[shift.id] <= 0 or staff_id in trial.on(shift.id):
            continue
        if judged_at < max(seen.get(staff_id, 0), seen.get(-shift.id, 0)):
            option = Option(shift, staff_id, trial.seating(shift, trial.on(shift.id), staff_id))
            heappush(heap, _entry(option, priced(option), moves))
        elif allowed(option):
            trial.put(shift.id, staff_id)
            moves += 1
            seen[staff_id] = seen[-shift.id] = moves
            left[shift.id] -= 1
            seats.append(Assignment(shift.id, staff_id))
            price += cost
    return tuple(seats), price


def _entry(option: Option, cost: int, judged_at: int) -> tuple[int, datetime, int, int, int, Option]:
    return cost, option.shift.start, option.shift.id, option.staff_id, judged_at, option
