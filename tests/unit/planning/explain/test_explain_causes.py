"""Empty seats by cause: what helps most comes first, nothing goes beyond the law, and sums are of what is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planning.explain.causes import FREE, NOBODY, Cause, EmptySeatCase
from planning.explain.empty_seats import gaps
from planning.explain.remedies import LEAVE
from planning.explain.what_if import Rows
from planning.problem import Assignment, Problem, Staff
from planning.score.check import check
from planning.settings import Setting
from tests.unit.planning.tiny import away, on, person, seats, shift

THIRTY, FORTY = 30 * 60, 40 * 60


def overworked(number: int, **changes: Any) -> Staff:
    """With 25 hours of overtime behind them: one eight-hour shift more makes 33, two make 41."""
    return person(number, unit="U", work_pattern="office5", overtime_month=25 * 60, **changes)


def capped(problem: Problem, most: int = THIRTY) -> Problem:
    return replace(problem, settings={"hours.month": Setting(values={"most": most})})


def case_of(problem: Problem, *roster: tuple[int, int], movable: Any = (), obligatory: Any = None) -> EmptySeatCase:
    rows = Rows(problem, seats(*roster))
    return EmptySeatCase(rows, gaps(rows), movable, obligatory=obligatory)


def cause(case: EmptySeatCase, rule: str) -> Cause:
    return next(each for each in case.causes if each.rule == rule)


def over_the_cap() -> Problem:
    """Three shifts of U whose own people are at the monthly cap, and a neighbour at V who is not."""
    shifts = (shift(1, 0), shift(2, 1), shift(3, 2))
    staff = (
        overworked(1),
        overworked(2),
        overworked(3),
        person(4, unit="V", eligible_units=frozenset({"V"}), overtime_month=0),
    )
    return capped(Problem(shifts, staff, parents={"U": "T", "V": "T", "T": None}))


def test_seats_lost_to_the_monthly_cap_are_one_cause_and_a_higher_cap_below_the_law_fills_them() -> None:
    case = case_of(over_the_cap())
    found = cause(case, "hours.month")
    assert [each.rule for each in case.causes] == ["hours.month"] and found.count == 3
    limit = next(each for each in found.remedies if each.kind == "limit")
    assert (len(limit.fills), limit.was, limit.now, limit.law) == (3, THIRTY, 33 * 60, FORTY)
    assert limit.people == (1, 2, 3) and limit.minutes == 3 * 480


def test_the_neighbour_is_offered_too_and_what_fills_most_comes_first() -> None:
    problem = over_the_cap()
    problem = replace(problem, absences=(away(4, 1),))
    found = cause(case_of(problem), "hours.month")
    assert [(each.kind, len(each.fills)) for each in found.remedies] == [("limit", 3), ("help", 2)]
    assert found.best is not None and found.best.kind == "limit"


def test_nothing_is_offered_beyond_the_number_of_the_law() -> None:
    at_the_law = capped(over_the_cap(), FORTY)
    tired = tuple(replace(each, overtime_month=35 * 60) if each.unit == "U" else each for each in at_the_law.staff)
    found = cause(case_of(replace(at_the_law, staff=tired)), "hours.month")
    assert [each.kind for each in found.remedies] == ["help"]
    below = cause(case_of(replace(capped(over_the_cap()), staff=tired)), "hours.month")
    assert [each.kind for each in below.remedies] == ["help"]  # 43 hours would be needed


def test_a_rule_of_law_is_never_made_soft_and_an_own_rule_may_be() -> None:
    shifts = (shift(1, 0, 14, 8), shift(2, 1, 6, 4))
    law = case_of(Problem(shifts, (person(1),)), (1, 1))
    assert [each for each in cause(law, "rest.between_shifts").remedies if each.kind in ("soft", "limit")] == []
    order = Setting(on=True, pairs=(("Ngày", "Ngày"),))
    own = case_of(Problem((shift(1, 0), shift(2, 1)), (person(1),), settings={"sequence.templates": order}), (1, 1))
    assert [each.kind for each in cause(own, "sequence.templates").remedies] == ["soft"]


def test_people_with_a_limit_of_their_own_are_not_reached_by_the_campaigns() -> None:
    problem = over_the_cap()
    own = replace(problem.staff[0], limits={"hours.month:most": THIRTY})
    found = cause(case_of(replace(problem, staff=(own, *problem.staff[1:]))), "hours.month")
    limit = next(each for each in found.remedies if each.kind == "limit")
    assert 1 not in limit.people and len(limit.fills) == 2


def test_leave_is_only_asked_for_where_it_may_be_and_never_applied_by_a_button() -> None:
    problem = Problem((shift(1, 0),), (person(1), person(2)), absences=(away(1, 0), away(2, 0)))
    asked = cause(case_of(problem, movable={(1, on(0))}), "absence.away")
    assert [(each.kind, each.people, each.can_be_applied) for each in asked.remedies] == [("leave", (1,), False)]
    assert cause(case_of(problem), "absence.away").remedies == ()


def test_two_causes_are_told_apart_and_their_best_remedies_add_up() -> None:
    problem = over_the_cap()
    shifts = (*problem.shifts, shift(4, 3, unit="W"))
    staff = (*problem.staff, person(5, unit="W", eligible_units=frozenset({"W"})))
    problem = replace(problem, shifts=shifts, staff=staff, absences=(away(5, 3),))
    case = case_of(problem)
    assert [(each.rule, each.count) for each in case.causes] == [("hours.month", 3), ("absence.away", 1)]
    chosen = case.together(case.best())
    assert len(chosen.fills) == 4 and len(chosen.helping) == 1
    assert chosen.limits == {"hours.month": 33 * 60} and chosen.minutes >= 3 * 480
    only_one = case.together(case.best()[1:])
    assert len(only_one.fills) == 1 and only_one.limits == {}
    assert case.together(()).fills == () and case.together(["no~such~key"]).fills == ()


def test_what_is_promised_breaks_nothing_but_what_is_allowed() -> None:
    problem = over_the_cap()
    case = case_of(problem)
    chosen = case.together([each.key for each in case.causes[0].remedies if each.kind == "limit"])
    allowed = replace(problem, settings={"hours.month": Setting(values={"most": chosen.limits["hours.month"]})})
    assert [v.rule for v in check(allowed, chosen.fills) if v.hard] == []
    assert set(chosen.fills) == {Assignment(a.shift_id, a.staff_id) for a in chosen.fills}


def test_who_could_come_at_once_and_lists_without_anybody_are_causes_of_their_own() -> None:
    free = case_of(Problem((shift(1, 0),), (person(1),)))
    assert [(each.rule, [r.kind for r in each.remedies]) for each in free.causes] == [(FREE, ["free"])]
    nobody = case_of(Problem((shift(1, 0),), (person(1, duties=frozenset({"support"})),)))
    assert [(each.rule, [r.kind for r in each.remedies]) for each in nobody.causes] == [(NOBODY, ["list"])]


def test_asking_less_is_offered_last_and_never_proposed() -> None:
    case = case_of(over_the_cap(), obligatory=frozenset())
    found = cause(case, "hours.month")
    assert [each.kind for each in found.remedies if each.can_be_applied] == ["limit", "help", "less"]
    less = found.remedies[2]
    assert (less.count, dict(less.dropped), less.fills) == (3, {1: 1, 2: 1, 3: 1}, ())
    only = cause(case_of(Problem((shift(1, 0),), (person(1),), absences=(away(1, 0),)), obligatory=frozenset()), LEAVE)
    assert [each.kind for each in only.remedies] == ["less"] and only.best is None


def test_a_demand_that_stands_is_not_lessened() -> None:
    found = cause(case_of(over_the_cap(), obligatory=None), "hours.month")
    assert not [each for each in found.remedies if each.asks_less]


def test_an_obligatory_shift_that_would_have_nobody_is_told_apart_from_one_that_keeps_somebody() -> None:
    shifts = (shift(1, 0, headcount=2), shift(2, 1))
    staff = (person(1), person(2))
    problem = Problem(shifts, staff, absences=(away(2, 0), away(1, 1), away(2, 1)))
    case = case_of(problem, (1, 1), obligatory=frozenset({"operations"}))
    found = {each.kind: dict(each.dropped) for each in cause(case, LEAVE).remedies if each.asks_less}
    assert found == {"less": {1: 1}, "bare": {2: 1}}
    assert case.together(("absence.away~less~",)).bare == ()
    both = case.together(("absence.away~less~", "absence.away~bare~"))
    assert both.bare == (2,) and dict(both.dropped) == {1: 1, 2: 1}


def test_less_is_asked_only_of_what_the_other_remedies_leave_empty() -> None:
    problem = replace(over_the_cap(), absences=(away(4, 1),))
    case = case_of(problem, obligatory=frozenset())
    chosen = case.together(("hours.month~help~eligibility.unit", "hours.month~less~"))
    assert {seat.shift_id for seat in chosen.fills} == {1, 3} and dict(chosen.dropped) == {2: 1}
    everything = case.together([each.key for each in case.causes[0].remedies if each.can_be_applied])
    assert len(everything.fills) == 3 and not everything.dropped
