"""What surrounds the programme: hearing of better rosters, steps that free a part, shortages, repeated starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.roster.tet import generate
from planning.engines.local_search.engine import build
from planning.engines.mip import branch_and_bound, lns
from planning.engines.mip.shortage_bound import binding_rules, fewest_missing
from planning.problem import Assignment, Pair, Problem, Wanted
from planning.score.check import check, cost_of
from planning.settings import Setting
from tests.unit.planning.in_process import work
from tests.unit.planning.tiny import away, person, proven_by_highs, shift

TEAM = tuple(person(n) for n in range(1, 4))
NIGHTS = tuple(shift(n, n, 22) for n in range(1, 7))


def missing(problem: Problem, roster: Sequence[Assignment]) -> int:
    return sum(v.amount for v in check(problem, roster) if v.rule == "coverage.headcount" and v.params["missing"])


def test_a_roster_heard_of_is_taken_only_when_it_is_better() -> None:
    problem = Problem(NIGHTS, TEAM)
    good, _, _ = proven_by_highs(problem)
    said: list[tuple[Sequence[Assignment], int, int]] = []
    heard = branch_and_bound.Search(
        problem, (), seconds=1, seed=0, emit=lambda *news: said.append(news), hear=lambda: good
    )
    (component,) = heard.components
    assert heard.take(component, good)
    assert not heard.take(component, good[1:])
    heard.report()
    assert said[-1][0] == sorted(good)


def test_steps_lead_to_the_proven_cost_and_never_to_a_worse_roster() -> None:
    problem = generate(10, 4, 1)
    start, costs = build(problem, tries=0), []
    emit = lambda roster, *_: costs.append(cost_of(check(problem, roster)))  # noqa: E731
    work("lns", problem, start, emit=emit, seed=1, steps=8)
    _, bound, _ = proven_by_highs(problem, build(problem))
    assert costs == sorted(costs, reverse=True)
    assert bound <= costs[-1] < cost_of(check(problem, start))


def test_steps_take_a_roster_they_hear_of() -> None:
    problem = Problem(NIGHTS, TEAM)
    good, bound, _ = proven_by_highs(problem)
    costs: list[int] = []
    lns.improve(
        problem,
        (),
        seconds=1,
        seed=0,
        hear=lambda: good,
        emit=lambda roster, *_: costs.append(cost_of(check(problem, roster))),
    )
    assert costs[0] == bound


def test_shortage_by_a_limit_names_the_rule_and_those_it_binds() -> None:
    problem = Problem(NIGHTS, TEAM, settings={"nights.most": Setting(on=True, values={"most": 1})})
    found = binding_rules(problem, seconds=10)
    assert found.missing == 3
    assert found.rules == {"nights.most": [1, 2, 3]}
    assert set(found.shifts) <= {each.id for each in NIGHTS}
    assert fewest_missing(problem, seconds=10) == (3, True)


def test_shortage_by_leave_is_counted_though_no_row_is_there_to_be_named() -> None:
    problem = Problem(NIGHTS[:2], TEAM, absences=tuple(away(n, 1) for n in (1, 2, 3)))
    assert fewest_missing(problem, seconds=10) == (1, True)
    assert binding_rules(problem, seconds=10).missing == 1


def test_least_amounts_never_cost_a_seat() -> None:
    """Who must serve together may be apart where a seat would stay empty otherwise."""
    team = (person(1, max_shifts=1), person(2), person(3))
    problem = Problem((shift(1, 0, headcount=2), shift(2, 1, headcount=2)), team, pairs=(Pair(1, 2, "together"),))
    assert fewest_missing(problem, seconds=10) == (0, True)
    roster, _, _ = proven_by_highs(problem)
    assert missing(problem, roster) == 0
    assert [v.rule for v in check(problem, roster) if v.hard] == ["pairs.together"]


def test_seats_are_filled_however_dear_they_are() -> None:
    """With loads priced so high that an empty seat were cheaper, from no roster and from a full one."""
    shifts = tuple(shift(n, 2 * n, 7, 24, points=9600, form="command") for n in range(1, 5))
    dear = {"fairness.load": Setting(None, None, 1000)}
    problem = Problem(shifts, (person(1),), settings=dear)
    full = [Assignment(each.id, 1) for each in shifts]
    for start in ([], full):
        roster, bound, empty = proven_by_highs(problem, start)
        assert (list(roster), empty) == (full, 0)
        assert bound == cost_of(check(problem, full))
    assert bound > cost_of(check(problem, full[:-1]))


def test_a_better_start_than_presolve_keeps_is_found_again() -> None:
    """Once HiGHS proved a roster that it did not hand out, because presolve had improved the start on the way."""
    problem = Problem(
        (shift(1, 4, hours=12, points=1200, skills={"x": 1}, wanted=Wanted(0, 100, 0)),),
        (
            person(1, history_points=1700, share=60),
            person(2, history_points=1200),
            person(3, history_points=900, min_shifts=2),
        ),
        baseline=(Assignment(1, 2),),
    )
    roster, bound, _ = proven_by_highs(problem, [Assignment(1, 2)])
    found = check(problem, roster)
    assert bound == cost_of(found)
    assert sum(v.amount for v in found if v.rule == "limits.min_shifts") == 1


@pytest.mark.parametrize("most", range(5))
@pytest.mark.parametrize("headcount", range(1, 4))
def test_one_more_person_never_raises_the_proven_shortage(most: int, headcount: int) -> None:
    shifts = tuple(replace(each, headcount=headcount) for each in NIGHTS)
    limit = {"nights.most": Setting(on=True, values={"most": most})}
    fewer = fewest_missing(Problem(shifts, TEAM, settings=limit), seconds=10)
    more = fewest_missing(Problem(shifts, (*TEAM, person(4)), settings=limit), seconds=10)
    assert fewer[1] and more[1]
    assert more[0] <= fewer[0]
