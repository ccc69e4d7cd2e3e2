"""Column generation: the linear programme over all legal paths, and a proven lower bound at every step.

For any prices of cover within [-over, under] the sum over people of their cheapest path, plus the prices of what is
needed, is no more than any roster costs. Prices are asked for between those of the master and the best seen so far,
which keeps them from jumping about.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.master_problem import Duals, Master
from benchmarks.roster.column_generation.model import Array
from benchmarks.roster.column_generation.pricing_problem import Pricer

COLUMNS_EACH = 3  # paths per person and round
CALM = 0.7  # share of the best prices so far in those asked for
CLOSE = 0.02  # bound and optimum of the linear programme count as equal

OnBound = Callable[[float], None]


def generate(
    master: Master,
    pricer: Pricer,
    *,
    until: float,
    enough: float = np.inf,
    calm: float = CALM,
    on_bound: OnBound = lambda bound: None,
) -> float:
    """Add columns until the linear programme is solved, the bound reaches `enough` or time is up; returns the bound."""
    best, centre = -np.inf, None
    while monotonic() < until:
        duals = master.solve()
        if master.is_whole and master.objective - best < CLOSE:
            break
        for share in (calm, 0.0) if centre is not None else (0.0,):
            cover = duals.cover if centre is None else share * centre + (1 - share) * duals.cover
            bound, added = _round(master, pricer, duals, cover)
            if bound > best:
                best, centre = bound, cover
                on_bound(best)
            if added:
                break
        if best >= enough or not added:
            break
    return best


def _round(master: Master, pricer: Pricer, duals: Duals, cover: Array) -> tuple[float, int]:
    """Price everybody; returns the bound, and how many columns came in that the master would take."""
    least, columns = pricer.price(master.people, master.table(cover, master.people), COLUMNS_EACH)
    bound = float((cover.ravel() * master.needed).sum() + least.sum())
    prices = np.pad(duals.cover, ((0, 0), (0, 1)))
    days = np.arange(master.span.length)
    found = []
    for each in columns:
        person = master.people[each.place]
        paid = prices[days, each.path].sum() + duals.people[each.place]
        if master.model.path_cost(person, each.path, master.span.first) - paid < -1e-6:
            found.append((person, each.path))
    return bound, master.add(found)
