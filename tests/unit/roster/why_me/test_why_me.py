"""Why each of the others does not have a shift: said of everybody once, and never what is nobody's business."""

from __future__ import annotations

from hypothesis import assume, strategies as st

from planning.explain.eligible import pool
from planning.problem import Assignment, Problem
from planning.public_view import in_the_open
from planning.settings import Setting
from roster.why_me.comparing import FEWEST, OPEN_RULES, Others, beside, others
from tests.support.examples import for_any
from tests.unit.planning.any_problem import problems
from tests.unit.planning.tiny import away, person, shift

ME = Assignment(1, 1)


def said(problem: Problem, *held: Assignment) -> Others:
    return others(problem, (ME, *held), 1, 1)


def test_the_one_on_duty_is_named_and_of_the_few_others_nobody_learns_who_is_on_leave() -> None:
    shifts = (shift(1, 0, 7, 12), shift(2, 0, 7, 12))
    group = (person(1), person(2), person(3), person(4))
    told = said(Problem(shifts, group), Assignment(2, 3))
    assert told.named == {"overlap.shifts": (3,)} and (told.rest, told.able) == (2, None)
    for ill in ((), (2,), (2, 4), (2, 3, 4)):
        problem = Problem(shifts, group, absences=tuple(away(each, 0) for each in ill))
        assert said(problem, Assignment(2, 3)) == told, "the day somebody falls ill nothing changes on the page"


def test_of_many_it_says_how_many_could_unless_most_of_them_cannot() -> None:
    group = tuple(person(n) for n in range(1, FEWEST + 2))
    ill = [
        said(Problem((shift(1, 0),), group, absences=tuple(away(n, 0) for n in range(2, 2 + count))))
        for count in range(FEWEST + 1)
    ]
    assert [each.able for each in ill] == [5, 4, 3, None, None, None] and {each.rest for each in ill} == {FEWEST}


def test_a_number_of_ones_own_names_nobody_where_everybodys_does() -> None:
    shifts = (shift(1, 0, 7, 8), shift(2, 0, 16, 2))
    own = person(2, limits={"limits.per_day:most": 1})
    rules = {"limits.per_day": Setting(on=True, values={"most": 1}), "rest.between_shifts": Setting(on=False)}
    loose = rules | {"limits.per_day": Setting(on=False)}
    held = Assignment(2, 2)
    assert said(Problem(shifts, (person(1), person(2)), settings=rules), held).named == {"limits.per_day": (2,)}
    assert said(Problem(shifts, (person(1), own), settings=rules), held).named == {"limits.per_day": (2,)}
    assert said(Problem(shifts, (person(1), own), settings=loose), held).named == {}


def test_who_stood_giao_thua_lately_is_named_whether_away_or_not_and_who_carries_more_is_counted() -> None:
    peak = shift(1, 0, 18, 12, peak=frozenset({"giao_thua"}), points=10_00)
    group = (person(1), person(2, last_giao_thua=1), person(3, history_points=90_00), person(4, history_points=0))
    told = said(Problem((peak,), group))
    assert told.named == {"peaks.repeat": (2,)} and (told.rest, told.heavier) == (2, 1)
    assert said(Problem((peak,), group, absences=(away(2, 0, 2),))) == told


def test_that_a_colleague_is_away_or_works_half_the_time_does_not_show_in_the_mean() -> None:
    shifts, held = (shift(1, 0), shift(2, 4)), (ME, Assignment(2, 2))
    known = beside(Problem(shifts, (person(1), person(2))), held, 1, "operations")
    hidden = Problem(shifts, (person(1), person(2, share=50)), absences=(away(2, 1, 3),))
    assert beside(hidden, held, 1, "operations") == known
    assert beside(Problem(shifts, (person(1), person(2)), absences=(away(2, 0, 5),)), held, 1, "operations") == known


@for_any(problems(), st.data(), examples=100)
def test_what_is_named_follows_from_what_everybody_may_read(problem: Problem, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(problem.shifts))
    able = pool(problem, mine).able
    assume(able)
    me = data.draw(st.sampled_from(able))
    seated = (Assignment(mine.id, me.id),)
    found = others(problem, seated, me.id, mine.id)
    listed = [staff_id for ids in found.named.values() for staff_id in ids]
    assert len(listed) + found.rest == len({each.id for each in able} - {me.id}) and len(set(listed)) == len(listed)
    assert set(found.named) <= set(OPEN_RULES) and found.heavier <= found.rest
    opened = others(in_the_open(problem, me.id), seated, me.id, mine.id)
    assert (found.named, found.rest, found.heavier) == (opened.named, opened.rest, opened.heavier)
    assert found.able is None or found.rest <= 2 * found.able


@for_any(problems(), st.data(), examples=100)
def test_a_load_lies_between_the_lightest_and_the_heaviest_of_the_group(problem: Problem, data: st.DataObject) -> None:
    mine = data.draw(st.sampled_from(problem.shifts))
    me = data.draw(st.sampled_from(problem.staff))
    found = beside(problem, (Assignment(mine.id, me.id),), me.id, mine.duty)
    assert found is not None and found.shifts == 1 and found.people >= 1
    assert found.lowest <= found.points <= found.highest and found.lowest <= found.mean <= found.highest
    assert beside(problem, (), -1, mine.duty) is None
