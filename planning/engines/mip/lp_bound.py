"""A programme without its whole numbers: its dual prices, and what they prove, however far the solver came.

By weak duality any prices of the rows give a lower bound: what the rows are worth at them, and for every column the
better of its ends. So the bound is worked out here from the prices, and no solver's word is taken for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from planning.engines.mip.model import Model
from planning.engines.mip.passing import as_lp
from planning.engines.mip.solver import TOLERANCE

SMALL = 8000  # entries; simplex solves such a programme at once
FIRST_SHARE = 0.6  # of the time goes to the first-order method
STEP_SECONDS = 2e-9  # that one of its steps takes per entry, where nothing else runs
MOST_STEPS = 20_000  # what has not settled by then does not
NEGLIGIBLE = 0.01  # seats by which prices of a row that matter change the worth of taking one

Reals: TypeAlias = NDArray[np.float64]
Options: TypeAlias = dict[str, Any]
Way: TypeAlias = Callable[[int, float], Options]
"""(entries, seconds) → options of the solver."""


@dataclass(frozen=True)
class Relaxed:
    """`bound`: proven, in units of the model and without its constant; `prices`: one per row."""

    bound: float
    prices: Reals


class Relaxation:
    """The rows and columns of a model as arrays, to be asked what prices prove."""

    def __init__(self, model: Model) -> None:
        self.model, self.rows = model, len(model.row_lower)
        self.costs = np.asarray(model.costs, dtype=np.float64) / model.unit
        self.lower, self.upper = _reals(model.lower), _reals(model.upper)
        self.row_lower, self.row_upper = _reals(model.row_lower), _reals(model.row_upper)
        self.index: NDArray[np.intp] = np.asarray(model.index, dtype=np.intp)
        self.value = _reals(model.value)
        self.row_of: NDArray[np.intp] = np.repeat(np.arange(self.rows), np.diff(model.starts))

    def bound(self, prices: Reals) -> float:
        """A lower bound of the objective, whatever the prices are; minus infinity where they prove nothing."""
        ends = np.where(prices > 0, self.row_lower, self.row_upper)
        worth, reduced = _times(prices, ends), self.reduced(prices)
        return float(worth.sum() + _times(reduced, np.where(reduced > 0, self.lower, self.upper)).sum())

    def reduced(self, prices: Reals) -> Reals:
        """Return what a step of each column costs beyond the worth of what it brings to the rows."""
        taken = np.bincount(self.index, weights=self.value * prices[self.row_of], minlength=len(self.costs))
        return np.asarray(self.costs - taken)

    def usable(self, prices: Reals) -> Reals:
        """Return it without the prices that a solver under way gives to a side on which the row has no limit."""
        ends = np.where(prices > 0, self.row_lower, self.row_upper)
        return np.where(np.isfinite(ends) & np.isfinite(prices), prices, 0.0)

    def weight(self, prices: Reals) -> Reals:
        """Return by how much, in units of the objective, each row's price changes the worth of one of its columns at
        most."""
        largest = np.zeros(self.rows)
        np.maximum.at(largest, self.row_of, np.abs(self.value))
        return np.asarray(np.abs(prices) * largest)

    def solve(self, seconds: float, ways: Sequence[Way] | None = None) -> Relaxed:
        """The best prices found in time; when it was too short, no prices at all and what even they prove.

        `ways`: None, as fits the size.
        """
        until = monotonic() + seconds
        none = np.zeros(self.rows)
        best = Relaxed(self.bound(none), none)
        for way in ways or _ways(len(self.value)):
            left = until - monotonic()
            if left <= 0:
                break
            prices, objective, is_done = self._run(way, left)
            bound = self.bound(prices)
            if bound > best.bound:
                best = Relaxed(bound, prices)
            if is_done or best.bound + TOLERANCE > objective > 0:
                break
        return best

    def prices(self, way: Way, seconds: float) -> Reals:
        """Return the prices of the rows, as the solver has them after that time."""
        return self._run(way, seconds)[0]

    def _run(self, way: Way, seconds: float) -> tuple[Reals, float, bool]:
        """(prices, objective as the solver has it, whether it is done)."""
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"threads": 1, "output_flag": False, **way(len(self.value), seconds)}.items():
            highs.setOptionValue(name, value)
        highs.passModel(as_lp(self.model, relaxed=True))
        highs.run()
        prices = _reals(highs.getSolution().row_dual)
        if len(prices) != self.rows:
            return np.zeros(self.rows), 0.0, False
        is_done = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return self.usable(prices), highs.getInfo().objective_function_value, is_done


def _ways(entries: int) -> tuple[Way, ...]:
    """How to solve, one way after the other.

    Dual simplex stumbles over how alike the people of a crowd are. A first-order method does not, and what it has when
    time is up already proves something, as long as no presolve stands between its prices and ours. Where it does not
    settle, the interior point does. A vertex is not looked for: it takes longest and proves no more.
    """
    return (simplex,) if entries <= SMALL else (_first_order, interior)


def simplex(entries: int, seconds: float) -> Options:
    return {"solver": "simplex", "time_limit": max(seconds, 0.05)}


def _first_order(entries: int, seconds: float) -> Options:
    """Its clock knows whole seconds alone, so its steps are counted too."""
    steps = int(seconds * FIRST_SHARE / (STEP_SECONDS * entries))
    limits = {"time_limit": float(max(1, round(seconds))), "pdlp_iteration_limit": max(1, min(MOST_STEPS, steps))}
    return {"solver": "pdlp", "presolve": "off", **limits}


def interior(entries: int, seconds: float) -> Options:
    return {"solver": "ipm", "run_crossover": "off", "time_limit": max(seconds, 0.05)}


def _amid(entries: int, seconds: float) -> Options:
    """Prices that lie amid all the best ones tell most of where no column can go; presolve would lose some of that."""
    return interior(entries, seconds) | {"presolve": "off", "ipm_optimality_tolerance": 1e-10}


AMID: Sequence[Way] = (_amid,)


def _times(factors: Reals, ends: Reals) -> Reals:
    """Products in which nothing times infinity is nothing."""
    with np.errstate(invalid="ignore"):
        return np.where(factors == 0, 0.0, factors * ends)


def _reals(numbers: Any) -> Reals:
    return np.asarray(numbers, dtype=np.float64)
