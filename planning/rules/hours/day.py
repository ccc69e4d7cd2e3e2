"""hours.day: on-site duty and ordinary work of one calendar date together stay within a number of minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import HOURS_OF_A_DAY
from planning.time.minutes import day_of, row, work_minutes


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    for day, duty in sorted(own.minutes.items()):
        total = duty + work_minutes(own.work, (day,))
        limit = HOURS_DAY.value(problem, "most", person=person, on=date.fromordinal(day))
        if limit is not None and total > limit:
            params: dict[str, int | str] = {"date": day_of(day), "minutes": total, "limit": limit}
            yield HOURS_DAY.breach(problem, person.id, own.touching(day, day), params, amount=total - limit)


HOURS_DAY = Rule(
    "hours.day",
    hard=True,
    weight=10,
    most_weight=1_00,
    parameters=(Parameter("most", "minutes", 720, high=1440, norms=HOURS_OF_A_DAY),),
    of_person=_check_person,
)
