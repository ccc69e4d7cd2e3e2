"""What a roster could not be checked for: overtime of people whose earlier overtime nobody knows."""

from __future__ import annotations

from collections.abc import Iterable

from roster.planning.overtime import by_period, first_of_month, first_of_year, overtime
from roster.planning.problem import Assignment, Problem, Shift, Staff
from roster.planning.rules.base import Roster, Rule
from roster.planning.rules.hours_month import HOURS_MONTH
from roster.planning.rules.hours_year import HOURS_YEAR


def unchecked(problem: Problem, assignments: Iterable[Assignment]) -> list[tuple[str, int]]:
    """(rule code, staff id) of everybody who does overtime in the plan's first month or year without a known start.

    Their caps were judged as if they had worked none before: "chưa có số đầu kỳ, chưa kiểm tra được".
    """
    roster = Roster(problem, assignments)
    found = []
    for rule in (HOURS_MONTH, HOURS_YEAR):
        if rule.is_on(problem):
            found += [(rule.code, p.id) for p in problem.staff if _is_open(problem, p, rule, roster.shifts_of[p.id])]
    return found


def _is_open(problem: Problem, person: Staff, rule: Rule, shifts: Iterable[Shift]) -> bool:
    monthly = rule is HOURS_MONTH
    if (person.overtime_month if monthly else person.overtime_year) is not None:
        return False
    period = first_of_month if monthly else first_of_year
    return period(problem.dates[0]) in by_period(overtime(problem, person, shifts), period)
