"""Large neighbourhood search: one share of the roster after another is solved anew until time is up.

A share is a stretch of days with some people. Its size adapts: it grows while shares turn out to be solved already
and shrinks when they take too long; kinds of shares that brought more per second are tried more often.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.horizon import Span, around, whole
from benchmarks.roster.column_generation.lns_subproblem import Pool, solve_part
from benchmarks.roster.column_generation.model import Array, PathModel
from benchmarks.roster.column_generation.pricing_problem import Pricer

LONGEST_WHOLE = 60  # days; longer plans are taken window by window
WINDOWS = (7, 14, 28)
FIRST_CELLS = 280  # people times days of the first share
QUICK, SLOW = 2.0, 6.0  # seconds
WHOLE_SECONDS = 5.0
LEAST_PEOPLE = 3.0
STUCK = 40
MOST_CELLS_PRICED = 12_000_000  # in one round of a share


@dataclass
class Shape:
    """A length of windows, with the number of people that now seems right, and what it brought lately per second."""

    days: int
    people: float
    credit: float = 1.0
    seconds: float = WHOLE_SECONDS


class Search:
    """`roster` and `price` are the best so far. `on_better` hears of each better roster."""

    def __init__(
        self,
        model: PathModel,
        roster: Array,
        pricer: Pricer,
        pool: Pool,
        *,
        rng: random.Random,
        on_better: Callable[[Array], None],
    ) -> None:
        self.model, self.roster, self.pricer, self.pool, self.rng = model, roster, pricer, pool, rng
        self.on_better = on_better
        self.price = model.price(roster)
        self.barren = 0
        self.shapes = _shapes(model)

    @property
    def is_stuck(self) -> bool:
        """Whether many shares in a row brought nothing."""
        return self.barren >= STUCK

    def start_from(self, roster: Array) -> None:
        """Search on from this legal roster, whatever it costs, with shares of the first size."""
        self.roster, self.price, self.barren = roster.copy(), self.model.price(roster), 0
        self.shapes = _shapes(self.model)

    def step(self, until: float) -> None:
        """Solve one share anew."""
        shape = self._shape()
        span, people = self._share(shape)
        is_whole = span == whole(self.model)
        pricer = self.pricer if is_whole else Pricer(self.model, span, people=people, held=self.roster)
        people = self._affordable(pricer, people)
        began = monotonic()
        found = solve_part(
            self.model,
            self.roster,
            sorted(people),
            span,
            pricer,
            self.pool if is_whole else None,
            until=min(until, began + 4 * SLOW),
            seconds=shape.seconds,
            rng=self.rng,
        )
        before = self.price
        if found.paths is not None:
            self._take(found.paths, span)
        self.barren = 0 if self.price < before else self.barren + 1
        self._learn(shape, before - self.price, monotonic() - began, found.is_proven)

    def _affordable(self, pricer: Pricer, people: list[int]) -> list[int]:
        """As many of the people, in order, as can be priced some dozens of times before it gets slow."""
        left, found = MOST_CELLS_PRICED, list[int]()
        for person in people:
            left -= pricer.cells([person])
            if left < 0 and len(found) >= LEAST_PEOPLE:
                break
            found.append(person)
        return found

    def offer(self, roster: Array) -> None:
        """Take over a legal roster of other origin if it is cheaper."""
        price = self.model.price(roster)
        if price < self.price:
            self.roster, self.price = roster.copy(), price

    def _take(self, paths: dict[int, Array], span: Span) -> None:
        roster = self.roster.copy()
        for person, path in paths.items():
            roster[person, span.days] = path
        price = self.model.price(roster)
        if price < self.price and all(self.model.is_legal(person, roster[person]) for person in paths):
            self.roster, self.price = roster, price
            self.on_better(roster)

    def _shape(self) -> Shape:
        floor = 0.15 * max(shape.credit for shape in self.shapes) + 1e-9
        weights = [shape.credit + floor for shape in self.shapes]
        return self.rng.choices(self.shapes, weights)[0]

    def _learn(self, shape: Shape, gain: int, seconds: float, is_proven: bool) -> None:
        relative = gain / max(1, self.price)
        shape.credit = 0.85 * shape.credit + 0.15 * 1e3 * relative / max(seconds, 0.02)
        if seconds > SLOW:
            shape.people = max(LEAST_PEOPLE, shape.people * max(0.5, (SLOW / seconds) ** 0.5))
        elif is_proven or seconds < QUICK:
            shape.people = min(self.model.people, shape.people * (1.06 if is_proven and seconds < QUICK / 4 else 1.025))

    def _share(self, shape: Shape) -> tuple[Span, list[int]]:
        """Some days and people, often such that a shift with too few or too many people is among the days."""
        model, count = self.model, min(self.model.people, int(shape.people))
        first = self.rng.randrange(model.days - shape.days + 1)
        people = self.rng.sample(range(model.people), model.people)
        if self.rng.random() < 0.5 and (fault := self._fault()) is not None:
            day, kind = fault
            low, high = max(0, day - shape.days + 1), min(day, model.days - shape.days)
            first = self.rng.randint(low, high)
            able = [p for p in people if np.isfinite(model.cost[p, day, kind])]
            people = able[: max(1, count // 2)] + [p for p in people if p not in set(able[: max(1, count // 2)])]
        if shape.days == model.days:
            return whole(model), people[:count]
        return around(model, first, first + shape.days - 1), people[:count]

    def _fault(self) -> tuple[int, int] | None:
        model = self.model
        lacking = model.wanted - model.cover_of(self.roster)
        price = np.where(lacking > 0, lacking * model.under, -lacking * model.over).ravel()
        if price.sum() <= 0:
            return None
        place = self.rng.choices(range(len(price)), price.tolist())[0]
        return divmod(place, model.kinds)


def _shapes(model: PathModel) -> list[Shape]:
    lengths = [length for length in WINDOWS if length < model.days]
    if model.days <= LONGEST_WHOLE:
        lengths.append(model.days)
    return [Shape(days, min(model.people, max(LEAST_PEOPLE, FIRST_CELLS / days))) for days in lengths]
