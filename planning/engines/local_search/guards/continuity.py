"""Shifts of other names from one day to the next."""

from __future__ import annotations

from planning.engines.local_search.guards.base import RowGuard
from planning.engines.local_search.row import SearchRow


class OtherTemplate(RowGuard):
    """Two days running with duties of different names, on the one or across the two."""

    def prepare(self) -> None:
        self.template = [shift.template for shift in self.indexed.shifts]

    def amount(self, row: SearchRow) -> int:
        names: dict[int, set[str]] = {}
        for s in row.shifts:
            if self.indexed.onsite[s]:
                names.setdefault(self.indexed.day[s], set()).add(self.template[s])
        return sum(1 for day, own in names.items() if day + 1 in names and len(own | names[day + 1]) > 1)
