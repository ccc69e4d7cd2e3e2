"""What a roster could not be checked for: overtime of people whose earlier overtime nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planning.problem import Assignment, Problem, Shift, Staff
from planning.roster import roster_of
from planning.rules.base import Rule
from planning.rules.hours.month import HOURS_MONTH
from planning.rules.hours.year import HOURS_YEAR
from planning.time.overtime import by_period, first_of_month, first_of_year, overtime


def by_person(problem: Problem, assignments: Iterable[Assignment]) -> dict[int, tuple[str, ...]]:
    """Staff id → codes of the rules that could not be checked, of everybody who does overtime in the plan's first month
    or year without a known start.

    Their caps were judged as if they had worked none before: "chưa có số đầu kỳ, chưa kiểm tra được".
    """
    roster = roster_of(problem, assignments)
    known: dict[int, tuple[tuple[int, ...], tuple[str, ...]]] = problem.facts.setdefault("unchecked", {})
    found, own_ids = {}, roster.ids_of
    for person in problem.staff:
        seen, last = own_ids.get(person.id, ()), known.get(person.id)
        if last is None or last[0] != seen:
            last = known[person.id] = (seen, _unchecked_rules(problem, person, roster.shifts_of.get(person.id, ())))
        if last[1]:
            found[person.id] = last[1]
    return found


def unchecked_with(problem: Problem, person: Staff, shifts: Iterable[Shift]) -> tuple[str, ...]:
    """The rules that could not be checked of somebody who has these shifts; mostly none."""
    return _unchecked_rules(problem, person, tuple(shifts))


def _unchecked_rules(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> tuple[str, ...]:
    rules = (HOURS_MONTH, HOURS_YEAR)
    return tuple(rule.code for rule in rules if rule.is_on(problem) and _is_open(problem, person, rule, shifts))


def _is_open(problem: Problem, person: Staff, rule: Rule, shifts: Sequence[Shift]) -> bool:
    monthly = rule is HOURS_MONTH
    if (person.overtime_month if monthly else person.overtime_year) is not None:
        return False
    period = first_of_month if monthly else first_of_year
    return period(problem.dates[0]) in by_period(overtime(problem, person, shifts), period)
