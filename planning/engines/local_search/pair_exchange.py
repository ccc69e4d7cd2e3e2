"""Two people put their shifts together and deal them out anew, in the cheapest of all ways.

A trade moves a shift or two. Where loads have to come out even to the last point, it takes several at once, and few
of the thousands of ways to deal will do: arrays weigh the loads of all of them, and only what could pay is priced.
A deal that costs as much as the present one is taken too: from there another two may gain what these cannot.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from planning.engines.local_search.cost import FORBIDDEN
from planning.engines.local_search.indexed_problem import Shifts
from planning.engines.local_search.state import State

MOST_DEALT = 16
"""Shifts at once; of more, so many are drawn by lot and the others stay where they are."""
MOST_PRICED = 60
"""Deals whose loads alone would do that are priced in earnest."""

Numbers: TypeAlias = NDArray[np.int64]
Pair = tuple[int, int]
Kept = tuple[Sequence[int], Sequence[int]]
"""Shifts that the first and the second keep."""


@dataclass
class _Ways:
    """All ways to deal in which nothing clashes: which of the shifts the first of two gets, as bits, and the loads."""

    bits: Numbers
    first: Numbers
    second: Numbers


class PairExchange:
    """Works on the shifts of one component, whose people share shifts with nobody else; pinned seats stay."""

    def __init__(self, state: State, component: Sequence[int], rng: random.Random) -> None:
        self.state, self.component, self.rng = state, component, rng
        self.tried = 0
        self.lots = np.random.default_rng(rng.randrange(2**32))
        partners: defaultdict[int, set[int]] = defaultdict(set)
        for people in {state.can[shift] for shift in component}:
            for person in people:
                partners[person].update(people)
        self.partners = {person: sorted(others - {person}) for person, others in sorted(partners.items())}
        self.people = [person for person, others in self.partners.items() if others]
        self.pairs = sum(map(len, self.partners.values())) // 2
        self.clashing = [_bits(state.clashing[shift]) for shift in range(len(state.indexed.shifts))]

    def lay(self, seats: Collection[Pair]) -> None:
        """Begin with these (shift, person) of the component."""
        rows: defaultdict[int, list[int]] = defaultdict(list)
        for shift, person in seats:
            rows[person].append(shift)
        for person in {*self.partners, *rows}:
            self.state.set_row(person, tuple(sorted(rows[person])))
        for shift in self.component:
            self.state.on[shift].clear()
        for shift, person in seats:
            self.state.on[shift].add(person)

    def seats(self) -> set[Pair]:
        return {(shift, person) for shift in self.component for person in self.state.on[shift]}

    def go(self, tries: int, heat: float = 0.0, *, is_over: Callable[[], bool] = lambda: False) -> int:
        """Deal for so many pairs of people, drawn by lot; by how much the roster costs more in the end.

        `heat`: by how much, on the average, a deal may cost more than the present one, in hundredths of a point.
        `tried` counts the pairs, for where loads are much alike a deal takes fifty times as long as elsewhere.
        """
        change = 0
        for _ in range(tries if self.people else 0):
            if is_over():
                break
            self.tried += 1
            first = self.rng.choice(self.people)
            second = self.rng.choice(self.partners[first])
            change += self._deal(first, second, heat, -heat * math.log(1.0 - self.rng.random()))
        return change

    def _deal(self, first: int, second: int, heat: float, allowed: float) -> int:
        state = self.state
        dealt = self._movable(first, second)
        if not dealt:
            return 0
        kept = [s for s in state.row[first] if s not in dealt], [s for s in state.row[second] if s not in dealt]
        ways = self._ways(dealt, (first, second), kept)
        before = state.cost[first] + state.cost[second]
        least = self._load_cost(first, kept[0], ways.first) + self._load_cost(second, kept[1], ways.second)
        worth_asking = np.flatnonzero(least <= before + allowed)
        # Among equals, and in the heat among all but equals, it is another one each time.
        order = np.argsort(least[worth_asking] + self.lots.random(len(worth_asking)) * max(1.0, heat))
        worth_asking = worth_asking[order]
        present = _bits(at for at, shift in enumerate(dealt) if first in state.on[shift])
        for bits in ways.bits[worth_asking[:MOST_PRICED]].tolist():
            if bits != present:
                rows = self._rows(dealt, bits, kept)
                change = self._change(first, second, rows, before)
                if change <= allowed:
                    self._set(first, second, rows)
                    return change
        return 0

    def _movable(self, first: int, second: int) -> list[int]:
        """Shifts that one of the two has and both could have."""
        state = self.state
        own = set(state.row[first]) ^ set(state.row[second])
        dealt = [
            shift
            for shift in sorted(own)
            if first in state.able[shift]
            and second in state.able[shift]
            and (shift, first) not in state.pinned
            and (shift, second) not in state.pinned
        ]
        return dealt if len(dealt) <= MOST_DEALT else sorted(self.rng.sample(dealt, MOST_DEALT))

    def _ways(self, dealt: Sequence[int], pair: Pair, kept: Kept) -> _Ways:
        """Shift by shift: every deal so far goes on in two ways, less those that clash."""
        points = self.state.indexed.points[pair[0]], self.state.indexed.points[pair[1]]
        busy = _bits(kept[0]), _bits(kept[1])
        none: Numbers = np.zeros(1, dtype=np.int64)
        ways = _Ways(none, none, none)
        for at, shift in enumerate(dealt):
            clashes = self.clashing[shift]
            beside = _bits(n for n, other in enumerate(dealt[:at]) if clashes >> other & 1)
            to_first = (ways.bits & beside) == 0 if not busy[0] & clashes else np.zeros(len(ways.bits), dtype=bool)
            to_second = (~ways.bits & beside) == 0 if not busy[1] & clashes else np.zeros(len(ways.bits), dtype=bool)
            ways = _Ways(
                np.concatenate((ways.bits[to_first] | (1 << at), ways.bits[to_second])),
                np.concatenate((ways.first[to_first] + points[0][shift], ways.first[to_second])),
                np.concatenate((ways.second[to_first], ways.second[to_second] + points[1][shift])),
            )
        return ways

    def _load_cost(self, person: int, kept: Sequence[int], dealt: Numbers) -> Numbers:
        """Return what each load costs, as `Costs.load` says of one: no row of that load costs less."""
        costs, points = self.state.costs, self.state.indexed.points[person]
        carried, step = costs.terms[person]
        load = np.maximum(dealt + (carried + sum(points[s] for s in kept)), 0)
        full = load // step
        cost: Any = costs.fairness * (full * load - step * full * (full + 1) // 2)
        return np.asarray(cost, dtype=np.int64)

    def _rows(self, dealt: Sequence[int], bits: int, kept: Kept) -> tuple[Shifts, Shifts]:
        mine = [shift for at, shift in enumerate(dealt) if bits >> at & 1]
        theirs = [shift for at, shift in enumerate(dealt) if not bits >> at & 1]
        return tuple(sorted([*kept[0], *mine])), tuple(sorted([*kept[1], *theirs]))

    def _change(self, first: int, second: int, rows: tuple[Shifts, Shifts], before: int) -> int:
        """By how much the roster would cost more; far more than anything where it may not be."""
        state, costs = self.state, self.state.costs
        change = costs.row(first, rows[0]) + costs.row(second, rows[1]) - before
        for giver, taker, row in ((first, second, rows[1]), (second, first, rows[0])):
            for shift in row:
                if change < FORBIDDEN and costs.special[shift] and giver in state.on[shift]:
                    people = state.on[shift]
                    if taker not in people:
                        change += costs.seats(shift, (people - {giver}) | {taker}) - costs.seats(shift, people)
        return change

    def _set(self, first: int, second: int, rows: tuple[Shifts, Shifts]) -> None:
        for person, row in zip((first, second), rows, strict=True):
            for shift in self.state.row[person]:
                self.state.on[shift].discard(person)
            self.state.set_row(person, row)
        for person, row in zip((first, second), rows, strict=True):
            for shift in row:
                self.state.on[shift].add(person)


def _bits(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
