"""Overtime of months and years, and of those who may do none, as sums of columns.

Most of it is a number for each shift. Where a date may hold several shifts, where a week may exceed the normal one, or
where two shifts may replace the same ordinary work, columns say what no number can. They may always be as small as the
rules count, and never smaller in sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import reduce
from itertools import combinations
from math import gcd

from planning.engines.mip.builder import Builder
from planning.engines.mip.cliques import excludes, is_one_at_most
from planning.engines.mip.model import Tag
from planning.problem import Problem, Shift, Staff
from planning.rules.hours import month as hours_month, year as hours_year
from planning.time.minutes import dropped_days
from planning.time.normal_hours import BY_ROSTER
from planning.time.overtime import (
    Period,
    by_period,
    credit,
    first_of_month,
    first_of_year,
    free_minutes,
    normal_day,
    normal_week,
    overtime,
    overtime_alone,
    thursday,
)

Terms = list[tuple[int, int]]
ByDay = dict[int, Terms]
"""Ordinal of a date → columns and minutes of the overtime that belongs to it."""
Limit = Callable[[Problem, Staff, date], int | None]


def month(builder: Builder, person: Staff) -> None:
    _within(
        builder,
        person,
        "hours.month",
        first_of_month,
        limit_of=hours_month.month_limit,
        before_of=hours_month.worked_before,
    )


def year(builder: Builder, person: Staff) -> None:
    _within(
        builder, person, "hours.year", first_of_year, limit_of=hours_year.year_limit, before_of=hours_year.worked_before
    )


def none_at_all(builder: Builder, person: Staff) -> None:
    """What several shifts come to together; each by itself is no candidate already."""
    if person.no_overtime:
        terms = [term for own in _terms(builder, person, protected=True).values() for term in own]
        excuse = sum(overtime(builder.problem, person, _pinned(builder, person), protected=True).values())
        builder.at_most("protected.no_overtime", terms, 0, staff_id=person.id, excuse=excuse)


def _within(builder: Builder, person: Staff, code: str, period: Period, *, limit_of: Limit, before_of: Limit) -> None:
    """Overtime of each period stays within what the limit leaves after what was worked before."""
    problem = builder.problem
    terms: defaultdict[date, Terms] = defaultdict(list)
    for day, own in _terms(builder, person).items():
        terms[period(date.fromordinal(day))] += own
    pinned = by_period(overtime(problem, person, _pinned(builder, person)), period)
    for first, own in terms.items():
        limit = limit_of(problem, person, first)
        if limit is not None:
            left = max(0, limit - (before_of(problem, person, first) or 0))
            builder.at_most(code, own, left, staff_id=person.id, excuse=pinned.get(first, 0))


def _pinned(builder: Builder, person: Staff) -> list[Shift]:
    return [shift for shift in builder.own[person.id] if (shift.id, person.id) in builder.pins]


def _terms(builder: Builder, person: Staff, *, protected: bool = False) -> ByDay:
    """The overtime of the person by date; worked out once for month and year."""
    key = (person.id, protected)
    if key not in builder.overtime:
        if person.work_pattern == BY_ROSTER:
            builder.overtime[key] = ByRoster(builder, person, protected=protected).terms
        else:
            builder.overtime[key] = _beside_work(builder, person)
    return builder.overtime[key]


class ByRoster:
    """Somebody who works by the roster alone: by day beyond the normal one, then by week beyond the normal one."""

    def __init__(self, builder: Builder, person: Staff, *, protected: bool) -> None:
        self.builder, self.person, self.protected = builder, person, protected
        self.terms: defaultdict[int, Terms] = defaultdict(list)
        self.days: defaultdict[int, list[Shift]] = defaultdict(list)
        for shift in builder.own[person.id]:
            if shift.form == "onsite":
                self.days[shift.local_date.toordinal()].append(shift)
        minutes = [n for own in self.days.values() for s in own for n in (s.minutes, free_minutes(builder.problem, s))]
        norms = [n for day in self.days for n in (self._normal(day), normal_week(builder.problem, person, day))]
        self.grain = reduce(gcd, [*minutes, *norms], 0) or 1
        weeks: defaultdict[int, list[int]] = defaultdict(list)
        for day in sorted(self.days):
            weeks[thursday(day)].append(day)
        for middle, days in weeks.items():
            self._week(middle, days)

    def _normal(self, day: int) -> int:
        return normal_day(self.builder.problem, self.person, day, protected=self.protected)

    def _column(self, shift: Shift) -> int:
        return self.builder.pair_column[shift.id, self.person.id]

    def _day(self, day: int) -> tuple[Terms, int]:
        """Return what is left of the day for its week, and the most that can be; its overtime is noted."""
        shifts, normal, problem = self.days[day], self._normal(day), self.builder.problem
        found = self.terms[day]
        minutes = {s.id: s.minutes - free_minutes(problem, s) for s in shifts}
        if is_one_at_most(self.builder, self.person, shifts):
            found += [(self._column(s), over) for s in shifts if (over := s.minutes - min(minutes[s.id], normal))]
            left = [(self._column(s), min(minutes[s.id], normal)) for s in shifts]
            return left, max(n for _, n in left)
        whole = [(self._column(s), minutes[s.id]) for s in shifts]
        found += [(self._column(s), free) for s in shifts if (free := free_minutes(problem, s))]
        excess = self._beyond(whole, sum(minutes.values()), normal)
        found += excess
        return [*whole, *((column, -factor) for column, factor in excess)], min(normal, sum(minutes.values()))

    def _beyond(self, terms: Terms, most: int, limit: int) -> Terms:
        """A column for what the terms exceed the limit by, in units of the common measure; none where they cannot."""
        if most <= limit:
            return []
        grain, model = self.grain, self.builder.model
        column = model.column(0, 0, (most - limit) // grain)
        row = [*((c, f // grain) for c, f in terms), (column, -1)]
        model.row(row, upper=limit // grain, tag=Tag("", self.person.id))
        return [(column, grain)]

    def _week(self, middle: int, days: list[int]) -> None:
        each = [self._day(day) for day in days]
        limit = normal_week(self.builder.problem, self.person, middle)
        most = sum(sorted((most for _, most in each), reverse=True)[: self._most_days()])
        terms = [term for left, _ in each for term in left]
        self.terms[middle] += self._beyond(terms, most, limit)

    def _most_days(self) -> int:
        """Dates of one week that can hold duty."""
        builder = self.builder
        pinned = any((s.id, self.person.id) in builder.pins for own in self.days.values() for s in own)
        if pinned or not builder.is_hard("runs.max_days"):
            return 7
        return min(7, _in_a_week(builder.value("runs.max_days", "most", self.person)))


def _in_a_week(run: int | None) -> int:
    """The most dates of seven where no more than `run` follow each other."""
    return 7 if run is None else 7 - 7 // (run + 1)


def _beside_work(builder: Builder, person: Staff) -> ByDay:
    """Somebody with ordinary work: what exceeds the work that the shifts replace."""
    own = [shift for shift in builder.own[person.id] if shift.form == "onsite"]
    if _share_work(builder, person, own):
        return _made_up(builder, person, own)
    found: ByDay = defaultdict(list)
    for shift in own:
        if minutes := overtime_alone(builder.problem, person, shift):
            found[shift.local_date.toordinal()].append((builder.pair_column[shift.id, person.id], minutes))
    return found


def _made_up(builder: Builder, person: Staff, own: list[Shift]) -> ByDay:
    """A column for what each date's ordinary work makes up of each shift: no more than either has."""
    model, tag, found = builder.model, Tag("", person.id), ByDay()
    given: defaultdict[int, Terms] = defaultdict(list)
    for shift in own:
        held, taken = builder.pair_column[shift.id, person.id], Terms()
        for day in dropped_days(shift):
            if most := min(credit(builder.problem, person, day), shift.minutes):
                taken.append((model.column(0, 0, most), 1))
                given[day].append(taken[-1])
        if taken:
            model.row([*taken, (held, -shift.minutes)], upper=0, tag=tag)
        day = shift.local_date.toordinal()
        found[day] = [*found.get(day, []), (held, shift.minutes), *((column, -1) for column, _ in taken)]
    for day, terms in given.items():
        model.row(terms, upper=credit(builder.problem, person, day), tag=tag)
    return found


def _share_work(builder: Builder, person: Staff, own: list[Shift]) -> bool:
    """Whether some two shifts would replace the same work."""
    by_day: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in own:
        for day in dropped_days(shift):
            if credit(builder.problem, person, day):
                by_day[day].append(shift)
    return any(_share(builder, person, *two) for shifts in by_day.values() for two in combinations(shifts, 2))


def _share(builder: Builder, person: Staff, one: Shift, other: Shift) -> bool:
    """Whether the two together have more overtime than each alone."""
    if excludes(builder, one, other):
        return False
    alone = overtime_alone(builder.problem, person, one) + overtime_alone(builder.problem, person, other)
    return sum(overtime(builder.problem, person, (one, other)).values()) > alone
