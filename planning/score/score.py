"""The vector score of a roster: what counts of the rules' violations, most important first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import add, sub
from typing import NamedTuple, cast

from planning.outcome import Violation
from planning.problem import Assignment, Problem, Shift
from planning.rules import RULE_OF, RULES
from planning.score.check import check, person_violations

LEAST_PRICES = {
    "coverage.skills": 2_000_00,
    "hours.total": 10_00,
    "limits.min_shifts": 2_000_00,
    "pairs.together": 2_000_00,
    "runs.min_days": 2_000_00,
    "runs.min_off": 2_000_00,
}
"""Hard rules that ask for at least something can be impossible to keep. Engines give way on them rather than fail, at
these prices per unit of breach: only an empty seat is dearer. `hours.total` asks for at most something as well."""


class Score(NamedTuple):
    """What counts; the lesser score, compared in this order, is the better roster.

    `broken`: how many hard rules are broken for how many people beyond what pins force (rules about those who share a
    shift: for how many shifts); by how much is never added up, for hours and shifts have no common measure.
    `missing`: empty seats. `lacking`: the price of hard breaches that may be impossible to avoid. `cost`: hundredths of
    a point, empty seats included. No saving of cost is worth a hard breach or a seat.
    """

    broken: int = 0
    missing: int = 0
    lacking: int = 0
    cost: int = 0

    def plus(self, other: Score) -> Score:
        return Score(*map(add, self, other))

    def minus(self, other: Score) -> Score:
        return Score(*map(sub, self, other))

    @property
    def elastic_cost(self) -> int:
        """What a programme minimises that may break rules which ask for at least something."""
        return self.lacking + self.cost


def is_least(violation: Violation) -> bool:
    """Whether a hard rule that asks for at least something is broken so."""
    if violation.rule == "hours.total":
        return violation.hard and "least" in violation.params
    return violation.hard and violation.rule in LEAST_PRICES


Breach = tuple[str, int | None, int | None]
"""What a roster is blamed for: a rule and a person, or a rule and a shift where it is about those who share one."""
Forced = Mapping[Breach, int]
"""How far pins alone go beyond each rule, in its own unit."""
NOTHING: Forced = {}


def score_of(violations: Iterable[Violation], forced: Forced = NOTHING) -> Score:
    missing = lacking = cost = 0
    firm: list[Violation] = []
    for each in violations:
        cost += each.cost
        if not each.hard:
            continue
        empty = int(each.params.get("missing", 0)) if each.rule == "coverage.headcount" else 0
        missing += empty
        if is_least(each):
            lacking += LEAST_PRICES[each.rule] * each.amount
        elif not empty:
            firm.append(each)
    broken = sum(amount > forced.get(breach, 0) for breach, amount in _amounts(firm).items()) if firm else 0
    return Score(broken, missing, lacking, cost)


def _amounts(firm: Iterable[Violation]) -> dict[Breach, int]:
    found: defaultdict[Breach, int] = defaultdict(int)
    for each in firm:
        if RULE_OF[each.rule].of_shift is None:
            found[each.rule, each.staff_id, None] += each.amount
        else:
            found[each.rule, None, each.shift_ids[0]] += each.amount
    return found


def forced_by_pins(problem: Problem) -> Forced:
    """Return what the pins alone break: what no roster can be blamed for."""
    found = problem.memo.get("score.forced")
    if found is None:
        found = NOTHING
        if problem.pins:
            pins = check(problem, [Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins])
            found = _amounts(v for v in pins if v.hard and not is_least(v) and not v.params.get("missing"))
        problem.memo["score.forced"] = found
    return cast(Forced, found)


def score_among(
    problem: Problem, staff_ids: Iterable[int], shifts: Sequence[Shift], pairs: Iterable[tuple[int, int]]
) -> Score:
    """The share of these people and shifts, when they hold exactly these pairs of shift and person."""
    held: dict[int, list[Shift]] = {staff_id: [] for staff_id in staff_ids}
    on: dict[int, list[int]] = {shift.id: [] for shift in shifts}
    for shift_id, staff_id in sorted(pairs):
        held[staff_id].append(problem.shift_of[shift_id])
        on[shift_id].append(staff_id)
    found = [v for staff_id, own in held.items() for v in person_violations(problem, staff_id, own)]
    for rule in RULES:
        if rule.of_shift is not None and rule.is_on(problem):
            found += [v for shift in shifts for v in rule.of_shift(problem, shift, on[shift.id])]
    return score_of(found, forced_by_pins(problem))
