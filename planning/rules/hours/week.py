"""hours.week: on-site duty and ordinary work of any seven days in a row stay within a number of minutes.

Each window of seven plan dates that holds on-site duty counts for itself; a shorter plan is one window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import WEEKLY_HOURS
from planning.time.minutes import day_of, plan_days, row, work_minutes


def windows(problem: Problem) -> range:
    """Ordinals of the first dates of the windows; each window is this date and up to six more of the plan."""
    first, last = plan_days(problem)
    return range(first, max(first, last - 6) + 1)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own, limit = row(problem, person, shifts), HOURS_WEEK.value(problem, "most", person=person)
    if not own.onsite or limit is None:
        return
    begin, end = plan_days(problem)
    duty = [own.minutes.get(day, 0) for day in range(begin, end + 1)]
    both = [each + work_minutes(own.work, (day,)) for day, each in enumerate(duty, start=begin)] if own.work else duty
    for first in windows(problem):
        since, until = first - begin, min(first - begin + 7, len(duty))
        total = sum(both[since:until])
        if total > limit and any(duty[since:until]):
            last = begin + until - 1
            params: dict[str, int | str] = {
                "from": day_of(first),
                "to": day_of(last),
                "minutes": total,
                "limit": limit,
            }
            yield HOURS_WEEK.breach(problem, person.id, own.touching(first, last), params, amount=total - limit)


HOURS_WEEK = Rule(
    "hours.week",
    hard=True,
    weight=5,
    most_weight=1_00,
    parameters=(Parameter("most", "minutes", 3600, high=10080),),
    norms=WEEKLY_HOURS,
    of_person=_check_person,
)
