"""Overtime: of a month, of a year, and of those who may do none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from planning.engines.local_search.guards.base import RowGuard
from planning.engines.local_search.indexed_problem import IndexedProblem
from planning.engines.local_search.row import SearchRow
from planning.problem import Problem, Staff
from planning.rules.hours import month as hours_month, year as hours_year
from planning.time.normal_hours import BY_ROSTER
from planning.time.overtime import (
    by_period,
    first_of_month,
    first_of_year,
    normal_week,
    overtime,
    overtime_alone,
    thursday,
)

ENDLESS = 10**9


class _Alone(dict[int, int]):
    """Shift → the overtime that one person has of it alone, worked out when it is asked for."""

    def __init__(self, indexed: IndexedProblem, person: int) -> None:
        self.indexed, self.person = indexed, person

    def __missing__(self, shift: int) -> int:
        indexed = self.indexed
        self[shift] = minutes = overtime_alone(indexed.problem, indexed.people[self.person], indexed.shifts[shift])
        return minutes


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
        self.least = [min(room.values(), default=ENDLESS) for room in self.room]
        self.by_roster = [person.work_pattern == BY_ROSTER for person in indexed.people]
        self._alone = [_Alone(indexed, person) for person in range(len(indexed.people))]
        # Below this, no week can hold more than the normal one.
        self.few = [
            self._least_week(person) if is_by_roster else 0 for person, is_by_roster in enumerate(self.by_roster)
        ]

    def _least_week(self, person: int) -> int:
        indexed = self.indexed
        weeks = {thursday(indexed.first_day + day) for day in range(indexed.days)}
        return min((normal_week(indexed.problem, indexed.people[person], week) for week in weeks), default=0)

    def concerns(self, person: int) -> bool:
        return self.least[person] < ENDLESS

    def amount(self, row: SearchRow) -> int:
        person, room = row.person, self.room[row.person]
        if not self._adds_up(row):
            spent = self._together(row)
        elif sum(map(self._alone[person].__getitem__, row.shifts)) <= self.least[person]:
            return 0  # not even if all of it fell into one period
        else:
            spent = self._by_shift(row)
        return sum(minutes - room[first] for first, minutes in spent.items() if minutes > room[first])

    def _adds_up(self, row: SearchRow) -> bool:
        """Whether the row has as much overtime as its shifts have each alone."""
        person, indexed = row.person, self.indexed
        if not self.by_roster[person]:
            seen, drop_bits = 0, indexed.drop_bits
            for s in row.shifts:
                if indexed.onsite[s]:
                    dropped = drop_bits[s]
                    if seen & dropped:
                        return False
                    seen |= dropped
            return seen == row.dropped
        onsite = sum(map(indexed.onsite.__getitem__, row.shifts))
        return row.days.bit_count() == onsite and sum(row.minutes.values()) <= self.few[person]

    def _by_shift(self, row: SearchRow) -> dict[date, int]:
        alone, spent = self._alone[row.person], dict[date, int]()
        for s in row.shifts:
            if minutes := alone[s]:
                spent[self.first[s]] = spent.get(self.first[s], 0) + minutes
        return spent

    def _together(self, row: SearchRow) -> dict[date, int]:
        indexed = self.indexed
        shifts = [indexed.shifts[s] for s in row.shifts]
        return by_period(overtime(indexed.problem, indexed.people[row.person], shifts), self.period)


class MonthHours(Overtime):
    def period(self, on: date) -> date:
        return first_of_month(on)

    def left(self, problem: Problem, person: Staff, first: date) -> int:
        return left(problem, person, first, hours_month.month_limit, before=hours_month.worked_before)


class YearHours(Overtime):
    def period(self, on: date) -> date:
        return first_of_year(on)

    def left(self, problem: Problem, person: Staff, first: date) -> int:
        return left(problem, person, first, hours_year.year_limit, before=hours_year.worked_before)


Number = Callable[[Problem, Staff, date], int | None]


def left(problem: Problem, person: Staff, first: date, limit: Number, *, before: Number) -> int:
    """Minutes of overtime that the plan may still use; what was worked too much before is no fault of the plan."""
    most = limit(problem, person, first)
    return ENDLESS if most is None else max(0, most - (before(problem, person, first) or 0))


class NoOvertime(RowGuard):
    """Those who may do none: what two shifts of a date or a week come to, which each alone would not."""

    def concerns(self, person: int) -> bool:
        return self.indexed.people[person].no_overtime

    def amount(self, row: SearchRow) -> int:
        indexed = self.indexed
        shifts = [indexed.shifts[s] for s in row.shifts]
        return sum(overtime(indexed.problem, indexed.people[row.person], shifts, protected=True).values())
