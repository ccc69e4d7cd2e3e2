"""One person's shifts as the guards read them; what few guards need is worked out when asked for."""

from __future__ import annotations

from planning.engines.local_search.indexed_problem import IndexedProblem, Shifts


class SearchRow:
    """`person` is a number of the indexed; `days` and `nights` are masks of the dates on which on-site duty starts."""

    __slots__ = ("_minutes", "days", "dropped", "indexed", "nights", "person", "shifts")

    def __init__(self, indexed: IndexedProblem, person: int, shifts: Shifts) -> None:
        self.indexed, self.person, self.shifts = indexed, person, shifts
        day_bit, night_bit, drop_bits = indexed.day_bit, indexed.night_bit, indexed.drop_bits
        days = nights = dropped = 0
        for s in shifts:
            days |= day_bit[s]
            nights |= night_bit[s]
            dropped |= drop_bits[s]
        self.days, self.nights, self.dropped = days, nights, dropped
        self._minutes: dict[int, int] | None = None

    @property
    def minutes(self) -> dict[int, int]:
        """On-site minutes by day of the plan, cut at midnight."""
        if self._minutes is None:
            found: dict[int, int] = {}
            sites = self.indexed.sites
            for s in self.shifts:
                for day, minutes in sites[s]:
                    found[day] = found.get(day, 0) + minutes
            self._minutes = found
        return self._minutes
