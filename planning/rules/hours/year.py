"""hours.year: overtime of a calendar year, what was worked before the plan included.

Minutes worked before and already above the limit are not the plan's: only what the plan adds is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from planning.outcome import Violation
from planning.problem import Problem, Shift, Staff
from planning.rules.base import Norm, Parameter, Rule
from planning.rules.law import MOST_OVERTIME_OF_A_YEAR, OVERTIME_OF_A_YEAR, SPECIAL_YEAR
from planning.time.overtime import by_period, counting, first_of_year, overtime


def overtime_limit(rule: Rule, special: tuple[Norm, ...], problem: Problem, person: Staff, *, on: date) -> int | None:
    """The limit: the person's, else the campaign's, else with the 300-hour regime its own, else the law's on the date.

    The flag `special` of hours.year, the campaign's or the person's, says for both whether that regime applies.
    """
    chosen = person.limits.get(f"{rule.code}:most", rule.setting(problem).values.get("most"))
    if chosen is None and HOURS_YEAR.value(problem, "special", person=person):
        chosen = next((norm.value for norm in special if norm.holds(on)), None)
    return rule.value(problem, "most", person=person, on=on) if chosen is None else chosen


def year_limit(problem: Problem, person: Staff, on: date) -> int | None:
    """Minutes of overtime allowed in the year of this date."""
    return overtime_limit(HOURS_YEAR, SPECIAL_YEAR, problem, person, on=on)


def worked_before(problem: Problem, person: Staff, on: date) -> int | None:
    """Overtime already worked in the year of this date: known of the plan's first year alone, None if unknown."""
    return person.overtime_year if on.year == problem.dates[0].year else 0


def _check_person(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> Iterator[Violation]:
    for first, plan in by_period(overtime(problem, person, shifts), first_of_year).items():
        limit, before = year_limit(problem, person, first), worked_before(problem, person, first) or 0
        if limit is not None and (over := before + plan - max(limit, before)) > 0:
            params: dict[str, int | str] = {
                "year": first.year,
                "minutes": before + plan,
                "limit": limit,
                "before": before,
            }
            ids = counting(shifts, first, first_of_year)
            yield HOURS_YEAR.breach(problem, person.id, ids, params, amount=over)


HOURS_YEAR = Rule(
    "hours.year",
    hard=True,
    weight=10,
    most_weight=1_00,
    parameters=(
        Parameter("most", "minutes", MOST_OVERTIME_OF_A_YEAR, high=525600, norms=OVERTIME_OF_A_YEAR),
        Parameter("special", "flag", 0, high=1),
    ),
    norms=SPECIAL_YEAR,
    of_person=_check_person,
)
