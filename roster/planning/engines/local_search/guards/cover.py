"""Rules about the people of one shift: how many, with which skills, who with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import ClassVar

from roster.planning.engines.local_search.guards.base import SeatGuard
from roster.planning.problem import Pair, PairKind
from roster.planning.rules.pairs_together import shares


class Skills(SeatGuard):
    is_least: ClassVar[bool] = True

    def prepare(self) -> None:
        names = {skill for shift in self.indexed.shifts for skill in shift.skills}
        self.skilled = {
            name: frozenset(n for n, person in enumerate(self.indexed.people) if name in person.skills)
            for name in names
        }

    def concerns(self, shift: int) -> bool:
        return bool(self.indexed.shifts[shift].skills)

    def amount(self, shift: int, people: Collection[int]) -> int:
        asked = self.indexed.shifts[shift]
        empty = max(0, asked.headcount - len(people))
        present = {skill: len(self.skilled[skill].intersection(people)) for skill in asked.skills}
        return sum(max(0, least - present[skill] - empty) for skill, least in asked.skills.items())


class WantedNumber(SeatGuard):
    """The amount is already a cost: what each too few or too many costs is the shift's own."""

    own_price: ClassVar[int] = 1

    def concerns(self, shift: int) -> bool:
        return self.indexed.shifts[shift].wanted is not None

    def amount(self, shift: int, people: Collection[int]) -> int:
        wanted = self.indexed.shifts[shift].wanted
        if wanted is None:
            return 0
        return wanted.under * max(0, wanted.number - len(people)) + wanted.over * max(0, len(people) - wanted.number)


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
