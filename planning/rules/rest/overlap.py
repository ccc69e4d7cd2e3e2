"""overlap.shifts: nobody is in two places at once, here or in another campaign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for first, second in combinations(shifts, 2):
        if first.start < second.end and second.start < first.end:
            yield OVERLAP.breach(problem, person.id, (first.id, second.id))
    for shift in shifts:
        for busy in problem.busy_of.get(person.id, ()):
            if shift.start < busy.end and busy.start < shift.end:
                params = {"busy_start": busy.start.isoformat(), "busy_end": busy.end.isoformat()}
                yield OVERLAP.breach(problem, person.id, (shift.id,), params)


OVERLAP = Rule("overlap.shifts", hard=True, fixed=True, locked=True, of_person=_check_person)
