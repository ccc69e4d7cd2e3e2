"""The running account of a whole roster: what the rules say of it, kept up to date part by part.

A rule looks at one person's shifts or at one shift's people and never at both, so a change of some seats touches
only the accounts of those shifts and of those people. The sums are those of `check` over everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from planning.problem import Assignment, Problem
from planning.rules import RULES
from planning.score.check import person_violations
from planning.score.score import Score, forced_by_pins, score_of


class Tally:
    """A roster that changes, and its score. KeyError on unknown shifts and people."""

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

    def among(self, shift_ids: Iterable[int], staff_ids: Iterable[int]) -> Score:
        """The share of these shifts and these people in the total."""
        scores = [*map(self.of_shift.__getitem__, shift_ids), *map(self.of_person.__getitem__, staff_ids)]
        return Score(*map(sum, zip(*scores, strict=True))) if scores else Score()

    def assignments(self, shift_ids: Iterable[int] | None = None) -> tuple[Assignment, ...]:
        chosen = self.on if shift_ids is None else shift_ids
        return tuple(sorted(Assignment(shift_id, p) for shift_id in chosen for p in self.on[shift_id]))

    def accept(self, shift_ids: Collection[int], roster: Iterable[Assignment]) -> bool:
        """Give these shifts the people of `roster` (its other shifts are left out) if the whole becomes better."""
        before = self.assignments(shift_ids)
        score = self.total
        self.put(shift_ids, roster)
        if self.total < score:
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

    def _judge_person(self, staff_id: int) -> Score:
        own = [self.problem.shift_of[shift_id] for shift_id in self.held[staff_id]]
        return score_of(person_violations(self.problem, staff_id, own), self.forced)

    def _judge_shift(self, shift_id: int) -> Score:
        shift, people = self.problem.shift_of[shift_id], sorted(self.on[shift_id])
        found = [v for rule in RULES for v in rule.shift_breaches(self.problem, shift, people)]
        return score_of(found, self.forced)
