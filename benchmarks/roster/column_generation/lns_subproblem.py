"""Solve a share of the roster anew: some people over some days, everything else staying as it is."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.diving import dive
from benchmarks.roster.column_generation.generate import COLUMNS_EACH, generate
from benchmarks.roster.column_generation.horizon import Span
from benchmarks.roster.column_generation.master_problem import Duals, Master
from benchmarks.roster.column_generation.model import Array, PathModel
from benchmarks.roster.column_generation.pricing_problem import Pricer

CALM_HERE = 0.3
FAR = 15  # a gap from which diving comes before the whole-number programme
MOST_COLUMNS = 2500
KEPT_EACH = 300
SHAKES, SHAKE = 8, 0.3  # times; share of the gap


class Pool:
    """Paths over the whole plan that were found for each person, the latest last."""

    def __init__(self) -> None:
        self.paths: defaultdict[int, list[Array]] = defaultdict(list)

    def add(self, owners: Sequence[int], paths: Sequence[Array]) -> None:
        for person, path in zip(owners, paths, strict=True):
            self.paths[person].append(path)
            if len(self.paths[person]) > 2 * KEPT_EACH:
                del self.paths[person][:KEPT_EACH]


@dataclass(frozen=True)
class Found:
    """`paths` None: nothing cheaper was found; `is_proven`: there is nothing cheaper."""

    paths: dict[int, Array] | None
    is_proven: bool


def solve_part(
    model: PathModel,
    roster: Array,
    people: Sequence[int],
    span: Span,
    pricer: Pricer,
    pool: Pool | None,
    *,
    until: float,
    seconds: float,
    rng: random.Random,
) -> Found:
    """Better paths over the span for these people; `pool` only where the span is the whole plan.

    `seconds` is what the whole-number programme may take.
    """
    base = model.cover_of(roster)
    for person in people:
        model.count(base, roster[person], -1)
    master = Master(model, people, span, base[span.days], held=None if pool is not None else roster)
    now = [(person, roster[person, span.days]) for person in people]
    master.add(now)
    if pool is not None:
        master.add((person, path) for person in people for path in pool.paths[person])
    known = len(master.paths)
    worth = _worth(master, now)
    bound = generate(master, pricer, until=until, enough=worth - 1 + 1e-6, calm=CALM_HERE)
    try:
        if bound > worth - 1:
            return Found(None, is_proven=True)
        duals = master.solve()
        if not master.is_whole:
            return Found(None, is_proven=False)
        return Found(_cheaper(master, pricer, duals, worth, until=until, seconds=seconds, rng=rng), is_proven=False)
    finally:
        if pool is not None:
            pool.add(master.owners[known:], master.paths[known:])


def _worth(master: Master, paths: Sequence[tuple[int, Array]]) -> float:
    """Return what the paths cost in the terms of the master."""
    cover = np.zeros((master.span.length, master.model.kinds))
    for _, path in paths:
        master.model.count(cover, path, 1)
    lacking = master.needed - cover.ravel()
    own = sum(master.model.path_cost(person, path, master.span.first) for person, path in paths)
    return float(own + np.where(lacking > 0, lacking * master.under, -lacking * master.over).sum())


def _enrich(master: Master, pricer: Pricer, duals: Duals, gap: float, *, rng: random.Random, until: float) -> None:
    """More columns that may be in a cheaper choice: those that are best when the prices are shaken a little."""
    noise = np.random.default_rng(rng.randrange(2**31))
    for _ in range(SHAKES):
        if monotonic() > until:
            return
        cover = duals.cover + noise.uniform(-SHAKE, SHAKE, duals.cover.shape) * gap
        _, columns = pricer.price(master.people, master.table(cover, master.people), COLUMNS_EACH)
        master.add((master.people[each.place], each.path) for each in columns)


def _cheaper(
    master: Master, pricer: Pricer, duals: Duals, worth: float, *, until: float, seconds: float, rng: random.Random
) -> dict[int, Array] | None:
    found = None
    if worth - master.objective > FAR:
        dived = dive(master, pricer, until=until, below=worth - 1 + 1e-6, rng=rng)
        if dived is not None and (price := _worth(master, list(dived.items()))) < worth - 0.5:
            found, worth = dived, price
        duals = master.solve()
    _enrich(master, pricer, duals, worth - master.objective, rng=rng, until=until)
    objective, reduced = master.objective, master.reduced_costs(duals)
    order = np.argsort(reduced, kind="stable")[:MOST_COLUMNS]
    columns = sorted(order[reduced[order] < worth - objective - 1 + 1e-6].tolist())
    left = min(seconds, until - monotonic())
    if left <= 0.1 or not columns:
        return found
    return master.choose(columns, seconds=left, below=worth - 0.5, seed=rng.randrange(2**31)).paths or found
