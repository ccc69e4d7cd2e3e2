"""eligibility.duty: only people who may take this kind of duty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roster.planning.problem import Problem, Shift, Staff, Violation
from roster.planning.rules.base import Rule


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for shift in shifts:
        if shift.duty not in person.duties:
            yield Violation(ELIGIBLE_DUTY.code, True, person.id, (shift.id,), {"duty": shift.duty}, 0)


ELIGIBLE_DUTY = Rule("eligibility.duty", hard=True, of_person=_of_person)
