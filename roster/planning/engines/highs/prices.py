"""What a group's roster costs by the rules themselves: solvers' own costs may be loose in their helper columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from roster.planning.check import person_violations
from roster.planning.engines.highs.draft import LEAST_PRICES, Pair
from roster.planning.problem import Problem, Shift, Violation
from roster.planning.rules import RULES


@dataclass(frozen=True, order=True)
class Price:
    """Compared in this order: breaches that only pins excuse, then all in all.

    `whole` is `cost` plus what lacks of least amounts at their high price.
    """

    broken: int = 0
    whole: int = 0
    cost: int = 0

    @property
    def lacking(self) -> int:
        """The price of what lacks of least amounts."""
        return self.whole - self.cost


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
    cost = sum(v.cost for v in found)
    lacking = sum(LEAST_PRICES[v.rule] * v.amount for v in found if _lacks(v))
    broken = sum(v.amount for v in found if v.hard and not _lacks(v) and not v.cost)
    return Price(broken, cost + lacking, cost)


def _lacks(violation: Violation) -> bool:
    """Is this a hard rule that asks for a least amount?"""
    if not violation.hard or violation.rule not in LEAST_PRICES:
        return False
    return violation.rule != "hours.total" or "least" in violation.params
