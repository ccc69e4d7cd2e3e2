"""What the search for the nearest roster asks of problems and rosters beside its programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from planning.engines.mip.builder import Pair
from planning.problem import Assignment, Pin, Problem
from planning.rules import RULES
from planning.rules.cover.headcount import HEADCOUNT
from planning.score.check import check
from planning.score.score import Score, forced_by_pins, score_of


def hard_alone(problem: Problem) -> Problem:
    off = {r.code: replace(r.setting(problem), on=False) for r in RULES if not r.is_hard(problem)}
    return replace(problem, settings={**problem.settings, **off})


def by_shift(assignments: Iterable[Assignment]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for each in assignments:
        found[each.shift_id].add(each.staff_id)
    return found


def soft_cost(problem: Problem, pairs: Iterable[Pair]) -> Score:
    """Return it as the checker has it, without the price of empty seats."""
    score = score_of(check(problem, [Assignment(*pair) for pair in sorted(pairs)]), forced_by_pins(problem))
    return score._replace(missing=0, cost=score.cost - score.missing * HEADCOUNT.weight_in(problem))


def pair_of(pin: Pin) -> Pair:
    return pin.shift_id, pin.staff_id
