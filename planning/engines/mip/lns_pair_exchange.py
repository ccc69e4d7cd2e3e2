"""Deals between two people, as steps on the roster that a search holds of one component."""

from __future__ import annotations

import random
from collections.abc import Set as AbstractSet
from time import monotonic

from planning.engines.candidates.components import Component
from planning.engines.local_search.pair_exchange import PairExchange
from planning.engines.local_search.state import State
from planning.engines.mip.branch_and_bound import Search
from planning.engines.mip.builder import Pair

DEALS = 2000  # pairs of people who deal in one step, where that takes no longer than this
STEP_SECONDS = 0.6
WARM, MOST_WARM = 3, 200  # deals per person, and in all, that may cost more, before going on from where one was in vain
HEAT = 60.0  # hundredths of a point by which they may, on the average
ASTRAY = 300  # hundredths of a point above the best: from there it goes back to it


class Deals:
    """Goes on from where deals have led, which may cost as much as the roster held, or a little more."""

    def __init__(self, search: Search, component: Component, state: State, rng: random.Random) -> None:
        self.search, self.component, self.indexed = search, component, state.indexed
        self.exchange = PairExchange(state, [state.indexed.number_of[shift.id] for shift in component.shifts], rng)
        self.begun_with: AbstractSet[Pair] | None = None
        self.above = 0  # by how much the roster of the deals costs more than the one held

    @property
    def pairs(self) -> int:
        """How many pairs of people could deal."""
        return self.exchange.pairs

    @property
    def tried(self) -> int:
        """How many pairs have been tried since the beginning."""
        return self.exchange.tried

    def step(self, until: float) -> bool:
        """True when the roster held got better."""
        until = min(until, monotonic() + STEP_SECONDS)
        held = self.search.held[self.component.key]
        if self.begun_with is not held or self.above > ASTRAY:
            self.exchange.lay([(self.indexed.number_of[s], self.indexed.person_of[p]) for s, p in held])
            self.above = 0
        if self.begun_with is held:
            self.above += self._go(min(MOST_WARM, WARM * len(self.exchange.people)), until, HEAT)
        self.begun_with = held
        self.above += self._go(DEALS, until)
        return self.above < 0 and self._keep()

    def _go(self, tries: int, until: float, heat: float = 0.0) -> int:
        return self.exchange.go(tries, heat, is_over=lambda: monotonic() >= until)

    def _keep(self) -> bool:
        shifts, people = self.indexed.shifts, self.indexed.people
        better = {(shifts[s].id, people[p].id) for s, p in self.exchange.seats()}
        if not self.search.keep_better(self.component, better):
            return False
        self.begun_with, self.above = better, 0
        return True
