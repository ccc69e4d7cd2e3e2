"""rest.weekly: every week from Monday to Sunday with on-site duty has one long rest from duty and ordinary work.

Rest is looked for inside the week alone, and days outside the plan count as free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.law import WEEKLY_REST
from planning.time.minutes import DAY, TimeRow, day_of, plan_days, row


def mondays(problem: Problem) -> range:
    """Ordinals of the Mondays of the weeks that hold a date of the plan."""
    first, last = plan_days(problem)
    return range(first - (first - 1) % 7, last + 1, 7)


def _longest_rest(own: TimeRow, monday: int, plan: tuple[int, int]) -> int | None:
    """Minutes of the longest rest inside the week, None when it holds no on-site duty."""
    since, until = monday * DAY, (monday + 7) * DAY
    busy = [(slot.start, slot.end) for slot in own.slots if slot.start < until and since < slot.end]
    if not busy:
        return None
    days = range(max(monday, plan[0]), min(monday + 6, plan[1]) + 1)
    busy += [(work.start, work.end) for day in days for work in own.work.get(day, ())]
    longest, free_since = 0, since
    for start, end in sorted(busy):
        longest, free_since = max(longest, start - free_since), max(free_since, end)
    return max(longest, until - free_since)


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    own = row(problem, person, shifts)
    if not own.onsite:
        return
    required, plan = WEEKLY_REST_RULE.number(problem, "minutes", person=person), plan_days(problem)
    for monday in mondays(problem):
        longest = _longest_rest(own, monday, plan)
        if longest is not None and longest < required:
            params: dict[str, int | str] = {
                "week": day_of(monday),
                "longest_minutes": longest,
                "required_minutes": required,
            }
            yield WEEKLY_REST_RULE.breach(problem, person.id, own.touching(monday, monday + 6), params)


WEEKLY_REST_RULE = Rule(
    "rest.weekly",
    hard=True,
    weight=50_00,
    parameters=(Parameter("minutes", "minutes", 1440, high=5760, norms=WEEKLY_REST),),
    of_person=_check_person,
)
