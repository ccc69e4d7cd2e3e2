"""A bound that anybody can work out again: from problem and prices, in whole numbers, without a solver."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from planning.engines.mip import bound_prices, duals
from planning.engines.mip.model import INF, Model
from planning.problem import Assignment, Problem
from planning.score.check import check, cost_of
from planning.solve import SolveOptions, solve
from tests.unit.planning import sample
from tests.unit.planning.in_process import engines_inside
from tests.unit.planning.tiny import away, person, shift

ROOT = Path(__file__).parents[4]
HOUR = 3600.0  # seconds; what ends by itself has them


def week(**changes: object) -> Problem:
    shifts = tuple(shift(n, n) for n in range(1, 5))
    return replace(Problem(shifts, (person(1), person(2, history_points=2000))), **changes)  # type: ignore[arg-type]


def cheapest(problem: Problem) -> int:
    """By trying every roster of the tiny week, with and without empty seats."""
    ids, least = (0, *problem.person), []
    for n in range(len(ids) ** len(problem.shifts)):
        chosen = [(each.id, ids[n // len(ids) ** k % len(ids)]) for k, each in enumerate(problem.shifts)]
        found = check(problem, [Assignment(*pair) for pair in chosen if pair[1]])
        if not any(each.hard and not each.params.get("missing") for each in found):
            least.append(cost_of(found))
    return min(least)


def test_prices_prove_as_much_as_they_can_and_never_more() -> None:
    problem = week(absences=(away(1, 1), away(2, 1)))  # one seat has to stay empty
    text, bound = bound_prices.find(problem, 20, None)
    assert bound is not None and bound == duals.proven(problem, text)
    assert bound <= cheapest(problem) and bound > 100_000_00, "the empty seat is in the bound"
    programme = duals.Programme(problem)
    for worth in (0, 1, -1, 7 * duals.SCALE, -(10**15)):
        found = programme.bound([worth] * len(programme.model.row_lower))
        assert found is None or found <= cheapest(problem), "whatever the prices are"


def test_a_bound_is_exact_where_floats_are_not() -> None:
    model = Model()
    column = model.column(1, 0, INF)
    model.row([(column, 1)], lower=1)
    assert duals.least(model, [duals.SCALE // 3]) == Fraction(duals.SCALE // 3, duals.SCALE)
    assert duals.least(model, [duals.SCALE + 1]) is None, "a column without an end would pay for growing"
    assert duals.least(model, [-1]) is None, "a row without an upper limit cannot be charged for it"
    bent = bound_prices.whole(model, np.asarray([1.0 + 1e-9]))
    assert duals.least(model, bent) == 1


def test_prices_of_another_programme_prove_nothing() -> None:
    text, _ = bound_prices.find(week(), 20, None)
    longer = week(shifts=tuple(shift(n, n) for n in range(1, 6)))
    assert duals.proven(longer, text) is None
    assert duals.proven(week(), "") is None and duals.proven(week(), "không phải giá") is None


def test_a_solve_keeps_them_when_asked_and_its_bound_is_no_worse() -> None:
    problem = sample.load("small-2020")
    with engines_inside(brief=True):
        outcome = solve(problem, SolveOptions(seconds=HOUR, seed=1, prices=True))
    kept = outcome.certificate
    assert kept is not None and kept.prices and outcome.bound is not None
    again = duals.proven(problem, kept.prices)
    assert again is not None and again <= outcome.bound <= outcome.objective
    bare = solve(week(), SolveOptions(seconds=0, prices=True)).certificate
    assert bare is not None and bare.prices == "" and bare.bound is None


@pytest.mark.parametrize("module", ["highspy", "numpy"])
def test_the_check_needs_no_solver(module: str) -> None:
    code = f"import sys\nfrom planning.engines.mip import duals\nsys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - our own
