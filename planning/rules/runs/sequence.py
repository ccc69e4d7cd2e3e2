"""sequence.templates: shifts of certain names do not follow each other on the next date ("Đêm" then "Sáng")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule

_DAY = timedelta(days=1)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    pairs = SEQUENCES.setting(problem).pairs
    if not pairs:
        return
    for first in shifts:
        for second in shifts:
            if second.local_date - first.local_date == _DAY and (first.template, second.template) in pairs:
                yield SEQUENCES.breach(problem, person.id, (first.id, second.id))


SEQUENCES = Rule("sequence.templates", hard=True, weight=50_00, of_person=_check_person)
