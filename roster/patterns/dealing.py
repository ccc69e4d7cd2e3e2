"""PURE who takes which seat by a pattern: people in a chosen order take what there is in turn, by shift or by day.

Whoever cannot take what is theirs by turn is passed over and stays first in line: they have the next that they can. So
everybody has as many as the others, or one more, as long as nobody is hindered. One person alone has all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

Turn = Literal["shift", "day", "day_night"]
TURNS: tuple[Turn, ...] = ("shift", "day", "day_night")
"""A turn is a shift; a day with all that one person can serve of it; a shift, days and nights each in a round of their
own."""
Why = tuple[str, ...]
"""Codes of what keeps somebody off a seat; empty: nothing."""


@dataclass(frozen=True)
class SeatToDeal:
    """A seat that is to be dealt; ``position``: which of its shift."""

    seat: int
    shift_id: int
    on: date
    start: datetime
    duty: str
    night: bool
    position: int = 1


class Judge(Protocol):
    """Knows the rules, and what has been dealt so far."""

    def hinders(self, place: SeatToDeal, person: int) -> Why:
        """Return what keeps the person off the place."""

    def take(self, place: SeatToDeal, person: int) -> None:
        """The person has it now."""


@dataclass(frozen=True)
class Dealt:
    """``person``: id, None where nobody can; ``passed``: whose turn it was and who could not, in order."""

    place: SeatToDeal
    person: int | None
    passed: tuple[tuple[int, Why], ...] = ()


def dealt(places: Iterable[SeatToDeal], order: Sequence[int], *, turn: Turn, judge: Judge) -> list[Dealt]:
    """Every place once, by start. ``order``: ids of people, the first begins."""
    lines: dict[str, list[int]] = {}
    found = list[Dealt]()
    for line, of_turn in turns(places, turn):
        waiting = lines.setdefault(line, _begun(order, line))
        found += _deal_turn(of_turn, waiting, judge)
    return sorted(found, key=lambda each: _when(each.place))


def turns(places: Iterable[SeatToDeal], turn: Turn) -> list[tuple[str, list[SeatToDeal]]]:
    """Return what is dealt at once, in order: (name of the round that it belongs to, places)."""
    ordered = sorted(places, key=_when)
    if turn == "shift":
        return [("", [each]) for each in ordered]
    if turn == "day_night":
        return [("night" if each.night else "day", [each]) for each in ordered]
    days = defaultdict[tuple[date, str, int], list[SeatToDeal]](list)
    for each in ordered:
        days[each.on, each.duty, each.position].append(each)
    return [("", of_day) for _key, of_day in sorted(days.items(), key=lambda item: (item[0][0], _when(item[1][0])))]


def from_first(order: Sequence[int], first: int) -> list[int]:
    """The same order, begun by ``first``."""
    at = order.index(first) if first in order else 0
    return [*order[at:], *order[:at]]


def sums(found: Iterable[Dealt]) -> Mapping[int, tuple[int, int]]:
    """Person → (shifts, of which nights)."""
    counted = defaultdict[int, tuple[int, int]](lambda: (0, 0))
    for each in found:
        if each.person is not None:
            shifts, nights = counted[each.person]
            counted[each.person] = shifts + 1, nights + each.place.night
    return dict(counted)


def _begun(order: Sequence[int], line: str) -> list[int]:
    """Nights begin half-way down the list: whoever has the first day does not have the night after it."""
    half = len(order) // 2 if line == "night" else 0
    return [*order[half:], *order[:half]]


def _deal_turn(of_turn: Sequence[SeatToDeal], waiting: list[int], judge: Judge) -> list[Dealt]:
    """Whose turn it is takes what they can of it, the rest goes on to the next. ``waiting`` is in order afterwards."""
    passed = {each.seat: list[tuple[int, Why]]() for each in of_turn}
    taken, left = dict[int, int](), list(of_turn)
    for person in list(waiting):
        before = len(left)
        for place in list(left):
            why = judge.hinders(place, person)
            if why:
                passed[place.seat].append((person, why))
            else:
                judge.take(place, person)
                taken[place.seat] = person
                left.remove(place)
        if len(left) < before:
            waiting.remove(person)
            waiting.append(person)
        if not left:
            break
    return [Dealt(each, taken.get(each.seat), tuple(passed[each.seat])) for each in of_turn]


def _when(place: SeatToDeal) -> tuple[datetime, int, int]:
    return place.start, place.shift_id, place.position
