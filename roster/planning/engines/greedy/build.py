"""A valid roster at once: hardest seats first, each to whom it costs least, then repair by ejection, then moves.

No solver and no clock decide here: the same problem and seed give the same roster on any machine.
"""

from __future__ import annotations

import random
from collections import Counter

from roster.planning.engines.greedy.board import Board
from roster.planning.engines.greedy.swaps import improve_by_swaps
from roster.planning.problem import Assignment, Problem

REPAIR_ROUNDS = 3000
IMPROVE_PASSES = 3


def build(problem: Problem, *, seed: int = 0) -> tuple[Assignment, ...]:
    """A roster without any hard breach but empty seats (and what pins break among themselves)."""
    board = Board(problem)
    rng = random.Random(seed)  # noqa: S311 - breaks ties, guards nothing
    _fill(board, rng)
    _repair(board, rng)
    _improve(board)
    improve_by_swaps(board, rng)
    return board.assignments()


def _fill(board: Board, rng: random.Random) -> None:
    shifts = board.problem.shift_of
    seats = board.empty_seats()
    demand = Counter((shifts[s].duty, shifts[s].unit) for s in seats)
    tie = {shift_id: rng.random() for shift_id in shifts}

    def hardness(shift_id: int) -> tuple[float, int, float, float]:
        shift = shifts[shift_id]
        people = len(board.can[shift_id]) or 1
        pressure = shift.headcount / people + demand[shift.duty, shift.unit] / (people * len(seats))
        return (-round(pressure, 3), -shift.points, shift.start.timestamp(), tie[shift_id])

    for shift_id in sorted(seats, key=hardness):
        staff_id = _cheapest(board, shift_id)
        if staff_id is not None:
            board.put(shift_id, staff_id)


def _cheapest(board: Board, shift_id: int) -> int | None:
    open_to = [p for p in board.can[shift_id] if board.is_open(shift_id, p)]
    return min(open_to, key=lambda p: (board.price(shift_id, p), p), default=None)


def _repair(board: Board, rng: random.Random) -> None:
    """Put each empty seat on the person who must drop least for it, and the dropped seats back in the queue.

    A seat that keeps coming back grows dearer to drop, so the search cannot circle between two seats. The best
    board seen is kept.
    """
    queue = [s for s in board.empty_seats() if board.can[s]]
    best, best_missing = board.assignments(), len(queue)
    weight = Counter[int]()
    for _ in range(REPAIR_ROUNDS):
        if not queue:
            break
        shift_id = queue.pop(rng.randrange(len(queue)))
        weight[shift_id] += 1
        queue += _force(board, shift_id, weight, rng)
        if len(queue) < best_missing:
            best, best_missing = board.assignments(), len(queue)
    _restore(board, best)


def _force(board: Board, shift_id: int, weight: Counter[int], rng: random.Random) -> list[int]:
    """Seat somebody on the shift and return the seats that fell empty (the shift itself when nobody can)."""
    staff_id = _cheapest(board, shift_id)
    if staff_id is not None:
        board.put(shift_id, staff_id)
        return []
    options = [(_to_drop(board, shift_id, p, weight), p) for p in board.can[shift_id] if p not in board.on[shift_id]]
    payable = [(sum(1 + weight[s] for s in drop), rng.random(), p, drop) for drop, p in options if drop]
    if not payable:
        return [shift_id]
    *_, staff_id, dropped = min(payable)
    for other in dropped:
        board.take(other, staff_id)
    board.put(shift_id, staff_id)
    return dropped


def _to_drop(board: Board, shift_id: int, staff_id: int, weight: Counter[int]) -> list[int]:
    """What the person must let go to take the shift; nothing when a pin stands in the way."""
    held = board.held[staff_id]
    drop = sorted(board.conflicts[shift_id] & held)
    limit = board.problem.person[staff_id].max_shifts
    excess = 0 if limit is None else len(held) - len(drop) + 1 - limit
    if excess > 0:
        loose = sorted(held.difference(drop), key=lambda s: (weight[s], s))
        drop += [s for s in loose if (s, staff_id) not in board.pinned][:excess]
        if len(held) - len(drop) + 1 > limit:  # type: ignore[operator]
            return []
    return [] if any((s, staff_id) in board.pinned for s in drop) else drop


def _restore(board: Board, assignments: tuple[Assignment, ...]) -> None:
    for now in set(board.assignments()).difference(assignments):
        board.take(now.shift_id, now.staff_id)
    for then in set(assignments).difference(board.assignments()):
        board.put(then.shift_id, then.staff_id)


def _improve(board: Board) -> None:
    """Hand single seats to people for whom they cost less, for as long as that helps."""
    for _ in range(IMPROVE_PASSES):
        moved = False
        for seat in board.assignments():
            if (seat.shift_id, seat.staff_id) in board.pinned:
                continue
            board.take(seat.shift_id, seat.staff_id)
            chosen = _cheapest(board, seat.shift_id)
            staff_id = seat.staff_id if chosen is None else chosen
            board.put(seat.shift_id, staff_id)
            moved = moved or staff_id != seat.staff_id
        if not moved:
            return
