"""What a guard is: the three forms in which a rule can speak to the search.

A *conflict* is two shifts that one person may not both have. A *row guard* judges all shifts of one person, a *seat
guard* all people of one shift; both answer with an amount of breach in the rule's own unit, and the search asks
before it moves anything. A hard rule forbids more of it than pins alone cause; one that asks for at least something,
which may be out of reach, is priced above everything but an empty seat.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

from planning.engines.local_search.indexed_problem import IndexedProblem
from planning.engines.local_search.row import SearchRow
from planning.rules.base import Rule


class RowGuard:
    """One rule about all shifts of one person."""

    is_least: ClassVar[bool] = False
    """Asks for at least something: while hard it has a price of `LEAST_PRICES` and does not forbid."""

    def __init__(self, indexed: IndexedProblem, rule: Rule) -> None:
        self.indexed, self.rule = indexed, rule
        self.prepare()

    def prepare(self) -> None:
        """Work out what `amount` needs."""

    def concerns(self, person: int) -> bool:
        return True

    def amount(self, row: SearchRow) -> int:
        raise NotImplementedError


class Limited(RowGuard):
    """A rule with one number per person; None: no limit."""

    parameter: ClassVar[str] = "most"
    limits: list[int | None]

    def prepare(self) -> None:
        problem = self.indexed.problem
        self.limits = [self.rule.value(problem, self.parameter, person=person) for person in self.indexed.people]

    def concerns(self, person: int) -> bool:
        return self.limits[person] is not None

    def limit(self, row: SearchRow) -> int:
        return self.limits[row.person] or 0


class SeatGuard:
    """One rule about all people of one shift."""

    is_least: ClassVar[bool] = False
    own_price: ClassVar[int] = 0
    """Price per unit where the amount is a cost already and the rule has no weight."""

    def __init__(self, indexed: IndexedProblem, rule: Rule) -> None:
        self.indexed, self.rule = indexed, rule
        self.prepare()

    def prepare(self) -> None:
        """Work out what `amount` needs."""

    def concerns(self, shift: int) -> bool:
        return True

    def amount(self, shift: int, people: Collection[int]) -> int:
        raise NotImplementedError


Conflicts = Callable[[IndexedProblem, Rule], Iterator[tuple[int, int]]]


@dataclass(frozen=True)
class Guard:
    """The parts in which one rule is said, besides what `candidates.single_shift` says of it."""

    conflicts: Conflicts | None = None
    rows: tuple[type[RowGuard], ...] = ()
    seats: tuple[type[SeatGuard], ...] = ()
