"""What a search around a component's roster can prove beside its steps: nothing here builds a tree of the whole."""

from __future__ import annotations

import random
from time import monotonic

from planning.engines.candidates.components import Component
from planning.engines.mip.branch_and_bound import HEAR_SECONDS, RELAXATION, Search
from planning.engines.mip.builder import Builder
from planning.engines.mip.load_bound import Loads

RELAXATION_SHARE = 0.25  # of what is left may go to the relaxation
PROOF_SHARE = 0.8  # of what is left may go to the question whether anything is cheaper


class BoundProof:
    """First how cheap a roster may be; then, for a cost at which the search rests, whether any can be cheaper."""

    def __init__(self, search: Search, component: Component, builder: Builder, rng: random.Random) -> None:
        self.search, self.component, self.rng = search, component, rng
        self.loads = Loads(builder)
        self.beside = search.beside(component, builder)
        self.is_relaxed = False
        self.asked_about: int | None = None
        self.heard_at = monotonic()

    def go(self, until: float, *, is_quiet: bool) -> bool:
        """One of the two, when its time has come; True when a bound was raised."""
        left = until - monotonic()
        if not self.is_relaxed:
            self.is_relaxed = True
            return self._tell(RELAXATION, self.loads.bound(RELAXATION_SHARE * left))
        cost = self.search.score(self.component).cost - self.beside
        if not is_quiet or self.asked_about == cost:
            return False
        self.asked_about, seed = cost, self.rng.randrange(2**31)
        is_best = self.loads.is_cheapest(cost, seconds=PROOF_SHARE * left, seed=seed, is_over=self._knows_better)
        return is_best and self._tell("loads", cost)

    def _tell(self, by: str, bound: int | None) -> bool:
        return bound is not None and self.search.claim(self.component, by, bound + self.beside, 0)

    def _knows_better(self) -> bool:
        """Whether meanwhile somebody found a better roster, so that nobody cares whether the old one was the best."""
        if monotonic() < self.heard_at + HEAR_SECONDS:
            return False
        self.heard_at = monotonic()
        heard = self.search.hear()
        return heard is not None and self.search.take(self.component, heard)
