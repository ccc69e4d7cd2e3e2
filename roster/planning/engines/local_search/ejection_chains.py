"""Empty seats that nobody is free for: somebody drops something for them, and what is dropped is seated anew."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence

from roster.planning.engines.local_search.indexed_problem import Shifts
from roster.planning.engines.local_search.state import ANY, Board

ROUNDS, ROUNDS_PER_SEAT = 120, 30
"""After so many rounds without a fuller roster the search gives up: so many, and so many per empty seat."""
MOST_ROUNDS = 2000
ASKED = 6
"""How many people are asked in earnest for each seat, those who would drop least first."""

Option = tuple[int, float, int, tuple[int, ...]]
"""(weight of what is dropped, lot, person, dropped)"""


def repair(board: Board, group: Sequence[int], rng: random.Random) -> None:
    """Leave the board with the fullest roster met.

    A seat that keeps coming back grows dearer to drop, so the search cannot circle between two seats.
    """
    queue = [shift for shift in group for _ in range(board.missing(shift)) if board.can[shift]]
    best, fewest, stale = _snapshot(board, group), len(queue), 0
    weight = Counter[int]()
    for _ in range(MOST_ROUNDS):
        if not queue or stale > ROUNDS + ROUNDS_PER_SEAT * fewest:
            break
        shift = queue.pop(rng.randrange(len(queue)))
        weight[shift] += 1
        queue += _force(board, shift, weight, rng)
        stale += 1
        if len(queue) < fewest:
            best, fewest, stale = _snapshot(board, group), len(queue), 0
    if len(queue) > fewest:
        _restore(board, best)


def _force(board: Board, shift: int, weight: Counter[int], rng: random.Random) -> tuple[int, ...]:
    """Seat somebody on the shift and return the seats that fell empty (the shift itself when nobody can)."""
    found = board.cheapest(shift)
    if found is not None:
        board.put(shift, found[1])
        return ()
    option = _least_drop(board, shift, weight, rng)
    if option is None:
        return (shift,)
    *_, person, dropped = option
    for other in dropped:
        board.on[other].remove(person)
    board.on[shift].add(person)
    board.set_row(person, _row(board, person, shift, dropped))
    return tuple(other for other in dropped if board.missing(other))


def _least_drop(board: Board, shift: int, weight: Counter[int], rng: random.Random) -> Option | None:
    options: list[Option] = []
    for person in board.can[shift]:
        if person in board.on[shift]:
            continue
        drop = tuple(s for s in board.row[person] if s in board.clashing[shift])
        if not any((s, person) in board.pinned for s in drop):
            options.append((sum(1 + weight[s] for s in drop), rng.random(), person, drop))
    options.sort()
    best: Option | None = None
    for at, (price, lot, person, drop) in enumerate(options):
        if best is not None and (at >= ASKED or price >= best[0]):
            break
        if at >= 3 * ASKED:
            break
        for more in _drops(board, shift, person, drop, weight):
            option = (sum(1 + weight[s] for s in more), lot, person, more)
            if best is None or option < best:
                best = option
            break
    return best


def _drops(board: Board, shift: int, person: int, drop: Shifts, weight: Counter[int]) -> Iterator[Shifts]:
    """What the person could drop so that the rest and the shift go together, from little to much."""
    if _fits(board, shift, person, drop):
        yield drop
    day = board.frame.day
    rest = [s for s in board.row[person] if s not in drop and (s, person) not in board.pinned]
    rest.sort(key=lambda s: (weight[s], abs(day[s] - day[shift]), s))
    for one in rest:
        if _fits(board, shift, person, (*drop, one)):
            yield (*drop, one)
    for count in range(2, min(4, len(rest)) + 1):
        if _fits(board, shift, person, (*drop, *rest[:count])):
            yield (*drop, *rest[:count])


def _fits(board: Board, shift: int, person: int, drop: Shifts) -> bool:
    if board.pricing.row(person, _row(board, person, shift, drop)) >= ANY:
        return False
    return not board.pricing.strict_seat[shift] or board.pricing.seats(shift, board.on[shift] | {person}) < ANY


def _row(board: Board, person: int, shift: int, drop: Shifts) -> Shifts:
    return tuple(sorted([shift, *(s for s in board.row[person] if s not in drop)]))


Snapshot = list[tuple[int, frozenset[int]]]


def _snapshot(board: Board, group: Sequence[int]) -> Snapshot:
    return [(shift, frozenset(board.on[shift])) for shift in group]


def _restore(board: Board, before: Snapshot) -> None:
    rows: dict[int, set[int]] = {}
    for shift, people in before:
        for person in board.on[shift] ^ people:
            rows.setdefault(person, set(board.row[person])).symmetric_difference_update({shift})
        board.on[shift] = set(people)
    for person, row in rows.items():
        board.set_row(person, tuple(sorted(row)))
