"""absence.away: nobody on leave is on duty; a night that runs into the leave counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        for absence in problem.absences_of.get(person.id, ()):
            if shift.start < absence.end and absence.start < shift.end:
                params = {"away_start": absence.start.isoformat(), "away_end": absence.end.isoformat()}
                yield ABSENCE.breach(problem, person.id, (shift.id,), params)


ABSENCE = Rule("absence.away", hard=True, fixed=True, locked=True, of_person=_check_person)
