"""limits.max_shifts: nobody does more shifts in the campaign than their own limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.problem import Problem, Shift, Staff, Violation
from roster.planning.rules.base import Rule


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if person.max_shifts is not None and len(shifts) > person.max_shifts:
        excess = len(shifts) - person.max_shifts
        params = {"limit": person.max_shifts, "count": len(shifts)}
        yield MAX_SHIFTS.breach(problem, person.id, tuple(shift.id for shift in shifts), params, amount=excess)


MAX_SHIFTS = Rule("limits.max_shifts", hard=True, weight=50_00, of_person=_of_person)
