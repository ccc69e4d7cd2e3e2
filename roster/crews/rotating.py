"""PURE which shift each crew has on which day: all go through one round of shifts, each one place ahead of the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

OFF = ""
"""What stands in a round where a crew rests."""


@dataclass(frozen=True)
class Rotation:
    """``crews``: ids in order; ``cycle``: names of shifts, OFF for rest. On ``first`` the first crew has the first of
    them, the second the second. After ``days`` days each goes on to the next. ``until``: the last day, None: all.
    """

    crews: tuple[int, ...]
    cycle: tuple[str, ...]
    first: date
    days: int = 1
    until: date | None = None


@dataclass(frozen=True)
class CrewStint:
    """``rounds``: how often the crew has been through all of the cycle."""

    crew: int
    on: date
    template: str
    rounds: int


def stints(rotation: Rotation, days: Iterable[date]) -> Iterator[CrewStint]:
    """Yield the stint of each day and crew, in order; nothing before the first day or after the last."""
    for on in days:
        if on < rotation.first or (rotation.until is not None and on > rotation.until):
            continue
        gone = (on - rotation.first).days // rotation.days
        for number, crew in enumerate(rotation.crews):
            rounds, at = divmod(gone + number, len(rotation.cycle))
            yield CrewStint(crew, on, rotation.cycle[at], rounds)


def turned(members: Sequence[int], rounds: int) -> list[int]:
    """Who comes first changes with each round, so that not always the same ones are to spare."""
    at = rounds % len(members) if members else 0
    return [*members[at:], *members[:at]]
