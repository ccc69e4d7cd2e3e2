"""A part of a plan: which shifts are of it, and a question in which everything else stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from planning.part import Part, alone
from planning.problem import Assignment, Problem
from planning.restriction import within
from planning.rules.base import may_serve
from planning.score.check import check, cost_of
from tests.unit.planning.any_problem import problems
from tests.unit.planning.in_process import solved
from tests.unit.planning.tiny import on, shift

TREE = {"ROOT": None, "A": "ROOT", "A1": "A", "A2": "A", "B": "ROOT"}
BELOW = {None: set(TREE), "ROOT": set(TREE), "A": {"A", "A1", "A2"}, "A1": {"A1"}, "A2": {"A2"}, "B": {"B"}}
maybe_day = st.none() | st.integers(3, 9).map(on)
narrow = st.sampled_from([None, "U", "V"]), st.sampled_from([None, "operations", "support"]), maybe_day, maybe_day
parts = st.builds(Part, *narrow)
ranges = st.builds(
    Part, *narrow, st.frozensets(st.sampled_from([f"P{n}" for n in range(1, 6)]), min_size=1, max_size=3)
)


@pytest.mark.parametrize("unit", BELOW)
def test_a_unit_brings_all_below_it(unit: str | None) -> None:
    found = {code for code in TREE if Part(unit=unit).has(shift(1, 3, 6, 8, unit=code), TREE)}
    assert found == BELOW[unit]


@pytest.mark.parametrize(
    ("first", "last", "days"), [(4, 6, {4, 5, 6}), (None, 4, {3, 4}), (6, None, {6, 7}), (5, 5, {5}), (6, 5, set())]
)
def test_days_are_from_the_first_to_the_last(first: int | None, last: int | None, days: set[int]) -> None:
    def at(day: int | None) -> date | None:
        return None if day is None else on(day)

    part = Part(first=at(first), last=at(last))
    assert {day for day in range(3, 8) if part.has(shift(1, day, 22, 12), {})} == days


@settings(max_examples=25)
@given(problems(pinned=False), parts, st.data())
def test_the_part_alone_is_judged_as_in_the_whole(problem: Problem, part: Part, data: st.DataObject) -> None:
    """Whatever somebody wrote elsewhere by hand, nobody comes there and nobody goes; and whoever has the part assigned
    better has a better whole."""
    draft = _drafted(problem, data)
    problem = replace(problem, baseline=())  # a re-plan is of the part that it is about
    outside, asked = part.outside(problem, draft), alone(problem, part, draft)
    found = solved(asked)
    theirs = within(outside, draft)
    assert within(outside, found.assignments) == within(outside, [a for a in draft if a.staff_id in asked.person])
    if outside == problem.shift_of.keys():
        return
    here = [each for each in draft if each.shift_id not in outside]
    there = [each for each in draft if each.shift_id in outside and each.staff_id in asked.person]
    before, after = (
        (cost_of(check(problem, [*theirs, *own])), cost_of(check(asked, [*there, *own])))
        for own in (here, [each for each in found.assignments if each.shift_id not in outside])
    )
    assert after[0] - before[0] == after[1] - before[1]


@settings(max_examples=40)
@given(problems(pinned=False), ranges, st.data())
def test_of_a_range_only_its_people_and_days_change(problem: Problem, part: Part, data: st.DataObject) -> None:
    """Outside the rectangle every cell is as it was, whoever shares a shift with its people; and what is better in the
    range is better in the whole."""
    draft, problem = _drafted(problem, data), replace(problem, baseline=())
    mine = {each.id for each in problem.staff if each.code in part.people}
    asked = alone(problem, part, draft)
    found = solved(asked)
    days = {each.id for each in problem.shifts if part.has(each, problem.parents)}
    still = {each for each in draft if each.staff_id not in mine or each.shift_id not in days}
    assert {each for each in still if each.staff_id in asked.person and each.shift_id in asked.shift_of} == {
        each for each in found.assignments if each.staff_id not in mine or each.shift_id not in days
    }, "and nobody else has got anything"
    gone = [each for each in draft if each.shift_id not in asked.shift_of or each.staff_id not in asked.person]
    assert not [each for each in gone if each.staff_id in mine and each.shift_id in days]
    after = [*still, *(each for each in found.assignments if each not in still)]
    there = [each for each in draft if each not in gone]
    whole = [cost_of(check(problem, sorted(roster))) for roster in (draft, after)]
    alone_ = [cost_of(check(asked, sorted(roster))) for roster in (there, found.assignments)]
    assert whole[1] - whole[0] == alone_[1] - alone_[0]


def _drafted(problem: Problem, data: st.DataObject) -> list[Assignment]:
    able = {each.id: [who.id for who in problem.staff if may_serve(who, each)] for each in problem.shifts}
    return [
        Assignment(shift_id, who)
        for shift_id, people in able.items()
        for who in data.draw(st.lists(st.sampled_from(people or [0]), unique=True, max_size=2 if people else 0))
    ]
