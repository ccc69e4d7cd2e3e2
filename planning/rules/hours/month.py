"""hours.month: overtime of a calendar month, what was worked before the plan included.

Whether the 300-hour regime applies is said once, by `special` of hours.year. Minutes worked before and already above
the limit are not the plan's: only what the plan adds is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Parameter, Rule
from planning.rules.hours.year import overtime_limit
from planning.rules.law import MOST_OVERTIME_OF_A_MONTH, OVERTIME_OF_A_MONTH, SPECIAL_MONTH
from planning.time.overtime import by_period, counting, first_of_month, overtime


def month_limit(problem: Problem, person: Staff, on: date) -> int | None:
    """Minutes of overtime allowed in the month of this date."""
    return overtime_limit(HOURS_MONTH, SPECIAL_MONTH, problem, person, on=on)


def worked_before(problem: Problem, person: Staff, on: date) -> int | None:
    """Overtime already worked in the month of this date: known of the plan's first month alone, None if unknown."""
    first = problem.dates[0]
    return person.overtime_month if (on.year, on.month) == (first.year, first.month) else 0


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for month, plan in by_period(overtime(problem, person, shifts), first_of_month).items():
        limit, before = month_limit(problem, person, month), worked_before(problem, person, month) or 0
        if limit is not None and (over := before + plan - max(limit, before)) > 0:
            params: dict[str, int | str] = {
                "month": month.isoformat()[:7],
                "minutes": before + plan,
                "limit": limit,
                "before": before,
            }
            ids = counting(shifts, month, first_of_month)
            yield HOURS_MONTH.breach(problem, person.id, ids, params, amount=over)


HOURS_MONTH = Rule(
    "hours.month",
    hard=True,
    weight=10,
    most_weight=1_00,
    parameters=(Parameter("most", "minutes", MOST_OVERTIME_OF_A_MONTH, high=44640, norms=OVERTIME_OF_A_MONTH),),
    norms=SPECIAL_MONTH,
    of_person=_check_person,
)
