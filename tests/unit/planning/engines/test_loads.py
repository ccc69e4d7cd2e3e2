"""What the loads alone prove is never more than is true, and more than the relaxation knows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume

from planning.engines.candidates.components import components
from planning.engines.local_search.engine import build as greedy
from planning.engines.mip import lns
from planning.engines.mip.branch_and_bound import within
from planning.engines.mip.build import build, reach
from planning.engines.mip.load_bound import Loads
from planning.problem import Problem
from planning.score.check import check
from planning.score.score import score_among
from tests.support.examples import for_any
from tests.unit.planning.engines.test_highs_exactness import empty_lacking_cost, problems
from tests.unit.planning.tiny import person, proven_by_highs, shift


def loads_of_group(problem: Problem) -> Loads:
    can = reach(problem)
    (component,) = components(problem, can)
    return Loads(build(problem, component.shifts, can))


@for_any(problems(), examples=100)
def test_never_is_a_roster_called_cheapest_that_is_not(problem: Problem) -> None:
    roster, _, missing = proven_by_highs(problem)
    empty, lacking, _ = empty_lacking_cost(check(problem, roster))
    assume(not missing and not empty and not lacking)
    can = reach(problem)
    for component in components(problem, can):
        builder = build(problem, component.shifts, can)
        still = score_among(problem, component.staff_ids - builder.own.keys(), (), ()).cost
        best = score_among(problem, component.staff_ids, component.shifts, within(component, roster)).cost - still
        loads = Loads(builder)
        bound = loads.bound(5)
        assert bound is None or bound <= best
        assert not loads.is_cheapest(best + builder.model.unit, seconds=5, seed=0)


def test_whole_shifts_do_not_add_up_where_parts_of_them_do() -> None:
    """Three shifts of 12 points for two people: the relaxation gives each 18, a roster cannot."""
    problem = Problem(tuple(shift(n, n, points=1200) for n in (1, 2, 3)), (person(1), person(2)))
    loads, (roster, best, _) = loads_of_group(problem), proven_by_highs(problem)
    assert loads.bound(5) == 1600 < best == 2000
    assert loads.is_cheapest(best, seconds=5, seed=0)
    assert not loads.is_cheapest(best + 1, seconds=5, seed=0)
    # Where keeping a roster is worth more than all loads cost, the programme's costs are below nothing.
    again = replace(problem, baseline=tuple(roster))
    assert loads_of_group(again).is_cheapest(proven_by_highs(again)[1], seconds=5, seed=0)


def test_steps_tell_a_bound_at_once_and_end_when_it_is_met() -> None:
    problem = Problem(tuple(shift(n, n, points=1200) for n in range(1, 8)), (person(1), person(2), person(3)))
    heard: list[tuple[int, int]] = []
    start = greedy(problem, tries=0)
    lns.improve(problem, start, seconds=20, seed=0, emit=lambda roster, bound, _: heard.append((len(roster), bound)))
    _, best, _ = proven_by_highs(problem)
    assert heard[-1] == (7, best)
