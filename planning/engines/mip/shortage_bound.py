"""How many seats must stay empty, and which rules are in the way: coverage alone, without any cost."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from planning.claims import Claim, Claims
from planning.engines.candidates.components import Component, components, empty_seats
from planning.engines.mip.build import build, reach
from planning.engines.mip.builder import Builder
from planning.engines.mip.lp_bound import NEGLIGIBLE, SMALL, Reals, Relaxation, Relaxed
from planning.engines.mip.solver import TOLERANCE, MipListener, Values, minimise
from planning.problem import Problem
from planning.score.score import Score


@dataclass
class Binding:
    """What the relaxation says of a shortage: at least `missing` seats stay empty; `rules`: code → people whom it
    binds; `shifts`: the ones whose seats are fought for. What excludes a person from a shift alone is not told here.
    """

    missing: int = 0
    rules: dict[str, list[int]] = field(default_factory=dict)
    shifts: list[int] = field(default_factory=list)


def fewest_missing(problem: Problem, *, seconds: float, seed: int = 0) -> tuple[int, bool]:
    """(fewest empty seats found, whether fewer are proven impossible); small components are asked first."""
    deadline, can = monotonic() + seconds, reach(problem)
    missing, proven = 0, True
    for component in sorted(components(problem, can), key=lambda component: component.size):
        builder = build(problem, component.shifts, can, counts_missing=True)
        found, bound = _count(builder, component, deadline - monotonic(), seed)
        missing, proven = missing + found, proven and bound == found
    return missing, proven


def _count(builder: Builder, component: Component, seconds: float, seed: int) -> tuple[int, int]:
    """(empty seats of the best roster of the component, believed bound)."""
    if not builder.empty:
        return 0, 0
    until = monotonic() + seconds
    account = Claims(Score(missing=sum(shift.headcount for shift in component.shifts)))
    if len(builder.model.index) > SMALL:  # else the search has its bound at once
        account.claim("relaxation", Claim(0, at_least_missing(builder, seconds / 2)))

    def on_news(values: Values | None, bound: int | None) -> bool:
        if values is not None:
            account.know(Score(missing=empty_seats(component, builder.pairs(values))))
        account.claim("tree", Claim(0, bound or 0))
        return account.is_settled

    minimise(builder.model, {}, listener=MipListener(on_news), seconds=until - monotonic(), seed=seed)
    return account.score.missing, account.missing


def at_least_missing(builder: Builder, seconds: float) -> int:
    """Return what the relaxation alone proves of empty seats: for crowds it is at hand long before the search has a
    bound."""
    return _seats(Relaxation(builder.model).solve(seconds).bound)


def binding_rules(problem: Problem, *, seconds: float) -> Binding:
    """Return the rules that bind, by the duals of the relaxation of each component, as far as time allows; its bound is
    honest, not exact."""
    deadline, can, found = monotonic() + seconds, reach(problem), Binding()
    people: defaultdict[str, set[int]] = defaultdict(set)
    for component in sorted(components(problem, can), key=lambda component: component.size):
        if monotonic() >= deadline:
            break
        builder = build(problem, component.shifts, can, counts_missing=True)
        if builder.empty:
            _relax(builder, deadline - monotonic(), found, people)
    found.rules = {code: sorted(ids - {0}) for code, ids in sorted(people.items())}
    return found


def _relax(builder: Builder, seconds: float, found: Binding, people: defaultdict[str, set[int]]) -> None:
    relaxation = Relaxation(builder.model)
    solved = relaxation.solve(seconds)
    missing = _seats(solved.bound)
    if not missing:
        return
    found.missing += missing
    for row in np.flatnonzero(relaxation.weight(_needed(builder, relaxation, solved)) > NEGLIGIBLE):
        tag = builder.model.tags[row]
        if tag.code == "coverage.headcount":
            found.shifts.append(tag.shift_id)
        elif tag.code:
            people[tag.code].add(tag.staff_id)


def _needed(builder: Builder, relaxation: Relaxation, solved: Relaxed) -> Reals:
    """The prices without those of rules that the proof does without: as many seats must stay empty."""
    prices, codes = solved.prices, np.array([tag.code for tag in builder.model.tags])
    share = {code: float(relaxation.weight(prices)[codes == code].sum()) for code in sorted(set(codes))}
    for code in sorted(share, key=lambda code: share[code]):
        fewer = np.where(codes == code, 0.0, prices)
        if _seats(relaxation.bound(fewer)) >= _seats(solved.bound):
            prices = fewer
    return prices


def _seats(bound: float) -> int:
    return max(0, math.ceil(bound - TOLERANCE)) if math.isfinite(bound) else 0
