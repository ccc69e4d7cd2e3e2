"""Moves of several days at once, for rules about runs of days and for shifts that bear any number of people.

Two people exchange what they have within a few days; where the number of people is free, one person's days are
cleared or filled with duties of one kind. A day by itself can hardly be added or taken where runs have a least length.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from planning.engines.local_search.indexed_problem import Shifts
from planning.engines.local_search.state import ANY, State

WARM, COLDER = 0.3, 30
"""First temperature as a share of what one person too few typically costs; how much colder the last one is."""
PRICE_OF_A_SEAT = 10_00
"""Where soft cover names no price."""
LONGEST = 7

Rows = dict[int, Shifts]


def exchange_blocks(state: State, component: Sequence[int], tries: int, rng: random.Random) -> None:
    """Leave the state with the cheapest rows met."""
    if tries > 0 and any(state.can[s] for s in component):
        _Blocks(state, component, rng).run(tries)


class _Blocks:
    """One annealing over one component."""

    def __init__(self, state: State, component: Sequence[int], rng: random.Random) -> None:
        self.state, self.random, self.component = state, rng.random, component
        day = state.indexed.day
        self.people = sorted({person for s in component for person in state.can[s]})
        self.first, self.last = min(day[s] for s in component), max(day[s] for s in component)
        self.is_free = any(state.indexed.shifts[s].wanted for s in component)
        self.of_kind: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
        for s in component:
            self.of_kind[self._kind(s)][day[s]] = s
        self.days_of = {p: [day[s] for s in state.indexed.served[p]] for p in self.people}
        self.cost = 0

    def run(self, tries: int) -> None:
        state, cooling, warm = self.state, -math.log(COLDER), WARM * self._price_of_a_seat()
        best_cost, best = 0, {p: state.row[p] for p in self.people}
        for done in range(tries):
            heat = warm * math.exp(cooling * done / tries)
            rows = self._filled() if self.is_free and self.random() < 0.7 else self._exchanged()
            if rows and self._accept(rows, -heat * math.log(1.0 - self.random())) and self.cost < best_cost:
                best_cost, best = self.cost, {p: state.row[p] for p in self.people}
        self._apply({p: row for p, row in best.items() if row != state.row[p]})

    def _price_of_a_seat(self) -> float:
        shifts = self.state.indexed.shifts
        prices = sorted(wanted.under for s in self.component if (wanted := shifts[s].wanted) and wanted.under)
        return prices[len(prices) // 2] if prices else PRICE_OF_A_SEAT

    def _kind(self, s: int) -> tuple[str, str, str]:
        shift = self.state.indexed.shifts[s]
        return shift.duty, shift.unit, shift.template

    def _window(self) -> tuple[int, int]:
        since = self.first + int(self.random() * (self.last - self.first + 1))
        return since, since + 1 + int(self.random() * LONGEST)

    def _exchanged(self) -> Rows | None:
        """Two people change rows between two dates."""
        since, until = self._window()
        one, other = (self.people[int(self.random() * len(self.people))] for _ in range(2))
        own, theirs = self._cut(one, since, until), self._cut(other, since, until)
        if one == other or own[1] == theirs[1]:
            return None
        able = self.state.able
        if any(one not in able[s] for s in theirs[1]) or any(other not in able[s] for s in own[1]):
            return None
        return {one: own[0] + theirs[1] + own[2], other: theirs[0] + own[1] + theirs[2]}

    def _filled(self) -> Rows | None:
        """One person's days between two dates become free, or duties of one kind."""
        since, until = self._window()
        person = self.people[int(self.random() * len(self.people))]
        before, own, after = self._cut(person, since, until)
        if self.random() < 0.4:
            return {person: before + after} if own else None
        days = self.days_of[person]
        at = bisect_left(days, since)
        if at == len(days) or days[at] != since:
            return None
        served = self.state.indexed.served[person]
        start = served[at + int(self.random() * (bisect_left(days, since + 1) - at))]
        kind = self.of_kind[self._kind(start)]
        able = self.state.able
        block = [kind[d] for d in range(since, until) if d in kind and person in able[kind[d]]]
        if self.random() < 0.5:
            block = [s for s in block if not own or len(self.state.on[s]) < self.state.need[s] or s not in own]
        return {person: tuple(sorted((*before, *block, *after)))}

    def _cut(self, person: int, since: int, until: int) -> tuple[Shifts, Shifts, Shifts]:
        day, row = self.state.indexed.day, self.state.row[person]
        begin = next((at for at, s in enumerate(row) if day[s] >= since), len(row))
        end = next((at for at, s in enumerate(row) if day[s] >= until), len(row))
        return row[:begin], row[begin:end], row[end:]

    def _accept(self, rows: Rows, allowed: float) -> bool:
        rise = self._rise(rows)
        if rise > allowed:
            return False
        self._apply(rows)
        self.cost += rise
        return True

    def _rise(self, rows: Rows) -> int:
        state, costs = self.state, self.state.costs
        moved: dict[int, set[int]] = {}
        rise = 0
        for person, row in rows.items():
            held = set(state.row[person])
            come, gone = set(row) - held, held.difference(row)
            if any((s, person) in state.pinned for s in gone):
                return ANY
            if any(not state.clashing[s].isdisjoint(row) for s in come):
                return ANY
            for s in come | gone:
                moved.setdefault(s, set()).symmetric_difference_update({person})
            rise += costs.row(person, row) - state.cost[person]
        if rise >= ANY:
            return ANY
        for s, people in moved.items():
            after = state.on[s] ^ people
            before = len(state.on[s])
            if len(after) > max(state.room[s], before) or len(after) < min(state.need[s], before):
                return ANY
            if costs.special[s]:
                rise += costs.seats(s, after) - costs.seats(s, state.on[s])
        return rise

    def _apply(self, rows: Rows) -> None:
        state = self.state
        for person, row in rows.items():
            for s in set(state.row[person]).symmetric_difference(row):
                state.on[s].symmetric_difference_update({person})
            state.set_row(person, row)
