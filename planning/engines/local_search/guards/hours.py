"""Working hours: per day, rolling week, overtime per month and year, and of the whole plan."""

from __future__ import annotations

from datetime import date
from itertools import accumulate
from operator import sub
from typing import ClassVar

from planning.engines.local_search.guards.base import Limited, RowGuard
from planning.engines.local_search.indexed_problem import bit
from planning.engines.local_search.row import SearchRow
from planning.rules.hours.total import total_bounds

ENDLESS = 10**9


def worked(row: SearchRow) -> dict[int, int]:
    """Minutes by day of the plan: on site, and of ordinary work that nothing replaces."""
    work = row.indexed.work_minutes[row.person]
    if not work:
        return row.minutes
    total = {day: minutes for day, minutes in work.items() if not row.dropped & bit(day)}
    for day, minutes in row.minutes.items():
        total[day] = total.get(day, 0) + minutes
    return total


class DayHours(RowGuard):
    def prepare(self) -> None:
        self._most: dict[int | None, dict[int, int]] = {}
        self.own = [person.limits.get("hours.day:most") for person in self.indexed.people]

    def amount(self, row: SearchRow) -> int:
        most, work, over = self._limits(row.person), self.indexed.work_minutes[row.person], 0
        for day, minutes in row.minutes.items():
            if work and not row.dropped & bit(day):
                minutes += work.get(day, 0)
            if minutes > most[day]:
                over += minutes - most[day]
        return over

    def _limits(self, person: int) -> dict[int, int]:
        """Limit by day; people without a limit of their own share it."""
        own = self.own[person]
        if own not in self._most:
            days = {day for site in self.indexed.sites for day, _ in site}
            self._most[own] = {day: self._limit(person, day) for day in days}
        return self._most[own]

    def _limit(self, person: int, day: int) -> int:
        on = date.fromordinal(self.indexed.first_day + day)
        most = self.rule.value(self.indexed.problem, "most", person=self.indexed.people[person], on=on)
        return ENDLESS if most is None else most


class WeekHours(Limited):
    """Every window of seven days of the plan that holds on-site duty."""

    def amount(self, row: SearchRow) -> int:
        if not row.minutes:
            return 0
        most, total = self.limit(row), worked(row)
        if sum(total.values()) <= most:
            return 0
        sums = self._windows(total)
        if max(sums) <= most:
            return 0
        duty = sums if total is row.minutes else self._windows(row.minutes)
        return sum(minutes - most for minutes, own in zip(sums, duty, strict=True) if own and minutes > most)

    def _windows(self, minutes: dict[int, int]) -> list[int]:
        days = self.indexed.days
        by_day = [0] * days
        for day, each in minutes.items():
            if 0 <= day < days:
                by_day[day] = each
        upto = list(accumulate(by_day, initial=0))
        return list(map(sub, upto[min(7, days) :], upto))


class MostMinutes(RowGuard):
    def prepare(self) -> None:
        problem = self.indexed.problem
        self.bounds = [total_bounds(problem, person) for person in self.indexed.people]

    def concerns(self, person: int) -> bool:
        return self.bounds[person][1] is not None

    def amount(self, row: SearchRow) -> int:
        return max(0, sum(row.minutes.values()) - (self.bounds[row.person][1] or 0))


class LeastMinutes(MostMinutes):
    is_least: ClassVar[bool] = True

    def concerns(self, person: int) -> bool:
        return self.bounds[person][0] is not None

    def amount(self, row: SearchRow) -> int:
        return max(0, (self.bounds[row.person][0] or 0) - sum(row.minutes.values()))
