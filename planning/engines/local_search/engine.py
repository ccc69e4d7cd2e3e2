"""A valid roster at once: fill, repair, then moves and trades that make it cheaper.

No solver and no clock decide here: the same problem and seed give the same roster on any machine. Components of shifts
that share nobody are rostered one by one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from planning.engines.local_search.augmenting_chains import relieve
from planning.engines.local_search.block_moves import exchange_blocks
from planning.engines.local_search.construction import fill, fill_where_it_pays, hand_on
from planning.engines.local_search.ejection_chains import repair
from planning.engines.local_search.guards.table import GUARDS
from planning.engines.local_search.simulated_annealing import anneal
from planning.engines.local_search.state import State
from planning.problem import Assignment, Problem
from planning.rules import RULE_OF

TRIES_PER_SEAT = 250
MOST_TRIES = 90_000
PASSES, MOST_QUESTIONS = 3, 1_000_000
"""Passes of handing on, fewer where that would ask about more pairs of seat and person."""
ABOUT_RUNS = ("runs.min_days", "runs.min_off", "runs.isolated")


def build(problem: Problem, *, seed: int = 0, tries: int | None = None) -> tuple[Assignment, ...]:
    """A roster without any hard breach but empty seats, what pins break among themselves, and too few of something.

    `tries` bounds the moves tried after the roster is whole; None: in measure of the number of seats.
    """
    state = State(problem)
    rng = random.Random(seed)  # noqa: S311 - breaks ties, guards nothing
    has_runs = any(code in GUARDS and RULE_OF[code].is_on(problem) for code in ABOUT_RUNS)
    for component in state.indexed.components:
        fill(state, component, rng)
        repair(state, component, rng)
        if not (has_runs and _is_soft(state, component)):
            fill_where_it_pays(state, component)
        relieve(state, component)
        questions = sum(state.need[s] * len(state.can[s]) for s in component)
        hand_on(state, component, min(PASSES, MOST_QUESTIONS // (questions + 1)))
    seats = sum(map(state.seats, state.indexed.components))
    effort = min(MOST_TRIES, TRIES_PER_SEAT * seats) if tries is None else tries
    for component in state.indexed.components:
        _improve(state, component, effort * state.seats(component) // max(1, seats), rng, has_runs=has_runs)
    return state.assignments()


def _improve(state: State, component: Sequence[int], tries: int, rng: random.Random, *, has_runs: bool) -> None:
    """Days one by one where cover is fixed, in blocks where runs or the number of people are to be chosen."""
    is_soft = _is_soft(state, component)
    if has_runs or is_soft:
        exchange_blocks(state, component, tries if is_soft else tries // 2, rng)
        tries //= 2
    anneal(state, component, tries // 2, rng)
    relieve(state, component)
    anneal(state, component, tries // 2, rng)
    if is_soft and not has_runs:
        fill_where_it_pays(state, component)


def _is_soft(state: State, component: Sequence[int]) -> bool:
    return any(state.indexed.shifts[s].wanted for s in component)
