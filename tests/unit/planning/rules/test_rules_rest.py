"""Rest: around ordinary work, and once a week; compared with what a plain count of minutes says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from planning.problem import Problem, Shift
from planning.rules.rest.weekly import mondays
from planning.time.minutes import DAY, minute
from tests.unit.planning.rule_cases import breaches
from tests.unit.planning.tiny import at, on, person, shift, work

WEEKDAYS = tuple(work(1, day, 7.5, 9.5) for day in range(5))  # 07:30–17:00


def ordinary(*shifts: Shift, held: tuple[int, ...] = (1,)) -> list[tuple[tuple[int, ...], dict[str, Any]]]:
    problem = Problem(shifts, (person(1),), work=WEEKDAYS)
    return [(v.shift_ids, dict(v.params)) for v in breaches(problem, [(n, 1) for n in held], "work.ordinary")]


def test_nobody_who_works_until_five_stands_the_night_of_the_same_day() -> None:
    ((_, params),) = ordinary(shift(1, 0, 22))
    assert params == {"date": on(1).isoformat(), "gap_minutes": 90, "required_minutes": 720}
    ((_, params),) = ordinary(shift(1, 0, 15))
    assert params == {"date": on(0).isoformat(), "overlap": 1}


@pytest.mark.parametrize(
    "each",
    [
        shift(1, 0, 22, replaces_work=True),  # and rests on the day it ends
        shift(1, 0, 6, replaces_work=True),
        shift(1, 0, 7.5, 12, replaces_work=True),  # twelve hours until the next morning
        shift(1, 0, 22, form="standby"),
        shift(1, 0, 9, form="command"),
        shift(1, 5, 5),  # exactly twelve hours after Friday's work
        shift(1, 6, 11.5),
    ],
)
def test_what_keeps_clear_of_ordinary_work(each: Shift) -> None:
    assert ordinary(each) == []


def test_an_evening_that_replaces_work_is_too_near_to_the_next_morning() -> None:
    ((_, params),) = ordinary(shift(1, 0, 14, replaces_work=True))
    assert params == {"date": on(1).isoformat(), "gap_minutes": 570, "required_minutes": 720}


def test_a_shift_that_replaces_work_frees_the_dates_for_the_others_too() -> None:
    night, standby = shift(1, 0, 22), shift(2, 0, 8, 23, form="standby", replaces_work=True)
    assert ordinary(night, standby, held=(1, 2)) == []


def test_one_shift_between_two_days_of_work_is_one_breach() -> None:
    assert len(ordinary(shift(1, 0, 20, 8))) == 1


def weekly(*shifts: Shift, **changes: Any) -> list[tuple[Any, Any]]:
    problem = Problem(shifts, (person(1),), **changes)
    found = breaches(problem, [(each.id, 1) for each in shifts], "rest.weekly")
    return [(v.params["week"], v.params["longest_minutes"]) for v in found]


def test_six_days_of_work_and_a_duty_on_the_seventh() -> None:
    six = tuple(work(1, day, 7.5, 9.5) for day in range(6))
    span = (on(0), on(6))
    assert weekly(shift(1, 6, 6), work=six, span=span) == [(on(0).isoformat(), 870)]  # between two working days
    assert weekly(shift(1, 6, 0, 2), work=six, span=span) == [(on(0).isoformat(), 22 * 60)]
    assert weekly(shift(1, 6, 17, 7), work=six, span=span) == []  # from Saturday 17:00 to Sunday 17:00
    assert weekly(shift(1, 6, 6, form="standby"), work=six, span=span) == []


def test_dates_outside_the_plan_are_free() -> None:
    six = tuple(work(1, day, 7.5, 9.5) for day in range(6))
    assert weekly(shift(1, 6, 6), work=six, span=(on(2), on(6))) == []


spans = st.tuples(st.integers(0, 13), st.integers(0, 23), st.integers(1, 26))


@given(st.lists(spans, min_size=1, max_size=12), st.lists(st.integers(0, 13), unique=True))
def test_weekly_rest_agrees_with_a_count_by_the_hour(duties: list[tuple[int, int, int]], worked: list[int]) -> None:
    shifts = tuple(shift(n, day, hour, hours) for n, (day, hour, hours) in enumerate(duties, start=1))
    rows = tuple(work(1, day, 8, 8) for day in worked)
    problem = Problem(shifts, (person(1),), work=rows, span=(on(1), on(12)))
    found = {
        v.params["week"]: v.params["longest_minutes"]
        for v in breaches(problem, [(s.id, 1) for s in shifts], "rest.weekly")
    }
    inside = [each for each in rows if each.local_date in problem.dates]
    for monday in (0, 7):
        hours = range(monday * 24, (monday + 7) * 24)
        duty = [any(s.start <= at(0, h) < s.end for s in shifts) for h in hours]
        busy = [
            on_duty or any(w.start <= at(0, h) < w.end for w in inside) for h, on_duty in zip(hours, duty, strict=True)
        ]
        longest = max(map(len, "".join("x" if each else "." for each in busy).split("x")))
        expected = longest * 60 if any(duty) and longest < 24 else None
        assert found.get(on(monday).isoformat()) == expected


def test_weeks_start_on_monday() -> None:
    problem = Problem((shift(1, 6), shift(2, 7)), (person(1),))
    assert list(mondays(problem)) == [on(0).toordinal(), on(7).toordinal()]
    assert minute(at(0, 0)) == on(0).toordinal() * DAY
