"""Whom and what a breach names: the person, the shifts, and the numbers that its sentence is made of."""

from __future__ import annotations

from typing import Any

import pytest

from planning.problem import Busy, Pair, Problem
from tests.unit.planning.rule_cases import CASES, DAY_AND_NIGHT, ONE, TWO, WEEK, Case, breaches, days, with_setting
from tests.unit.planning.tiny import at, busy, person, shift

NAMED: dict[str, list[tuple[int | None, tuple[int, ...], dict[str, Any], int]]] = {
    "coverage.headcount": [
        (None, (1,), {"required": 2, "present": 1, "missing": 1}, 1),
    ],
    "coverage.skills": [
        (None, (1,), {"skill": "xe", "required": 1, "present": 0}, 1),
    ],
    "coverage.wanted": [
        (None, (1,), {"wanted": 2, "present": 1}, 1),
    ],
    "eligibility.duty": [
        (1, (1,), {"duty": "operations"}, 1),
    ],
    "eligibility.unit": [
        (1, (1,), {"unit": "U"}, 1),
    ],
    "eligibility.place": [
        (1, (1,), {"unit": "U"}, 1),
    ],
    "absence.away": [
        (1, (1,), {"away_start": "2027-01-31T17:00:00+00:00", "away_end": "2027-02-01T17:00:00+00:00"}, 1),
    ],
    "protected.no_night": [
        (1, (1,), {}, 1),
    ],
    "protected.no_overtime": [
        (1, (1,), {"minutes": 60, "date": "2027-02-01"}, 60),
    ],
    "pins.kept": [
        (1, (1,), {}, 1),
    ],
    "overlap.shifts": [
        (1, (1, 2), {}, 1),
    ],
    "rest.between_shifts": [
        (1, (1, 2), {"gap_minutes": 660, "required_minutes": 720}, 1),
    ],
    "work.ordinary": [
        (1, (1,), {"date": "2027-02-01", "gap_minutes": 360, "required_minutes": 720}, 1),
    ],
    "rest.weekly": [
        (1, (1, 2, 3, 4, 5, 6, 7), {"week": "2027-02-01", "longest_minutes": 960, "required_minutes": 1440}, 1),
    ],
    "hours.continuous": [
        (1, (1,), {"date": "2027-02-01", "minutes": 780, "limit": 720}, 1),
    ],
    "hours.rolling": [
        (1, (1, 2), {"date": "2027-02-01", "start": 720, "minutes": 780, "limit": 720}, 60),
    ],
    "hours.day": [
        (1, (1,), {"date": "2027-02-01", "minutes": 780, "limit": 720}, 60),
    ],
    "hours.week": [
        (1, (1, 2, 3, 4, 5, 6), {"from": "2027-02-01", "to": "2027-02-07", "minutes": 4320, "limit": 3600}, 720),
    ],
    "hours.month": [
        (1, (1, 2, 3, 4, 5, 6), {"month": "2027-02", "minutes": 2880, "limit": 2400, "before": 0}, 480),
    ],
    "hours.year": [
        (1, (1,), {"year": 2027, "minutes": 12380, "limit": 12000, "before": 11900}, 380),
    ],
    "hours.total": [
        (1, (1, 2), {"most": 480, "minutes": 960}, 480),
    ],
    "runs.max_days": [
        (1, (1, 2, 3, 4, 5, 6, 7), {"from": "2027-02-01", "to": "2027-02-07", "count": 7, "limit": 6}, 1),
    ],
    "runs.min_days": [
        (1, (1,), {"from": "2027-02-04", "to": "2027-02-04", "count": 1, "least": 2}, 1),
    ],
    "runs.min_off": [
        (1, (1, 2), {"from": "2027-02-03", "to": "2027-02-03", "count": 1, "least": 2}, 1),
    ],
    "weekends.most": [
        (1, (1, 2, 3, 4), {"count": 3, "limit": 2}, 1),
    ],
    "nights.in_a_row": [
        (1, (1, 2, 3, 4), {"from": "2027-02-01", "to": "2027-02-04", "count": 4, "limit": 3}, 1),
    ],
    "nights.most": [
        (1, (1, 2, 3, 4, 5, 6, 7, 8, 9), {"count": 9, "limit": 8}, 1),
    ],
    "limits.max_shifts": [
        (1, (1, 2), {"limit": 1, "count": 2}, 1),
    ],
    "limits.min_shifts": [
        (1, (1,), {"least": 2, "count": 1}, 1),
    ],
    "limits.per_day": [
        (1, (1, 2), {"date": "2027-02-01", "count": 2, "limit": 1}, 1),
    ],
    "limits.template": [
        (1, (1, 2), {"template": "Ngày", "count": 2, "limit": 1}, 1),
    ],
    "sequence.templates": [
        (1, (1, 2), {}, 1),
    ],
    "pairs.together": [
        (1, (1,), {"other": 2}, 1),
    ],
    "pairs.apart": [
        (1, (1,), {"other": 2}, 1),
    ],
    "peaks.second": [
        (1, (1, 2), {"count": 2}, 1),
    ],
    "peaks.repeat": [
        (1, (1,), {"peak": "giao_thua"}, 1),
    ],
    "rest.standby": [
        (1, (1, 2), {"gap_minutes": 0}, 1),
    ],
    "wishes.off": [
        (1, (1,), {"date": "2027-02-01", "weight": 2}, 2),
    ],
    "wishes.on": [
        (1, (1,), {"date": "2027-02-01", "weight": 3}, 3),
    ],
    "runs.isolated": [
        (1, (1,), {"date": "2027-02-04"}, 1),
    ],
    "continuity.template": [
        (1, (1, 2), {"date": "2027-02-02"}, 1),
    ],
    "change.least": [
        (1, (1,), {"gained": 0, "lost": 1}, 1),
        (2, (1,), {"gained": 1, "lost": 0}, 1),
    ],
    "fairness.load": [
        (1, (), {"load": 2500, "plan": 1500, "history": 1000}, 2000),
    ],
}
"""Of each case's bad roster: who, on which shifts, with which numbers, and by how much."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_breach_names_the_person_the_shifts_and_the_numbers(case: Case) -> None:
    found = breaches(with_setting(case.problem, case.code, on=True), case.bad, case.code)
    assert [(v.staff_id, v.shift_ids, v.params, v.amount) for v in found] == NAMED[case.code]


def named(code: str, problem: Problem, held: dict[int, tuple[int, ...]], **values: int) -> list[tuple[Any, ...]]:
    """(who, shifts, by how much) of each breach, where the people hold these shifts."""
    asked = with_setting(problem, code, on=True, values=values)
    roster = [(each, who) for who, each_of in held.items() for each in each_of]
    return [(v.staff_id, v.shift_ids, v.amount) for v in breaches(asked, roster, code)]


@pytest.mark.parametrize(
    ("code", "shifts", "values", "amount"),
    [
        ("limits.per_day", tuple(shift(n, 0, 8 * n, 4) for n in range(1, 4)), {"most": 1}, 2),
        ("nights.most", days(0, 2, 4, hour=22), {"most": 1}, 2),
        ("nights.in_a_row", days(0, 1, 2, hour=22, hours=6), {"most": 1}, 2),
        ("runs.max_days", days(0, 1, 2, hours=4), {"most": 1}, 2),
        ("runs.min_off", days(1, 3), {"least": 3}, 2),
        ("weekends.most", days(5, 12, 19), {"most": 1}, 2),
        ("limits.max_shifts", days(0, 2, 4), {"most": 1}, 2),
        ("limits.min_shifts", days(0), {"least": 3}, 2),
    ],
)
def test_a_breach_grows_with_the_distance_from_the_limit(
    code: str, shifts: tuple[Any, ...], values: dict[str, int], amount: int
) -> None:
    ids = tuple(each.id for each in shifts)
    assert named(code, Problem(shifts, ONE), {1: ids}, **values) == [(1, ids, amount)]


@pytest.mark.parametrize("code", ["runs.min_days", "runs.isolated"])
@pytest.mark.parametrize(("day", "judged"), [(0, False), (1, True), (5, True), (6, False)])
def test_a_short_run_at_the_edge_of_the_plan_may_go_on_outside(code: str, day: int, judged: bool) -> None:
    values = {"least": 3} if code == "runs.min_days" else {}
    found = named(code, Problem(days(day), ONE, span=WEEK), {1: (1,)}, **values)
    assert found == ([(1, (1,), 2 if values else 1)] if judged else [])


def test_only_the_two_days_on_which_the_name_changes_are_named() -> None:
    later = (*DAY_AND_NIGHT, shift(4, 2, template="Đêm"), shift(5, 4, template="Ngày"))
    assert named("continuity.template", Problem(later, ONE), {1: (1, 2, 5)}) == [(1, (1, 2), 1)]
    assert named("continuity.template", Problem(later, ONE), {1: (2, 4)}) == [(1, (2, 4), 1)]
    assert named("continuity.template", Problem(later, ONE), {1: (1, 2, 4)}) == [(1, (1, 2), 1), (1, (2, 4), 1)]


def test_duties_that_touch_do_not_overlap_here_or_elsewhere() -> None:
    touching = Problem((shift(1, 0, 7), shift(2, 0, 15)), ONE, busy=(busy(1, 0, 0, 7), busy(1, 0, 23)))
    assert named("overlap.shifts", touching, {1: (1, 2)}) == []
    elsewhere = Problem((shift(1, 0, 7),), TWO, busy=(busy(1, 0, 14), busy(2, 0, 7)))
    (found,) = breaches(elsewhere, [(1, 1)], "overlap.shifts")
    assert (found.staff_id, found.shift_ids) == (1, (1,))
    assert found.params == {"busy_start": at(0, 14).isoformat(), "busy_end": at(0, 22).isoformat()}


def test_rest_is_asked_on_both_sides_of_a_duty_elsewhere_and_where_duties_touch() -> None:
    code, one = "rest.between_shifts", (shift(1, 0, 12),)
    before, after = busy(1, 0, 0, 4), busy(1, 1, 6, 4)
    around = breaches(Problem(one, ONE, busy=(before, after)), [(1, 1)], code)
    assert [v.params["gap_minutes"] for v in around] == [480, 600]
    assert [v.params["required_minutes"] for v in around] == [720, 720]
    assert [v.params["busy_start"] for v in around] == [before.start.isoformat(), after.start.isoformat()]
    assert [v.params["busy_end"] for v in around] == [before.end.isoformat(), after.end.isoformat()]
    back_to_back = Problem((shift(1, 0, 7), shift(2, 0, 15)), ONE)
    assert [v.params["gap_minutes"] for v in breaches(back_to_back, [(1, 1), (2, 1)], code)] == [0]
    at_once = Problem(one, ONE, busy=(Busy(1, at(0, 12), at(0, 14)),))
    assert breaches(at_once, [(1, 1)], code) == [], "that is an overlap"
    half_minute = Problem(one, ONE, busy=(Busy(1, at(0, 4), at(0, 8 + 1 / 120)),))
    assert [v.params["gap_minutes"] for v in breaches(half_minute, [(1, 1)], code)] == [239]


def test_peaks_are_counted_and_those_of_last_tet_named_one_by_one() -> None:
    peaks = tuple(shift(n, 2 * n, peak=frozenset({"mung_2_3"})) for n in range(1, 4))
    assert named("peaks.second", Problem((*peaks, shift(4, 8)), ONE), {1: (1, 2, 3, 4)}) == [(1, (1, 2, 3), 2)]
    both = (shift(1, 0, peak=frozenset({"giao_thua", "mung_1"})), shift(2, 2))
    for last, expected in (({"last_mung_1": True}, ["mung_1"]), ({"last_giao_thua": True}, ["giao_thua"])):
        found = breaches(Problem(both, (person(1, **last),)), [(1, 1), (2, 1)], "peaks.repeat")
        assert [v.params["peak"] for v in found] == expected
    longer = with_setting(Problem(both, (person(1, last_giao_thua=2),)), "peaks.repeat", values={"giao_thua": 3})
    assert [v.params for v in breaches(longer, [(1, 1)], "peaks.repeat")] == [{"peak": "giao_thua", "ago": 2}]


def test_whichever_of_a_pair_is_there_the_other_is_missing() -> None:
    shared = (shift(1, 0, headcount=2), shift(2, 2), shift(3, 4, headcount=2))
    problem = Problem(shared, (*TWO, person(3)), pairs=(Pair(1, 2, "together"), Pair(1, 3, "apart")))
    for present, absent in ((1, 2), (2, 1)):
        (found,) = breaches(problem, [(1, present)], "pairs.together")
        assert (found.staff_id, found.shift_ids, found.params) == (present, (1,), {"other": absent})
        assert breaches(problem, [(2, present)], "pairs.together") == [], "room for one"
    assert breaches(problem, [(3, 1), (3, 2)], "pairs.together") == []
    assert breaches(problem, [(3, 3)], "pairs.together") == []
    (apart,) = breaches(problem, [(3, 1), (3, 3)], "pairs.apart")
    assert (apart.shift_ids, apart.params) == ((3,), {"other": 3})


def test_weekends_are_counted_once_and_weekdays_never() -> None:
    shifts = days(4, 5, 6, 7, 12)
    assert named("weekends.most", Problem(shifts, ONE), {1: (1, 2, 3, 4, 5)}, most=1) == [(1, (2, 3, 5), 1)]
    assert named("weekends.most", Problem(shifts, ONE), {1: (1, 2, 3, 4)}, most=1) == []


def test_limits_by_name_count_that_name_alone() -> None:
    limits = {"limits.template:Ngày": 1, "limits.template:Đêm": 1, "hours.total:most": 9999}
    shifts = (*days(0, 2, 4), shift(4, 6, template="Đêm"), shift(5, 8, template="Đêm"))
    found = named("limits.template", Problem(shifts, (person(1, limits=limits),)), {1: (1, 2, 3, 4, 5)})
    assert found == [(1, (1, 2, 3), 2), (1, (4, 5), 1)]
