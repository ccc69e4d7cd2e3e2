"""The lunar engine against the truth table, against its own inverse, and in words."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from core.calendar import astronomy, lunar
from core.calendar.lunar import LunarDate, to_lunar, to_solar

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
TABLE = Path(__file__).parents[3] / "data" / "tet_dates.csv"

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


def test_what_is_refused_says_why() -> None:
    with pytest.raises(ValueError, match=r"^lunar month 12 of 2026 has 29 days, not 30$"):
        to_solar(LunarDate(30, 12, False, 2026))
    with pytest.raises(ValueError, match=r"^lunar year 2020 has no month 6 \(leap\)$"):
        to_solar(LunarDate(1, 6, True, 2020))
    with pytest.raises(ValueError, match=r"^lunar year 1967 has no month 13$"):
        to_solar(LunarDate(1, 13, False, 1967))


def test_the_last_month_before_the_calendar_begins_is_known() -> None:
    assert to_lunar(lunar.FIRST) == LunarDate(2, 12, False, 1967)
    assert to_solar(LunarDate(2, 12, False, 1967)) == lunar.FIRST
    assert to_solar(to_lunar(lunar.LAST)) == lunar.LAST


def test_days_are_counted_in_english_up_to_the_thirtieth() -> None:
    ordinals = [lunar.long_name(LunarDate(day, 3, False, 2020), "en").split()[0] for day in range(1, 31)]
    assert [word for word in ordinals if not word.endswith("th")] == ["1st", "2nd", "3rd", "21st", "22nd", "23rd"]
    assert ordinals[10:14] == ["11th", "12th", "13th", "14th"]


@pytest.mark.parametrize(
    ("k", "published"),
    [
        (954, 2443192.65118),  # Meeus, Astronomical Algorithms, example 49.a: 18 February 1977, 03:37:42 TD
        (1237, 2451550.25972),  # 6 January 2000, 18:14 UT
    ],
)
def test_new_moons_as_astronomers_published_them(k: int, published: float) -> None:
    assert astronomy._new_moon(k) == pytest.approx(published, abs=2 / 1440)


def test_the_sun_as_astronomers_published_it() -> None:
    # Meeus, Astronomical Algorithms, example 25.a: 13 October 1992, 0h TD
    assert astronomy._sun_longitude(2448908.5) % 360 == pytest.approx(199.90895, abs=0.00005)


@pytest.mark.parametrize(
    ("k", "julian"),
    [
        (-1236, 2378520.640877635),
        (841, 2439855.6527578286),
        (1237, 2451550.2601371277),
        (2486, 2488433.4987537116),
    ],
)
def test_no_digit_of_the_moons_series_was_mistyped(k: int, julian: float) -> None:
    """Terms too small to move a day in these years are kept as printed all the same."""
    assert astronomy._new_moon(k) == pytest.approx(julian, rel=0, abs=1e-8)


@pytest.mark.parametrize(
    ("julian", "degrees"),
    [
        (2378520.5, -71695.13086663489),
        (2440000.5, -11097.115718339051),
        (2469000.5, 17483.552620897222),
    ],
)
def test_no_digit_of_the_suns_series_was_mistyped(julian: float, degrees: float) -> None:
    assert astronomy._sun_longitude(julian) == pytest.approx(degrees, rel=0, abs=1e-8)


def test_every_lunation_is_known_on_its_first_and_its_last_day() -> None:
    since, until = (astronomy.lunation_of(day.toordinal()) for day in (lunar.FIRST, lunar.LAST))
    for k in range(since, until):
        first, following = astronomy.month_start(k), astronomy.month_start(k + 1)
        assert following - first in (29, 30)
        assert (astronomy.lunation_of(first), astronomy.lunation_of(following - 1)) == (k, k)


@pytest.mark.parametrize(
    ("k", "anomalies"),
    [
        (-1236, (-621.5989423189441, -8317.605219243498, -8427.27780887344)),
        (2486, (1269.1185959966372, 16745.507875126477, 16951.12933303026)),
    ],
)
def test_no_digit_of_the_anomalies_was_mistyped(k: int, anomalies: tuple[float, ...]) -> None:
    """Their smallest terms hardly move a new moon."""
    assert astronomy._mean_anomalies(k, k / 1236.85) == pytest.approx(anomalies, rel=0, abs=1e-9)
