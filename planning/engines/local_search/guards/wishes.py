"""Wishes for duty; those for days off are said by `candidates.single_shift`."""

from __future__ import annotations

from planning.engines.local_search.guards.base import RowGuard
from planning.engines.local_search.row import SearchRow
from planning.problem import Wish
from planning.rules.wishes import asks_for


class WishedOn(RowGuard):
    """Wishes that some shift could grant and none of the row does; those that none can grant change nothing."""

    def prepare(self) -> None:
        indexed = self.indexed
        self.wishes: list[list[tuple[frozenset[int], int]]] = [[] for _ in indexed.people]
        for wish in indexed.problem.wishes:
            if wish.want == "on" and (about := self._about(wish)):
                self.wishes[indexed.person_of[wish.staff_id]].append((frozenset(about), wish.weight))

    def _about(self, wish: Wish) -> list[int]:
        served = self.indexed.served[self.indexed.person_of[wish.staff_id]]
        return [number for number in served if asks_for(wish, self.indexed.shifts[number])]

    def concerns(self, person: int) -> bool:
        return bool(self.wishes[person])

    def amount(self, row: SearchRow) -> int:
        return sum(weight for about, weight in self.wishes[row.person] if about.isdisjoint(row.shifts))
