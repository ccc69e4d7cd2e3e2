"""PURE one unit on one day: how many of its seats are empty, unsure, not confirmed, or not known at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Mark = Literal["missing", "unsure", "unlisted", "waiting", "full", "none"]
MARKS: tuple[Mark, ...] = ("missing", "unsure", "unlisted", "waiting")
"""Troubles, the worst first."""
Key = tuple[int, date]
"""Unit id and local date."""


@dataclass(frozen=True, slots=True)
class UnitCell:
    """``seats``: those that have to be filled, also where nobody has a list; ``waiting``: published seats that begin
    soon and whose holder has not answered; ``unlisted``: units that need people then and have no list."""

    seats: int = 0
    missing: int = 0
    unsure: int = 0
    waiting: int = 0
    unlisted: int = 0

    @property
    def mark(self) -> Mark:
        """The worst; full is said only where everything is known."""
        for each in MARKS:
            if getattr(self, each):
                return each
        return "full" if self.seats else "none"


NOTHING = UnitCell()


@dataclass(frozen=True)
class UnitSeatCounts:
    """The shifts of a unit on a day: people needed, and of those places how many somebody holds."""

    unit_id: int
    on: date
    seats: int
    held: int


@dataclass(frozen=True)
class Doubtful:
    """A shift some of whose holders are in doubt, or (``waits``) have not agreed to be there."""

    unit_id: int
    on: date
    needed: int
    held: int
    doubted: int = 0
    waits: int = 0

    @property
    def lost(self) -> int:
        """Places that only those hold who have not agreed."""
        return min(self.held, self.needed) - self._staffed

    @property
    def unsure(self) -> int:
        """Places of which nobody can be sure; whoever is there beyond what is needed stands in."""
        return self._staffed - min(self.held - self.waits - self.doubted, self.needed)

    @property
    def _staffed(self) -> int:
        return min(self.held - self.waits, self.needed)


def cells(
    counted: Iterable[UnitSeatCounts], doubtful: Iterable[Doubtful], waiting: Mapping[Key, int], listed: Collection[int]
) -> dict[Key, UnitCell]:
    """Return them by unit and day. ``listed``: ids of units of which there is a list; of others nothing is known."""
    lost, unsure = defaultdict[Key, int](int), defaultdict[Key, int](int)
    for each in doubtful:
        lost[each.unit_id, each.on] += each.lost
        unsure[each.unit_id, each.on] += each.unsure
    found: dict[Key, UnitCell] = {}
    for day in counted:
        key = day.unit_id, day.on
        if day.unit_id not in listed:
            found[key] = UnitCell(day.seats, unlisted=int(day.seats > 0))
        else:
            missing = day.seats - day.held + lost[key]
            found[key] = UnitCell(day.seats, missing, unsure[key], waiting.get(key, 0))
    return found


def together(some: Iterable[UnitCell]) -> UnitCell:
    """The sum of several."""
    seats = missing = unsure = waiting = unlisted = 0
    for each in some:
        seats += each.seats
        missing += each.missing
        unsure += each.unsure
        waiting += each.waiting
        unlisted += each.unlisted
    return UnitCell(seats, missing, unsure, waiting, unlisted)
