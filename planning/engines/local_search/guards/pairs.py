"""Who shares a shift with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import ClassVar

from planning.engines.local_search.guards.base import SeatGuard
from planning.problem import Pair, PairKind
from planning.rules.pairs.together import shares


class _Pairs(SeatGuard):
    kind: ClassVar[PairKind]

    def prepare(self) -> None:
        self.pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        indexed = self.indexed
        for pair in indexed.problem.pairs:
            if pair.kind == self.kind:
                one, other = indexed.person_of[pair.first], indexed.person_of[pair.second]
                for shift in range(len(indexed.shifts)):
                    if self.meet(shift, one, other):
                        self.pairs[shift].append((one, other))

    def meet(self, shift: int, one: int, other: int) -> bool:
        """Whether the rule asks anything of these two on this shift."""
        return True

    def concerns(self, shift: int) -> bool:
        return shift in self.pairs


class Together(_Pairs):
    kind = "together"
    is_least: ClassVar[bool] = True

    def meet(self, shift: int, one: int, other: int) -> bool:
        first, second = self.indexed.people[one].id, self.indexed.people[other].id
        return shares(self.indexed.problem, Pair(first, second, self.kind), self.indexed.shifts[shift])

    def amount(self, shift: int, people: Collection[int]) -> int:
        return sum((one in people) != (other in people) for one, other in self.pairs[shift])


class Apart(_Pairs):
    kind = "apart"

    def amount(self, shift: int, people: Collection[int]) -> int:
        return sum(one in people and other in people for one, other in self.pairs[shift])
