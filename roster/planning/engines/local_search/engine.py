"""A valid roster at once: fill, repair, then moves and trades that make it cheaper.

No solver and no clock decide here: the same problem and seed give the same roster on any machine. Groups of shifts
that share nobody are rostered one by one.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from roster.planning.engines.local_search.augmenting_chains import relieve
from roster.planning.engines.local_search.block_moves import exchange_blocks
from roster.planning.engines.local_search.construction import fill, fill_where_it_pays, hand_on
from roster.planning.engines.local_search.ejection_chains import repair
from roster.planning.engines.local_search.guards.table import GUARDS
from roster.planning.engines.local_search.simulated_annealing import anneal
from roster.planning.engines.local_search.state import Board
from roster.planning.problem import Assignment, Problem
from roster.planning.rules import RULE_OF

TRIES_PER_SEAT = 250
MOST_TRIES = 90_000
PASSES, MOST_QUESTIONS = 3, 1_000_000
"""Passes of handing on, fewer where that would ask about more pairs of seat and person."""
ABOUT_RUNS = ("runs.min_days", "runs.min_off", "runs.isolated")


def build(problem: Problem, *, seed: int = 0, tries: int | None = None) -> tuple[Assignment, ...]:
    """A roster without any hard breach but empty seats, what pins break among themselves, and too few of something.

    `tries` bounds the moves tried after the roster is whole; None: in measure of the number of seats.
    """
    board = Board(problem)
    rng = random.Random(seed)  # noqa: S311 - breaks ties, guards nothing
    has_runs = any(code in GUARDS and RULE_OF[code].is_on(problem) for code in ABOUT_RUNS)
    for group in board.frame.groups:
        fill(board, group, rng)
        repair(board, group, rng)
        if not (has_runs and _is_soft(board, group)):
            fill_where_it_pays(board, group)
        relieve(board, group)
        questions = sum(board.need[s] * len(board.can[s]) for s in group)
        hand_on(board, group, min(PASSES, MOST_QUESTIONS // (questions + 1)))
    seats = sum(map(board.seats, board.frame.groups))
    effort = min(MOST_TRIES, TRIES_PER_SEAT * seats) if tries is None else tries
    for group in board.frame.groups:
        _improve(board, group, effort * board.seats(group) // max(1, seats), rng, has_runs=has_runs)
    return board.assignments()


def _improve(board: Board, group: Sequence[int], tries: int, rng: random.Random, *, has_runs: bool) -> None:
    """Days one by one where cover is fixed, in blocks where runs or the number of people are to be chosen."""
    is_soft = _is_soft(board, group)
    if has_runs or is_soft:
        exchange_blocks(board, group, tries if is_soft else tries // 2, rng)
        tries //= 2
    anneal(board, group, tries // 2, rng)
    relieve(board, group)
    anneal(board, group, tries // 2, rng)
    if is_soft and not has_runs:
        fill_where_it_pays(board, group)


def _is_soft(board: Board, group: Sequence[int]) -> bool:
    return any(board.frame.shifts[s].wanted for s in group)
