"""eligibility.place: on-site duty only at one's own place of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        if shift.form == "onsite" and shift.unit != person.unit:
            yield ELIGIBLE_PLACE.breach(problem, person.id, (shift.id,), {"unit": shift.unit})


ELIGIBLE_PLACE = Rule("eligibility.place", hard=True, weight=20_00, on=False, of_person=_check_person)
