"""eligibility.duty: only people who may take this kind of duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        if shift.duty not in person.duties:
            yield ELIGIBLE_DUTY.breach(problem, person.id, (shift.id,), {"duty": shift.duty})


ELIGIBLE_DUTY = Rule("eligibility.duty", hard=True, fixed=True, locked=True, of_person=_check_person)
