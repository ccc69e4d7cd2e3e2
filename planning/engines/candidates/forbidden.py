"""Bars: what keeps a person away from a shift whatever else they do, while its rule is on and hard.

Besides the rules that one shift decides, each rule that depends on what else is taken, as far as the shift alone shows
that it would be broken.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from planning.engines.candidates.single_shift import SINGLE_SHIFT, Amount, Judge, is_strict
from planning.problem import Problem, Shift, Staff
from planning.rules import RULE_OF
from planning.rules.hours.continuous import HOURS_CONTINUOUS, excused_minutes
from planning.rules.hours.day import HOURS_DAY
from planning.rules.hours.month import month_limit, worked_before as worked_in_month
from planning.rules.hours.ordinary_work import ORDINARY_WORK
from planning.rules.hours.rolling import HOURS_ROLLING
from planning.rules.hours.year import worked_before as worked_in_year, year_limit
from planning.rules.limits.max_shifts import most_shifts
from planning.rules.limits.template import template_limits
from planning.time.minutes import DAY, Slot, slots, work_days, work_minutes
from planning.time.overtime import first_of_month, first_of_year, overtime_alone


def _no_shifts(problem: Problem, person: Staff) -> Amount | None:
    return (lambda shift: True) if most_shifts(problem, person) == 0 else None


def _no_template(problem: Problem, person: Staff) -> Amount | None:
    none = {name for name, most in template_limits(person).items() if most == 0} if person.limits else set()
    return (lambda shift: shift.template in none) if none else None


def _no_nights(problem: Problem, person: Staff) -> Amount | None:
    most = RULE_OF["nights.most"].value(problem, "most", person=person)
    return (lambda shift: shift.night and shift.form == "onsite") if most == 0 else None


def _no_weekends(problem: Problem, person: Staff) -> Amount | None:
    most = RULE_OF["weekends.most"].value(problem, "most", person=person)
    return (lambda shift: shift.form == "onsite" and shift.local_date.weekday() >= 5) if most == 0 else None


def _total(problem: Problem, person: Staff) -> Amount | None:
    most = RULE_OF["hours.total"].value(problem, "most", person=person)
    return None if most is None else lambda shift: shift.form == "onsite" and shift.minutes > most


def _continuous(problem: Problem, person: Staff) -> Amount | None:
    return _too_long(HOURS_CONTINUOUS.value(problem, "most", person=person))


def _rolling(problem: Problem, person: Staff) -> Amount | None:
    return _too_long(HOURS_ROLLING.value(problem, "most", person=person))


def _too_long(most: int | None) -> Amount | None:
    if most is None:
        return None
    return lambda shift: shift.form == "onsite" and shift.minutes - excused_minutes(shift, most) > most


def _day(problem: Problem, person: Staff) -> Amount:
    work, droppable = work_days(problem, person.id), _droppable(problem, person)
    times = slots(problem)

    def amount(shift: Shift) -> int:
        if shift.form != "onsite":
            return False
        for day, minutes in times[shift.id].days:
            if day not in droppable:
                minutes += work_minutes(work, (day,))
            most = _most_of_day(problem, person, day)
            if most is not None and minutes > most:
                return True
        return False

    return amount


def _most_of_day(problem: Problem, person: Staff, day: int) -> int | None:
    known: dict[tuple[int | None, int], int | None] = problem.memo.setdefault("candidates.day", {})
    key = (person.limits.get("hours.day:most"), day)
    if key not in known:
        known[key] = HOURS_DAY.value(problem, "most", person=person, on=date.fromordinal(day))
    return known[key]


def _month(problem: Problem, person: Staff) -> Amount | None:
    return _spent(problem, person, month_limit, worked_in_month, period=first_of_month)


def _year(problem: Problem, person: Staff) -> Amount | None:
    return _spent(problem, person, year_limit, worked_in_year, period=first_of_year)


def _spent(
    problem: Problem,
    person: Staff,
    limit: Callable[[Problem, Staff, date], int | None],
    before: Callable[[Problem, Staff, date], int | None],
    *,
    period: Callable[[date], date],
) -> Amount | None:
    left: dict[date, int] = {}
    for first in {period(on) for on in problem.dates}:
        most = limit(problem, person, first)
        if most is not None:
            left[first] = max(0, most - (before(problem, person, first) or 0))
    if not left:
        return None
    endless = 10**9
    return lambda shift: overtime_alone(problem, person, shift) > left.get(period(shift.local_date), endless)


def _droppable(problem: Problem, person: Staff) -> frozenset[int]:
    """Dates whose ordinary work some shift that the person may serve, or is pinned to, would replace."""
    if not work_days(problem, person.id):
        return frozenset()
    pinned = {pin.shift_id for pin in problem.pins_of.get(person.id, ())}
    return frozenset(
        day
        for shift in _replacing(problem)
        if shift.id in pinned or _member(problem, person, shift)
        for day in slots(problem)[shift.id].drops
    )


def _replacing(problem: Problem) -> list[Shift]:
    found = problem.memo.get("candidates.replacing")
    if found is None:
        found = problem.memo["candidates.replacing"] = [shift for shift in problem.shifts if shift.replaces_work]
    return cast(list[Shift], found)


def _member(problem: Problem, person: Staff, shift: Shift) -> bool:
    return shift.duty in person.duties and (
        shift.unit in person.eligible_units or not is_strict(problem, "eligibility.unit")
    )


def clashes(problem: Problem, person: Staff, slot: Slot) -> frozenset[int]:
    """Dates whose ordinary work, while not dropped, an on-site shift at this time comes too close to."""
    work = work_days(problem, person.id)
    rest = ORDINARY_WORK.number(problem, "minutes", person=person)
    days = range((slot.start - rest) // DAY - 1, (slot.end + rest) // DAY + 2)
    return frozenset(
        day for day in days for w in work.get(day, ()) if slot.start < w.end + rest and w.start < slot.end + rest
    )


def _ordinary(problem: Problem, person: Staff) -> Amount | None:
    if not work_days(problem, person.id):
        return None
    droppable, times = _droppable(problem, person), slots(problem)
    return lambda shift: shift.form == "onsite" and not clashes(problem, person, times[shift.id]) <= droppable


BARS: dict[str, Judge] = {
    **SINGLE_SHIFT,
    "work.ordinary": _ordinary,
    "hours.continuous": _continuous,
    "hours.rolling": _rolling,
    "hours.day": _day,
    "hours.month": _month,
    "hours.year": _year,
    "hours.total": _total,
    "limits.max_shifts": _no_shifts,
    "limits.template": _no_template,
    "nights.most": _no_nights,
    "weekends.most": _no_weekends,
}
