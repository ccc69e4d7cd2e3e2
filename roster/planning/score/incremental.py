"""The running account of a whole roster: what the rules say of it, kept up to date part by part.

A rule looks at one person's shifts or at one shift's people and never at both, so a change of some seats touches
only the accounts of those shifts and of those people. The sums are those of `check` over everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from operator import add, sub
from typing import NamedTuple, cast

from roster.planning.outcome import Violation
from roster.planning.problem import Assignment, Problem
from roster.planning.rules import RULE_OF, RULES
from roster.planning.score.check import check, person_violations

# Hard rules that ask for at least something can be impossible to keep. Engines give way on them rather than fail, at
# these prices per unit of breach: only an empty seat is dearer.
ELASTIC = {
    "coverage.skills": 2_000_00,
    "hours.total": 10_00,
    "limits.min_shifts": 2_000_00,
    "pairs.together": 2_000_00,
    "runs.min_days": 2_000_00,
    "runs.min_off": 2_000_00,
}


class Mark(NamedTuple):
    """What counts; the lesser mark, compared in this order, is the better roster.

    `broken`: how many hard rules are broken for how many people beyond what pins force (rules about those who share a
    shift: for how many shifts); by how much is never added up, for hours and shifts have no common measure.
    `missing`: empty seats. `lacking`: the price of hard breaches that may be impossible to avoid. `cost`: hundredths of
    a point, empty seats included. No saving of cost is worth a hard breach or a seat.
    """

    broken: int = 0
    missing: int = 0
    lacking: int = 0
    cost: int = 0

    def plus(self, other: Mark) -> Mark:
        return Mark(*map(add, self, other))

    def minus(self, other: Mark) -> Mark:
        return Mark(*map(sub, self, other))


def is_elastic(violation: Violation) -> bool:
    """Whether this hard breach is of the kind that may be impossible to avoid."""
    if violation.rule == "hours.total":
        return violation.hard and "least" in violation.params
    return violation.hard and violation.rule in ELASTIC


Breach = tuple[str, int | None, int | None]
"""What a roster is blamed for: a rule and a person, or a rule and a shift where it is about those who share one."""
Forced = Mapping[Breach, int]
"""How far pins alone go beyond each rule, in its own unit."""
NOTHING: Forced = {}


def mark_of(violations: Iterable[Violation], forced: Forced = NOTHING) -> Mark:
    missing = lacking = cost = 0
    firm: list[Violation] = []
    for each in violations:
        cost += each.cost
        if not each.hard:
            continue
        empty = int(each.params.get("missing", 0)) if each.rule == "coverage.headcount" else 0
        missing += empty
        if is_elastic(each):
            lacking += ELASTIC[each.rule] * each.amount
        elif not empty:
            firm.append(each)
    broken = sum(amount > forced.get(breach, 0) for breach, amount in _amounts(firm).items()) if firm else 0
    return Mark(broken, missing, lacking, cost)


def _amounts(firm: Iterable[Violation]) -> dict[Breach, int]:
    found: defaultdict[Breach, int] = defaultdict(int)
    for each in firm:
        if RULE_OF[each.rule].of_shift is None:
            found[each.rule, each.staff_id, None] += each.amount
        else:
            found[each.rule, None, each.shift_ids[0]] += each.amount
    return found


def forced_by_pins(problem: Problem) -> Forced:
    """What the pins alone break: what no roster can be blamed for."""
    found = problem.memo.get("tally.forced")
    if found is None:
        found = NOTHING
        if problem.pins:
            pins = check(problem, [Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins])
            found = _amounts(v for v in pins if v.hard and not is_elastic(v) and not v.params.get("missing"))
        problem.memo["tally.forced"] = found
    return cast(Forced, found)


class Tally:
    """A roster that changes, and its mark. KeyError on unknown shifts and people."""

    def __init__(self, problem: Problem, assignments: Iterable[Assignment]) -> None:
        self.problem, self.forced = problem, forced_by_pins(problem)
        self.held: dict[int, set[int]] = {person.id: set() for person in problem.staff}
        self.on: dict[int, set[int]] = {shift.id: set() for shift in problem.shifts}
        for each in assignments:
            self.held[each.staff_id].add(each.shift_id)
            self.on[each.shift_id].add(each.staff_id)
        self.of_person = {staff_id: self._judge_person(staff_id) for staff_id in self.held}
        self.of_shift = {shift_id: self._judge_shift(shift_id) for shift_id in self.on}
        self.total = self.among(self.on, self.held)

    def among(self, shift_ids: Iterable[int], staff_ids: Iterable[int]) -> Mark:
        """The share of these shifts and these people in the total."""
        marks = [*map(self.of_shift.__getitem__, shift_ids), *map(self.of_person.__getitem__, staff_ids)]
        return Mark(*map(sum, zip(*marks, strict=True))) if marks else Mark()

    def assignments(self, shift_ids: Iterable[int] | None = None) -> tuple[Assignment, ...]:
        chosen = self.on if shift_ids is None else shift_ids
        return tuple(sorted(Assignment(shift_id, p) for shift_id in chosen for p in self.on[shift_id]))

    def accept(self, shift_ids: Collection[int], roster: Iterable[Assignment]) -> bool:
        """Give these shifts the people of `roster` (its other shifts are left out) if the whole becomes better."""
        before = self.assignments(shift_ids)
        mark = self.total
        self.put(shift_ids, roster)
        if self.total < mark:
            return True
        self.put(shift_ids, before)
        return False

    def put(self, shift_ids: Collection[int], roster: Iterable[Assignment]) -> None:
        """Give these shifts the people of `roster`, better or not."""
        people: dict[int, set[int]] = {shift_id: set() for shift_id in shift_ids}
        for each in roster:
            if each.shift_id in people:
                people[each.shift_id].add(each.staff_id)
        touched = {s for s, there in people.items() if there != self.on[s]}
        moved: set[int] = set()
        for shift_id in touched:
            for staff_id in self.on[shift_id] ^ people[shift_id]:
                self.held[staff_id] ^= {shift_id}
                moved.add(staff_id)
            self.on[shift_id] = people[shift_id]
        self._judge(touched, moved)

    def _judge(self, touched: Iterable[int], moved: Iterable[int]) -> None:
        for shift_id in touched:
            fresh = self._judge_shift(shift_id)
            self.total = self.total.minus(self.of_shift[shift_id]).plus(fresh)
            self.of_shift[shift_id] = fresh
        for staff_id in moved:
            fresh = self._judge_person(staff_id)
            self.total = self.total.minus(self.of_person[staff_id]).plus(fresh)
            self.of_person[staff_id] = fresh

    def _judge_person(self, staff_id: int) -> Mark:
        own = [self.problem.shift_of[shift_id] for shift_id in self.held[staff_id]]
        return mark_of(person_violations(self.problem, staff_id, own), self.forced)

    def _judge_shift(self, shift_id: int) -> Mark:
        shift, people = self.problem.shift_of[shift_id], sorted(self.on[shift_id])
        found = [v for rule in RULES for v in rule.shift_breaches(self.problem, shift, people)]
        return mark_of(found, self.forced)
