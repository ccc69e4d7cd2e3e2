"""What a roster could not be checked for: overtime of people whose earlier overtime nobody knows."""

from __future__ import annotations

from collections import defaultdict
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


def by_person(problem: Problem, assignments: Iterable[Assignment]) -> dict[int, tuple[str, ...]]:
    """The same by staff id: the codes of the rules that could not be checked."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for code, staff_id in unchecked(problem, assignments):
        found[staff_id].append(code)
    return {staff_id: tuple(codes) for staff_id, codes in found.items()}


def unchecked_with(problem: Problem, person: Staff, shifts: Iterable[Shift]) -> tuple[str, ...]:
    """The rules that could not be checked of somebody who has these shifts; mostly none."""
    own, rules = tuple(shifts), (HOURS_MONTH, HOURS_YEAR)
    return tuple(rule.code for rule in rules if rule.is_on(problem) and _is_open(problem, person, rule, own))


def _is_open(problem: Problem, person: Staff, rule: Rule, shifts: Iterable[Shift]) -> bool:
    monthly = rule is HOURS_MONTH
    if (person.overtime_month if monthly else person.overtime_year) is not None:
        return False
    period = first_of_month if monthly else first_of_year
    return period(problem.dates[0]) in by_period(overtime(problem, person, shifts), period)
