"""The points table, worked by hand for Canh Tý 2020, and its laws."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from core.calendar.holidays import seed_sets
from planning.time.points import LOCAL, PointsTable, is_night, peaks, pieces, points

DAYS = next(spec for spec in seed_sets() if spec.year == 2020).days
moments = st.integers(0, 33 * 24 * 60).map(lambda n: datetime(2020, 1, 10, tzinfo=LOCAL) + timedelta(minutes=n))
lengths = st.integers(0, 36 * 60).map(lambda minutes: timedelta(minutes=minutes))


def duty(text: str, hours: float) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(f"2020-{text}").replace(tzinfo=LOCAL)
    return start, start + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "hours", "worth"),
    [
        ("01-17T06:00", 8, 8.0),  # an ordinary Friday
        ("01-17T22:00", 8, 2 * 1.5 + 6 * 1.5 * 1.5),  # Friday night into a Saturday of weekly rest
        ("01-18T06:00", 8, 8 * 1.5),  # weekly rest
        ("01-23T06:00", 8, 8 * 2.0),  # 29 Chạp, statutory holiday
        ("01-24T14:00", 8, 4 * 2.0 + 4 * 2.0 * 2),  # 30 Chạp, the evening counts double
        ("01-24T22:00", 8, 2 * 2.0 * 1.5 * 2 + 6 * 2.0 * 1.5 * 2 * 1.5),  # Giao thừa into Mùng 1
        ("01-25T06:00", 8, 8 * 2.0 * 1.5),  # Mùng 1
        ("01-25T22:00", 8, 2 * 2.0 * 1.5 * 1.5 + 6 * 2.0 * 1.5 * 1.25),  # Mùng 1 into Mùng 2
        ("01-27T06:00", 8, 8 * 2.0 * 1.25),  # Mùng 3
        ("01-28T06:00", 8, 8 * 1.5),  # Mùng 4, substitute day
        ("01-29T22:00", 8, 2 * 1.5 * 1.5 + 6 * 1.5),  # substitute day into an ordinary one
        ("01-17T06:00", 0.5, 0.5),
    ],
)
def test_worked_examples(start: str, hours: float, worth: float) -> None:
    assert points(*duty(start, hours), "onsite", DAYS) == round(worth * 100)
    assert points(*duty(start, hours), "standby", DAYS) == round(worth * 40)


def test_a_table_of_ones_counts_hours() -> None:
    ones = PointsTable(*[1.0] * len(PointsTable.__slots__))
    assert points(*duty("01-24T07:30", 24), "standby", DAYS, table=ones) == 2400


def test_zones_do_not_matter_and_naive_times_are_refused() -> None:
    start, end = duty("01-24T22:00", 8)
    assert points(start.astimezone(UTC), end.astimezone(UTC), "onsite", DAYS) == points(start, end, "onsite", DAYS)
    far = timezone(timedelta(hours=-8))
    assert peaks(start.astimezone(far), end.astimezone(far)) == {"giao_thua"}
    with pytest.raises(ValueError, match="aware"):
        points(start.replace(tzinfo=None), end.replace(tzinfo=None), "onsite", DAYS)


@given(moments, lengths)
def test_pieces_tile_the_duty_and_never_cross_a_cut(start: datetime, length: timedelta) -> None:
    parts = list(pieces(start, start + length))
    assert sum((until - since for since, until in parts), timedelta()) == length
    assert all(before[1] == after[0] for before, after in zip(parts, parts[1:], strict=False))
    for since, until in parts:
        last = until - timedelta(minutes=1)
        assert since.date() == last.date()
        assert [since.hour < h for h in (6, 18, 22)] == [last.hour < h for h in (6, 18, 22)]


@given(moments, lengths, lengths)
def test_two_duties_end_to_end_are_worth_the_whole(start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second
    whole = points(start, end, "onsite", DAYS)
    assert abs(points(start, middle, "onsite", DAYS) + points(middle, end, "onsite", DAYS) - whole) <= 1


@given(moments, lengths)
def test_no_hour_is_worth_less_than_an_ordinary_or_more_than_giao_thua(start: datetime, length: timedelta) -> None:
    hours = length / timedelta(hours=1)
    assert hours * 100 - 1 <= points(start, start + length, "onsite", DAYS) <= hours * 900 + 1


@pytest.mark.parametrize(
    ("start", "hours", "night"),
    [
        ("01-17T14:00", 8, False),
        ("01-17T14:00", 8.5, True),
        ("01-17T06:00", 8, False),
        ("01-17T05:30", 1, True),
        ("01-17T07:30", 24, True),
        ("01-17T22:00", 0, False),
    ],
)
def test_night_is_half_open(start: str, hours: float, night: bool) -> None:
    assert is_night(*duty(start, hours)) is night


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("01-23T22:00", 8, set()),
        ("01-24T07:30", 12, set()),  # ends at 19:30, a little after dusk
        ("01-24T14:00", 8, {"giao_thua"}),
        ("01-24T07:30", 24, {"giao_thua"}),
        ("01-24T22:00", 8, {"giao_thua"}),
        ("01-25T00:00", 8, {"giao_thua", "mung_1"}),
        ("01-25T06:00", 8, {"mung_1"}),
        ("01-26T22:00", 8, {"mung_2_3"}),
        ("01-27T22:00", 8, {"mung_2_3"}),
        ("01-28T06:00", 8, set()),
    ],
)
def test_peaks(start: str, hours: float, expected: set[str]) -> None:
    assert peaks(*duty(start, hours)) == expected
