"""Rest once a week and around ordinary work: where a week and a rest begin and end, and what a breach names."""

from __future__ import annotations

from typing import Any

import pytest

from planning.problem import Problem, Shift, Work
from planning.rules.base import Rule
from planning.rules.hours.ordinary_work import ORDINARY_WORK
from planning.rules.rest.weekly import WEEKLY_REST_RULE, mondays
from tests.unit.planning.tiny import on, person, shift, work


def found(rule: Rule, *shifts: Shift, **changes: Any) -> list[tuple[int | None, tuple[int, ...], dict[str, Any]]]:
    """What one person who has all these shifts breaks: (who, shifts, numbers)."""
    limits = changes.pop("limits", {})
    problem = Problem(shifts, (person(1, limits=limits),), **changes)
    return [(v.staff_id, v.shift_ids, dict(v.params)) for v in rule.person_breaches(problem, problem.staff[0], shifts)]


def short_week(day: int, longest: int, required: int = 1440) -> dict[str, Any]:
    return {"week": on(day).isoformat(), "longest_minutes": longest, "required_minutes": required}


def every_day(count: int, first: int = 0) -> tuple[Work, ...]:
    """Ordinary work from 08:00 to 16:00."""
    return tuple(work(1, day) for day in range(first, first + count))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(0, 6, [0]), (0, 7, [0, 7]), (6, 7, [0, 7]), (3, 3, [0]), (1, 14, [0, 7, 14]), (-1, -1, [-7])],
)
def test_a_week_counts_from_monday_to_sunday_when_a_date_of_the_plan_lies_in_it(
    first: int, last: int, expected: list[int]
) -> None:
    problem = Problem((), (), span=(on(first), on(last)))
    assert list(mondays(problem)) == [on(day).toordinal() for day in expected]


def test_a_short_week_names_its_own_duties_and_not_those_of_the_weeks_beside_it() -> None:
    week = tuple(shift(number, number - 1) for number in range(1, 8))
    before, after = shift(8, -2), shift(9, 7, 0)
    assert found(WEEKLY_REST_RULE, before, *week, after) == [(1, (1, 2, 3, 4, 5, 6, 7), short_week(0, 16 * 60))]


def test_a_duty_after_the_week_makes_its_rest_no_longer() -> None:
    week = tuple(shift(number, number - 1) for number in range(1, 8))
    assert found(WEEKLY_REST_RULE, *week, shift(8, 9)) == [(1, (1, 2, 3, 4, 5, 6, 7), short_week(0, 16 * 60))]


def test_two_short_weeks_are_two_breaches() -> None:
    weeks = tuple(shift(number, number - 1) for number in range(1, 15))
    assert [params for _, _, params in found(WEEKLY_REST_RULE, *weeks)] == [short_week(0, 960), short_week(7, 960)]


def test_a_week_without_a_free_minute_has_no_rest_at_all() -> None:
    assert found(WEEKLY_REST_RULE, shift(1, 0, 0, 7 * 24)) == [(1, (1,), short_week(0, 0))]


@pytest.mark.parametrize("duty", [shift(1, 7, 0), shift(1, -1, 16)])
def test_a_duty_that_only_touches_the_week_does_not_make_it_one_with_duty(duty: Shift) -> None:
    """It starts when the week ends, or ends when it starts; the other week has a free day."""
    assert found(WEEKLY_REST_RULE, duty, work=every_day(7), span=(on(-7), on(13))) == []


@pytest.mark.parametrize(("duty", "longest"), [(shift(1, 6, 23, 3), 960), (shift(1, -1, 23, 3), 960)])
def test_a_duty_over_midnight_is_one_of_both_weeks(duty: Shift, longest: int) -> None:
    days = every_day(7)
    assert found(WEEKLY_REST_RULE, duty, work=days, span=(on(-7), on(13))) == [(1, (1,), short_week(0, longest))]


def test_rest_ends_with_the_week_and_begins_with_it() -> None:
    """From Sunday 02:00 it is 30 hours until work, 22 until the week is over; before Monday is another week as well."""
    six = every_day(6)
    late = found(WEEKLY_REST_RULE, shift(1, 6, 0, 2), work=(*six, work(1, 7)), span=(on(0), on(7)))
    assert late == [(1, (1,), short_week(0, 22 * 60))]
    tuesday_on = every_day(6, 1)
    early = found(WEEKLY_REST_RULE, shift(1, 0, 22, 2), work=(work(1, -1), *tuesday_on), span=(on(-1), on(6)))
    assert early == [(1, (1,), short_week(0, 22 * 60))]


def test_work_counts_from_the_first_date_of_the_plan_to_the_last() -> None:
    duty, days = shift(1, 3, 18, 2), every_day(7)
    assert found(WEEKLY_REST_RULE, duty, work=days, span=(on(0), on(6))) == [(1, (1,), short_week(0, 16 * 60))]
    assert found(WEEKLY_REST_RULE, duty, work=days, span=(on(1), on(6))) == []  # 32 hours until Tuesday 08:00
    assert found(WEEKLY_REST_RULE, duty, work=days, span=(on(0), on(5))) == []  # 32 hours from Saturday 16:00


def test_a_person_may_be_promised_a_longer_or_a_shorter_weekly_rest() -> None:
    week = tuple(shift(number, number - 1) for number in range(1, 7))  # Sunday off: 33 hours
    assert found(WEEKLY_REST_RULE, *week) == []
    promised = found(WEEKLY_REST_RULE, *week, limits={"rest.weekly:minutes": 33 * 60 + 1})
    assert promised == [(1, (1, 2, 3, 4, 5, 6), short_week(0, 33 * 60, 33 * 60 + 1))]
    assert found(WEEKLY_REST_RULE, *week, limits={"rest.weekly:minutes": 33 * 60}) == []


def too_near(day: int, gap: int, required: int = 720) -> dict[str, Any]:
    return {"date": on(day).isoformat(), "gap_minutes": gap, "required_minutes": required}


def test_duty_from_the_minute_that_work_ends_follows_it_without_rest_and_does_not_overlap() -> None:
    days = every_day(1)
    assert found(ORDINARY_WORK, shift(1, 0, 16, 4), work=days) == [(1, (1,), too_near(0, 0))]
    assert found(ORDINARY_WORK, shift(1, 0, 4, 4), work=days) == [(1, (1,), too_near(0, 0))]
    minute_early = shift(1, 0, 16 - 1 / 60, 4)
    assert found(ORDINARY_WORK, minute_early, work=days) == [(1, (1,), {"date": on(0).isoformat(), "overlap": 1})]


def test_twelve_hours_are_enough_and_a_minute_less_is_not_before_work_or_after_it() -> None:
    days = every_day(1)
    assert found(ORDINARY_WORK, shift(1, 0, 28), shift(2, -1, 12), work=days) == []
    assert found(ORDINARY_WORK, shift(1, 0, 28 - 1 / 60), work=days) == [(1, (1,), too_near(0, 719))]
    assert found(ORDINARY_WORK, shift(2, -1, 12 + 1 / 60), work=days) == [(1, (2,), too_near(0, 719))]


def test_the_work_that_is_nearest_is_named() -> None:
    days = every_day(2)
    assert found(ORDINARY_WORK, shift(1, 0, 18, 4), work=days) == [(1, (1,), too_near(0, 120))]
    assert found(ORDINARY_WORK, shift(1, 0, 26, 4), work=days) == [(1, (1,), too_near(1, 120))]
    over_both = [(1, (1,), {"date": on(1).isoformat(), "overlap": 1})]
    assert found(ORDINARY_WORK, shift(1, 0, 15, 24), work=days) == over_both  # an hour of Monday, seven of Tuesday


def test_each_duty_is_looked_at_whatever_the_one_before_it_broke() -> None:
    duties = (shift(1, 0, 22), shift(2, 4), shift(3, 7, 22))
    assert found(ORDINARY_WORK, *duties, work=(work(1, 0), work(1, 7))) == [
        (1, (1,), too_near(0, 360)),
        (1, (3,), too_near(7, 360)),
    ]


def test_two_days_of_promised_rest_reach_over_the_days_between() -> None:
    promised = {"work.ordinary:minutes": 2880}
    days = every_day(1)
    after, before = shift(1, 2, 15), shift(2, -3, 9, 24)  # 47 hours after work, 47 before it
    assert found(ORDINARY_WORK, after, work=days) == []
    assert found(ORDINARY_WORK, after, work=days, limits=promised) == [(1, (1,), too_near(0, 47 * 60, 2880))]
    assert found(ORDINARY_WORK, before, work=days, limits=promised) == [(1, (2,), too_near(0, 47 * 60, 2880))]
    assert found(ORDINARY_WORK, shift(1, 2, 16), shift(2, -3, 8, 24), work=days, limits=promised) == []
