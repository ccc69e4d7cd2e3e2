"""Fairness relative to share and presence: the half-timer's hour weighs twice."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from planning.fairness_ledger import ledger, spreads
from planning.problem import Problem, Staff
from planning.rules.fairness import capacity, load_cost, terms
from tests.unit.planning.rule_cases import breaches
from tests.unit.planning.tiny import away, on, person, seats, shift

TEN_DAYS = (on(0), on(9))


def problem(*people: Staff, points: int = 1000) -> Problem:
    return Problem((shift(1, 0, points=points), shift(2, 4, points=points)), people, span=TEN_DAYS)


@pytest.mark.parametrize(
    ("who", "days_off", "expected"),
    [
        (person(1), 0, 100_00),
        (person(1, share=50), 0, 50_00),
        (person(1), 5, 50_00),
        (person(1, share=50), 2, 40_00),
        (person(1, share=5), 0, 10_00),
        (person(1), 10, 10_00),
    ],
)
def test_capacity_is_share_times_presence(who: Staff, days_off: int, expected: int) -> None:
    plan = Problem((shift(1, 0),), (who,), (away(1, 0, days_off),) if days_off else (), span=TEN_DAYS)
    assert capacity(plan, who) == expected


def test_leave_outside_the_plan_and_leave_twice_do_not_count_twice() -> None:
    plan = Problem((shift(1, 0),), (person(1),), (away(1, -3, 4), away(1, 0, 2), away(1, 9, 30)), span=TEN_DAYS)
    assert capacity(plan, plan.staff[0]) == 70_00


def test_history_and_step_shrink_with_the_capacity_and_are_rounded() -> None:
    half = person(1, share=50, history_points=4130)
    assert terms(problem(half), half) == (2100, 500)
    tenth = person(1, share=1, history_points=4130)
    assert terms(problem(tenth), tenth) == (400, 100)


def test_the_same_shift_costs_a_half_timer_as_much_as_two_cost_a_full_timer() -> None:
    plan = problem(person(1, share=50), person(2))
    (half,) = breaches(plan, [(1, 1)], "fairness.load")
    assert (half.cost, half.params["capacity"]) == (load_cost(1000, 500), 50_00)
    (whole,) = breaches(plan, [(1, 2), (2, 2)], "fairness.load")
    assert (whole.cost, "capacity" in whole.params) == (load_cost(2000, 1000), False)
    assert whole.cost == 2 * half.cost


def test_points_follow_the_work_pattern() -> None:
    each = shift(1, 0, points=1500, points_by={"office6": 800})
    plan = Problem((each,), (person(1, work_pattern="office6"), person(2)))
    lines = ledger(plan, seats((1, 1), (1, 2)))
    assert [line.plan for line in lines] == [800, 1500]
    assert breaches(plan, [(1, 1)], "fairness.load") == []
    assert [v.params["plan"] for v in breaches(plan, [(1, 2)], "fairness.load")] == [1500]


def test_the_ledger_compares_relative_loads() -> None:
    plan = problem(person(1, share=50, history_points=200), person(2))
    lines = ledger(plan, seats((1, 1), (2, 2)))
    assert [(line.load, line.relative, line.capacity) for line in lines] == [(1200, 2200, 50_00), (1000, 1000, 100_00)]
    (spread,) = spreads(plan, ledger(plan, seats((1, 1), (2, 2))))
    assert (spread.lowest, spread.highest, spread.range, spread.deviation) == (1000, 2200, 1200, 600.0)


@given(st.integers(1, 100), st.integers(1, 100), st.integers(0, 10), st.integers(0, 90))
def test_who_can_carry_less_never_pays_less_for_the_same_duty(one: int, other: int, days_off: int, points: int) -> None:
    people = (person(1, share=min(one, other)), person(2, share=max(one, other)))
    absences = (away(1, 0, days_off), away(2, 0, days_off)) if days_off else ()
    plan = Problem((shift(1, 0, points=points * 100),), people, absences, span=TEN_DAYS)
    low, high = (sum(v.cost for v in breaches(plan, [(1, each.id)], "fairness.load")) for each in people)
    assert low >= high


def test_the_spread_is_over_those_who_could_share_the_duty() -> None:
    """Nobody of another unit, and nobody on leave all the plan long, makes a duty look uneven."""
    shifts = (shift(1, 0, points=1000), shift(2, 4, unit="V", duty="support", points=1000))
    other = person(2, eligible_units=frozenset({"V"}), history_points=9000)
    plan = Problem(shifts, (person(1), other, person(3)), (away(3, 0, 10),), span=TEN_DAYS)
    assert [(each.duty, each.people, each.range) for each in spreads(plan, ledger(plan, seats((1, 1))))] == [
        ("operations", 1, 0)
    ]
