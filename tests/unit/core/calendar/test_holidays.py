"""Breaks and holidays: the seeds against the truth table, the suggestion against the seeds."""

import csv
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from core.calendar.holidays import (
    WORK_PATTERNS,
    HolidaySetSpec,
    day_class,
    fixed_rows,
    phase,
    seed_sets,
    suggest_break,
    work_spans,
)
from core.calendar.lunar import tet

TABLE = Path(__file__).parents[3] / "data" / "tet_breaks.csv"
DAY = timedelta(days=1)


def truth() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed(year: int) -> HolidaySetSpec:
    return next(spec for spec in seed_sets() if spec.year == year)


def days_of_class(spec: HolidaySetSpec, kind: str) -> list[date]:
    return [on for on, its in spec.days.items() if its == kind and spec.break_start <= on <= spec.break_end]


def test_there_is_one_seed_for_every_row_of_the_table() -> None:
    assert [spec.year for spec in seed_sets()] == [int(row["year"]) for row in truth()] == list(range(2018, 2031))


@pytest.mark.parametrize("row", truth(), ids=lambda row: row["year"])
@pytest.mark.parametrize("source", [seed, suggest_break])
def test_seeds_and_suggestions_agree_with_the_table(row: dict[str, str], source) -> None:  # type: ignore[no-untyped-def]
    spec = source(int(row["year"]))
    assert (spec.can_chi, spec.break_start.isoformat(), spec.break_end.isoformat()) == (
        row["can_chi"],
        row["break_start"],
        row["break_end"],
    )
    statutory = days_of_class(spec, "holiday")
    assert f"{statutory[0]}..{statutory[-1]}" == row["statutory_days"]
    assert len(statutory) == 5
    assert ";".join(map(str, days_of_class(spec, "substitute"))) == row["comp_days_200pct"]
    assert all(on.weekday() >= 5 for on in days_of_class(spec, "weekly_rest"))
    assert sum(spec.break_start <= on <= spec.break_end for on in spec.days) == int(row["days"])


@pytest.mark.parametrize("row", truth(), ids=lambda row: row["year"])
def test_a_seed_is_no_surer_than_the_table(row: dict[str, str]) -> None:
    said = row["status"].lower()
    expected = "projected" if said.startswith("projection") else said.split()[0]
    assert seed(int(row["year"])).status == expected
    assert seed(int(row["year"])).source


def test_every_row_says_its_source_and_how_sure_it_is() -> None:
    rows = [row for spec in seed_sets() for row in spec.rows]
    assert all(row.source and row.status in ("official", "unverified", "projected") for row in rows)
    assert all(row.name or row.day_class == "weekly_rest" for row in rows)


@given(st.integers(1969, 2100))
def test_a_suggestion_is_a_whole_break_around_mung_1(year: int) -> None:
    spec = suggest_break(year)
    inside = [on for on in spec.days if spec.break_start <= on <= spec.break_end]
    assert spec.status == "projected"
    assert len(inside) == (spec.break_end - spec.break_start).days + 1
    assert all(spec.days[tet(year) + DAY * n] == "holiday" for n in (-1, 0, 1, 2))
    assert len(days_of_class(spec, "holiday")) == 5
    assert len(days_of_class(spec, "substitute")) == sum(on.weekday() >= 5 for on in days_of_class(spec, "holiday"))
    assert not any(
        day_class(edge, spec.days) == "weekly_rest" for edge in (spec.break_start - DAY, spec.break_end + DAY)
    )


@pytest.mark.parametrize(
    ("year", "begin", "end", "before"),
    [(2036, date(2036, 1, 26), date(2036, 2, 3), 1), (2031, date(2031, 1, 21), date(2031, 1, 27), 2)],
)
def test_weekdays_without_an_official_break_to_copy(year: int, begin: date, end: date, before: int) -> None:
    spec = suggest_break(year)
    assert (spec.break_start, spec.break_end) == (begin, end)
    assert days_of_class(spec, "holiday")[0] == tet(year) - DAY * before


def test_canh_ty_2020_by_class() -> None:
    days = seed(2020).days
    assert [day_class(date(2020, 1, 22) + DAY * n, days) for n in range(9)] == (
        ["ordinary"] + ["holiday"] * 5 + ["substitute"] * 2 + ["ordinary"]
    )
    assert day_class(date(2020, 2, 1), days) == day_class(date(2020, 2, 2), days) == "weekly_rest"


def test_a_listed_working_saturday_is_believed() -> None:
    assert day_class(date(2020, 2, 1), {date(2020, 2, 1): "ordinary"}) == "ordinary"


def test_fixed_holidays_of_a_year_with_their_substitutes() -> None:
    assert {row.on.isoformat(): row.day_class for row in fixed_rows(2023)} == {
        "2023-01-01": "holiday",
        "2023-01-02": "substitute",
        "2023-04-29": "holiday",
        "2023-04-30": "holiday",
        "2023-05-01": "holiday",
        "2023-05-02": "substitute",
        "2023-05-03": "substitute",
        "2023-09-01": "holiday",
        "2023-09-02": "holiday",
        "2023-09-04": "substitute",
    }


def test_holidays_that_came_later_are_not_in_earlier_years() -> None:
    assert [row.on.isoformat() for row in fixed_rows(2020)] == [
        "2020-01-01",
        "2020-04-02",
        "2020-04-30",
        "2020-05-01",
        "2020-09-02",
    ]
    culture = {year: [row for row in fixed_rows(year) if row.on == date(year, 11, 24)] for year in (2025, 2026)}
    assert culture[2025] == []
    assert [(row.day_class, row.status) for row in culture[2026]] == [("holiday", "unverified")]


@given(st.integers(1996, 2100))
def test_no_substitute_falls_on_a_weekend_or_on_another_free_day(year: int) -> None:
    spec = suggest_break(year)
    for row in spec.rows:
        assert row.day_class != "substitute" or row.on.weekday() < 5
    assert len(spec.days) == len(spec.rows)


def test_phases_include_both_ends_of_the_break() -> None:
    begin, end = date(2020, 1, 23), date(2020, 1, 29)
    got = [phase(on, begin, end) for on in (begin - DAY, begin, end, end + DAY)]
    assert got == ["before", "during", "during", "after"]


def test_work_patterns() -> None:
    hours = {
        code: sum(
            (end.hour * 60 + end.minute - start.hour * 60 - start.minute) / 60
            for spans in week.values()
            for start, end in spans
        )
        for code, week in WORK_PATTERNS.items()
    }
    assert hours == {"shift": 0, "office5": 40, "office5_5": 44, "office6": 48}


def test_holidays_and_substitute_days_are_free_and_a_working_saturday_is_not() -> None:
    tuesday, saturday = date(2020, 1, 28), date(2020, 2, 1)
    week = WORK_PATTERNS["office5_5"]
    assert work_spans(week, tuesday, "substitute") == work_spans(week, tuesday, "holiday") == []
    assert work_spans(week, saturday, "weekly_rest") == [(time(7, 30), time(11, 30))]
    assert work_spans(WORK_PATTERNS["office5"], saturday, "weekly_rest") == []
    assert work_spans(week, tuesday, "ordinary") == [(time(7, 30), time(11, 30)), (time(13), time(17))]
