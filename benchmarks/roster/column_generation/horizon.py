"""The stretch of days that one run of the programme covers, and what people bring into it and have left for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.roster.column_generation.model import Array, Limits, PathModel


@dataclass(frozen=True)
class Span:
    """Days `first..end`, both inclusive; only `first..last` may change, the rest is there to reach a known state."""

    first: int
    last: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.first + 1

    @property
    def days(self) -> slice:
        return slice(self.first, self.end + 1)


def whole(model: PathModel) -> Span:
    return Span(0, model.days - 1, model.days - 1)


def around(model: PathModel, first: int, last: int) -> Span:
    """A span for changing `first..last`: it goes on until every run that touches them must have ended."""
    longest = max((limits.longest or limits.shortest) for limits in model.limits)
    reach = max(longest, *(limits.least_off for limits in model.limits)) + 1
    end = min(model.days - 1, last + reach) if last < model.days - 1 else last
    if end + 1 < model.days and model.weekend_end[end + 1]:
        end += 1
    return Span(first, last, end)


@dataclass(frozen=True)
class Entry:
    """How somebody comes into a span: the kind worked the day before (or off) and for how many days in a row.

    Off runs that reach the plan's first day count as long enough.
    """

    kind: int
    run: int


def entry_of(model: PathModel, path: Array, first: int, limits: Limits) -> Entry:
    if first == 0:
        return Entry(model.kinds, limits.least_off)
    worked = path[:first] < model.kinds
    run = 1
    while run < first and worked[first - 1 - run] == worked[first - 1]:
        run += 1
    if not worked[first - 1] and run == first:
        run = max(run, limits.least_off)
    return Entry(int(path[first - 1]), run)


@dataclass(frozen=True)
class Room:
    """What one person may still use up within a span: weekends, least and most minutes, shifts of each kind."""

    weekends: int
    least: int
    most: int
    kinds: Array


def rooms_of(model: PathModel, people: Sequence[int], span: Span, held: Array | None) -> list[Room]:
    """`held` (P, D) is the roster whose days outside the span stay; None when the span is the whole plan."""
    found = []
    for person in people:
        limits, caps = model.limits[person], model.caps[person]
        weekends = model.days if limits.weekends is None else limits.weekends
        if held is None:
            found.append(Room(weekends, limits.least, limits.most, caps))
            continue
        path = held[person]
        outside: Array = np.ones(model.days, dtype=bool)
        outside[span.days] = False
        kept = path[outside & (path < model.kinds)]
        minutes = int(model.minutes[kept].sum())
        opened = int(model.weekends(path)[outside].sum())
        found.append(
            Room(
                weekends - opened,
                max(0, limits.least - minutes),
                limits.most - minutes,
                caps - np.bincount(kept, minlength=model.kinds),
            )
        )
    return found


def keep_tail(cost: Array, paths: Array, span: Span) -> None:
    """Close every choice after the span's last changeable day but the one that the paths (n, D) make there."""
    tail = paths[:, span.last + 1 : span.end + 1]
    if tail.shape[1]:
        other = tail[:, :, None] != np.arange(cost.shape[2])
        cost[:, span.last + 1 - span.first :][other] = np.inf
