"""How many shifts a person may or must have: in all, a day, of one name."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from planning.engines.local_search.guards.base import Limited, RowGuard
from planning.engines.local_search.row import SearchRow
from planning.rules.limits.max_shifts import most_shifts
from planning.rules.limits.min_shifts import least_shifts
from planning.rules.limits.template import template_limits


class MostShifts(Limited):
    def prepare(self) -> None:
        self.limits = [most_shifts(self.indexed.problem, person) for person in self.indexed.people]

    def amount(self, row: SearchRow) -> int:
        return max(0, len(row.shifts) - self.limit(row))


class LeastShifts(Limited):
    is_least: ClassVar[bool] = True

    def prepare(self) -> None:
        self.limits = [least_shifts(self.indexed.problem, person) for person in self.indexed.people]

    def amount(self, row: SearchRow) -> int:
        return max(0, self.limit(row) - len(row.shifts))


class PerDay(Limited):
    def amount(self, row: SearchRow) -> int:
        day, most = self.indexed.day, self.limit(row)
        if len({day[s] for s in row.shifts}) == len(row.shifts) and most:
            return 0
        return sum(max(0, count - most) for count in Counter(day[s] for s in row.shifts).values())


class OfTemplate(RowGuard):
    def prepare(self) -> None:
        self.limits = [template_limits(person) if person.limits else {} for person in self.indexed.people]
        self.template = [shift.template for shift in self.indexed.shifts]

    def concerns(self, person: int) -> bool:
        return bool(self.limits[person])

    def amount(self, row: SearchRow) -> int:
        counts = Counter(self.template[s] for s in row.shifts)
        return sum(max(0, counts[name] - most) for name, most in self.limits[row.person].items())
