"""Fill empty seats of a roster one after the other while a condition holds: what a repair would bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from roster.planning.explain.rows import Change, Rows
from roster.planning.problem import Assignment, Shift


@dataclass(frozen=True)
class Option:
    """One person on one empty seat, and what that breaks and costs in the roster as it is."""

    shift: Shift
    staff_id: int
    change: Change


Allowed = Callable[[Option], bool]
Priced = Callable[[Option], int]


def fill(
    rows: Rows, options: Iterable[Option], missing: Mapping[int, int], allowed: Allowed, priced: Priced
) -> tuple[tuple[Assignment, ...], int]:
    """The seats filled and the sum of their prices; the cheapest seat first, each judged with those before it.

    `missing`: shift id → empty seats.
    """
    trial, left, seats, price = rows.copy(), dict(missing), [], 0
    touched: set[int] = set()
    for option in sorted(options, key=lambda o: (priced(o), o.shift.start, o.shift.id, o.staff_id)):
        shift, staff_id = option.shift, option.staff_id
        if left[shift.id] <= 0 or staff_id in trial.on(shift.id):
            continue
        if touched & {staff_id, -shift.id}:
            option = Option(shift, staff_id, trial.seating(shift, trial.on(shift.id), staff_id))
        if allowed(option):
            trial.put(shift.id, staff_id)
            touched |= {staff_id, -shift.id}
            left[shift.id] -= 1
            seats.append(Assignment(shift.id, staff_id))
            price += priced(option)
    return tuple(seats), price
