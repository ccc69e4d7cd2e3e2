"""limits.per_day: not too many shifts that start on the same date, whatever their form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    limit = PER_DAY.value(problem, "most", person=person)
    if limit is None:
        return
    for day, count in Counter(shift.local_date for shift in shifts).items():
        if count > limit:
            ids = tuple(shift.id for shift in shifts if shift.local_date == day)
            params: dict[str, int | str] = {"date": day.isoformat(), "count": count, "limit": limit}
            yield PER_DAY.breach(problem, person.id, ids, params, amount=count - limit)


PER_DAY = Rule(
    "limits.per_day",
    hard=True,
    weight=50_00,
    on=False,
    parameters=(Parameter("most", "shifts", 1, low=1, high=24),),
    of_person=_check_person,
)
