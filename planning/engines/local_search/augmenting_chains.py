"""Chains: who pays dearly for a seat hands it on, and whoever takes it hands on another, until nobody pays dearly."""

from __future__ import annotations

from collections.abc import Sequence

from planning.engines.local_search.indexed_problem import Shifts
from planning.engines.local_search.state import ANY, State

DEAR = 50_00
"""Hundredths of a point: a rule whose unit of breach costs less is left to the annealing."""
LINKS, LINKS_OF_A_CHAIN, QUESTIONS = 1500, 150, 60_000
"""How many links are tried in all and for one seat, and how many candidates all of them may ask."""


def relieve(state: State, component: Sequence[int]) -> None:
    """Break up, where chains can, what costs about as much as the dearest rule."""
    dear = state.costs.dearest // 2
    if dear < DEAR:
        return
    links = min(LINKS, QUESTIONS * len(component) // (1 + sum(len(state.can[s]) for s in component)))
    for shift in component:
        for person in sorted(state.on[shift]):
            if (shift, person) in state.pinned:
                continue
            before, without = state.row[person], state.without(person, shift)
            if dear <= state.cost[person] - state.costs.row(person, without) < ANY:
                state.take(shift, person)
                chain = _Chain(state, dear, {shift}, min(links, LINKS_OF_A_CHAIN))
                links -= chain.links
                if not chain.place(shift):
                    state.set_row(person, before)
                    state.on[shift].add(person)
                links += chain.links


class _Chain:
    """An augmenting path: `seen` seats are not moved twice, and `links` are all that it may still try."""

    def __init__(self, state: State, dear: int, seen: set[int], links: int) -> None:
        self.state, self.dear, self.seen, self.links = state, dear, seen, links

    def place(self, shift: int) -> bool:
        """Seat somebody who does not pay dearly, others handing on what it takes; nothing is moved on False."""
        state = self.state
        self.links -= 1
        if self.links < 0:
            return False
        found = state.cheapest(shift)
        if found is not None and found[0] < self.dear:
            state.put(shift, found[1])
            return True
        return any(self._through(shift, person) for person in state.can[shift] if person not in state.on[shift])

    def _through(self, shift: int, person: int) -> bool:
        """The person takes the shift for another of theirs, which somebody else can take."""
        state, before = self.state, self.state.row[person]
        for other in before:
            if other in self.seen or (other, person) in state.pinned:
                continue
            row = self._exchanged(person, other, shift)
            if row is None:
                continue
            self.seen.add(other)
            state.on[other].remove(person)
            state.on[shift].add(person)
            state.set_row(person, row)
            if self.place(other):
                return True
            state.on[shift].remove(person)
            state.on[other].add(person)
            state.set_row(person, before)
        return False

    def _exchanged(self, person: int, gone: int, come: int) -> Shifts | None:
        """The row after the exchange, None when it may not be or costs dearly itself."""
        state = self.state
        rest = tuple(s for s in state.row[person] if s != gone)
        if not state.clashing[come].isdisjoint(rest):
            return None
        row = tuple(sorted((*rest, come)))
        without = state.costs.row(person, rest)
        return row if without < ANY and state.costs.row(person, row) - without < self.dear else None
