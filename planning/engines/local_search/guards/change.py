"""Staying close to the roster that people know."""

from __future__ import annotations

from planning.engines.local_search.guards.base import RowGuard
from planning.engines.local_search.row import SearchRow


class Changed(RowGuard):
    def prepare(self) -> None:
        indexed = self.indexed
        before: list[set[int]] = [set() for _ in indexed.people]
        for each in indexed.problem.baseline:
            before[indexed.person_of[each.staff_id]].add(indexed.number_of[each.shift_id])
        self.before = [frozenset(own) for own in before]

    def concerns(self, person: int) -> bool:
        return bool(self.indexed.problem.baseline)

    def amount(self, row: SearchRow) -> int:
        return len(self.before[row.person].symmetric_difference(row.shifts))
