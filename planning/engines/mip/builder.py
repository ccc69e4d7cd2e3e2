"""The programme of one component of shifts while the rules write themselves into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from math import gcd

from planning.engines.mip.model import Model, Tag, Terms
from planning.problem import Problem, Shift, Staff
from planning.rules import RULE_OF
from planning.score.score import LEAST_PRICES

Pair = tuple[int, int]


@dataclass
class Runs:
    """What the rules about runs ask of one person. A price of None: hard; a length of None: no such rule."""

    most: int | None = None
    most_price: int | None = None
    least: int | None = None
    least_price: int | None = None
    off: int | None = None
    off_price: int | None = None
    isolated_price: int = 0

    @property
    def needs_network(self) -> bool:
        return self.least is not None or self.off is not None or bool(self.isolated_price)


class Builder:
    """Columns by (shift, person), and the words in which formulators speak.

    `codes` are the rules that are written; `pins` excuse: no row asks for less than the pins alone take.
    """

    def __init__(
        self,
        problem: Problem,
        shifts: Sequence[Shift],
        can: Mapping[int, Collection[int]],
        codes: Collection[str],
        *,
        is_elastic: bool = False,
        max_missing: int = 0,
        counts_missing: bool = False,
    ) -> None:
        self.problem = problem
        self.is_elastic, self.max_missing, self.counts_missing = is_elastic, max_missing, counts_missing
        self.codes = frozenset(code for code in codes if self._is_written(code))
        self.model = Model()
        self.shifts = sorted(shifts, key=lambda shift: (shift.start, shift.id))
        self.pins = {(pin.shift_id, pin.staff_id) for pin in problem.pins if "pins.kept" in self.codes}
        self.pair_column: dict[Pair, int] = {}
        self.own: dict[int, list[Shift]] = {}
        self.seats: dict[int, list[tuple[int, int]]] = {shift.id: [] for shift in shifts}
        self.empty: dict[int, int] = {}
        self.runs: defaultdict[int, Runs] = defaultdict(Runs)
        self.overtime: dict[tuple[int, bool], dict[int, list[tuple[int, int]]]] = {}
        pinned_on: defaultdict[int, set[int]] = defaultdict(set)
        for shift_id, staff_id in self.pins:
            pinned_on[shift_id].add(staff_id)
        for shift in self.shifts:
            for staff_id in sorted({*can[shift.id], *pinned_on[shift.id]}):
                self._seat(shift, staff_id)
        self.people = [problem.person[staff_id] for staff_id in sorted(self.own)]
        self.dates = problem.dates
        self._days: dict[int, dict[date, list[Shift]]] = {}

    def _is_written(self, code: str) -> bool:
        """Counting empty seats, only what no roster may break matters, and what asks for a least amount does not."""
        rule = RULE_OF[code]
        if self.counts_missing and (not rule.is_hard(self.problem) or code in ("runs.min_days", "runs.min_off")):
            return False
        return rule.is_on(self.problem)

    def _seat(self, shift: Shift, staff_id: int) -> None:
        column = self.model.column(0, float((shift.id, staff_id) in self.pins), 1, whole=True)
        self.pair_column[shift.id, staff_id] = column
        self.own.setdefault(staff_id, []).append(shift)
        self.seats[shift.id].append((staff_id, column))

    # What formulators ask

    def uses(self, code: str) -> bool:
        """Is this rule on and written here?"""
        return code in self.codes

    def is_hard(self, code: str) -> bool:
        return code in self.codes and RULE_OF[code].is_hard(self.problem)

    def price(self, code: str, *, least: bool = False) -> int | None:
        """Hundredths of a point per unit of breach; None while the rule is hard."""
        rule = RULE_OF[code]
        if not rule.is_hard(self.problem):
            return rule.weight_in(self.problem)
        return LEAST_PRICES[code] if least and self.is_elastic else None

    def value(self, code: str, name: str, person: Staff | None = None, on: date | None = None) -> int | None:
        return RULE_OF[code].value(self.problem, name, person=person, on=on)

    def column(self, shift: Shift, person: Staff) -> int | None:
        return self.pair_column.get((shift.id, person.id))

    def terms(self, person: Staff, shifts: Sequence[Shift], factor: int = 1) -> list[tuple[int, int]]:
        return [(self.pair_column[shift.id, person.id], factor) for shift in shifts]

    def days(self, person: Staff) -> dict[date, list[Shift]]:
        """Local date → on-site shifts the person could start on it."""
        if person.id not in self._days:
            found: defaultdict[date, list[Shift]] = defaultdict(list)
            for shift in self.own[person.id]:
                if shift.form == "onsite":
                    found[shift.local_date].append(shift)
            self._days[person.id] = dict(found)
        return self._days[person.id]

    def pinned(self, terms: Terms) -> int:
        """Return what the pins alone make of a row."""
        return sum(factor for column, factor in terms if self.model.lower[column] > 0)

    # What formulators say

    def charge(self, column: int, cost: int) -> None:
        self.model.costs[column] += cost

    def at_most(
        self, code: str, terms: Terms, limit: int, *, staff_id: int = 0, shift_id: int = 0, excuse: int | None = None
    ) -> None:
        """The terms stay within the limit, or, while the rule is soft, each one beyond it costs the weight.

        `excuse` is what the pins alone make of the terms, where the terms do not tell.
        """
        if sum(factor * self.model.upper[column] for column, factor in terms if factor > 0) <= limit:
            return
        tag, price = Tag(code, staff_id, shift_id), self.price(code)
        if price is None:
            grain = _measure(terms)
            limit = max(limit, self.pinned(terms) if excuse is None else excuse)
            self.model.row([(c, f // grain) for c, f in terms], upper=limit // grain, tag=tag)
        elif price:
            grain = gcd(_measure(terms), limit)
            slack = self.model.column(price * grain)
            self.model.row([*((c, f // grain) for c, f in terms), (slack, -1)], upper=limit // grain, tag=tag)

    def at_least(self, code: str, terms: Terms, least: int, *, staff_id: int = 0, shift_id: int = 0) -> None:
        """The terms reach the least amount, or, while the rule is soft, each one lacking costs the weight."""
        if self.counts_missing or sum(factor for _, factor in terms if factor < 0) >= least:
            return
        tag, price = Tag(code, staff_id, shift_id), self.price(code, least=True)
        if price is None:
            grain = _measure(terms)
            self.model.row([(c, f // grain) for c, f in terms], lower=-(-least // grain), tag=tag)
        elif price:
            grain = gcd(_measure(terms), least)
            slack = self.model.column(price * grain)
            self.model.row([*((c, f // grain) for c, f in terms), (slack, 1)], lower=least // grain, tag=tag)

    def any_of(self, terms: Terms, *, staff_id: int = 0) -> int:
        """A column that is 1 as soon as one of these 0/1 columns is (and may be 0 otherwise)."""
        either = self.model.column(0, 0, 1)
        for column, _ in terms:
            self.model.row([(either, 1), (column, -1)], lower=0, tag=Tag("", staff_id))
        return either

    # What the search asks

    def start(self, held: Collection[Pair]) -> dict[int, float]:
        """A roster as values of the 0/1 columns."""
        return {column: float(pair in held) for pair, column in self.pair_column.items()}

    def pairs(self, values: Sequence[float]) -> set[Pair]:
        """Values of the columns as a roster."""
        return {pair for pair, column in self.pair_column.items() if values[column] > 0.5}


def _measure(terms: Terms) -> int:
    return reduce(gcd, (abs(factor) for _, factor in terms), 0) or 1
