"""runs.isolated: nobody comes on site for a single day between days off, where it can be helped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Rule
from planning.time.minutes import day_of, plan_days, row, runs


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, (begin, end) = row(problem, person, shifts), plan_days(problem)
    for first, last in runs(own.days):
        if begin < first == last < end:
            yield ISOLATED.breach(problem, person.id, own.starting(first, last), {"date": day_of(first)})


ISOLATED = Rule("runs.isolated", hard=False, fixed=True, on=False, weight=5_00, of_person=_check_person)
