"""PURE who goes next when more is asked than can be answered at once, and how much of each kind may be at work.

Three turns. Threads are kept free for the more urgent ones: pages that take all the processor's time would slow an
alarm down even when it need not wait for a thread. Every ``FAIR``-th turn goes to whoever has waited longest, so that
nothing waits for ever behind what goes on coming.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

FAIR = 4
READS = frozenset({"GET", "HEAD"})
HARMLESS = READS | {"OPTIONS"}


class ServingTurn(IntEnum):
    FIRST = 0
    """What machines report, answers of those who are called, and whether all is well."""
    SECOND = 1
    """What else changes something; and files that a page is drawn with, because they cost next to nothing."""
    LAST = 2
    """Pages and lists."""


class Addresses:
    """Which addresses go first: patterns of paths; ``written``: only when something is sent there."""

    def __init__(self, always: Iterable[str], written: Iterable[str], files: str = "/static/") -> None:
        self._always, self._written, self._files = _any_of(always), _any_of(written), files

    def turn(self, method: str, path: str) -> ServingTurn:
        if self._always.match(path):
            return ServingTurn.FIRST
        if method not in HARMLESS:
            return ServingTurn.FIRST if self._written.match(path) else ServingTurn.SECOND
        return ServingTurn.SECOND if path.startswith(self._files) else ServingTurn.LAST


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns) or r"(?!)")


Asked = TypeVar("Asked")


class QueuedRequest(NamedTuple, Generic[Asked]):
    asked: Asked
    turn: ServingTurn
    since: float


class WaitingLine(Generic[Asked]):
    """What waits, in its order. ``room``: how much may be at work of a turn and all later ones together."""

    def __init__(self, room: Mapping[ServingTurn, int]) -> None:
        self._room = room
        self._waiting: dict[ServingTurn, deque[QueuedRequest[Asked]]] = {turn: deque() for turn in ServingTurn}
        self._at_work = dict.fromkeys(ServingTurn, 0)
        self._picked = 0

    def join(self, asked: Asked, turn: ServingTurn, since: float) -> None:
        self._waiting[turn].append(QueuedRequest(asked, turn, since))

    def begin(self) -> QueuedRequest[Asked] | None:
        """Who is next, from now on at work until ``end``; None while nobody may begin."""
        ready = [turn for turn in ServingTurn if self._waiting[turn] and self._has_room(turn)]
        if not ready:
            return None
        self._picked += 1
        turn = ready[0]
        if self._picked % FAIR == 0:
            turn = min(ready, key=lambda each: self._waiting[each][0].since)
        self._at_work[turn] += 1
        return self._waiting[turn].popleft()

    def end(self, turn: ServingTurn) -> None:
        self._at_work[turn] -= 1

    def can_begin(self) -> bool:
        return any(self._waiting[turn] and self._has_room(turn) for turn in ServingTurn)

    def leave(self, leaves: Callable[[QueuedRequest[Asked]], bool]) -> list[QueuedRequest[Asked]]:
        """Take out of the line who ``leaves``, whatever their place."""
        left = list[QueuedRequest[Asked]]()
        for turn, waiting in self._waiting.items():
            leaving = [each for each in waiting if leaves(each)]
            if leaving:
                gone = set(map(id, leaving))
                self._waiting[turn] = deque(each for each in waiting if id(each) not in gone)
                left += leaving
        return left

    def waiting(self, upto: ServingTurn = ServingTurn.LAST) -> int:
        """How many, of that turn and those before it."""
        return sum(len(waiting) for turn, waiting in self._waiting.items() if turn <= upto)

    def at_work(self, upto: ServingTurn = ServingTurn.LAST) -> int:
        return sum(count for turn, count in self._at_work.items() if turn <= upto)

    def _has_room(self, turn: ServingTurn) -> bool:
        return sum(count for each, count in self._at_work.items() if each >= turn) < self._room[turn]
