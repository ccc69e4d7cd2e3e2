"""Simulated annealing: people hand over and trade shifts wherever that costs less, now and then where it costs more.

Counted in tries and not in seconds, so that the same problem and seed give the same roster on any machine. Most tries
are turned down by two quick questions: does something clash, and could the loads alone make it worth it?
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from planning.engines.local_search.indexed_problem import Shifts
from planning.engines.local_search.state import Seat, State

WARM, COLD = 300.0, 10.0
"""Temperatures, in hundredths of a point: what people's loads differ by."""
HOT, HOT_SHARE = 0.1, 0.3
"""Before that, for this share of the tries: how hot, as a share of the dearest rule, so that its breaches can move."""


def anneal(state: State, component: Sequence[int], tries: int, rng: random.Random) -> None:
    """Leave the state with the cheapest roster met."""
    run = _Annealing(state, component, rng)
    if len(run.seats) > 1 and tries > 0:
        run.go(tries)


class _Annealing:
    def __init__(self, state: State, component: Sequence[int], rng: random.Random) -> None:
        self.state, self.random = state, rng.random
        self.seats: list[Seat] = [
            (s, p) for s in component for p in sorted(state.on[s]) if (s, p) not in state.pinned and state.can[s]
        ]
        self.special = state.costs.special
        kinds: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        shifts = state.indexed.shifts
        for index, (s, _) in enumerate(self.seats):
            kinds[shifts[s].duty, shifts[s].unit].append(index)
        self.alike = [kinds[shifts[s].duty, shifts[s].unit] for s, _ in self.seats]

    def go(self, tries: int) -> None:
        seats, pick, log = self.seats, self.random, math.log
        count = len(seats)
        change, best_change, best = 0, 0, list(seats)
        heats = _heats(max(WARM, HOT * self.state.costs.dearest), tries)
        for heat in heats:
            allowed = -heat * log(1.0 - pick())
            one = int(pick() * count)
            if pick() < 0.5:
                change += self._hand_over(one, allowed)
            else:
                alike = self.alike[one]
                change += self._trade(one, alike[int(pick() * len(alike))], allowed)
            if change < best_change:
                best_change, best = change, list(seats)
        self._put_back(best)

    def _hand_over(self, index: int, allowed: float) -> int:
        """Give one seat to somebody drawn by lot; returns the change of cost."""
        state = self.state
        shift, giver = self.seats[index]
        can = state.can[shift]
        taker = can[int(self.random() * len(can))]
        if not state.is_free(shift, taker):
            return 0
        cost, load, costs = state.cost, state.load, state.costs
        before = cost[giver] + cost[taker]
        worth_to_taker, worth_to_giver = state.indexed.points[taker][shift], state.indexed.points[giver][shift]
        loads = costs.load(taker, load[taker] + worth_to_taker) + costs.load(giver, load[giver] - worth_to_giver)
        special = self.special[shift]
        if not special and loads - before > allowed:
            return 0
        taken, given = state.with_shift(taker, shift), state.without(giver, shift)
        rise = costs.row(taker, taken) + costs.row(giver, given) - before
        if special:
            rise += self._seat_change(shift, giver, taker)
        if rise > allowed:
            return 0
        self.state.set_row(giver, given)
        self.state.set_row(taker, taken)
        state.on[shift].remove(giver)
        state.on[shift].add(taker)
        self.seats[index] = (shift, taker)
        return rise

    def _trade(self, one: int, other: int, allowed: float) -> int:
        """Let two people trade one shift each; returns the change of cost."""
        state, on = self.state, self.state.on
        (first, ann), (second, ben) = self.seats[one], self.seats[other]
        if ann == ben or first == second or ben in on[first] or ann in on[second]:
            return 0
        if ben not in state.able[first] or ann not in state.able[second]:
            return 0
        cost, load, costs, points = state.cost, state.load, state.costs, state.indexed.points
        before = cost[ann] + cost[ben]
        loads = costs.load(ann, load[ann] - points[ann][first] + points[ann][second])
        loads += costs.load(ben, load[ben] - points[ben][second] + points[ben][first])
        special = self.special[first] or self.special[second]
        if not special and loads - before > allowed:
            return 0
        anns, bens = self._exchanged(ann, first, second), self._exchanged(ben, second, first)
        if anns is None or bens is None:
            return 0
        rise = costs.row(ann, anns) + costs.row(ben, bens) - before
        if special:
            rise += self._seat_change(first, ann, ben) + self._seat_change(second, ben, ann)
        if rise > allowed:
            return 0
        self.state.set_row(ann, anns)
        self.state.set_row(ben, bens)
        on[first].remove(ann)
        on[first].add(ben)
        on[second].remove(ben)
        on[second].add(ann)
        self.seats[one], self.seats[other] = (first, ben), (second, ann)
        return rise

    def _exchanged(self, person: int, gone: int, come: int) -> Shifts | None:
        """The person's row with one shift for another, None when that clashes."""
        rest = [s for s in self.state.row[person] if s != gone]
        if not self.state.clashing[come].isdisjoint(rest):
            return None
        rest.append(come)
        rest.sort()
        return tuple(rest)

    def _seat_change(self, shift: int, gone: int, come: int) -> int:
        people, costs = self.state.on[shift], self.state.costs
        return costs.seats(shift, (people - {gone}) | {come}) - costs.seats(shift, people)

    def _put_back(self, best: list[Seat]) -> None:
        state = self.state
        rows: dict[int, set[int]] = {}
        for s, p in set(self.seats) ^ set(best):
            rows.setdefault(p, set(state.row[p])).symmetric_difference_update({s})
            state.on[s].symmetric_difference_update({p})
        for p, row in rows.items():
            state.set_row(p, tuple(sorted(row)))


def _heats(hot: float, tries: int) -> Iterator[float]:
    """One temperature for each try, falling geometrically, first fast and then slowly."""
    first = int(tries * HOT_SHARE) if hot > WARM else 0
    for since, until, count in ((hot, WARM, first), (WARM, COLD, tries - first)):
        factor = (until / since) ** (1 / count) if count else 1.0
        for _ in range(count):
            yield since
            since *= factor
