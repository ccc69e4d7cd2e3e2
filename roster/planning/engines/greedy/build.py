"""A valid roster at once: fill, repair, then moves and trades that make it cheaper.

No solver and no clock decide here: the same problem and seed give the same roster on any machine. Groups of shifts
that share nobody are rostered one by one.
"""

from __future__ import annotations

import random

from roster.planning.engines.greedy.anneal import anneal
from roster.planning.engines.greedy.board import Board
from roster.planning.engines.greedy.fill import fill, fill_where_it_pays, hand_on
from roster.planning.engines.greedy.repair import repair
from roster.planning.problem import Assignment, Problem

TRIES_PER_SEAT = 250
MOST_TRIES = 120_000
PASSES = 3


def build(problem: Problem, *, seed: int = 0, tries: int | None = None) -> tuple[Assignment, ...]:
    """A roster without any hard breach but empty seats, what pins break among themselves, and too few of something.

    `tries` bounds the moves tried after the roster is whole; None: in measure of the number of seats.
    """
    board = Board(problem)
    rng = random.Random(seed)  # noqa: S311 - breaks ties, guards nothing
    for group in board.frame.groups:
        fill(board, group, rng)
        repair(board, group, rng)
        fill_where_it_pays(board, group)
        hand_on(board, group, PASSES)
    seats = sum(len(people) for people in board.on) - len(board.pinned)
    effort = min(MOST_TRIES, TRIES_PER_SEAT * seats) if tries is None else tries
    for group in board.frame.groups:
        own = sum(len(board.on[shift]) for shift in group)
        anneal(board, group, effort * own // max(1, seats), rng)
    return board.assignments()
