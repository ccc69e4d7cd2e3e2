"""Diving: give people the column that the linear programme likes best, one after another, pricing the rest anew."""

from __future__ import annotations

import random
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.generate import COLUMNS_EACH
from benchmarks.roster.column_generation.master_problem import Master
from benchmarks.roster.column_generation.model import Array
from benchmarks.roster.column_generation.pricing_problem import Pricer

ROUNDS = 8  # of pricing after each decision
SURE = 0.95  # share from which a column is taken along with others
SETTLED = 1.0  # what more pricing may still promise


def dive(
    master: Master, pricer: Pricer, *, until: float, below: float = np.inf, rng: random.Random | None = None
) -> dict[int, Array] | None:
    """Everybody's path, or None when the cost can no longer stay under `below`. New columns stay in the master.

    When time is up the others get what fits best, one after another.
    """
    free, taken = set(master.people), dict[int, int]()
    try:
        while free:
            _price_again(master, pricer, sorted(free), until)
            if master.objective >= below:
                return None
            chosen = _next(master, free, rng)
            if monotonic() > until or not master.is_whole or not chosen:
                return _completed(master, pricer, {person: master.paths[c] for person, c in taken.items()})
            for column in chosen:
                free.discard(master.owners[column])
                taken[master.owners[column]] = column
            master.fix(chosen, 1, 1)
        return {person: master.paths[column] for person, column in taken.items()}
    finally:
        master.fix(taken.values(), 0)


def _completed(master: Master, pricer: Pricer, paths: dict[int, Array]) -> dict[int, Array] | None:
    model, span = master.model, master.span
    cover = np.zeros((span.length, model.kinds))
    for path in paths.values():
        model.count(cover, path, 1)
    needed, under, over = (each.reshape(cover.shape) for each in (master.needed, master.under, master.over))
    for person in (p for p in master.people if p not in paths):
        _, columns = pricer.price([person], master.table(np.where(cover < needed, under, -over), [person]))
        if not columns:
            return None
        paths[person] = min(columns, key=lambda each: each.price).path
        model.count(cover, paths[person], 1)
    return paths


def _price_again(master: Master, pricer: Pricer, free: list[int], until: float) -> None:
    duals = master.solve()
    for _ in range(ROUNDS):
        if monotonic() > until:
            break
        least, columns = pricer.price(free, master.table(duals.cover, free), COLUMNS_EACH)
        paid = duals.people[[master.row[person] for person in free]]
        if master.is_whole and -np.minimum(least - paid, 0).sum() < SETTLED:
            break
        added = master.add((free[c.place], c.path) for c in columns if c.price < paid[c.place] - 1e-6)
        duals = master.solve()
        if not added:
            break


def _next(master: Master, free: set[int], rng: random.Random | None) -> list[int]:
    """The columns to take now: all that are sure, else the one with the largest share (shaken a little)."""
    share = master.share
    open_columns = [column for column in np.flatnonzero(share > 1e-6).tolist() if master.owners[column] in free]
    sure = {master.owners[column]: column for column in open_columns if share[column] > SURE}
    if sure or not open_columns:
        return list(sure.values())
    return [max(open_columns, key=lambda column: share[column] * (1 if rng is None else rng.uniform(0.75, 1.25)))]
