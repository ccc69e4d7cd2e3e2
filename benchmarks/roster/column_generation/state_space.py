"""What a programme needs to know before it runs: classes of kinds, axes of totals, who may end where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import gcd

import numpy as np

from benchmarks.roster.column_generation.horizon import Room, Span
from benchmarks.roster.column_generation.model import Array, Limits, PathModel
from benchmarks.roster.column_generation.resource_bounds import most_minutes
from benchmarks.roster.column_generation.resources import Grid


@dataclass(frozen=True)
class Classes:
    """Kinds of equal length that may follow, and be followed by, the same are one class: the cheapest is taken.

    `before[c, b]`: class b may be worked on the day before class c. `lengths` in units of `unit` minutes.
    """

    members: tuple[tuple[int, ...], ...]
    before: Array
    lengths: tuple[int, ...]
    unit: int

    def class_of(self, kind: int) -> int | None:
        return next((number for number, kinds in enumerate(self.members) if kind in kinds), None)


def classes_of(model: PathModel, kinds: Sequence[int], counted: Sequence[int]) -> Classes:
    """Classes of these kinds, the only ones that will be used; a counted kind is a class of its own."""
    members: dict[tuple[object, ...], list[int]] = {}
    for kind in kinds:
        rule = (model.follows[kind, list(kinds)].tobytes(), model.follows[list(kinds), kind].tobytes())
        key = (int(model.minutes[kind]), *rule, kind if kind in counted else -1)
        members.setdefault(key, []).append(kind)
    first = [own[0] for own in members.values()]
    lengths = [int(model.minutes[kind]) for kind in first]
    unit = reduce(gcd, lengths, 0) or 1
    return Classes(
        tuple(tuple(own) for own in members.values()),
        model.follows[np.ix_(first, first)].T,
        tuple(length // unit for length in lengths),
        unit,
    )


@dataclass(frozen=True)
class Layout:
    """`floor[i]`: units of minutes at cell 0 after i days of the span. `lengths` are zero when minutes need no axis."""

    grid: Grid
    floor: Array
    lengths: tuple[int, ...]
    unit: int
    counts_weekends: bool

    def closed(self, room: Room, counted: Sequence[int]) -> Array:
        """(cells): `inf` where somebody with this room may not end."""
        place = self.grid.place
        shut = place[0] > room.weekends if self.counts_weekends else np.zeros(self.grid.size, dtype=bool)
        if any(self.lengths):
            total = (place[1] + self.floor[-1]) * self.unit
            shut = shut | (total < room.least) | (total > room.most)
        for axis, kind in enumerate(counted, start=2):
            shut = shut | (place[axis] > room.kinds[kind])
        return np.where(shut, np.inf, 0.0)


def lay_out(
    model: PathModel, limits: Limits, span: Span, classes: Classes, counted: Sequence[int], rooms: Sequence[Room]
) -> Layout:
    most_weekends = int(model.weekend_start[span.days].sum()) + 1
    weekends = max(0, max(room.weekends for room in rooms))
    counts_weekends = min(room.weekends for room in rooms) < most_weekends
    least = [-(-room.least // classes.unit) for room in rooms]
    most = [room.most // classes.unit for room in rooms]
    bound = replace(limits, weekends=weekends if counts_weekends else None)
    ahead, after = most_minutes(model, bound, span.first, span.end, max(classes.lengths, default=0))
    if max(least) <= 0 and min(most) >= ahead[-1]:
        floor: Array = np.zeros(span.length + 1, dtype=int)
        width, lengths = 1, (0,) * len(classes.lengths)
    else:
        floor = np.maximum.accumulate(np.maximum(0, min(least) - after))
        floor[0] = 0
        ceiling = np.maximum(np.minimum(max(most), np.append(0, ahead)), floor)
        width, lengths = int((ceiling - floor).max()) + 1, classes.lengths
    caps = [max(0, min(span.length, max(int(room.kinds[kind]) for room in rooms))) for kind in counted]
    grid = Grid((min(weekends, most_weekends) + 1 if counts_weekends else 1, width, *(cap + 1 for cap in caps)))
    return Layout(grid, floor, lengths, classes.unit, counts_weekends)
