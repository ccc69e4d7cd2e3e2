"""Nights in all and in a row, and weekends."""

from __future__ import annotations

from planning.engines.local_search.guards.base import Limited
from planning.engines.local_search.guards.runs import beyond
from planning.engines.local_search.indexed_problem import bit
from planning.engines.local_search.row import SearchRow


class Nights(Limited):
    def amount(self, row: SearchRow) -> int:
        night = self.indexed.night_bit
        return max(0, sum(1 for s in row.shifts if night[s]) - self.limit(row))


class NightsInARow(Limited):
    def amount(self, row: SearchRow) -> int:
        return beyond(row.nights, self.limit(row))


class Weekends(Limited):
    saturdays: int
    sundays: int

    def prepare(self) -> None:
        super().prepare()
        days = range(self.indexed.days)
        self.saturdays = sum(bit(day) for day in days if (self.indexed.first_day + day) % 7 == 6)
        self.sundays = sum(bit(day) for day in days if (self.indexed.first_day + day) % 7 == 0)

    def amount(self, row: SearchRow) -> int:
        worked = row.days & self.saturdays | (row.days & self.sundays) >> 1
        return max(0, worked.bit_count() - self.limit(row))
