"""nights.in_a_row: not too many nights on site one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.time.minutes import day_of, row, runs


def _of_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, limit = row(problem, person, shifts), NIGHTS_IN_A_ROW.value(problem, "most", person=person)
    if limit is None or len(own.night_days) <= limit:
        return
    for first, last in runs(own.night_days):
        if (excess := last - first + 1 - limit) > 0:
            params: dict[str, int | str] = {
                "from": day_of(first),
                "to": day_of(last),
                "count": last - first + 1,
                "limit": limit,
            }
            ids = own.starting(first, last, nights=True)
            yield NIGHTS_IN_A_ROW.breach(problem, person.id, ids, params, amount=excess)


NIGHTS_IN_A_ROW = Rule(
    "nights.in_a_row",
    hard=True,
    weight=50_00,
    parameters=(Parameter("most", "nights", 3, low=1, high=366),),
    of_person=_of_person,
)
