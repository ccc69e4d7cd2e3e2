"""runs.min_off: days off come some in a row.

A day off has no on-site duty. Days off at an end of the plan may go on outside it and are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.minutes import day_of, row, runs


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, least = row(problem, person, shifts), MIN_DAYS_OFF.value(problem, "least", person=person)
    if least is None:
        return
    for (_, before), (after, _) in pairwise(runs(own.days)):
        count = after - before - 1
        if count < least:
            params: dict[str, int | str] = {
                "from": day_of(before + 1),
                "to": day_of(after - 1),
                "count": count,
                "least": least,
            }
            around = own.starting(before, before) + own.starting(after, after)
            yield MIN_DAYS_OFF.breach(problem, person.id, around, params, amount=least - count)


MIN_DAYS_OFF = Rule(
    "runs.min_off",
    hard=True,
    weight=20_00,
    most_weight=200_00,
    on=False,
    parameters=(Parameter("least", "days", 2, low=1, high=31),),
    of_person=_check_person,
)
