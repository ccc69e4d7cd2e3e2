"""The first roster: hardest seats first, each to whom it costs least; more people where soft cover pays for them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from roster.planning.engines.local_search.state import Board


def fill(board: Board, group: Sequence[int], rng: random.Random) -> None:
    """Fill what can be filled of these shifts without moving anybody who is seated."""
    seats = [shift for shift in group for _ in range(board.missing(shift))]
    tie = {shift: rng.random() for shift in group}
    demand = Counter((board.frame.shifts[s].duty, board.frame.shifts[s].unit) for s in seats)

    def hardness(number: int) -> tuple[float, int, int, float]:
        shift, people = board.frame.shifts[number], len(board.can[number]) or 1
        pressure = shift.headcount / people + demand[shift.duty, shift.unit] / (people * len(seats))
        return (-round(pressure, 3), -shift.points, number, tie[number])

    for shift in sorted(seats, key=hardness):
        if (found := board.cheapest(shift)) is not None:
            board.put(shift, found[1])


def fill_where_it_pays(board: Board, group: Sequence[int]) -> None:
    """Seat people beyond the least number for as long as that lowers the cost."""
    for shift in group:
        while len(board.on[shift]) < board.room[shift]:
            found = board.cheapest(shift)
            if found is None or found[0] >= 0:
                break
            board.put(shift, found[1])


def hand_on(board: Board, group: Sequence[int], passes: int) -> None:
    """Hand single seats to people for whom they cost less, for as long as that helps."""
    for _ in range(passes):
        moved = False
        for shift in group:
            for person in sorted(board.on[shift]):
                if (shift, person) not in board.pinned:
                    moved = _hand_on(board, shift, person) or moved
        if not moved:
            return


def _hand_on(board: Board, shift: int, person: int) -> bool:
    before = board.row[person]
    saved = board.cost[person] - board.pricing.row(person, board.without(person, shift))
    if saved < -(1 << 40):  # the rest of the row leans on this shift, as one that replaces ordinary work
        return False
    board.take(shift, person)
    stays = board.rise(shift, person)
    found = board.cheapest(shift)
    if found is not None and found[0] < stays:
        board.put(shift, found[1])
        return True
    board.set_row(person, before)
    board.on[shift].add(person)
    return False
