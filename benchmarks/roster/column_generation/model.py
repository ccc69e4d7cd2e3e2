"""A problem in which everybody works at most one shift a day, as arrays; a personal roster is a path through the days.

`P` people, `D` days, `K` kinds of shift; the choice `K` means a day off. A path is an integer array of length D, a
table of them an array (P, D). Costs are whole numbers in hundredths of a point, kept as floats so that `inf` can
mean "impossible".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.problem import Assignment

Array = Any  # numpy arrays; their shapes are told in words


@dataclass(frozen=True, order=True)
class Limits:
    """What binds one person's row: days in a row, days off in a row, weekends, minutes of the whole plan.

    `longest` and `weekends` None: no limit. People with equal limits are priced together.
    """

    longest: int | None
    shortest: int
    least_off: int
    weekends: int | None
    least: int
    most: int


@dataclass
class PathModel:
    """See the module. `follows[a, b]`: b may be worked on the day after a. `caps` (P, K): most of each kind.

    `weekend_start[d]`: working on d opens a weekend whatever came before; `weekend_end[d]`: it opens one only when
    the day before was off. `wanted`, `under`, `over` (D, K) are the soft cover. `constant` is what every roster
    costs. `relaxed`: somebody's least minutes were out of reach and were lowered, so bounds are no proof.
    """

    minutes: Array
    follows: Array
    weekend_start: Array
    weekend_end: Array
    cost: Array
    caps: Array
    limits: list[Limits]
    wanted: Array
    under: Array
    over: Array
    shift_ids: Array
    staff_ids: tuple[int, ...]
    constant: int = 0
    relaxed: bool = False

    @property
    def people(self) -> int:
        return int(self.cost.shape[0])

    @property
    def days(self) -> int:
        return int(self.cost.shape[1])

    @property
    def kinds(self) -> int:
        return len(self.minutes)

    def cover_of(self, roster: Array) -> Array:
        """(D, K): how many people work each kind on each day."""
        cover = np.zeros((self.days, self.kinds))
        for path in roster:
            self.count(cover, path, 1)
        return cover

    def count(self, cover: Array, path: Array, sign: int, first: int = 0) -> None:
        """Add a path (from day `first` on) to a cover table, or take it off."""
        worked = np.flatnonzero(path < self.kinds)
        cover[first + worked, path[worked]] += sign

    def cover_cost(self, cover: Array) -> float:
        lacking = self.wanted - cover
        return float(np.where(lacking > 0, lacking * self.under, -lacking * self.over).sum())

    def path_cost(self, person: int, path: Array, first: int = 0) -> float:
        """Return what the person's own wishes make of the path, `inf` where it is impossible."""
        return float(self.cost[person, np.arange(first, first + len(path)), path].sum())

    def price(self, roster: Array) -> int:
        """The whole cost of a legal table, constant included."""
        own = sum(self.path_cost(person, path) for person, path in enumerate(roster))
        return round(own + self.cover_cost(self.cover_of(roster))) + self.constant

    def next_cost(self, cover: Array) -> Array:
        """(D, K): what one more person on each shift would cost."""
        return np.where(cover < self.wanted, -self.under, self.over)

    def is_legal(self, person: int, path: Array) -> bool:
        """Whether one path keeps every hard rule of that person."""
        limits, worked = self.limits[person], path < self.kinds
        if not np.isfinite(self.path_cost(person, path)):
            return False
        both = np.flatnonzero(worked[:-1] & worked[1:])
        if not self.follows[path[both], path[both + 1]].all():
            return False
        if not limits.least <= int(self.minutes[path[worked]].sum()) <= limits.most:
            return False
        if (np.bincount(path[worked], minlength=self.kinds) > self.caps[person]).any():
            return False
        if limits.weekends is not None and int(self.weekends(path).sum()) > limits.weekends:
            return False
        return self._runs_are_legal(limits, worked)

    def weekends(self, path: Array, first: int = 0, before: bool = False) -> Array:
        """Per day of the path, whether it opens a worked weekend; `before`: the day before the path was worked."""
        worked = path < self.kinds
        previous = np.concatenate([[before], worked[:-1]])
        days = slice(first, first + len(path))
        return worked & (self.weekend_start[days] | (self.weekend_end[days] & ~previous))

    def _runs_are_legal(self, limits: Limits, worked: Array) -> bool:
        edges: Array = np.flatnonzero(np.diff(worked)) + 1
        starts, ends = [0, *edges.tolist()], [*edges.tolist(), self.days]
        for start, end in zip(starts, ends, strict=True):
            length, inside = end - start, start > 0 and end < self.days
            if worked[start]:
                if limits.longest is not None and length > limits.longest:
                    return False
                if inside and length < limits.shortest:
                    return False
            elif inside and length < limits.least_off:
                return False
        return True

    def assignments(self, roster: Array) -> list[Assignment]:
        """The table as assignments, in order."""
        people, days = np.nonzero(roster < self.kinds)
        shifts = self.shift_ids[days, roster[people, days]]
        return sorted(Assignment(int(s), self.staff_ids[int(p)]) for s, p in zip(shifts, people, strict=True))

    def table(self, assignments: Iterable[Assignment]) -> Array:
        """Assignments as a table; of two shifts on one day the later in the list stands."""
        row = {staff_id: person for person, staff_id in enumerate(self.staff_ids)}
        found = np.full((self.people, self.days), self.kinds)
        place = {int(self.shift_ids[d, k]): (d, k) for d, k in np.argwhere(self.shift_ids >= 0).tolist()}
        for each in assignments:
            if each.shift_id in place and each.staff_id in row:
                day, kind = place[each.shift_id]
                found[row[each.staff_id], day] = kind
        return found
