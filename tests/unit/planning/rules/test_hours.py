"""Each limit of hours by itself: up to which minute it is kept, what a breach says, and whose number holds.

Mutation checks judge `planning.rules.hours` by this file first, so that nothing here may be slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from planning.problem import Problem, Shift, Staff
from planning.rules.base import Norm, Parameter, Rule
from planning.rules.hours import day as hours_day
from planning.rules.hours.continuous import lacks_ground
from planning.rules.hours.month import month_limit, worked_before as before_in_month
from planning.rules.hours.total import total_bounds
from planning.rules.hours.year import worked_before as before_in_year
from planning.settings import Setting
from tests.unit.planning.rule_cases import breaches, with_setting
from tests.unit.planning.tiny import away, on, person, shift, work

OFFICE: dict[str, Any] = {"work_pattern": "office5"}
Said = tuple[int | None, tuple[int, ...], dict[str, Any], int]


def said(code: str, problem: Problem, *, held: Iterable[int] | None = None) -> list[Said]:
    """What the rule says when person 1 has all the shifts, or those that are ``held``."""
    ids = [each.id for each in problem.shifts] if held is None else held
    found = breaches(problem, [(number, 1) for number in ids], code)
    return [(v.staff_id, v.shift_ids, dict(v.params), v.amount) for v in found]


def own(code: str, **values: int) -> Staff:
    """Somebody whose numbers are their own."""
    return person(1, limits={f"{code}:{name}": value for name, value in values.items()})


def minutes(number: int, day: int, hour: float, count: int, **changes: Any) -> Shift:
    """A shift that lasts so many minutes."""
    return shift(number, day, hour, count / 60, **changes)


def day(number: int) -> str:
    return on(number).isoformat()


# Without a break


def test_shifts_that_touch_are_one_duty_and_each_that_goes_on_too_long_is_said() -> None:
    plan = (shift(1, 0, 7, 5), shift(2, 0, 12, 7), shift(3, 0, 19, 1), shift(4, 0, 23.5, 1))
    assert said("hours.continuous", Problem(plan, (person(1),))) == [
        (1, (1, 2, 3), {"date": day(0), "minutes": 780, "limit": 720}, 1)
    ]
    longer = replace(plan[3], start=plan[2].end)
    found = said("hours.continuous", Problem((*plan[:3], longer), (person(1),)))
    assert [(ids, params["minutes"]) for _, ids, params, _ in found] == [((1, 2, 3), 780), ((1, 2, 3, 4), 1050)]


def test_a_break_of_a_minute_begins_another_duty_with_nothing_excused() -> None:
    plan = (shift(1, 0, 0, 13, grounded=True), minutes(2, 0, 13 + 1 / 60, 721))
    assert said("hours.continuous", Problem(plan, (person(1),))) == [
        (1, (2,), {"date": day(0), "minutes": 721, "limit": 720}, 1)
    ]


def test_each_ground_excuses_its_own_shift_and_nothing_joined_to_it() -> None:
    plan = (shift(1, 0, 0, 13, grounded=True), shift(2, 0, 13, 14, grounded=True), shift(3, 1, 3, 1))
    found = said("hours.continuous", Problem(plan, (person(1),)))
    assert [(ids, params["date"], params["minutes"]) for _, ids, params, _ in found] == [
        ((1, 2), day(0), 1440),
        ((1, 2, 3), day(1), 1500),
    ]


def test_a_duty_lasts_until_the_last_of_its_shifts_ends() -> None:
    plan = (shift(1, 0, 7, 12), shift(2, 0, 8, 1), shift(3, 0, 19, 1))
    found = said("hours.continuous", Problem(plan, (person(1),)))
    assert [(ids, params["minutes"]) for _, ids, params, _ in found] == [((1, 2, 3), 780)]


def test_who_may_be_on_site_longer_than_others_is_held_to_that() -> None:
    plan = Problem((minutes(1, 0, 7, 780), minutes(2, 2, 7, 781)), (own("hours.continuous", most=780),))
    assert said("hours.continuous", plan) == [(1, (2,), {"date": day(2), "minutes": 781, "limit": 780}, 1)]


def test_duty_at_home_neither_counts_nor_joins() -> None:
    plan = (shift(1, 0, 7, 8), shift(2, 0, 15, 2, form="standby"), shift(3, 0, 17, 8))
    assert said("hours.continuous", Problem(plan, (person(1),))) == []


def test_no_ground_is_lacking_where_a_rule_has_no_limit() -> None:
    each = shift(1, 0, 7, 24)
    limitless = Rule("made.up", hard=True, parameters=(Parameter("most", "minutes"),))
    assert not lacks_ground(Problem((each,), (person(1),)), each, limitless)


# Of a day


def test_minutes_of_a_date_are_kept_to_the_last_one_with_ordinary_work() -> None:
    rows = (work(1, 0), work(2, 0, 8, 4), work(1, 1))
    for count, over in ((240, False), (241, True)):
        problem = Problem((minutes(1, 0, 18, count), shift(2, 2)), (person(1), person(2)), work=rows)
        breach = (1, (1,), {"date": day(0), "minutes": 721, "limit": 720}, 1)
        assert said("hours.day", problem) == ([breach] if over else [])


def test_a_night_counts_on_both_of_its_dates_and_names_what_touches_the_one_that_is_too_full() -> None:
    plan = (shift(1, 0, 7, 4), shift(2, 0, 20, 8), shift(3, 1, 6, 12), shift(4, 2, 0, 2))
    assert said("hours.day", Problem(plan, (person(1),))) == [
        (1, (2, 3), {"date": day(1), "minutes": 960, "limit": 720}, 240)
    ]


def test_dates_are_said_in_order_and_by_the_persons_own_limit() -> None:
    found = said("hours.day", Problem((shift(1, 0, 20, 14), shift(2, 2)), (own("hours.day", most=230),)))
    assert [(params["date"], params["limit"], amount) for *_, params, amount in found] == [
        (day(0), 230, 10),
        (day(1), 230, 370),
        (day(2), 230, 250),
    ]


def test_a_day_is_held_to_the_law_of_its_own_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """The acts since 2012 ask for the same twelve hours; the next one need not."""
    laws = (Norm("cũ", until=on(0), value=600), Norm("mới", since=on(1), value=420))
    changed = replace(hours_day.HOURS_DAY, parameters=(Parameter("most", "minutes", 720, norms=laws),))
    monkeypatch.setattr(hours_day, "HOURS_DAY", changed)
    plan, who = (shift(1, 0, 7, 10), shift(2, 1)), person(1)
    found = list(changed.person_breaches(Problem(plan, (who,)), who, plan))
    assert [(v.params["date"], v.params["limit"], v.amount) for v in found] == [(day(1), 420, 60)]


# Of any 24 hours


def test_twenty_four_hours_hold_what_is_inside_and_name_nothing_that_only_touches() -> None:
    plan = (shift(1, 0, 0, 8), shift(2, 0, 8, 10), shift(3, 0, 24, 3), shift(4, 1, 8, 1))
    assert said("hours.rolling", Problem(plan, (person(1),))) == [
        (1, (1, 2), {"date": day(0), "start": 0, "minutes": 1080, "limit": 720}, 360),
        (1, (2, 3), {"date": day(0), "start": 480, "minutes": 780, "limit": 720}, 60),
    ]


def test_twenty_four_hours_are_kept_to_the_last_minute_across_midnight() -> None:
    for count, over in ((240, 0), (241, 1)):
        plan = (shift(1, 0, 20), minutes(2, 1, 15, count))
        breach = (1, (1, 2), {"date": day(0), "start": 1200, "minutes": 720 + over, "limit": 720}, over)
        assert said("hours.rolling", Problem(plan, (person(1),))) == ([breach] if over else [])


def test_a_ground_excuses_its_shift_and_its_last_hours_begin_a_window_of_their_own() -> None:
    plan = (shift(1, 0, 0, 24, grounded=True), shift(2, 1, 6, 2))
    assert said("hours.rolling", Problem(plan, (person(1),))) == [
        (1, (1, 2), {"date": day(0), "start": 720, "minutes": 840, "limit": 720}, 120)
    ]
    assert said("hours.rolling", Problem(plan, (person(1),)), held=[1]) == []


def test_who_may_serve_longer_within_a_day_is_held_to_that() -> None:
    plan = (shift(1, 0, 7, 12), minutes(2, 0, 20, 61), shift(3, 0, 22, 1, form="standby"))
    assert said("hours.rolling", Problem(plan, (own("hours.rolling", most=780),))) == [
        (1, (1, 2), {"date": day(0), "start": 420, "minutes": 781, "limit": 780}, 1)
    ]


# Of seven days


def test_a_week_is_kept_to_the_last_minute_and_a_shorter_plan_is_one_week() -> None:
    week = tuple(shift(n, n - 1, 7, 12) for n in range(1, 5))
    for count, over in ((720, False), (721, True)):
        problem = Problem((*week, minutes(5, 4, 7, count), shift(6, 4, 20, 2, form="standby")), (person(1),))
        breach = (1, (1, 2, 3, 4, 5), {"from": day(0), "to": day(4), "minutes": 3601, "limit": 3600}, 1)
        assert said("hours.week", problem) == ([breach] if over else [])


def test_what_lasts_beyond_the_plan_is_no_minute_of_its_last_week() -> None:
    plan = (shift(1, 0, 7, 10), shift(2, 1, 20, 10))
    assert said("hours.week", Problem(plan, (own("hours.week", most=840),))) == []
    assert said("hours.week", Problem(plan, (own("hours.week", most=839),))) == [
        (1, (1, 2), {"from": day(0), "to": day(1), "minutes": 840, "limit": 839}, 1)
    ]


def test_weeks_without_duty_are_no_breach_however_much_ordinary_work_they_hold() -> None:
    rows = tuple(work(1, each) for each in range(15))
    problem = Problem((shift(1, 7, 18, 1),), (own("hours.week", most=3380),), work=rows, span=(on(0), on(14)))
    found = said("hours.week", problem)
    expected = {"minutes": 7 * 480 + 60, "limit": 3380}
    assert found == [(1, (1,), {"from": day(first), "to": day(first + 6), **expected}, 40) for first in range(1, 8)]
    tired = replace(problem, staff=(own("hours.week", most=100),))
    assert [params["from"] for *_, params, _ in said("hours.week", tired)] == [day(first) for first in range(1, 8)]
    assert said("hours.week", tired, held=[]) == []


# Overtime of a month and of a year


def test_overtime_of_a_month_is_kept_to_the_last_minute_with_what_was_worked_before() -> None:
    for before, over in ((1920, 0), (1921, 1)):
        problem = Problem(
            (shift(1, 0), shift(2, 28), shift(3, 2, form="standby")), (person(1, overtime_month=before, **OFFICE),)
        )
        breach = (1, (1,), {"month": "2027-02", "minutes": before + 480, "limit": 2400, "before": before}, over)
        assert said("hours.month", problem) == ([breach] if over else [])


def test_overtime_of_a_year_is_kept_to_the_last_minute_with_what_was_worked_before() -> None:
    for before, over in ((11_520, 0), (11_521, 1)):
        problem = Problem(
            (shift(1, 0), shift(2, 340), shift(3, 2, form="standby")), (person(1, overtime_year=before, **OFFICE),)
        )
        breach = (1, (1,), {"year": 2027, "minutes": before + 480, "limit": 12_000, "before": before}, over)
        assert said("hours.year", problem) == ([breach] if over else [])


@pytest.mark.parametrize(("code", "period"), [("hours.month", {"month": "2027-02"}), ("hours.year", {"year": 2027})])
def test_overtime_that_nobody_knows_counts_as_none_and_what_is_over_already_is_not_the_plans(
    code: str, period: dict[str, Any]
) -> None:
    plan = (shift(1, 0),)
    unknown = person(1, limits={f"{code}:most": 400}, **OFFICE)
    assert said(code, Problem(plan, (unknown,))) == [
        (1, (1,), {**period, "minutes": 480, "limit": 400, "before": 0}, 80)
    ]
    tired = replace(unknown, overtime_month=500, overtime_year=500)
    assert said(code, Problem(plan, (tired,))) == [
        (1, (1,), {**period, "minutes": 980, "limit": 400, "before": 500}, 480)
    ]
    assert said(code, Problem(plan, (tired,)), held=[]) == []


def test_the_plan_begins_in_the_month_and_year_of_its_first_date_alone() -> None:
    who = person(1, overtime_month=600, overtime_year=900)
    problem = Problem((shift(1, -32), shift(2, 400)), (who,))  # 31/12/2026
    days = (-32, -31, -397)  # the day itself, New Year's Day, and New Year's Eve of the year before
    assert [before_in_month(problem, who, on(each)) for each in days] == [600, 0, 0]
    assert [before_in_year(problem, who, on(each)) for each in days] == [900, 0, 0]
    unknown = person(1)
    assert (before_in_month(problem, unknown, on(-32)), before_in_year(problem, unknown, on(-32))) == (None, None)


def test_the_regime_of_the_year_holds_for_the_month_and_gives_way_to_what_was_chosen() -> None:
    problem = Problem((shift(1, 0),), (person(1),), settings={"hours.year": Setting(values={"special": 1})})
    assert [month_limit(problem, who, on(0)) for who in (person(1), own("hours.month", most=0))] == [3600, 0]
    assert month_limit(with_setting(problem, "hours.month", values={"most": 1}), person(1), on(0)) == 1
    tired = replace(problem, staff=(person(1, overtime_year=17_521, **OFFICE),))
    assert said("hours.year", tired) == [
        (1, (1,), {"year": 2027, "minutes": 18_001, "limit": 18_000, "before": 17_521}, 1)
    ]


# Of the whole plan


@pytest.mark.parametrize(
    ("limits", "over"),
    [
        ({"most": 960}, None),
        ({"most": 959}, {"most": 959}),
        ({"least": 960}, None),
        ({"least": 961}, {"least": 961}),
        ({"least": 961, "most": 959}, {"least": 961, "most": 959}),
        ({}, None),
    ],
)
def test_minutes_of_the_plan_are_kept_to_the_last_one(limits: dict[str, int], over: dict[str, int] | None) -> None:
    plan = (shift(1, 0), shift(2, 2), shift(3, 4, 7, 24, form="standby"))
    assert said("hours.total", Problem(plan, (own("hours.total", **limits),))) == [
        (1, (1, 2), {name: value, "minutes": 960}, 1) for name, value in (over or {}).items()
    ]


def test_too_few_and_too_many_minutes_are_said_by_how_much() -> None:
    problem = with_setting(Problem((shift(1, 0),), (person(1),)), "hours.total", values={"least": 600, "most": 300})
    assert said("hours.total", problem) == [
        (1, (1,), {"least": 600, "minutes": 480}, 120),
        (1, (1,), {"most": 300, "minutes": 480}, 180),
    ]
    assert said("hours.total", problem, held=[]) == [(1, (), {"least": 600, "minutes": 0}, 600)]


def test_the_campaigns_least_asks_nothing_of_who_can_take_nothing_but_a_persons_own_does() -> None:
    able, absent = person(1), person(2)
    obliged, limited = own("hours.total", least=60), own("hours.total", most=60)
    plain = Problem((shift(1, 0),), (able, absent), (away(2, 0),))
    chosen = with_setting(plain, "hours.total", values={"least": 300, "most": 900})
    assert [total_bounds(plain, who) for who in (able, absent)] == [(None, None), (None, None)]
    assert [total_bounds(chosen, who) for who in (able, absent)] == [(300, 900), (None, 900)]
    gone = [replace(who, id=2) for who in (obliged, limited)]
    assert [total_bounds(chosen, who) for who in gone] == [(60, 900), (None, 60)]
