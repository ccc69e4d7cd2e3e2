"""A re-plan's claims speak of one measure: what an offer saves, what is left to gain, and what prices prove."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, strategies as st

from planning.engines.mip import bound_prices, duals
from planning.engines.mip.nearest import nearest
from planning.least_change import fairer_than, solve_least
from planning.problem import Assignment, Problem
from planning.rules.change import changed_seats
from planning.score.check import check, cost_of
from planning.solve import SolveOptions
from tests.support.examples import for_any
from tests.unit.planning.any_problem import eased, problems
from tests.unit.planning.engines.test_nearest import by_trying_all, rosters, worth
from tests.unit.planning.tiny import away, person, seats, shift


def uneven(days: int) -> Problem:
    """One of three does everything, as always, and is ill on the first day."""
    shifts = tuple(shift(n, 2 * n, points=2000) for n in range(1, days + 1))
    before = seats(*((each.id, 1) for each in shifts))
    return Problem(shifts, tuple(map(person, (1, 2, 3))), absences=(away(1, 2),), baseline=tuple(before))


def cost(problem: Problem, roster: tuple[Assignment, ...]) -> int:
    return cost_of(check(problem, roster))


@for_any(problems(most_staff=3, most_shifts=4, pinned=False), st.data(), examples=60)
def test_no_offer_saves_more_than_is_left(made: Problem, data: st.DataObject) -> None:
    problem = eased(made)
    everybody = st.sampled_from([person.id for person in problem.staff])
    shifts = tuple(replace(each, wanted=None) for each in problem.shifts)
    before = {Assignment(each.id, data.draw(everybody, label=f"before {each.id}")) for each in shifts}
    problem = replace(problem, shifts=shifts, baseline=tuple(sorted(before)))
    assume(by_trying_all(problem) is not None)
    near = nearest(problem, seconds=30)
    assert near is not None
    _text, bound = bound_prices.find(problem, 20, None)
    for roster in rosters(problem, shifts):
        found = fairer_than(problem, near.assignments, roster)
        if found is None:
            continue
        assert found.saves == cost(problem, near.assignments) - cost(problem, roster) > 0
        assert found.changed == changed_seats(problem.baseline, roster) > near.changed
        assert worth(problem, roster)[0] == near.missing
        assert bound is None or found.saves <= cost(problem, near.assignments) - bound


@pytest.mark.parametrize("days", [4, 6, pytest.param(8, marks=pytest.mark.rest)])
def test_what_the_dearest_offer_saves_is_all_that_was_left(days: int) -> None:
    problem = uneven(days)
    near = nearest(problem, seconds=30)
    assert near is not None and near.changed == 1
    cheapest = min(rosters(problem, problem.shifts), key=lambda roster: cost(problem, roster))
    offer = fairer_than(problem, near.assignments, cheapest)
    assert offer is not None and offer.changed > 1
    left = cost(problem, near.assignments) - cost(problem, cheapest)
    assert offer.saves == left, "by the same measure, changes at their price"


def test_a_replan_keeps_prices_that_prove_its_bound_again() -> None:
    problem = uneven(6)
    outcome = solve_least(problem, SolveOptions(seconds=30, seed=1, workers=1, prices=True), start=problem.baseline)
    proof, changes = outcome.certificate, outcome.changes
    assert proof is not None and changes is not None and changes.is_proved and changes.changed == 1
    assert proof.bound is not None and proof.bound == outcome.bound and proof.prices
    again = duals.proven(problem, proof.prices)
    assert again is not None and again <= proof.bound <= proof.cost == cost(problem, outcome.assignments)
    assert proof.seconds_asked == 30, "of both searches together"
    assert changes.fairer is not None and 0 < changes.fairer.saves <= proof.cost - proof.bound
