"""Overtime: of a month, of a year, and of those who may do none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from roster.planning.engines.local_search.guards.base import RowGuard
from roster.planning.engines.local_search.row import Row
from roster.planning.problem import Problem, Staff
from roster.planning.rules import hours_month, hours_year
from roster.planning.time.normal_hours import BY_ROSTER
from roster.planning.time.overtime import (
    by_period,
    first_of_month,
    first_of_year,
    normal_week,
    overtime,
    overtime_alone,
    thursday,
)

ENDLESS = 10**9


class Overtime(RowGuard):
    """Overtime of a period against what is left of it."""

    def period(self, on: date) -> date:
        raise NotImplementedError

    def left(self, problem: Problem, person: Staff, first: date) -> int:
        raise NotImplementedError

    def prepare(self) -> None:
        indexed = self.indexed
        days = {shift.local_date.toordinal() for shift in indexed.shifts}
        firsts = {self.period(date.fromordinal(day)) for day in days | set(map(thursday, days))}
        self.firsts = sorted(firsts)
        self.room = [{first: self.left(indexed.problem, p, first) for first in self.firsts} for p in indexed.people]
        self.first = [self.period(shift.local_date) for shift in indexed.shifts]
        self._own: list[dict[int, int]] = [{} for _ in indexed.people]
        # Below this, no week can hold more than the normal one.
        self.few = [
            self._least_week(person) if p.work_pattern == BY_ROSTER else 0 for person, p in enumerate(indexed.people)
        ]

    def _least_week(self, person: int) -> int:
        indexed = self.indexed
        weeks = {thursday(indexed.first_day + day) for day in range(indexed.days)}
        return min((normal_week(indexed.problem, indexed.people[person], week) for week in weeks), default=0)

    def concerns(self, person: int) -> bool:
        return min(self.room[person].values(), default=ENDLESS) < ENDLESS

    def amount(self, row: Row) -> int:
        room = self.room[row.person]
        spent = self._by_shift(row) if self._adds_up(row) else self._together(row)
        return sum(minutes - room[first] for first, minutes in spent.items() if minutes > room[first])

    def _adds_up(self, row: Row) -> bool:
        """Whether the row has as much overtime as its shifts have each alone."""
        indexed = self.indexed
        onsite = [s for s in row.shifts if indexed.onsite[s]]
        if indexed.people[row.person].work_pattern != BY_ROSTER:
            dropped = [indexed.drop_bits[s] for s in onsite]
            return sum(map(int.bit_count, dropped)) == row.dropped.bit_count()
        few = self.few[row.person]
        return row.days.bit_count() == len(onsite) and sum(row.minutes.values()) <= few

    def _by_shift(self, row: Row) -> dict[date, int]:
        own, spent = self._own[row.person], dict[date, int]()
        for s in row.shifts:
            minutes = own.get(s)
            if minutes is None:
                indexed = self.indexed
                minutes = own[s] = overtime_alone(indexed.problem, indexed.people[row.person], indexed.shifts[s])
            if minutes:
                spent[self.first[s]] = spent.get(self.first[s], 0) + minutes
        return spent

    def _together(self, row: Row) -> dict[date, int]:
        indexed = self.indexed
        shifts = [indexed.shifts[s] for s in row.shifts]
        return by_period(overtime(indexed.problem, indexed.people[row.person], shifts), self.period)


class MonthHours(Overtime):
    def period(self, on: date) -> date:
        return first_of_month(on)

    def left(self, problem: Problem, person: Staff, first: date) -> int:
        return left(problem, person, first, hours_month.month_limit, hours_month.worked_before)


class YearHours(Overtime):
    def period(self, on: date) -> date:
        return first_of_year(on)

    def left(self, problem: Problem, person: Staff, first: date) -> int:
        return left(problem, person, first, hours_year.year_limit, hours_year.worked_before)


Number = Callable[[Problem, Staff, date], int | None]


def left(problem: Problem, person: Staff, first: date, limit: Number, before: Number) -> int:
    """Minutes of overtime that the plan may still use; what was worked too much before is no fault of the plan."""
    most = limit(problem, person, first)
    return ENDLESS if most is None else max(0, most - (before(problem, person, first) or 0))


class NoOvertime(RowGuard):
    """Those who may do none: what two shifts of a date or a week come to, which each alone would not."""

    def concerns(self, person: int) -> bool:
        return self.indexed.people[person].no_overtime

    def amount(self, row: Row) -> int:
        indexed = self.indexed
        shifts = [indexed.shifts[s] for s in row.shifts]
        return sum(overtime(indexed.problem, indexed.people[row.person], shifts, protected=True).values())
