"""protected.no_night: the protected do no night on site; why they are protected is nowhere stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule
from planning.rules.law import NIGHT, PROTECTED


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    if not person.no_night:
        return
    for shift in shifts:
        if shift.night and shift.form == "onsite":
            yield NO_NIGHT.breach(problem, person.id, (shift.id,))


NO_NIGHT = Rule(
    "protected.no_night", hard=True, fixed=True, locked=True, norms=NIGHT + PROTECTED, of_person=_check_person
)
