"""A second peak shift; one stood at the last Tết is said by `candidates.single_shift`."""

from __future__ import annotations

from planning.engines.local_search.guards.base import RowGuard
from planning.engines.local_search.row import SearchRow


class SecondPeak(RowGuard):
    def prepare(self) -> None:
        self.peak = [bool(shift.peak) for shift in self.indexed.shifts]

    def amount(self, row: SearchRow) -> int:
        peak = self.peak
        return max(0, sum(1 for s in row.shifts if peak[s]) - 1)
