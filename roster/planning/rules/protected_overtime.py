"""protected.no_overtime: the protected do no overtime; why they are protected is nowhere stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.hours import protected_overtime
from roster.planning.law import PROTECTED
from roster.planning.problem import Problem, Shift, Staff, Violation
from roster.planning.rules.base import Rule


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if not person.no_overtime:
        return
    for shift in shifts:
        if minutes := protected_overtime(problem, person, shift):
            yield NO_OVERTIME.breach(problem, person.id, (shift.id,), {"minutes": minutes})


NO_OVERTIME = Rule("protected.no_overtime", hard=True, fixed=True, locked=True, norms=PROTECTED, of_person=_of_person)
