"""Why each of the others does not have a shift: said of everybody once, and never what is nobody's business."""

from __future__ import annotations

from hypothesis import assume, given, strategies as st

from roster.planning.explain.eligible import pool
from roster.planning.problem import Assignment, Problem
from roster.planning.settings import Setting
from roster.why_me.comparing import ABLE, COUNTED_RULES, HEAVIER, OPEN_RULES, PRIVATE, beside, others
from tests.unit.planning.any_problem import problems
from tests.unit.planning.tiny import away, person, shift

ME = Assignment(1, 1)


def said(problem: Problem, *held: Assignment) -> dict[str, tuple[int, ...]]:
    return {each.why: each.staff_ids for each in others(problem, (ME, *held), 1, 1)}


def test_the_one_on_leave_is_counted_as_private_and_the_one_on_duty_is_named_for_it() -> None:
    shifts = (shift(1, 0, 7, 12), shift(2, 0, 7, 12))
    problem = Problem(shifts, (person(1), person(2), person(3), person(4)), absences=(away(2, 0),))
    assert said(problem, Assignment(2, 3)) == {"overlap.shifts": (3,), PRIVATE: (2,), ABLE: (4,)}


def test_a_number_of_ones_own_is_private_where_everybodys_is_open() -> None:
    shifts = (shift(1, 0, 7, 8), shift(2, 0, 16, 2))
    own = person(2, limits={"limits.per_day:most": 1})
    rules = {"limits.per_day": Setting(on=True, values={"most": 1})}
    held = Assignment(2, 2)
    assert said(
        Problem(shifts, (person(1), own), settings=rules | {"rest.between_shifts": Setting(on=False)}), held
    ) == {PRIVATE: (2,)}
    assert said(
        Problem(shifts, (person(1), person(2)), settings=rules | {"rest.between_shifts": Setting(on=False)}), held
    ) == {"limits.per_day": (2,)}


def test_who_stood_giao_thua_lately_and_who_carries_more_are_told_apart() -> None:
    peak = shift(1, 0, 18, 12, peak=frozenset({"giao_thua"}), points=10_00)
    group = (person(1), person(2, last_giao_thua=1), person(3, history_points=90_00), person(4, history_points=0))
    assert said(Problem((peak,), group)) == {"peaks.repeat": (2,), HEAVIER: (3,), ABLE: (4,)}


@given(problems(), st.data())
def test_everybody_able_is_said_once_and_open_reasons_are_open(problem: Problem, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(problem.shifts))
    able = pool(problem, mine).able
    assume(able)
    me = data.draw(st.sampled_from(able))
    seated = (Assignment(mine.id, me.id),)
    found = others(problem, seated, me.id, mine.id)
    listed = [staff_id for each in found for staff_id in each.staff_ids]
    assert sorted(listed) == sorted(each.id for each in able if each.id != me.id)
    assert {each.why for each in found} <= {*OPEN_RULES, *COUNTED_RULES, HEAVIER, PRIVATE, ABLE}
    for each in found:
        own = [problem.person[staff_id].limits for staff_id in each.staff_ids]
        assert not any(key.startswith(f"{each.why}:") for limits in own for key in limits)


@given(problems(), st.data())
def test_a_load_lies_between_the_lightest_and_the_heaviest_of_the_group(problem: Problem, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(problem.shifts))
    me = data.draw(st.sampled_from(problem.staff))
    found = beside(problem, (Assignment(mine.id, me.id),), me.id, mine.duty)
    assert found is not None and found.shifts == 1 and found.people >= 1
    assert found.lowest <= found.points <= found.highest and found.lowest <= found.mean <= found.highest
    assert beside(problem, (), -1, mine.duty) is None
