"""How many: shifts at most and at least, per day, of one kind, nights, peaks, changes against the roster before."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from roster.planning.engines.local_search.guards.base import Limited, RowGuard
from roster.planning.engines.local_search.row import Row
from roster.planning.rules.limits_max_shifts import most_shifts
from roster.planning.rules.limits_min_shifts import least_shifts
from roster.planning.rules.limits_template import template_limits


class MostShifts(Limited):
    def prepare(self) -> None:
        self.limits = [most_shifts(self.indexed.problem, person) for person in self.indexed.people]

    def amount(self, row: Row) -> int:
        return max(0, len(row.shifts) - self.limit(row))


class LeastShifts(Limited):
    is_least: ClassVar[bool] = True

    def prepare(self) -> None:
        self.limits = [least_shifts(self.indexed.problem, person) for person in self.indexed.people]

    def amount(self, row: Row) -> int:
        return max(0, self.limit(row) - len(row.shifts))


class PerDay(Limited):
    def amount(self, row: Row) -> int:
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

    def amount(self, row: Row) -> int:
        counts = Counter(self.template[s] for s in row.shifts)
        return sum(max(0, counts[name] - most) for name, most in self.limits[row.person].items())


class Nights(Limited):
    def amount(self, row: Row) -> int:
        night = self.indexed.night_bit
        return max(0, sum(1 for s in row.shifts if night[s]) - self.limit(row))


class SecondPeak(RowGuard):
    def prepare(self) -> None:
        self.peak = [bool(shift.peak) for shift in self.indexed.shifts]

    def amount(self, row: Row) -> int:
        peak = self.peak
        return max(0, sum(1 for s in row.shifts if peak[s]) - 1)


class Changed(RowGuard):
    def prepare(self) -> None:
        indexed = self.indexed
        before: list[set[int]] = [set() for _ in indexed.people]
        for each in indexed.problem.baseline:
            before[indexed.person_of[each.staff_id]].add(indexed.number_of[each.shift_id])
        self.before = [frozenset(own) for own in before]

    def concerns(self, person: int) -> bool:
        return bool(self.indexed.problem.baseline)

    def amount(self, row: Row) -> int:
        return len(self.before[row.person].symmetric_difference(row.shifts))


class OtherTemplate(RowGuard):
    """Two days running with duties of different names, on the one or across the two."""

    def prepare(self) -> None:
        self.template = [shift.template for shift in self.indexed.shifts]

    def amount(self, row: Row) -> int:
        names: dict[int, set[str]] = {}
        for s in row.shifts:
            if self.indexed.onsite[s]:
                names.setdefault(self.indexed.day[s], set()).add(self.template[s])
        return sum(1 for day, own in names.items() if day + 1 in names and len(own | names[day + 1]) > 1)
