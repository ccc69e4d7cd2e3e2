"""PURE how long a connection may keep the web server waiting, and who goes first when one address has too many.

The deadlines grow with what has come, as in Apache's ``RequestReadTimeout``: a slow line may take its time, a sender of
single bytes may not. Several people share an address (an office, a proxy), so nobody is ever turned away
because of how many others there are: the slowest of that address are let go instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

Phase = Literal["idle", "headers", "body", "answer"]
WITHIN: dict[Phase, float] = {"idle": 20.0, "headers": 15.0, "body": 20.0, "answer": 30.0}
"""Seconds from the beginning of each phase."""
LEAST_RATE = 500
"""Bytes that earn a body, or the reading of an answer, another second."""
MOST_OF_ONE = 64
"""Connections of one address that may keep a process waiting."""
SPARED = 2.0
"""Seconds in which nobody counts as slow."""


@dataclass(frozen=True)
class IdleConnection:
    """A connection whose client has the next move: ``key`` is the caller's name for it."""

    key: Hashable
    address: str
    phase: Phase
    since: float
    moved: int = 0
    """Bytes of this phase that have come or gone."""

    def is_late(self, now: float) -> bool:
        earned = self.moved / LEAST_RATE if self.phase in ("body", "answer") else 0.0
        return now - self.since > WITHIN[self.phase] + earned

    def rate(self, now: float) -> float:
        return self.moved / max(now - self.since, 0.001)


def to_close(
    waiting: Collection[IdleConnection], now: float, *, most: int, most_of_one: int = MOST_OF_ONE
) -> set[Hashable]:
    """The keys of connections to let go: those past their deadline, and the slowest of an address that has more than
    ``most_of_one``, or of all when there are more than ``most``."""
    late = {each.key for each in waiting if each.is_late(now)}
    left = [each for each in waiting if each.key not in late]
    by_address: defaultdict[str, list[IdleConnection]] = defaultdict(list)
    for each in left:
        by_address[each.address].append(each)
    for of_one in by_address.values():
        late |= _slowest(of_one, len(of_one) - most_of_one, now)
    left = [each for each in left if each.key not in late]
    return late | _slowest(left, len(left) - most, now)


def _slowest(waiting: Sequence[IdleConnection], count: int, now: float) -> set[Hashable]:
    if count <= 0:
        return set()
    known = [each for each in waiting if now - each.since > SPARED]
    known.sort(key=lambda each: (each.rate(now), each.since))
    return {each.key for each in known[:count]}
