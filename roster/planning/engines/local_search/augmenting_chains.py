"""Chains: who pays dearly for a seat hands it on, and whoever takes it hands on another, until nobody pays dearly."""

from __future__ import annotations

from collections.abc import Sequence

from roster.planning.engines.local_search.indexed_problem import Shifts
from roster.planning.engines.local_search.state import ANY, Board

DEAR = 50_00
"""Hundredths of a point: a rule whose unit of breach costs less is left to the annealing."""
LINKS, LINKS_OF_A_CHAIN, QUESTIONS = 1500, 150, 60_000
"""How many links are tried in all and for one seat, and how many candidates all of them may ask."""


def relieve(board: Board, group: Sequence[int]) -> None:
    """Break up, where chains can, what costs about as much as the dearest rule."""
    dear = board.pricing.dearest // 2
    if dear < DEAR:
        return
    links = min(LINKS, QUESTIONS * len(group) // (1 + sum(len(board.can[s]) for s in group)))
    for shift in group:
        for person in sorted(board.on[shift]):
            if (shift, person) in board.pinned:
                continue
            before, without = board.row[person], board.without(person, shift)
            if dear <= board.cost[person] - board.pricing.row(person, without) < ANY:
                board.take(shift, person)
                chain = _Chain(board, dear, {shift}, min(links, LINKS_OF_A_CHAIN))
                links -= chain.links
                if not chain.place(shift):
                    board.set_row(person, before)
                    board.on[shift].add(person)
                links += chain.links


class _Chain:
    """An augmenting path: `seen` seats are not moved twice, and `links` are all that it may still try."""

    def __init__(self, board: Board, dear: int, seen: set[int], links: int) -> None:
        self.board, self.dear, self.seen, self.links = board, dear, seen, links

    def place(self, shift: int) -> bool:
        """Seat somebody who does not pay dearly, others handing on what it takes; nothing is moved on False."""
        board = self.board
        self.links -= 1
        if self.links < 0:
            return False
        found = board.cheapest(shift)
        if found is not None and found[0] < self.dear:
            board.put(shift, found[1])
            return True
        return any(self._through(shift, person) for person in board.can[shift] if person not in board.on[shift])

    def _through(self, shift: int, person: int) -> bool:
        """The person takes the shift for another of theirs, which somebody else can take."""
        board, before = self.board, self.board.row[person]
        for other in before:
            if other in self.seen or (other, person) in board.pinned:
                continue
            row = self._exchanged(person, other, shift)
            if row is None:
                continue
            self.seen.add(other)
            board.on[other].remove(person)
            board.on[shift].add(person)
            board.set_row(person, row)
            if self.place(other):
                return True
            board.on[shift].remove(person)
            board.on[other].add(person)
            board.set_row(person, before)
        return False

    def _exchanged(self, person: int, gone: int, come: int) -> Shifts | None:
        """The row after the exchange, None when it may not be or costs dearly itself."""
        board = self.board
        rest = tuple(s for s in board.row[person] if s != gone)
        if not board.clashing[come].isdisjoint(rest):
            return None
        row = tuple(sorted((*rest, come)))
        without = board.pricing.row(person, rest)
        return row if without < ANY and board.pricing.row(person, row) - without < self.dear else None
