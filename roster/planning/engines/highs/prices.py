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
    """Compared in this order, as `tally.Mark` is: breaches that only pins excuse, empty seats, the price of what lacks
    of least amounts, cost.
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
    cost = sum(v.cost for v in found)
    lacking = sum(LEAST_PRICES[v.rule] * v.amount for v in found if _lacks(v))
    missing = sum(int(v.params["missing"]) for v in found if _is_empty(v))
    broken = sum(v.amount for v in found if v.hard and not _lacks(v) and not _is_empty(v))
    return Price(broken, missing, lacking, cost)


def _is_empty(violation: Violation) -> bool:
    return violation.rule == "coverage.headcount" and bool(violation.params.get("missing"))


def _lacks(violation: Violation) -> bool:
    """Is this a hard rule that asks for a least amount?"""
    if not violation.hard or violation.rule not in LEAST_PRICES:
        return False
    return violation.rule != "hours.total" or "least" in violation.params
