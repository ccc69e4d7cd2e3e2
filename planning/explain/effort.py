"""What it asks of people to fill empty seats: its price, overtime, days of leave, journeys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from planning.explain.breach_numbers import away_days
from planning.explain.greedy_fill import Option
from planning.explain.helpers import Helpers
from planning.explain.remedies import LIST, PLACES
from planning.explain.what_if import Rows
from planning.problem import Assignment, Shift
from planning.rules import RULE_OF
from planning.time.overtime import overtime

HELP_PRICE, LIST_PRICE = 20_00, 800_00  # of the shortest journey, and for each step farther as much again


class Effort:
    """Beside what people do in this roster already."""

    def __init__(self, rows: Rows, helpers: Helpers) -> None:
        self.rows, self.problem, self.helpers = rows, rows.problem, helpers

    def price(self, option: Option) -> int:
        """The lowest is taken first."""
        grown = option.change.grown
        price = sum(RULE_OF[code].weight_in(self.problem) * amount for code, amount in grown.items())
        if PLACES & grown.keys():
            price += HELP_PRICE * max(1, self.helpers.steps(option.staff_id, option.shift.unit) - 1)
        price += LIST_PRICE * (LIST in grown)
        return price + option.change.cost

    def is_stranger(self, seat: Assignment) -> bool:
        """Whether somebody sits there who helps from elsewhere."""
        changed = self.rows.adding(seat.staff_id, self.problem.shift_of[seat.shift_id])
        return bool(PLACES.intersection(changed.codes))

    def steps(self, seat: Assignment) -> int:
        """How far the person comes, by the tree of units."""
        return self.helpers.steps(seat.staff_id, self.problem.shift_of[seat.shift_id].unit)

    def overtime(self, seats: Iterable[Assignment]) -> int:
        """Minutes that these seats add."""
        taken: defaultdict[int, list[Shift]] = defaultdict(list)
        for seat in seats:
            taken[seat.staff_id].append(self.problem.shift_of[seat.shift_id])
        added = 0
        for staff_id, more in taken.items():
            person, own = self.problem.person[staff_id], self.rows.own(staff_id)
            after = overtime(self.problem, person, [*own, *more])
            added += sum(after.values()) - sum(overtime(self.problem, person, own).values())
        return added

    def days_of_leave(self, seats: Iterable[Assignment]) -> tuple[tuple[int, date], ...]:
        """(person, date) of the leave that these seats would cost."""
        found = set[tuple[int, date]]()
        for seat in seats:
            shift = self.problem.shift_of[seat.shift_id]
            change = self.rows.adding(seat.staff_id, shift)
            found |= {(seat.staff_id, day) for day in away_days(shift, change)}
        return tuple(sorted(found))


def people_of(seats: Iterable[Assignment]) -> tuple[int, ...]:
    return tuple(sorted({seat.staff_id for seat in seats}))
