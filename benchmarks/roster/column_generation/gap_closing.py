"""Close the gap between roster and bound: all paths that a cheaper roster could be made of, then whole numbers.

At the prices of the linear optimum a roster costs at least the bound plus what each of its paths is dearer than its
owner's cheapest. So a roster cheaper than the best one known holds only paths that are dearer by less than the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from benchmarks.roster.column_generation.master_problem import Master
from benchmarks.roster.column_generation.model import Array
from benchmarks.roster.column_generation.pricing_problem import Pricer

MOST_NEAR = 20_000  # paths of all people together
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Proof:
    """`paths`: a cheaper roster, if one was found; `bound`: no roster costs less, in the master's terms."""

    paths: dict[int, Array] | None
    bound: float


def prove(master: Master, pricer: Pricer, price: float, unit: int, *, until: float, seed: int) -> Proof | None:
    """Look for a roster cheaper than `price` among all there are; None when they are too many to be listed."""
    model, people = master.model, master.people
    duals = master.solve()
    table = master.table(duals.cover, people)
    least, _ = pricer.price(people, table)
    slack = price - unit - float((duals.cover.ravel() * master.needed).sum() + least.sum()) + TOLERANCE
    if slack < 0:
        return Proof(None, price)
    everything = Master(model, people, master.span, model.wanted[master.span.days] * 0)
    for place, person in enumerate(people):
        near = pricer.near(person, table[place], slack, MOST_NEAR - len(everything.paths))
        if near is None or monotonic() > until:
            return None
        everything.add((person, path) for path in near)
    columns = range(len(everything.paths))
    choice = everything.choose(columns, seconds=until - monotonic(), below=price - unit / 2, seed=seed)
    return Proof(choice.paths, min(price, choice.bound))
