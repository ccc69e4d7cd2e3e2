"""eligibility.unit: only people of the unit that asks, or of units below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        if shift.unit not in person.eligible_units:
            yield ELIGIBLE_UNIT.breach(problem, person.id, (shift.id,), {"unit": shift.unit})


ELIGIBLE_UNIT = Rule("eligibility.unit", hard=True, weight=20_00, locked=True, of_person=_check_person)
