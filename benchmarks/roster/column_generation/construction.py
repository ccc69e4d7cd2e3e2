"""A legal roster at once: people one after another, each on the path that helps cover most; then again in turn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import numpy as np

from benchmarks.roster.column_generation.horizon import around, keep_tail, whole
from benchmarks.roster.column_generation.model import Array, PathModel
from benchmarks.roster.column_generation.pricing_problem import MOST_CELLS_EACH, Pricer

TOO_MANY_CELLS = 120_000_000  # about a gigabyte
LONGING = 1e4  # per minute, above every other price
WINDOW = 28  # days
STEP = 14


def first_roster(model: PathModel, *, seed: int) -> Array:
    """A legal table (P, D); whoever cannot reach their least minutes gets as many as they can (`model.relaxed`)."""
    roster = np.full((model.people, model.days), model.kinds)
    cover = model.cover_of(roster)
    order = list(range(model.people))
    random.Random(seed).shuffle(order)  # noqa: S311 - not for secrets
    pricers = Pricers(model)
    for person in order:
        cost = model.cost[person].copy()
        cost[:, :-1] += model.next_cost(cover)
        roster[person] = pricers.path(person, cost)
        model.count(cover, roster[person], 1)
    return roster


def legal(model: PathModel, roster: Array, *, seed: int) -> Array:
    """The table with every illegal path replaced by a legal one."""
    broken = [person for person in range(model.people) if not model.is_legal(person, roster[person])]
    if len(broken) > model.people // 2:
        return first_roster(model, seed=seed)
    roster, pricers = roster.copy(), Pricers(model)
    roster[broken] = model.kinds
    cover = model.cover_of(roster)
    for person in broken:
        cost = model.cost[person].copy()
        cost[:, :-1] += model.next_cost(cover)
        roster[person] = pricers.path(person, cost)
        model.count(cover, roster[person], 1)
    return roster


class Pricers:
    """Exact over all kinds where the tables stay small; else over fewer kinds, those that mix freely first."""

    def __init__(self, model: PathModel) -> None:
        self.model = model
        self._with: dict[tuple[int, ...], Pricer] = {}

    def path(self, person: int, cost: Array) -> Array:
        """The cheapest legal path within reach; lowers the person's least minutes when there is none at all."""
        for kinds in self._sets(person):
            if (found := _best(self._over(kinds), person, cost)) is not None:
                return found
        return self._nearest(person, cost)

    def _over(self, kinds: tuple[int, ...]) -> Pricer:
        if kinds not in self._with:
            self._with[kinds] = Pricer(self.model, whole(self.model), kinds=kinds)
        return self._with[kinds]

    def _sets(self, person: int) -> Iterator[tuple[int, ...]]:
        model, everything = self.model, tuple(range(self.model.kinds))
        cells = self._over(everything).cells([person])
        if cells > MOST_CELLS_EACH:
            usable = np.flatnonzero(np.isfinite(model.cost[person, :, :-1]).any(axis=0)).tolist()
            yield from self._free_sets(usable)
            for minutes in sorted({int(model.minutes[kind]) for kind in usable}):
                yield tuple(kind for kind in usable if model.minutes[kind] == minutes)
        if cells <= TOO_MANY_CELLS:
            yield everything

    def _free_sets(self, usable: list[int]) -> list[tuple[int, ...]]:
        """Sets of kinds of one length, each of which may follow each: many of them first."""
        model, sets = self.model, set[tuple[int, ...]]()
        for kind in usable:
            own = [kind]
            for other in usable:
                free = all(model.follows[a, other] and model.follows[other, a] for a in (*own, other))
                if other != kind and model.minutes[other] == model.minutes[kind] and free:
                    own.append(other)
            sets.add(tuple(sorted(own)))
        return sorted(sets, key=lambda own: (-len(own), own))

    def _nearest(self, person: int, cost: Array) -> Array:
        """As many minutes as the other rules let the person work, by any of the sets."""
        model = self.model
        model.relaxed = True
        model.limits[person] = replace(model.limits[person], least=0)
        self._with = {}
        longing = cost.copy()
        longing[:, :-1] -= model.minutes * LONGING
        paths = [_best(self._over(kinds), person, longing) for kinds in self._sets(person)]
        found = [path for path in paths if path is not None] or [np.full(model.days, model.kinds)]
        path = max(found, key=lambda each: int(model.minutes[each[each < model.kinds]].sum()))
        least = int(model.minutes[path[path < model.kinds]].sum())
        model.limits[person] = replace(model.limits[person], least=least)
        self._with = {}
        return path


def _best(pricer: Pricer, person: int, cost: Array) -> Array | None:
    _, columns = pricer.price([person], cost[None])
    return min(columns, key=lambda each: each.price).path if columns else None


def descend(model: PathModel, roster: Array, *, until: float) -> Array:
    """Every person in turn on their best path against all others, window by window, until nothing gets cheaper."""
    roster, cover = roster.copy(), model.cover_of(roster)
    starts = [0] if model.days <= 2 * WINDOW else range(0, model.days - WINDOW + STEP, STEP)
    best = model.price(roster)
    while monotonic() < until:
        for first in starts:
            _descend_within(model, roster, cover, first, until)
        price = model.price(roster)
        if price >= best:
            break
        best = price
    return roster


def _descend_within(model: PathModel, roster: Array, cover: Array, first: int, until: float) -> None:
    is_whole = model.days <= 2 * WINDOW
    span = whole(model) if is_whole else around(model, first, min(model.days, first + WINDOW) - 1)
    pricer = Pricer(model, span, held=None if is_whole else roster.copy())
    for person in range(model.people):
        if monotonic() > until:
            return
        path = roster[person, span.days].copy()
        model.count(cover, path, -1, span.first)
        cost = model.cost[person : person + 1, span.days].copy()
        cost[:, :, :-1] += model.next_cost(cover)[span.days]
        keep_tail(cost, roster[[person]], span)
        _, columns = pricer.price([person], cost)
        before = float(cost[0, np.arange(span.length), path].sum())
        better = min(columns, key=lambda each: each.price, default=None)
        if better is not None and better.price < before - 1e-6:
            path = better.path
        roster[person, span.days] = path
        model.count(cover, path, 1, span.first)
