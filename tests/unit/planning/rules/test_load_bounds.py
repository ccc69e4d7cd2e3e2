"""The price of a load: where a step, a half and a day of leave begin and end, and what an entry names."""

from __future__ import annotations

import pytest

from planning.problem import Absence, Problem
from planning.rules.fairness import FAIRNESS, capacity, load_cost, present_days, terms
from tests.unit.planning.tiny import at, away, on, person, shift

TEN_DAYS = (on(0), on(9))


@pytest.mark.parametrize("step", [1, 7, 100])
@pytest.mark.parametrize("load", [-150, -1, 0, 1, 6, 7, 8, 99, 100, 101, 250])
def test_each_step_that_a_load_passes_adds_what_is_above_it(load: int, step: int) -> None:
    cost = load_cost(load, step)
    assert cost == sum(load - grid for grid in range(step, load, step))
    assert isinstance(cost, int)  # no fraction and nothing rounded, however high the load


def test_a_part_of_a_share_is_rounded_down() -> None:
    """A third of full time for seven dates of nine is 25,666… percent."""
    plan = Problem((), (person(1, share=33),), (away(1, 3, 2),), span=(on(0), on(8)))
    assert capacity(plan, plan.staff[0]) == 25_66


def test_a_plan_without_a_date_finds_everybody_present_all_along() -> None:
    empty = Problem((), (person(1), person(2, share=40)))
    assert [present_days(empty, each) for each in empty.staff] == [1, 1]
    assert [capacity(empty, each) for each in empty.staff] == [100_00, 40_00]


@pytest.mark.parametrize(
    ("first_hour", "last_hour", "present"),
    [
        (24, 48, 9),
        (24 - 1 / 60, 48, 8),
        (24, 48 + 1 / 60, 8),
        (30, 31, 9),
        (-24, 0, 10),
        (-24, 1 / 60, 9),
        (240, 300, 10),
        (240 - 1 / 60, 300, 9),
    ],
)
def test_a_date_with_a_minute_of_leave_is_one_of_leave(first_hour: float, last_hour: float, present: int) -> None:
    leave = Absence(1, at(0, first_hour), at(0, last_hour))
    plan = Problem((), (person(1), person(2)), (leave,), span=TEN_DAYS)
    assert [present_days(plan, each) for each in plan.staff] == [present, 10]


@pytest.mark.parametrize(("carried", "rounded"), [(1049, 1000), (1050, 1100), (1149, 1100), (49, 0), (50, 100), (0, 0)])
def test_what_is_carried_in_is_rounded_to_whole_points_and_a_half_upwards(carried: int, rounded: int) -> None:
    who = person(1, history_points=carried)
    assert terms(Problem((shift(1, 0),), (who,)), who) == (rounded, 1000)


def test_an_entry_names_the_person_no_shift_and_the_parts_of_the_load() -> None:
    plan = Problem((shift(1, 0), shift(2, 2)), (person(1, history_points=300), person(2, share=50)), span=TEN_DAYS)
    full, half = (tuple(FAIRNESS.person_breaches(plan, each, plan.shifts)) for each in plan.staff)
    assert [(v.staff_id, v.shift_ids, v.params, v.amount, v.cost) for v in (*full, *half)] == [
        (1, (), {"load": 1900, "plan": 1600, "history": 300}, 900, 900),
        (2, (), {"load": 1600, "plan": 1600, "history": 0, "capacity": 50_00}, 1800, 1800),
    ]


def test_a_load_that_passes_no_step_has_no_entry_and_leave_makes_the_step_smaller() -> None:
    plan = Problem((shift(1, 9),), (person(1), person(2)), (away(2, 0, 5),), span=TEN_DAYS)
    rested, tired = (list(FAIRNESS.person_breaches(plan, each, plan.shifts)) for each in plan.staff)
    assert rested == []
    assert [(v.params["capacity"], v.cost) for v in tired] == [(50_00, 300)]
