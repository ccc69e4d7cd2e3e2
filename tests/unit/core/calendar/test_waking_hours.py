"""Between half past nine in the evening and half past six nobody is rung who need not be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.calendar.dates import VN
from core.calendar.waking_hours import awake


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        (at(24, 6, 29), at(24, 6, 30)),
        (at(24, 6, 30), at(24, 6, 30)),
        (at(24, 21, 29), at(24, 21, 29)),
        (at(24, 21, 30), at(25, 6, 30)),
        (at(31, 23, 59), datetime(2020, 2, 1, 6, 30, tzinfo=VN)),
        (at(25, 0), at(25, 6, 30)),
    ],
)
def test_the_night_ends_at_half_past_six(moment: datetime, heard: datetime) -> None:
    assert awake(moment, VN) == heard


def test_it_is_night_by_the_clock_of_the_place() -> None:
    assert awake(datetime(2020, 1, 24, 22, tzinfo=UTC), VN) == at(25, 6, 30)
    assert awake(datetime(2020, 1, 24, 22, tzinfo=UTC), UTC) == datetime(2020, 1, 25, 6, 30, tzinfo=UTC)
