"""The cheapest legal paths of many people under any prices: who can be priced together is, caps are kept lazily.

Counting shifts of a kind makes the tables larger, so a kind is counted for a person only once a cheapest path has
broken its cap. Without the count the programme only knows less, so its value stays a lower bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.roster.column_generation.backtracking import trace
from benchmarks.roster.column_generation.dynamic_programme import Programme
from benchmarks.roster.column_generation.horizon import Span
from benchmarks.roster.column_generation.model import Array, Limits, PathModel
from benchmarks.roster.column_generation.path_enumeration import near_paths

MOST_CELLS = 20_000_000  # of one run's tables, 8 bytes each
MOST_CELLS_EACH = 2_500_000  # of one person's; beyond, caps are kept by prices instead of counts
FIRST_PRICE, PRICE_STEPS = 4.0, 12

Key = tuple[Limits, tuple[int, ...]]


@dataclass(frozen=True)
class Column:
    """A path of somebody (place in the list that was priced) over the days of the span, and its price."""

    place: int
    price: float
    path: Array


class Pricer:
    """For one span and for `people` (None: all); `held`, `kinds` as in Programme. Keeps its programmes for later."""

    def __init__(
        self,
        model: PathModel,
        span: Span,
        *,
        people: Sequence[int] | None = None,
        held: Array | None = None,
        kinds: Sequence[int] | None = None,
    ) -> None:
        self.model, self.span, self.held, self.kinds = model, span, held, kinds
        people = range(model.people) if people is None else people
        self.counted: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
        self.kept = {person: self._kept_caps(person) for person in people}
        self._programmes: dict[Key, Programme] = {}
        self._with: dict[Limits, list[int]] = defaultdict(list)
        for person in people:
            self._with[model.limits[person]].append(person)
        self._row: dict[int, int] = {p: row for own in self._with.values() for row, p in enumerate(own)}

    def price(self, people: Sequence[int], cost: Array, most: int = 1) -> tuple[Array, list[Column]]:
        """(lower bound of each one's cheapest path, exact unless caps had to be kept by prices; up to `most` legal
        paths each, the cheapest among them). `inf` and no path where somebody has none. `cost` (n, days, kinds + 1).
        """
        least, columns = np.full(len(people), np.inf), list[Column]()
        open_places = list(range(len(people)))
        while open_places:
            again: list[int] = []
            for key, places in self._grouped(people, open_places).items():
                for part in self._parts(key, places):
                    again += self._run(key, people, part, cost, most, least, columns)
            open_places = again
        return least, columns

    def near(self, person: int, cost: Array, slack: float, most: int) -> Array | None:
        """(n, days): all legal paths at most `slack` dearer than the cheapest; None: more than `most` (a few may break
        caps and are left out). `cost` (days, kinds + 1)."""
        programme = self._programme((self.model.limits[person], self.counted[person]))
        ends = programme.run([self._row[person]], cost[None])
        paths = near_paths(programme, cost, float(ends.min()) + slack, most)
        programme.forget()
        if paths is None:
            return None
        legal = [not len(self._broken(person, path)) for path in paths]
        return paths[np.array(legal, dtype=bool)]

    def cells(self, people: Iterable[int]) -> int:
        """Cells of all tables of one pricing of these people, as far as is known now."""
        return sum(self._programme((self.model.limits[p], self.counted[p])).cells for p in people)

    def _kept_caps(self, person: int) -> Array:
        if self.held is None:
            return self.model.caps[person]
        outside = np.concatenate([self.held[person, : self.span.first], self.held[person, self.span.end + 1 :]])
        worked = outside[outside < self.model.kinds]
        return self.model.caps[person] - np.bincount(worked, minlength=self.model.kinds)

    def _grouped(self, people: Sequence[int], places: Iterable[int]) -> dict[Key, list[int]]:
        groups: dict[Key, list[int]] = {}
        for place in places:
            person = people[place]
            groups.setdefault((self.model.limits[person], self.counted[person]), []).append(place)
        return groups

    def _parts(self, key: Key, places: list[int]) -> Iterable[list[int]]:
        size = max(1, MOST_CELLS // self._programme(key).cells)
        return (places[start : start + size] for start in range(0, len(places), size))

    def _programme(self, key: Key) -> Programme:
        if key not in self._programmes:
            self._programmes[key] = Programme(
                self.model, self._with[key[0]], self.span, counted=key[1], held=self.held, kinds=self.kinds
            )
        return self._programmes[key]

    def _run(
        self,
        key: Key,
        people: Sequence[int],
        places: list[int],
        cost: Array,
        most: int,
        least: Array,
        columns: list[Column],
    ) -> list[int]:
        """Price one group; returns the places whose cheapest path broke a cap that is counted from now on."""
        programme = self._programme(key)
        ends = programme.run([self._row[people[place]] for place in places], cost[places])
        best = ends.min(axis=0)
        at, cells = _cheapest(ends, most)
        paths = trace(programme, at, cells)
        programme.forget()
        again, legal = set[int](), set[int]()
        for column, cell, path in zip(at.tolist(), cells.tolist(), paths, strict=True):
            place, price = places[column], float(ends[cell, column])
            broken = self._broken(people[place], path)
            if not len(broken):
                columns.append(Column(place, price, path))
                legal.add(place)
            elif price <= best[column] and self._may_count(people[place], int(broken[0])):
                again.add(place)
        for column, place in enumerate(places):
            if place in again:
                continue
            least[place] = best[column]
            if place not in legal and np.isfinite(best[column]):
                columns += self._by_prices(programme, people[place], place, cost[place])
        kept = [each for each in columns if each.place not in again]
        columns[:] = kept
        return sorted(again)

    def _broken(self, person: int, path: Array) -> Array:
        counts = np.bincount(path, minlength=self.model.kinds + 1)[:-1]
        return np.flatnonzero(counts > self.kept[person])

    def _may_count(self, person: int, kind: int) -> bool:
        """Count this kind for the person from now on, unless the tables would grow too large."""
        limits, counted = self.model.limits[person], self.counted[person]
        cap = min(self.span.length, int(self.kept[person][kind]))
        if self._programme((limits, counted)).cells * (cap + 1) > MOST_CELLS_EACH:
            return False
        self.counted[person] = tuple(sorted({*counted, kind}))
        return True

    def _by_prices(self, programme: Programme, person: int, place: int, cost: Array) -> list[Column]:
        """A legal path, perhaps not the cheapest: kinds over their cap get dearer until they are within it."""
        dearer, price = np.zeros(self.model.kinds + 1), FIRST_PRICE
        for _ in range(PRICE_STEPS):
            ends = programme.run([self._row[person]], (cost + dearer)[None])
            at, cells = _cheapest(ends, 1)
            paths = trace(programme, at, cells)
            programme.forget()
            broken = self._broken(person, paths[0]) if len(paths) else ()
            if len(paths) and not len(broken):
                own = float(cost[np.arange(self.span.length), paths[0]].sum())
                return [Column(place, own, paths[0])]
            price *= 3
            dearer[list(broken)] += price
        return []


def _cheapest(ends: Array, most: int) -> tuple[Array, Array]:
    """(columns, cells) of the up to `most` cheapest ends of each column, impossible ones left out."""
    count = min(most, len(ends))
    cells = np.argpartition(ends, count - 1, axis=0)[:count] if count < len(ends) else np.indices(ends.shape)[0]
    columns = np.broadcast_to(np.arange(ends.shape[1]), cells.shape)
    finite = np.isfinite(np.take_along_axis(ends, cells, axis=0))
    return columns[finite], cells[finite]
