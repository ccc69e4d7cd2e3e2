"""A Problem as it would be once a repair is allowed, to be solved again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from planning.explain.facts import dates_of, on_days
from planning.explain.repairs import NEW_PERSON, Repair
from planning.problem import Absence, Problem, Staff
from planning.settings import Setting

# Rules that read a person's own number from `Staff.limits` under "rule:most".
COUNTED = frozenset(
    {
        "hours.continuous",
        "hours.rolling",
        "hours.day",
        "hours.week",
        "hours.month",
        "hours.year",
        "hours.total",
        "limits.max_shifts",
        "limits.per_day",
        "nights.in_a_row",
        "nights.most",
        "runs.max_days",
        "weekends.most",
    }
)


def relaxed(problem: Problem, repair: Repair) -> Problem | None:
    """None where it cannot be written into a Problem: an exception for one seat, said with a reason, is not a rule."""
    if repair.kind == "rule":
        setting = replace(problem.settings.get(repair.rule, Setting()), hard=False)
        return replace(problem, settings={**problem.settings, repair.rule: setting})
    if repair.kind == "leave":
        return replace(problem, absences=tuple(_without(problem, repair.staff_id, repair.days)))
    if repair.kind == "hire":
        person = Staff(NEW_PERSON, "", "", frozenset({repair.duty}), frozenset({repair.unit}), unit=repair.unit)
        return replace(problem, staff=(*problem.staff, person))
    if repair.kind == "person" and (repair.rule not in COUNTED or repair.now is None):
        return None
    staff = tuple(_allowed(person, repair) if person.id == repair.staff_id else person for person in problem.staff)
    return replace(problem, staff=staff)


def _allowed(person: Staff, repair: Repair) -> Staff:
    if repair.kind == "help":
        return replace(person, eligible_units=person.eligible_units | {repair.unit})
    if repair.kind == "qualify":
        return replace(person, duties=person.duties | {repair.duty})
    if repair.rule == "limits.max_shifts":
        return replace(person, max_shifts=repair.now)
    return replace(person, limits={**person.limits, f"{repair.rule}:most": repair.now or 0})


def _without(problem: Problem, staff_id: int | None, days: Collection[date]) -> Iterator[Absence]:
    for row in problem.absences:
        if row.staff_id == staff_id and not set(days).isdisjoint(dates_of(row)):
            yield from on_days(row, [on for on in dates_of(row) if on not in days])
        else:
            yield row
