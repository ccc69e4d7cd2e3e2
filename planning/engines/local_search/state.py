"""The working state of the greedy: who holds what, and what a move would change."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

from planning.engines.local_search.cost import Costs
from planning.engines.local_search.guards.table import GUARDS
from planning.engines.local_search.indexed_problem import IndexedProblem, Shifts
from planning.problem import Assignment, Problem

ANY = 1 << 30
ASKED = 40
"""How many people are priced in earnest for one seat, once one is found who may take it."""

Seat = tuple[int, int]
"""(number of the shift, number of the person)"""


class State:
    """Mutable and private to one run. Pinned pairs are put on it first and never leave it.

    `need[s]` people fill the shift, `room[s]` it can take. `cost[p]` is the price of the row as it is.
    """

    def __init__(self, problem: Problem) -> None:
        self.indexed = indexed = IndexedProblem(problem)
        self.costs = Costs(indexed)
        self.clashing, self.can = self.costs.clashing, indexed.can
        self.able = [frozenset(people) for people in indexed.can]
        counted = "coverage.headcount" in GUARDS
        self.need = [shift.headcount if counted else 0 for shift in indexed.shifts]
        self.room = [
            shift.headcount if counted and not shift.wanted else ANY if shift.wanted or not counted else 0
            for shift in indexed.shifts
        ]
        pins: list[Shifts] = indexed.pins if "pins.kept" in GUARDS else [()] * len(indexed.people)
        self.pinned = {(shift, person) for person, own in enumerate(pins) for shift in own}
        self.row: list[Shifts] = list(pins)
        self.on: list[set[int]] = [set() for _ in indexed.shifts]
        for shift, person in self.pinned:
            self.on[shift].add(person)
        self.load = [self.costs.terms[p][0] + self._worth(p, own) for p, own in enumerate(pins)]
        self.cost = [self.costs.row(person, own) for person, own in enumerate(pins)]

    def put(self, shift: int, person: int) -> None:
        self.set_row(person, self.with_shift(person, shift))
        self.on[shift].add(person)

    def take(self, shift: int, person: int) -> None:
        self.set_row(person, self.without(person, shift))
        self.on[shift].remove(person)

    def set_row(self, person: int, row: Shifts) -> None:
        """The row alone; whoever calls it keeps `on` in step."""
        self.row[person] = row
        self.load[person] = self.costs.terms[person][0] + self._worth(person, row)
        self.cost[person] = self.costs.row(person, row)

    def with_shift(self, person: int, shift: int) -> Shifts:
        row = list(self.row[person])
        insort(row, shift)
        return tuple(row)

    def without(self, person: int, shift: int) -> Shifts:
        return tuple([s for s in self.row[person] if s != shift])

    def is_free(self, shift: int, person: int) -> bool:
        """Whether the person, who is a candidate, has nothing that clashes with the shift; guards are not asked."""
        return person not in self.on[shift] and self.clashing[shift].isdisjoint(self.row[person])

    def floor(self, shift: int, person: int) -> int:
        """No less than this is what taking the shift can change the person's cost by; cheap to ask."""
        load = self.load[person] + self.indexed.points[person][shift]
        least, fee = self.costs.load(person, load) - self.cost[person], self.costs.fee[person]
        return least + fee.get(shift, 0) + sum(fee.get(s, 0) for s in self.row[person]) if fee else least

    def rise(self, shift: int, person: int) -> int:
        """Return what the objective would rise by if the person took the shift, empty seats aside; FORBIDDEN or more:
        no."""
        change = self.costs.row(person, self.with_shift(person, shift)) - self.cost[person]
        if self.costs.special[shift]:
            people = self.on[shift]
            change += self.costs.seats(shift, people | {person}) - self.costs.seats(shift, people)
        return change

    def cheapest(self, shift: int) -> tuple[int, int] | None:
        """(rise, person) of whoever may take the shift at the least rise."""
        best: tuple[int, int] | None = None
        free = [(self.floor(shift, p), p) for p in self.can[shift] if self.is_free(shift, p)]
        special = bool(self.costs.priced_seat[shift])
        for asked, (floor, person) in enumerate(sorted(free)):
            if best is not None and (asked >= ASKED or (floor >= best[0] and not special)):
                break
            rise = self.rise(shift, person)
            if rise < ANY and (best is None or (rise, person) < best):
                best = (rise, person)
        return best

    def seats(self, component: Sequence[int]) -> int:
        """How many people these shifts need or would like."""
        shifts = self.indexed.shifts
        return sum(max(self.need[s], wanted.number if (wanted := shifts[s].wanted) else 0) for s in component)

    def missing(self, shift: int) -> int:
        return max(0, self.need[shift] - len(self.on[shift]))

    def assignments(self) -> tuple[Assignment, ...]:
        shifts, people = self.indexed.shifts, self.indexed.people
        pairs = ((shifts[s].id, people[p].id) for s, own in enumerate(self.on) for p in own)
        return tuple(sorted(Assignment(*pair) for pair in pairs))

    def _worth(self, person: int, row: Shifts) -> int:
        points = self.indexed.points[person]
        return sum([points[s] for s in row])
