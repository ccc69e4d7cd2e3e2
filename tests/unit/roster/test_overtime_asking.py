"""What of each duty is overtime, and whether what somebody said of it still counts."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from roster.overtime_consent.asking import AGREED, REFUSED, added, still_holds
from roster.planning.problem import Problem
from roster.planning.time.overtime import overtime
from tests.unit.planning.any_problem import problems
from tests.unit.planning.tiny import on, person, shift

HOURS = 60


def test_what_a_day_has_above_the_normal_one_falls_to_the_duty_that_brings_it_there() -> None:
    plan = (shift(2, 0, 14, 4), shift(1, 0, 6, 8))
    assert added(Problem(plan, (person(1),)), person(1), plan) == {2: 2 * HOURS}, "ten hours a day are normal here"


def test_what_a_week_has_above_the_normal_one_falls_to_its_last_duties() -> None:
    plan = tuple(shift(number, number - 1, 6, 10) for number in range(1, 7))
    problem = Problem(plan, (person(1),), span=(on(0), on(13)))
    found = added(problem, person(1), plan)
    assert sum(found.values()) == sum(overtime(problem, person(1), plan).values()) == 12 * HOURS
    assert sorted(found) == [5, 6], "the first duties of the week stay within it"


def test_on_a_free_day_all_of_it_is_overtime_and_at_home_none() -> None:
    plan = (shift(1, 0, 6, 8), shift(2, 1, 6, 8, form="standby"))
    problem = Problem(plan, (person(1),), free_days={"shift": frozenset({on(0), on(1)})})
    assert added(problem, person(1), plan) == {1: 8 * HOURS}


@given(problems(pinned=False))
def test_the_parts_are_the_whole_and_none_is_longer_than_its_duty(problem: Problem) -> None:
    for each in problem.staff:
        found = added(problem, each, problem.shifts)
        assert sum(found.values()) == sum(overtime(problem, each, problem.shifts).values())
        assert all(minutes > 0 for minutes in found.values())
        assert all(problem.shift_of[shift_id].form == "onsite" for shift_id in found)


@pytest.mark.parametrize(
    ("state", "answered", "asked", "holds"),
    [
        (AGREED, (3, 240), (3, 240), True),
        (AGREED, (3, 240), (3, 180), True),
        (AGREED, (3, 240), (3, 241), False),
        (AGREED, (3, 240), (4, 240), False),
        (REFUSED, (3, 240), (3, 480), True),
        (REFUSED, (3, 240), (4, 240), False),
    ],
)
def test_an_answer_holds_for_what_it_was_about(
    state: str, answered: tuple[int, int], asked: tuple[int, int], *, holds: bool
) -> None:
    assert still_holds(state, answered, asked) is holds


@given(st.integers(1, 500), st.integers(1, 500))
def test_who_agreed_to_more_agreed_to_less(one: int, other: int) -> None:
    assert still_holds(AGREED, (1, max(one, other)), (1, min(one, other)))
