"""Whom to ask first elsewhere: near by the tree of units, with the skill that lacks, with hours left, and able."""

from __future__ import annotations

from typing import Any

from planning.explain.causes import EmptySeatCase
from planning.explain.empty_seats import gaps
from planning.explain.helpers import SHORT_LIST, Helpers
from planning.explain.what_if import Rows
from planning.problem import Problem, Staff
from tests.unit.planning.tiny import away, person, seats, shift

PARENTS = {"U": "T", "V": "T", "W": "S", "T": "R", "S": "R", "R": None}
"""U and V under T, W under S, both of them under R: V is a neighbour of U, W a cousin."""


def staff_of(number: int, unit: str, **told: Any) -> Staff:
    return person(number, unit=unit, eligible_units=frozenset({unit}), overtime_month=0, **told)


def asked(problem: Problem, *roster: tuple[int, int]) -> list[int]:
    rows = Rows(problem, seats(*roster))
    return list(Helpers(rows).effects_on(problem.shifts[0]))


def test_a_neighbour_under_the_same_unit_comes_before_one_under_the_unit_above_it() -> None:
    staff = (staff_of(1, "W"), staff_of(2, "T"), staff_of(3, "V"), staff_of(4, "W"))
    assert asked(Problem((shift(1, 0),), staff, parents=PARENTS)) == [2, 3, 1, 4]


def test_of_those_as_near_the_one_with_the_skill_that_the_shift_lacks_comes_first() -> None:
    staff = (
        staff_of(1, "V"),
        staff_of(2, "V", skills=frozenset({"lái xe"})),
        staff_of(3, "W", skills=frozenset({"lái xe"})),
    )
    driving = Problem((shift(1, 0, skills={"lái xe": 1}),), staff, parents=PARENTS)
    assert asked(driving) == [2, 3, 1]  # the first alone would break the rule of skills, however near
    driver = staff_of(4, "U", skills=frozenset({"lái xe"}))
    has_one = Problem((shift(1, 0, headcount=2, skills={"lái xe": 1}),), (*staff, driver), parents=PARENTS)
    assert asked(has_one, (1, 4)) == [1, 2, 3]


def test_of_those_as_near_and_as_able_the_one_with_most_hours_left_comes_first() -> None:
    tired = person(1, unit="V", eligible_units=frozenset({"V"}), work_pattern="office5", overtime_month=20 * 60)
    fresh = person(2, unit="V", eligible_units=frozenset({"V"}), work_pattern="office5", overtime_month=2 * 60)
    assert asked(Problem((shift(1, 0),), (tired, fresh), parents=PARENTS)) == [2, 1]


def test_a_unit_full_of_people_on_leave_does_not_hide_the_one_who_could_come() -> None:
    many = SHORT_LIST + 3
    staff = (*(staff_of(n, "V") for n in range(1, many + 1)), staff_of(many + 1, "W"))
    problem = Problem((shift(1, 0),), staff, absences=tuple(away(n, 0) for n in range(1, many + 1)), parents=PARENTS)
    found = asked(problem)
    assert found[0] == many + 1 and len(found) == SHORT_LIST
    rows = Rows(problem, ())
    (cause,) = EmptySeatCase(rows, gaps(rows)).causes
    helped = next(each for each in cause.remedies if each.kind == "help")
    assert helped.people == (many + 1,) and helped.steps == 4


def test_the_shorter_journey_is_taken_where_both_could_come() -> None:
    problem = Problem((shift(1, 0),), (staff_of(1, "W"), staff_of(2, "V")), parents=PARENTS)
    rows = Rows(problem, ())
    (cause,) = EmptySeatCase(rows, gaps(rows)).causes
    helped = next(each for each in cause.remedies if each.kind == "help")
    assert helped.people == (2,) and helped.steps == 2
