"""What the relaxation proves of empty seats: never more than the truth, whatever prices it is asked with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from hypothesis import strategies as st

from planning.engines.candidates.components import components
from planning.engines.mip import lp_bound
from planning.engines.mip.build import build, reach
from planning.engines.mip.builder import Builder
from planning.engines.mip.lp_bound import Relaxation
from planning.engines.mip.shortage_bound import binding_rules, fewest_missing
from planning.engines.mip.solver import TOLERANCE
from planning.explain.facts import LEAST_ALONE
from planning.problem import Problem
from planning.settings import Setting
from tests.support.examples import for_any
from tests.unit.planning import brute
from tests.unit.planning.any_problem import problems
from tests.unit.planning.tiny import person, shift

NIGHTS = Problem(
    tuple(shift(n, n, 22) for n in range(8)),
    tuple(person(n) for n in range(1, 4)),
    settings={"nights.most": Setting(on=True, hard=True, values={"most": 2})},
)
"""Eight nights, three people who may do two each: two nights stay empty."""


def drafts(problem: Problem) -> list[Builder]:
    can = reach(problem)
    return [build(problem, component.shifts, can, counts_missing=True) for component in components(problem, can)]


@contextmanager
def every_method_for_crowds() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lp_bound, "SMALL", 0)
        yield


def lenient(problem: Problem) -> Problem:
    """Without the rules that ask for a least amount: they can be impossible together, and never empty a seat."""
    off = {code: Setting(on=False) for code in (*LEAST_ALONE, "hours.total")}
    return replace(problem, settings={**problem.settings, **off})


TINY = problems(most_staff=3, most_shifts=4, pinned=False).map(lenient)


@for_any(TINY, examples=40)
def test_the_bound_never_exceeds_the_fewest_that_must_be_empty(problem: Problem) -> None:
    truth = brute.fewest_missing(problem)[0]
    assert binding_rules(problem, seconds=20).missing <= truth
    with every_method_for_crowds():
        assert binding_rules(problem, seconds=20).missing <= truth
    assert fewest_missing(problem, seconds=20) == (truth, True)


@for_any(problems(), examples=100)
def test_the_bound_never_exceeds_what_the_search_proves(problem: Problem) -> None:
    fewest, is_proven = fewest_missing(problem, seconds=20)
    assert is_proven
    assert binding_rules(problem, seconds=20).missing <= fewest
    with every_method_for_crowds():
        assert binding_rules(problem, seconds=20).missing <= fewest


@for_any(TINY, st.data(), examples=40)
def test_any_prices_prove_no_more_than_the_truth(problem: Problem, data: st.DataObject) -> None:
    proven, price = 0, st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.0, 0.3, 1.0, 2.0])
    for builder in drafts(problem):
        asked = Relaxation(builder.model)
        drawn = data.draw(st.lists(price, min_size=asked.rows, max_size=asked.rows))
        proven += max(0, ceil(asked.bound(asked.usable(np.array(drawn))) - TOLERANCE))
    assert proven <= brute.fewest_missing(problem)[0]


def test_every_method_comes_to_the_same_bound_and_the_same_rule() -> None:
    known = (2, {"nights.most": [1, 2, 3]})
    found = binding_rules(NIGHTS, seconds=20)
    assert (found.missing, found.rules) == known
    with every_method_for_crowds():
        found = binding_rules(NIGHTS, seconds=20)
    assert (found.missing, found.rules) == known


def test_a_method_that_did_not_settle_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    (builder,) = drafts(NIGHTS)
    monkeypatch.setattr(lp_bound, "MOST_STEPS", 1)
    with every_method_for_crowds():
        assert Relaxation(builder.model).solve(20).bound == pytest.approx(2, abs=0.01)
        monkeypatch.setattr(lp_bound, "_ways", lambda _entries: (lp_bound._first_order,))
        assert Relaxation(builder.model).solve(20).bound < 1.9


def test_no_time_proves_nothing() -> None:
    (builder,) = drafts(NIGHTS)
    assert Relaxation(builder.model).solve(0).bound == 0
    assert binding_rules(NIGHTS, seconds=0).missing == 0


def test_prices_of_rules_that_the_proof_can_do_without_name_nobody() -> None:
    (builder,) = drafts(NIGHTS)
    asked = Relaxation(builder.model)
    codes = [tag.code for tag in builder.model.tags]
    assert set(codes) > {"nights.most", "coverage.headcount"}
    by_code = {"coverage.headcount": 1.0, "nights.most": -1.0}
    prices = np.array([by_code.get(code, 0.0) for code in codes])
    assert asked.bound(prices) == pytest.approx(2)
    assert asked.bound(np.zeros(asked.rows)) == 0
