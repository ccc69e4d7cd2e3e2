"""Why not this person, why is this seat empty: codes and people, never sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from roster.planning.check import cost_of, person_violations
from roster.planning.problem import Assignment, Problem, Shift, Shortage, Violation
from roster.planning.rules.base import Roster


@dataclass(frozen=True)
class Candidate:
    """One person for one cell: the hard breaches that seating them would add, and the change of cost."""

    staff_id: int
    breaks: tuple[Violation, ...]
    cost_change: int

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(violation.rule for violation in self.breaks))


def candidates_for(problem: Problem, assignments: Iterable[Assignment], shift_id: int) -> list[Candidate]:
    """Everybody not yet on the shift, best first: who breaks least, then who costs least, then by id."""
    roster, shift = Roster(problem, assignments), problem.shift_of[shift_id]
    taken = set(roster.staff_on.get(shift_id, ()))
    found = [_candidate(problem, roster, shift, person.id) for person in problem.staff if person.id not in taken]
    return sorted(found, key=lambda c: (_is_stranger(c), len(c.breaks), c.cost_change, c.staff_id))


def _is_stranger(candidate: Candidate) -> bool:
    return any(code.startswith("eligibility.") for code in candidate.codes)


def _candidate(problem: Problem, roster: Roster, shift: Shift, staff_id: int) -> Candidate:
    own = roster.shifts_of.get(staff_id, [])
    before = person_violations(problem, staff_id, own)
    after = person_violations(problem, staff_id, [*own, shift])
    breaks = tuple(v for v in after if v.hard and v not in before)
    return Candidate(staff_id, breaks, cost_of(after) - cost_of(before))


def shortages(problem: Problem, assignments: Iterable[Assignment]) -> tuple[Shortage, ...]:
    """Each shift with empty seats, and which rule keeps whom away from it.

    Somebody who may not serve that duty or unit at all is listed under that alone.
    """
    fixed = tuple(assignments)
    staffed = Roster(problem, fixed).staff_on
    found = []
    for shift in problem.shifts:
        missing = shift.headcount - len(set(staffed.get(shift.id, ())))
        if missing > 0:
            found.append(Shortage(shift.id, missing, _reasons(candidates_for(problem, fixed, shift.id))))
    return tuple(found)


def _reasons(candidates: Iterable[Candidate]) -> dict[str, tuple[int, ...]]:
    people: defaultdict[str, list[int]] = defaultdict(list)
    for candidate in candidates:
        basic = [code for code in candidate.codes if code.startswith("eligibility.")]
        for code in basic or candidate.codes:
            people[code].append(candidate.staff_id)
    return {code: tuple(sorted(ids)) for code, ids in people.items()}
