"""What a row costs, and whether it may be at all: the guards of one problem put together.

A row is priced as a whole and remembered, so that a move is judged by the difference of two numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from planning.engines.candidates.single_shift import SINGLE_SHIFT, Judge
from planning.engines.local_search.guards.base import Guard, RowGuard, SeatGuard
from planning.engines.local_search.guards.table import GUARDS
from planning.engines.local_search.indexed_problem import IndexedProblem, Shifts
from planning.engines.local_search.row import SearchRow
from planning.problem import Problem
from planning.rules import RULE_OF
from planning.rules.base import Rule
from planning.rules.fairness import FAIRNESS, terms
from planning.score.score import LEAST_PRICES

FORBIDDEN = 1 << 60
"""More than anything can cost."""
MOST_KNOWN = 200_000
"""Rows that are remembered, some 70 MB: a search that goes on for minutes must not fill the memory."""


class Costs:
    """`clashing[s]`: shifts that nobody may have together with s. `terms[p]`: load carried in, step of fairness.

    `special[s]`: some rule asks who else is on the shift.
    """

    def __init__(self, indexed: IndexedProblem) -> None:
        self.indexed = indexed
        problem, people, shifts = indexed.problem, range(len(indexed.people)), range(len(indexed.shifts))
        self.clashing: list[set[int]] = [set() for _ in shifts]
        self.grudge: list[dict[int, int]] = [{} for _ in shifts]
        self.fee: list[dict[int, int]] = [{} for _ in people]
        self.strict: list[list[tuple[RowGuard, int]]] = [[] for _ in people]
        self.priced: list[list[tuple[RowGuard, int]]] = [[] for _ in people]
        self.strict_seat: list[list[tuple[SeatGuard, int]]] = [[] for _ in shifts]
        self.priced_seat: list[list[tuple[SeatGuard, int]]] = [[] for _ in shifts]
        self.dearest = 0
        """The highest weight of a unit of breach of a rule that is priced."""
        self._known: list[dict[Shifts, int]] = [{} for _ in people]
        self._count = 0
        for rule, guard in active(problem):
            self._add(rule, guard)
        fair = "fairness.load" in GUARDS and FAIRNESS.is_on(problem)
        self.fairness = FAIRNESS.weight_in(problem) if fair else 0
        self.terms = [terms(problem, person) for person in indexed.people]
        self.has_grudges = any(self.grudge)
        self.special = [bool(self.strict_seat[s] or self.priced_seat[s]) for s in shifts]

    def row(self, person: int, shifts: Shifts) -> int:
        """The cost of one person's shifts, FORBIDDEN when they break more than the pins do."""
        known = self._known[person]
        cost = known.get(shifts)
        if cost is None:
            self._forget_in_time()
            cost = known[shifts] = self._price(person, shifts)
        return cost

    def _forget_in_time(self) -> None:
        if self._count >= MOST_KNOWN:
            for each in self._known:
                each.clear()
            self._count = 0
        self._count += 1

    def load(self, person: int, load: int) -> int:
        """Return what a load costs: no row of that load costs less."""
        step = self.terms[person][1]
        full = load // step if load > 0 else 0
        return self.fairness * (full * load - step * full * (full + 1) // 2)

    def seats(self, shift: int, people: Collection[int]) -> int:
        """Return what the people of one shift cost together, empty seats aside."""
        for guard, most in self.strict_seat[shift]:
            if guard.amount(shift, people) > most:
                return FORBIDDEN
        return sum(weight * guard.amount(shift, people) for guard, weight in self.priced_seat[shift])

    def _price(self, person: int, shifts: Shifts) -> int:
        row = SearchRow(self.indexed, person, shifts)
        for guard, most in self.strict[person]:
            if guard.amount(row) > most:
                return FORBIDDEN
        points, fee = self.indexed.points[person], self.fee[person]
        cost = self.load(person, self.terms[person][0] + sum(points[s] for s in shifts))
        for guard, weight in self.priced[person]:
            cost += weight * guard.amount(row)
        if fee:
            cost += sum(fee.get(s, 0) for s in shifts)
        return cost + self._grudges(shifts) if self.has_grudges else cost

    def _grudges(self, shifts: Shifts) -> int:
        return sum(price for s in shifts for other, price in self.grudge[s].items() if other in shifts)

    def _add(self, rule: Rule, guard: Guard) -> None:
        problem = self.indexed.problem
        hard, weight = rule.is_hard(problem), rule.weight_in(problem)
        for one, other in guard.conflicts(self.indexed, rule) if guard.conflicts else ():
            if hard:
                self.clashing[one].add(other)
                self.clashing[other].add(one)
            else:
                self.grudge[one][other] = self.grudge[one].get(other, 0) + weight
        if not hard and rule.code in SINGLE_SHIFT:
            self._add_fees(SINGLE_SHIFT[rule.code], weight)
        for kind in guard.rows:
            self._add_row_guard(kind(self.indexed, rule), hard, weight)
        for seat_kind in guard.seats:
            self._add_seat_guard(seat_kind(self.indexed, rule), hard, weight)

    def _add_fees(self, judge: Judge, weight: int) -> None:
        indexed = self.indexed
        for person, (who, served) in enumerate(zip(indexed.people, indexed.served, strict=True)):
            amount_on = judge(indexed.problem, who)
            if amount_on is None:
                continue
            for shift in served:
                if amount := amount_on(indexed.shifts[shift]):
                    self.fee[person][shift] = self.fee[person].get(shift, 0) + weight * amount

    def _add_row_guard(self, guard: RowGuard, hard: bool, weight: int) -> None:
        for person in range(len(self.indexed.people)):
            if not guard.concerns(person):
                continue
            if hard and not guard.is_least:
                pinned = self.indexed.pins[person]
                allowed = guard.amount(SearchRow(self.indexed, person, pinned)) if pinned else 0
                self.strict[person].append((guard, allowed))
            else:
                price = LEAST_PRICES[guard.rule.code] if hard else weight
                self.priced[person].append((guard, price))
                self.dearest = max(self.dearest, price)

    def _add_seat_guard(self, guard: SeatGuard, hard: bool, weight: int) -> None:
        pinned = defaultdict[int, set[int]](set)
        for person, shifts in enumerate(self.indexed.pins):
            for shift in shifts:
                pinned[shift].add(person)
        for shift in range(len(self.indexed.shifts)):
            if not guard.concerns(shift):
                continue
            if hard and not guard.is_least:
                self.strict_seat[shift].append((guard, guard.amount(shift, pinned[shift])))
            else:
                price = guard.own_price or (LEAST_PRICES[guard.rule.code] if hard else weight)
                self.priced_seat[shift].append((guard, price))
                self.dearest = max(self.dearest, price)


def active(problem: Problem) -> Iterator[tuple[Rule, Guard]]:
    """The guards of the rules that are on, in the order of the table."""
    for code, guard in GUARDS.items():
        rule = RULE_OF[code]
        if rule.is_on(problem):
            yield rule, guard
