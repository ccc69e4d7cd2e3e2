"""What a group's roster costs by the rules themselves: solvers' own costs may be loose in their helper columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from roster.planning.engines.mip.builder import Pair
from roster.planning.problem import Problem, Shift
from roster.planning.rules import RULES
from roster.planning.score.check import person_violations
from roster.planning.score.score import forced_by_pins, mark_of


@dataclass(frozen=True, order=True)
class Price:
    """Compared in this order, as `tally.Mark` is: rules broken beyond what pins force, empty seats, the price of what
    lacks of least amounts, cost.
    """

    broken: int = 0
    missing: int = 0
    lacking: int = 0
    cost: int = 0

    @property
    def whole(self) -> int:
        """What an elastic programme minimises."""
        return self.lacking + self.cost


def price_of(problem: Problem, staff_ids: Iterable[int], shifts: Sequence[Shift], pairs: Collection[Pair]) -> Price:
    """The price of these people and shifts, when they hold exactly these pairs."""
    held: dict[int, list[Shift]] = {staff_id: [] for staff_id in staff_ids}
    on: dict[int, list[int]] = {shift.id: [] for shift in shifts}
    for shift_id, staff_id in sorted(pairs):
        held[staff_id].append(problem.shift_of[shift_id])
        on[shift_id].append(staff_id)
    found = [v for staff_id, own in held.items() for v in person_violations(problem, staff_id, own)]
    for rule in RULES:
        if rule.of_shift is not None and rule.is_on(problem):
            found += [v for shift in shifts for v in rule.of_shift(problem, shift, on[shift.id])]
    return Price(*mark_of(found, forced_by_pins(problem)))
