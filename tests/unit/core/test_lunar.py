"""The lunar engine against the truth table, against its own inverse, and in words."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from core.calendar import lunar
from core.calendar.lunar import LunarDate, to_lunar, to_solar

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
TABLE = Path(__file__).parents[2] / "data" / "tet_dates.csv"

any_day = st.dates(lunar.FIRST, lunar.LAST)


def truth() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exists(named: LunarDate) -> bool:
    try:
        to_solar(named)
    except ValueError:
        return False
    return True


def test_the_table_covers_1990_to_2050() -> None:
    assert [int(row["year"]) for row in truth()] == list(range(1990, 2051))


@pytest.mark.parametrize("row", truth(), ids=lambda row: row["year"])
def test_every_vietnamese_column_of_the_table(row: dict[str, str]) -> None:
    year = int(row["year"])
    first = lunar.tet(year)
    computed = {
        "can_chi": lunar.can_chi(year),
        "mung1": first.isoformat(),
        "length_of_chap": str(to_lunar(first - timedelta(1)).day),
        "giao_thua_day": next(d for d in (first - timedelta(1),) if lunar.is_giao_thua(to_lunar(d))).isoformat(),
        "ong_tao_23_chap": to_solar(LunarDate(23, 12, False, year - 1)).isoformat(),
        "ram_thang_gieng": to_solar(LunarDate(15, 1, False, year)).isoformat(),
        "weekday_mung1": WEEKDAYS[first.weekday()],
        "leap_month_in_year": " ".join(str(month) for month in range(1, 13) if exists(LunarDate(1, month, True, year))),
    }
    assert computed == {column: row[column] for column in computed}
    assert (row["china_new_year"] != row["mung1"]) == bool(row["differs_from_china"])


def test_every_day_from_1968_to_2053_comes_back_and_follows_the_one_before() -> None:
    previous = to_lunar(date(1968, 1, 1))
    for ordinal in range(date(1968, 1, 2).toordinal(), date(2053, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        now = to_lunar(day)
        assert to_solar(now) == day
        if now.day == 1:
            assert previous.day in (29, 30)
            assert not exists(replace(previous, day=previous.day + 1))
        else:
            assert now == LunarDate(previous.day + 1, previous.month, previous.leap, previous.year)
        previous = now


@pytest.mark.parametrize("day", [date(2054, 5, 7), date(2062, 4, 9)])
def test_days_that_the_published_code_leaves_without_a_month(day: date) -> None:
    assert to_lunar(day).day in (29, 30)
    assert to_lunar(day + timedelta(1)).day == 1


@given(any_day)
def test_round_trip_to_the_end_of_the_calendar(day: date) -> None:
    assert to_solar(to_lunar(day)) == day


@pytest.mark.parametrize(
    ("year", "first"),
    [(1968, date(1968, 1, 29)), (1985, date(1985, 1, 21)), (2007, date(2007, 2, 17)), (2030, date(2030, 2, 2))],
)
def test_years_in_which_chinese_tables_are_wrong(year: int, first: date) -> None:
    assert lunar.tet(year) == first


def test_there_is_no_30_chap_from_2025_to_2032() -> None:
    assert [to_lunar(lunar.tet(year) - timedelta(1)).day for year in range(2024, 2034)] == [30] + [29] * 8 + [30]


@pytest.mark.parametrize("day", [date(1967, 12, 31), date(2101, 1, 1)])
def test_dates_outside_the_calendar_are_refused(day: date) -> None:
    with pytest.raises(ValueError, match="outside the lunar calendar"):
        to_lunar(day)


@pytest.mark.parametrize(
    "wrong",
    [
        LunarDate(30, 12, False, 2026),
        LunarDate(0, 1, False, 2020),
        LunarDate(1, 6, True, 2020),
        LunarDate(1, 13, False, 2020),
        LunarDate(1, 1, False, 1967),
        LunarDate(1, 1, False, 2101),
        LunarDate(29, 12, False, 2100),
    ],
)
def test_lunar_dates_that_do_not_exist_or_lie_outside_are_refused(wrong: LunarDate) -> None:
    with pytest.raises(ValueError):
        to_solar(wrong)


@pytest.mark.parametrize(
    ("day", "vi", "en", "short"),
    [
        (date(2020, 1, 17), "23 tháng Chạp năm Kỷ Hợi", "23rd day of the 12th lunar month, Kỷ Hợi", "23"),
        (
            date(2020, 1, 24),
            "30 tháng Chạp năm Kỷ Hợi (Giao thừa)",
            "30th day of the 12th lunar month, Kỷ Hợi (Lunar New Year's Eve)",
            "30",
        ),
        (date(2020, 1, 25), "Mùng 1 tháng Giêng năm Canh Tý", "1st day of the 1st lunar month, Canh Tý", "M1"),
        (date(2020, 2, 3), "Mùng 10 tháng Giêng năm Canh Tý", "10th day of the 1st lunar month, Canh Tý", "M10"),
        (date(2020, 2, 4), "11 tháng Giêng năm Canh Tý", "11th day of the 1st lunar month, Canh Tý", "11"),
        (
            date(2020, 2, 8),
            "15 tháng Giêng năm Canh Tý (Rằm)",
            "15th day of the 1st lunar month, Canh Tý (full moon)",
            "Rằm",
        ),
        (
            date(2027, 2, 5),
            "29 tháng Chạp năm Bính Ngọ (Giao thừa)",
            "29th day of the 12th lunar month, Bính Ngọ (Lunar New Year's Eve)",
            "29",
        ),
        (
            date(2025, 7, 26),
            "Mùng 2 tháng Sáu nhuận năm Ất Tỵ",
            "2nd day of the leap 6th lunar month, Ất Tỵ",
            "M2",
        ),
    ],
)
def test_names(day: date, vi: str, en: str, short: str) -> None:
    named = to_lunar(day)
    assert lunar.long_name(named) == vi
    assert lunar.long_name(named, "en") == en
    assert lunar.short_label(named) == short
    assert lunar.short_label(named, "en") == str(named.day)


@given(any_day)
def test_giao_thua_is_the_day_before_mung_1_and_no_other(day: date) -> None:
    eve = day < lunar.LAST and to_lunar(day + timedelta(1)) == LunarDate(1, 1, False, to_lunar(day).year + 1)
    assert lunar.is_giao_thua(to_lunar(day)) == eve == ("Giao thừa" in lunar.long_name(to_lunar(day)))
