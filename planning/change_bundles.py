"""PURE which changes of a roster hang together: whoever is named, nobody is left with half of what is meant for them.

Of a seat that changes hands two people are concerned. With a person all their seats go, and with these the people on
their other side: the two sides of a swap, and every link of a chain of covers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SeatMove:
    """A seat that changes hands: person ids of who leaves it and who comes, ``None`` for nobody, never both."""

    seat: int
    shift: int
    out: int | None
    came: int | None

    @property
    def people(self) -> tuple[int, ...]:
        return tuple(each for each in (self.out, self.came) if each is not None)


def groups(moves: Iterable[SeatMove]) -> list[tuple[SeatMove, ...]]:
    """The moves, those together that hang together; in the order in which they were given."""
    given = list(moves)
    leads = dict[int, int]()
    for move in given:
        heads = {_head(leads, each) for each in move.people}
        leads |= dict.fromkeys(heads, min(heads, default=0))
    found = dict[int, list[SeatMove]]()
    for move in given:
        found.setdefault(_head(leads, move.people[0]), []).append(move)
    return [tuple(each) for each in found.values()]


def _head(leads: dict[int, int], person: int) -> int:
    """Who stands for all that hang together with the person."""
    head = person
    while leads.get(head, head) != head:
        head = leads[head]
    leads[person] = head
    return head


def with_people(moves: Sequence[SeatMove], people: Collection[int]) -> list[SeatMove]:
    """All moves that hang together with one of ``people`` (ids)."""
    wanted = set(people)
    return [
        move for group in groups(moves) if any(not wanted.isdisjoint(each.people) for each in group) for move in group
    ]
