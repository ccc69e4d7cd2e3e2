"""The independent checker: every rule on a whole roster, or on one cell. It knows no solver and is the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from roster.planning.problem import Assignment, Problem, Shift, Violation
from roster.planning.rules import RULES
from roster.planning.rules.base import Roster


def check(problem: Problem, assignments: Iterable[Assignment]) -> list[Violation]:
    """All breaches, hard and soft, in the order of the rules. KeyError on an unknown shift or person."""
    roster = Roster(problem, assignments)
    return [violation for rule in RULES for violation in rule.check(problem, roster)]


def cost_of(violations: Iterable[Violation]) -> int:
    """The objective: the sum of the costs of the violations, in hundredths of a point."""
    return sum(violation.cost for violation in violations)


def person_violations(problem: Problem, staff_id: int, shifts: Sequence[Shift]) -> list[Violation]:
    """What one person's row breaks, were these the shifts; far cheaper than a whole check."""
    person = problem.person[staff_id]
    ordered = sorted(shifts, key=lambda shift: (shift.start, shift.id))
    return [v for rule in RULES for v in rule.person_breaches(problem, person, ordered)]


def violations_for(
    problem: Problem, assignments: Iterable[Assignment], *, shift_ids: Iterable[int] = (), staff_ids: Iterable[int] = ()
) -> list[Violation]:
    """What these shifts and these people break in the roster given: the check for an edited cell."""
    roster = Roster(problem, assignments)
    found: list[Violation] = []
    for staff_id in sorted(set(staff_ids)):
        found += person_violations(problem, staff_id, roster.shifts_of.get(staff_id, ()))
    for shift_id in sorted(set(shift_ids)):
        shift, people = problem.shift_of[shift_id], roster.staff_on.get(shift_id, ())
        found += [v for rule in RULES for v in rule.shift_breaches(problem, shift, people)]
    return found
