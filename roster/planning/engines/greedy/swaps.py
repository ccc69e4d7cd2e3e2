"""Two people trade shifts wherever that costs less, and now and then where it costs a little more.

Simulated annealing over moves and swaps: what a single move cannot reach, a trade can. Counted in tries and not in
seconds, so that the same problem and seed give the same roster on any machine.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict

from roster.planning.engines.greedy.board import Board

TRIES_PER_SEAT = 400
MOST_TRIES = 150_000
WARM, COLD = 300.0, 10.0  # temperatures, in hundredths of a point

Seat = tuple[int, int]


def improve_by_swaps(board: Board, rng: random.Random) -> None:
    """Leave the board with the cheapest roster met; its set of filled seats per shift never changes."""
    seats = sorted({(a.shift_id, a.staff_id) for a in board.assignments()} - board.pinned)
    if len(seats) < 2:
        return
    alike = _alike(board, seats)
    tries = min(MOST_TRIES, TRIES_PER_SEAT * len(seats))
    change, best_change, best = 0, 0, list(seats)
    for done in range(tries):
        heat = WARM * (COLD / WARM) ** (done / tries)
        one = rng.randrange(len(seats))
        other = rng.choice(alike[one])
        if rng.random() < 0.5:
            change += _hand_over(board, seats, one, heat, rng)
        elif one != other:
            change += _trade(board, seats, one, other, heat, rng)
        if change < best_change:
            best_change, best = change, list(seats)
    _put_back(board, seats, best)


def _alike(board: Board, seats: list[Seat]) -> list[list[int]]:
    """Index of a seat → indexes of the seats of the same duty and unit."""
    shifts, groups = board.problem.shift_of, defaultdict[tuple[str, str], list[int]](list)
    for index, (shift_id, _) in enumerate(seats):
        groups[shifts[shift_id].duty, shifts[shift_id].unit].append(index)
    return [groups[shifts[shift_id].duty, shifts[shift_id].unit] for shift_id, _ in seats]


def _accepts(rise: int, heat: float, rng: random.Random) -> bool:
    return rise <= 0 or rng.random() < math.exp(-rise / heat)


def _hand_over(board: Board, seats: list[Seat], index: int, heat: float, rng: random.Random) -> int:
    """Give one seat to somebody drawn by lot; returns the change of cost."""
    shift_id, staff_id = seats[index]
    newcomer = rng.choice(board.can[shift_id]) if board.can[shift_id] else staff_id
    if not board.is_open(shift_id, newcomer):
        return 0
    board.take(shift_id, staff_id)
    rise = board.price(shift_id, newcomer) - board.price(shift_id, staff_id)
    chosen = newcomer if _accepts(rise, heat, rng) else staff_id
    board.put(shift_id, chosen)
    seats[index] = (shift_id, chosen)
    return rise if chosen == newcomer else 0


def _trade(board: Board, seats: list[Seat], one: int, other: int, heat: float, rng: random.Random) -> int:
    """Let two people trade one shift each; returns the change of cost."""
    (first, ann), (second, ben) = seats[one], seats[other]
    if ann == ben or first == second or ben not in board.can[first] or ann not in board.can[second]:
        return 0
    board.take(first, ann)
    board.take(second, ben)
    rise = 0
    if board.is_open(first, ben) and board.is_open(second, ann):
        before = board.price(first, ann) + board.price(second, ben)
        rise = board.price(first, ben) + board.price(second, ann) - before
        if _accepts(rise, heat, rng):
            seats[one], seats[other] = (first, ben), (second, ann)
        else:
            rise = 0
    board.put(*seats[one])
    board.put(*seats[other])
    return rise


def _put_back(board: Board, seats: list[Seat], best: list[Seat]) -> None:
    for seat in set(seats) - set(best):
        board.take(*seat)
    for seat in set(best) - set(seats):
        board.put(*seat)
