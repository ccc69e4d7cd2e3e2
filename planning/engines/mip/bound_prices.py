"""Prices that prove as much of a problem as its relaxation can: found by HiGHS, worth what ``duals`` makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import monotonic

from planning.engines.mip.duals import MOST, SCALE, Programme, written
from planning.engines.mip.lp_bound import AMID, SMALL, Reals, Relaxation, Way, interior, simplex
from planning.engines.mip.model import Model
from planning.problem import Problem

MOST_ENTRIES = 1_500_000  # of a programme; a larger one takes too long to write, to solve and to check


def find(problem: Problem, seconds: float, target: int | None) -> tuple[str, int | None]:
    """(prices as text, the bound that they prove); ("", None) when none were found in time.

    Ways are tried one after the other until one proves ``target``, the bound that engines claim.
    """
    until, best, text = monotonic() + seconds, None, ""
    programme = Programme(problem)
    if len(programme.model.value) > MOST_ENTRIES:
        return "", None
    relaxation = Relaxation(programme.model)
    for way in ways(len(programme.model.value)):
        left = until - monotonic()
        if left <= 0:
            break
        prices = whole(programme.model, relaxation.prices(way, left))
        bound = programme.bound(prices)
        if bound is not None and (best is None or bound > best):
            best, text = bound, written(prices)
        if best is not None and target is not None and best >= target:
            break
    return text, best


def ways(entries: int) -> Sequence[Way]:
    """How to solve, one way after the other."""
    return (simplex,) if entries <= SMALL else (interior, *AMID)


def whole(model: Model, prices: Reals) -> list[int]:
    """Prices in whole multiples of 1/``SCALE``, bent where rounding makes a column without an end pay for growing."""
    found = [max(-MOST, min(MOST, round(price * SCALE))) if math.isfinite(price) else 0 for price in prices.tolist()]
    rows_of: dict[int, list[tuple[int, int]]] = {
        column: [] for column, upper in enumerate(model.upper) if not math.isfinite(upper)
    }
    for row in range(len(found)):
        for at in range(model.starts[row], model.starts[row + 1]):
            if model.index[at] in rows_of:
                rows_of[model.index[at]].append((row, model.value[at]))
    unit = model.unit
    for column, terms in rows_of.items():
        if len(terms) != 1:
            continue
        (row, factor), cost = terms[0], model.costs[column] // unit * SCALE
        if cost - factor * found[row] < 0:
            found[row] = cost // factor if factor > 0 else -(cost // -factor)
    return found
