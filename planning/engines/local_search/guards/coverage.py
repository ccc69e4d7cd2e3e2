"""How many people a shift has, and with which skills."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from planning.engines.local_search.guards.base import SeatGuard


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
