"""When somebody is reminded of a shift."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from core.calendar.dates import VN
from duty.reminders import moments


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VN)


@pytest.mark.parametrize(
    ("starts", "day", "hour"),
    [
        ("2027-02-06T14:00", "2027-02-05T14:00", "2027-02-06T13:00"),
        ("2027-02-06T08:00", "2027-02-05T08:00", "2027-02-06T07:00"),
        ("2027-02-06T07:30", "2027-02-05T07:30", "2027-02-05T20:30"),
        ("2027-02-06T06:00", "2027-02-04T20:30", "2027-02-05T20:30"),
        ("2027-02-06T22:00", "2027-02-05T20:30", "2027-02-06T20:30"),
        ("2027-02-06T00:00", "2027-02-04T20:30", "2027-02-05T20:30"),
    ],
)
def test_a_day_and_an_hour_before_and_in_the_evening_instead_of_the_night(starts: str, day: str, hour: str) -> None:
    assert moments.moments_for_shift(at(starts)) == (at(day), at(hour))


@given(st.integers(0, 7 * 24 * 60))
def test_nobody_is_woken_and_nothing_comes_after_the_start_or_too_early(minutes: int) -> None:
    starts = at("2027-02-01T00:00") + timedelta(minutes=minutes)
    for moment in moments.moments_for_shift(starts):
        assert moments.OPENS <= moment.time() < moments.CLOSES
        assert starts - moments.FURTHEST <= moment < starts


def test_after_a_pause_one_is_enough_and_none_once_it_has_begun() -> None:
    starts, long_ago = at("2027-02-06T14:00"), at("2027-02-01T00:00")
    assert moments.due(starts, long_ago, at("2027-02-06T13:30")) == 1
    assert moments.due(starts, long_ago, at("2027-02-05T14:00")) == 0
    assert moments.due(starts, at("2027-02-05T14:00"), at("2027-02-05T15:00")) is None
    assert moments.due(starts, long_ago, starts) is None
