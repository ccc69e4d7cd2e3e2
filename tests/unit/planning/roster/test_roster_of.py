"""A roster is put in order once for everybody who asks about the same assignments, and never for other ones."""

from __future__ import annotations

from random import Random

from hypothesis import given, strategies as st

from planning.problem import Assignment, Problem
from planning.roster import KEPT, Roster, roster_of
from tests.unit.planning.tiny import person, shift

PEOPLE, SHIFTS = range(1, 6), range(1, 41)
PLAN = Problem(tuple(shift(n, 12 * (n // 3), 12 * (n // 3) + 8) for n in SHIFTS), tuple(person(n) for n in PEOPLE))
PLACES = st.builds(Assignment, st.sampled_from(SHIFTS), st.sampled_from(PEOPLE))
ROSTERS = st.lists(PLACES, max_size=60, unique=True).map(tuple)
CROWDED = st.lists(PLACES, max_size=60).map(tuple)
"""Somebody may have two seats of a shift."""


def test_the_same_assignments_are_put_in_order_once_and_others_anew() -> None:
    problem = Problem((shift(1, 0, 8), shift(2, 24, 32)), (person(1), person(2)))
    first, second = (Assignment(1, 1),), (Assignment(1, 2), Assignment(2, 1))
    roster = roster_of(problem, first)
    assert roster.staff_on[1] == [1] and roster_of(problem, first) is roster
    other = roster_of(problem, second)
    assert (other.staff_on[1], other.staff_on[2]) == ([2], [1]) and roster_of(problem, second) is other
    assert roster_of(problem, first) is roster and roster.staff_on[1] == [1]


def test_a_plan_keeps_no_more_rosters_than_a_draft_has() -> None:
    problem = Problem((shift(1, 0, 8),), (person(1), person(2)))
    for _turn in range(KEPT + 2):
        roster_of(problem, (Assignment(1, 1),))
    assert len(problem.facts["rosters"]) == KEPT


def test_a_draft_with_another_pin_has_the_roster_of_its_plan() -> None:
    problem, held = Problem((shift(1, 0, 8),), (person(1),)), (Assignment(1, 1),)
    assert roster_of(problem.pinned(()), held) is roster_of(problem, held)


def test_after_an_edit_rows_that_it_did_not_touch_are_those_of_before() -> None:
    problem = Problem(PLAN.shifts, PLAN.staff)
    held = tuple(Assignment(number, 1 + number % 5) for number in SHIFTS)
    draft, agreed = roster_of(problem, held), roster_of(problem, held[1:])
    edited = roster_of(problem, (*held[:-1], Assignment(40, 4)))
    assert all(edited.shifts_of[who] is draft.shifts_of[who] for who in (2, 3, 5))
    assert all(edited.shifts_of[who] is not draft.shifts_of[who] for who in (1, 4))
    assert agreed.shifts_of[3] is draft.shifts_of[3]


def test_a_list_that_may_still_grow_is_put_in_order_each_time() -> None:
    problem, growing = Problem((shift(1, 0, 8),), (person(1), person(2))), [Assignment(1, 1)]
    assert roster_of(problem, growing).staff_on[1] == [1]
    growing.append(Assignment(1, 2))
    assert roster_of(problem, growing).staff_on[1] == [1, 2]


@given(st.lists(ROSTERS | CROWDED, min_size=2, max_size=4))
def test_one_that_is_made_from_another_is_what_it_would_be_alone(rosters: list[tuple[Assignment, ...]]) -> None:
    problem = Problem(PLAN.shifts, PLAN.staff)
    for assignments in rosters:
        _same(roster_of(problem, assignments), Roster(PLAN, assignments))


@given(ROSTERS, st.lists(PLACES, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_an_edit_makes_the_roster_anew_and_leaves_the_one_before_as_it_was(
    before: tuple[Assignment, ...], touched: list[Assignment], lot: Random
) -> None:
    problem = Problem(PLAN.shifts, PLAN.staff)
    last, as_it_was = roster_of(problem, before), Roster(PLAN, before)
    after = list({*before} ^ {*touched})
    lot.shuffle(after)
    edited = roster_of(problem, tuple(after))
    assert not touched or edited is not last
    _same(edited, Roster(PLAN, after))
    _same(last, as_it_was)


def _same(made: Roster, alone: Roster) -> None:
    assert (made.shifts_of, made.staff_on, made.ids_of) == (alone.shifts_of, alone.staff_on, alone.ids_of)
    assert (sorted(made.pairs), made.distinct) == (sorted(alone.pairs), alone.distinct)
