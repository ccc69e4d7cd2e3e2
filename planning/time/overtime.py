"""PURE Overtime of a person's on-site shifts: each minute counts once, by day first, then by week.

People who work by the roster alone: minutes on their free days are overtime; of the other minutes of the shifts that
start on a date, what exceeds the normal day; of what is left of a week from Monday to Sunday, what exceeds the normal
week. The part of a day belongs to its date, that of a week to the month that holds most of it. Everybody else: what
exceeds the ordinary work that the shifts replace, each minute of which makes up for one minute of duty only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from planning.problem import Problem, Shift, Staff
from planning.time.minutes import by_day, dropped_days, minute, work_days, work_minutes
from planning.time.normal_hours import BY_ROSTER, DAY_OF_EIGHT, normal_hours

Period = Callable[[date], date]
"""A date → the first one of its month or year."""


def first_of_month(on: date) -> date:
    return on.replace(day=1)


def first_of_year(on: date) -> date:
    return date(on.year, 1, 1)


def thursday(day: int) -> int:
    """The ordinal of the Thursday of the week of this date: in the month, and the year, that holds most of the week."""
    return day - (day - 1) % 7 + 3


def free_minutes(problem: Problem, shift: Shift) -> int:
    """Minutes of the shift on days that are free for people who work by the roster alone."""
    known: dict[int, int] = problem.facts.setdefault("overtime.free", {})
    if shift.id not in known:
        free = {day.toordinal() for day in problem.free_days.get(BY_ROSTER, ())}
        spans = by_day(minute(shift.start), minute(shift.end))
        known[shift.id] = sum(minutes for day, minutes in spans if day in free)
    return known[shift.id]


def normal_day(problem: Problem, person: Staff, day: int, *, protected: bool = False) -> int:
    """Normal minutes of a date. That hours are set by the week, and ten a day may be normal, is no excuse towards
    somebody protected.
    """
    most = normal_hours(problem, person.work_pattern, day).day
    return min(most, DAY_OF_EIGHT) if protected else most


def normal_week(problem: Problem, person: Staff, day: int) -> int:
    """Normal minutes of the week of a date."""
    return normal_hours(problem, person.work_pattern, thursday(day)).week


def credit(problem: Problem, person: Staff, day: int) -> int:
    """Ordinary work of a date that duty may make up for."""
    work = work_minutes(work_days(problem, person.id), (day,))
    return min(work, normal_day(problem, person, day)) if work else 0


def overtime(problem: Problem, person: Staff, shifts: Iterable[Shift], *, protected: bool = False) -> dict[int, int]:
    """Ordinal of a date → minutes of overtime that belong to it; dates without any are left out."""
    onsite = [shift for shift in shifts if shift.form == "onsite"]
    if person.work_pattern == BY_ROSTER:
        found = _by_roster(problem, person, onsite, protected=protected)
    else:
        found = _beside_work(problem, person, sorted(onsite, key=lambda shift: (shift.start, shift.id)))
    return {day: minutes for day, minutes in found.items() if minutes}


def _by_roster(problem: Problem, person: Staff, onsite: Sequence[Shift], *, protected: bool) -> Mapping[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    days: defaultdict[int, int] = defaultdict(int)
    for shift in onsite:
        day, free = shift.local_date.toordinal(), free_minutes(problem, shift)
        found[day] += free
        days[day] += shift.minutes - free
    weeks: defaultdict[int, int] = defaultdict(int)
    for day, minutes in days.items():
        normal = min(minutes, normal_day(problem, person, day, protected=protected))
        found[day] += minutes - normal
        weeks[thursday(day)] += normal
    for middle, minutes in weeks.items():
        found[middle] += max(0, minutes - normal_week(problem, person, middle))
    return found


def _beside_work(problem: Problem, person: Staff, onsite: Sequence[Shift]) -> Mapping[int, int]:
    left: dict[int, int] = {}
    found: defaultdict[int, int] = defaultdict(int)
    for shift in onsite:
        need = shift.minutes
        for day in dropped_days(shift):
            if day not in left:
                left[day] = credit(problem, person, day)
            made_up = min(need, left[day])
            need, left[day] = need - made_up, left[day] - made_up
        found[shift.local_date.toordinal()] += need
    return found


def overtime_alone(problem: Problem, person: Staff, shift: Shift, *, protected: bool = False) -> int:
    """Overtime of a shift, were it the person's only one: never more than what it adds beside others."""
    known: dict[tuple[int, int, bool], int] = problem.facts.setdefault("overtime.alone", {})
    key = (person.id, shift.id, protected)
    if key not in known:
        known[key] = sum(overtime(problem, person, (shift,), protected=protected).values())
    return known[key]


def by_period(minutes: Mapping[int, int], period: Period) -> dict[date, int]:
    """Minutes by ordinal of a date added up by the period of the date."""
    found: defaultdict[date, int] = defaultdict(int)
    for day, each in sorted(minutes.items()):
        found[period(date.fromordinal(day))] += each
    return dict(found)


def counting(shifts: Iterable[Shift], first: date, period: Period) -> tuple[int, ...]:
    """Ids of the on-site shifts whose overtime may belong to the period that begins on `first`."""
    return tuple(shift.id for shift in shifts if shift.form == "onsite" and first in periods(shift, period))


def periods(shift: Shift, period: Period) -> set[date]:
    """The periods of the shift's date and of its week."""
    middle = date.fromordinal(thursday(shift.local_date.toordinal()))
    return {period(shift.local_date), period(middle)}
