"""runs.min_days: whoever comes on site stays for some days in a row.

A run that touches an end of the plan may go on outside it and is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.minutes import day_of, plan_days, row, runs


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, least = row(problem, person, shifts), MIN_DAYS_IN_A_ROW.value(problem, "least", person=person)
    if least is None:
        return
    begin, end = plan_days(problem)
    for first, last in runs(own.days):
        lacking = least - (last - first + 1)
        if lacking > 0 and begin < first and last < end:
            params: dict[str, int | str] = {
                "from": day_of(first),
                "to": day_of(last),
                "count": last - first + 1,
                "least": least,
            }
            yield MIN_DAYS_IN_A_ROW.breach(problem, person.id, own.starting(first, last), params, amount=lacking)


MIN_DAYS_IN_A_ROW = Rule(
    "runs.min_days",
    hard=True,
    weight=20_00,
    most_weight=200_00,
    on=False,
    parameters=(Parameter("least", "days", 2, low=1, high=31),),
    of_person=_check_person,
)
