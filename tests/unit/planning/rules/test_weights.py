"""No soft rule may be worth an empty seat, however dear a campaign makes it; and peaks go round by default."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planning.problem import Problem
from planning.rules import RULE_OF, RULES
from planning.rules.cover.headcount import HEADCOUNT
from planning.score.check import check
from planning.settings import Setting
from tests.unit.planning.rule_cases import CASES, Case, with_setting
from tests.unit.planning.tiny import Engine, by_greedy, by_highs, person, seats, shift

each_engine = pytest.mark.parametrize("engine", [by_greedy, by_highs])
WEIGHED = [case for case in CASES if RULE_OF[case.code].is_weighed]
PEAK = frozenset({"mung_2_3"})


def only_by_breaking(case: Case) -> Problem:
    """The problem in which the roster that breaks the rule, as dear as can be, is the only one without empty seats."""
    there, seated = {p for _, p in case.bad}, [s for s, _ in case.bad]
    shifts = tuple(replace(each, headcount=seated.count(each.id)) for each in case.problem.shifts)
    staff = tuple(each if each.id in there else replace(each, duties=frozenset()) for each in case.problem.staff)
    others = {rule.code: Setting(on=False) for rule in RULES if rule.code != case.code and not rule.locked}
    problem = replace(case.problem, shifts=shifts, staff=staff, settings={**case.problem.settings, **others})
    return with_setting(problem, case.code, on=True, hard=False, weight=RULE_OF[case.code].most_weight)


def empty_seats(problem: Problem, roster: list) -> int:  # type: ignore[type-arg]
    return sum(int(v.params["missing"]) for v in check(problem, roster) if v.rule == "coverage.headcount")


def test_every_rule_that_can_be_soft_is_tried() -> None:
    assert {case.code for case in WEIGHED} == {rule.code for rule in RULES if rule.is_weighed}


@each_engine
@pytest.mark.parametrize("case", WEIGHED, ids=lambda case: case.code)
def test_a_seat_is_filled_whatever_a_soft_rule_costs(case: Case, engine: Engine) -> None:
    problem = only_by_breaking(case)
    assert empty_seats(problem, list(engine(problem))) == 0
    dear = sum(v.cost for v in check(problem, seats(*case.bad)) if v.rule == case.code)
    assert dear < HEADCOUNT.weight


@each_engine
def test_a_seat_is_filled_by_somebody_who_carries_hundreds_of_points_at_the_dearest(engine: Engine) -> None:
    step = next(parameter for parameter in RULE_OF["fairness.load"].parameters if parameter.name == "step")
    setting = Setting(weight=RULE_OF["fairness.load"].most_weight, values={"step": step.low})
    problem = Problem(
        (shift(1, 0, points=60_00),), (person(1, history_points=600_00),), settings={"fairness.load": setting}
    )
    assert list(engine(problem)) == seats((1, 1))
    cost = {len(roster): sum(v.cost for v in check(problem, roster)) for roster in (seats(), seats((1, 1)))}
    assert cost[1] < cost[0]


def test_the_price_of_an_empty_seat_cannot_be_set() -> None:
    problem = Problem((shift(1, 0),), (), settings={"coverage.headcount": Setting(weight=0)})
    assert [v.cost for v in check(problem, ())] == [100_000_00]


@each_engine
@pytest.mark.parametrize("carried", [60_00, 300_00])
def test_the_one_without_a_peak_takes_it_before_a_second_is_given(engine: Engine, carried: int) -> None:
    peaks = (shift(1, 0, points=30_00, peak=PEAK), shift(2, 2, points=30_00, peak=PEAK))
    problem = Problem(peaks, (person(1), person(2, history_points=carried)))
    assert {each.staff_id for each in engine(problem)} == {1, 2}
