"""A roster is put in order once for everybody who asks about the same assignments, and never for other ones."""

from __future__ import annotations

from roster.planning.problem import Assignment, Problem
from roster.planning.rules.base import roster_of
from tests.unit.planning.tiny import person, shift


def test_the_same_assignments_are_put_in_order_once_and_others_anew() -> None:
    problem = Problem((shift(1, 0, 8), shift(2, 24, 32)), (person(1), person(2)))
    first, second = (Assignment(1, 1),), (Assignment(1, 2), Assignment(2, 1))
    roster = roster_of(problem, first)
    assert roster.staff_on[1] == [1] and roster_of(problem, first) is roster
    other = roster_of(problem, second)
    assert (other.staff_on[1], other.staff_on[2]) == ([2], [1]) and roster_of(problem, second) is other
    assert roster_of(problem, first).staff_on[1] == [1]


def test_a_list_that_may_still_grow_is_put_in_order_each_time() -> None:
    problem, growing = Problem((shift(1, 0, 8),), (person(1), person(2))), [Assignment(1, 1)]
    assert roster_of(problem, growing).staff_on[1] == [1]
    growing.append(Assignment(1, 2))
    assert roster_of(problem, growing).staff_on[1] == [1, 2]
