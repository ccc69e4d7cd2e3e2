"""What kind of day it is for whom, and who works when besides duty: Canh Tý 2020 by hand, and laws for every year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.calendar.holidays import WORK_PATTERNS, DayClass, seed_sets
from planning.problem import Absence
from planning.time.points import LOCAL, points
from roster.days.workdays import classes, classes_by_pattern, free_days, work_rows

CANH_TY = next(spec for spec in seed_sets() if spec.year == 2020)
FIRST, LAST = date(2020, 1, 17), date(2020, 2, 9)
DAY = timedelta(days=1)
SHORT = {"o": "ordinary", "h": "holiday", "s": "substitute", "w": "weekly_rest"}


def dates(*days: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"2020-{day}") for day in days)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # 22/01 Wed to 02/02 Sun; Mùng 1 is Saturday 25/01
        ("shift", "ohhhhhssooww"),
        ("office5", "ohhhhhssooww"),
        ("office5_5", "ohhhhhsoooow"),
        ("office6", "ohhhhhsoooow"),
    ],
)
def test_canh_ty_by_work_pattern(pattern: str, expected: str) -> None:
    own = classes(WORK_PATTERNS[pattern], date(2020, 1, 22), date(2020, 2, 2), CANH_TY.days)
    assert list(own.values()) == [SHORT[letter] for letter in expected]


def test_only_patterns_that_differ_are_named() -> None:
    assert classes_by_pattern(FIRST, LAST, CANH_TY.days).keys() == {"office5_5", "office6"}
    assert classes_by_pattern(date(2020, 1, 20), date(2020, 1, 24), CANH_TY.days) == {}


def test_free_days() -> None:
    free = free_days(FIRST, LAST, CANH_TY.days)
    tet = dates("01-23", "01-24", "01-25", "01-26", "01-27", "01-28")
    assert free["shift"] == tet | dates("01-29")
    assert free["office6"] == tet | dates("01-19", "02-02", "02-09")
    assert free["office5"] == free["shift"] | dates("01-18", "01-19", "02-01", "02-02", "02-08", "02-09")


def test_a_swap_of_working_days_concerns_everybody() -> None:
    monday, saturday = date(2020, 3, 2), date(2020, 3, 7)
    for swapped in ("substitute", "weekly_rest"):
        days: dict[date, DayClass] = {monday: swapped, saturday: "ordinary"}  # type: ignore[dict-item]
        assert classes(WORK_PATTERNS["office6"], monday, monday, days) == {monday: swapped}


@pytest.mark.parametrize("spec", seed_sets(), ids=lambda spec: str(spec.year))
def test_six_days_a_week_have_the_substitutes_of_sundays_alone(spec: object) -> None:
    assert isinstance(spec, type(CANH_TY))
    first, last = min(spec.days), max(spec.days)
    six = classes(WORK_PATTERNS["office6"], first, last, spec.days)
    sundays = sum(kind == "holiday" and on.weekday() == 6 for on, kind in spec.days.items())
    assert sum(kind == "substitute" for kind in six.values()) == sundays
    assert all(six[on] == "holiday" for on, kind in spec.days.items() if kind == "holiday")
    five = classes(WORK_PATTERNS["office5"], first, last, spec.days)
    assert all(five[on] == kind for on, kind in spec.days.items())


def test_work_rows_of_a_six_day_worker_over_canh_ty() -> None:
    rows = list(
        work_rows({7: "office6", 8: "shift", 9: "unheard of"}, date(2020, 1, 22), date(2020, 2, 1), CANH_TY.days)
    )
    assert {row.staff_id for row in rows} == {7}
    assert [row.local_date.day for row in rows] == [22, 29, 30, 31, 1]
    assert {row.minutes for row in rows} == {480}
    start, end = (each.astimezone(LOCAL) for each in (rows[0].start, rows[0].end))
    assert (f"{start:%d %H:%M}", f"{end:%d %H:%M}") == ("22 07:30", "22 17:00")


def test_half_a_saturday_and_no_work_on_leave() -> None:
    friday = date(2020, 1, 17)
    leave = Absence(1, datetime(2020, 1, 18, tzinfo=LOCAL), datetime(2020, 1, 19, tzinfo=LOCAL))
    rows = list(work_rows({1: "office5_5", 2: "office5_5"}, friday, friday + DAY, CANH_TY.days, absences=[leave]))
    assert [(row.staff_id, row.local_date.day, row.minutes) for row in rows] == [
        (1, 17, 480),
        (2, 17, 480),
        (2, 18, 240),
    ]


def test_points_follow_the_class_of_the_pattern() -> None:
    start = datetime(2020, 1, 29, 6, tzinfo=LOCAL)
    own = classes_by_pattern(FIRST, LAST, CANH_TY.days)["office6"]
    assert points(start, start + timedelta(hours=8), "onsite", CANH_TY.days) == 12_00
    assert points(start, start + timedelta(hours=8), "onsite", own) == 8_00


@pytest.mark.parametrize(("pattern", "minutes"), [("office5", 480), ("office5_5", 480), ("office6", 480)])
def test_a_saturday_that_makes_up_for_a_weekday_is_worked_like_that_weekday(pattern: str, minutes: int) -> None:
    monday, saturday = date(2020, 3, 2), date(2020, 3, 7)
    days: dict[date, DayClass] = {monday: "substitute", saturday: "ordinary"}
    assert classes(WORK_PATTERNS[pattern], saturday, saturday, days) == {saturday: "ordinary"}
    rows = list(work_rows({7: pattern, 8: "shift"}, monday, saturday, days))
    assert [row.local_date.day for row in rows] == [3, 4, 5, 6, 7]
    assert (rows[-1].staff_id, rows[-1].minutes) == (7, minutes)
    assert saturday not in free_days(monday, saturday, days)[pattern]


def test_a_holiday_on_saturday_without_a_substitute_swallows_no_later_swap() -> None:
    holiday, monday = date(2020, 3, 7), date(2020, 3, 16)
    days: dict[date, DayClass] = {holiday: "holiday", monday: "substitute", date(2020, 3, 21): "ordinary"}
    assert classes(WORK_PATTERNS["office6"], monday, monday, days) == {monday: "substitute"}
    straight = {holiday: "holiday", date(2020, 3, 9): "substitute"}
    assert classes(WORK_PATTERNS["office6"], date(2020, 3, 9), date(2020, 3, 9), straight) == {  # type: ignore[arg-type]
        date(2020, 3, 9): "ordinary"
    }
