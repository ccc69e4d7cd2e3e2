"""Days and nights by which a list is chosen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from duty.phone_tree import halves


@pytest.mark.parametrize(
    ("at", "begins", "what"),
    [
        ("2027-02-06T02:10", "2027-02-05T18:00", "night"),
        ("2027-02-06T05:59", "2027-02-05T18:00", "night"),
        ("2027-02-06T06:00", "2027-02-06T06:00", "day"),
        ("2027-02-06T17:59", "2027-02-06T06:00", "day"),
        ("2027-02-06T18:00", "2027-02-06T18:00", "night"),
    ],
)
def test_a_day_and_a_night_begin_at_six(at: str, begins: str, what: str) -> None:
    assert halves.around(datetime.fromisoformat(at)) == halves.Half(datetime.fromisoformat(begins), what)  # type: ignore[arg-type]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(1, 100))
def test_they_follow_one_another_and_leave_no_hour_out(at: datetime, hours: int) -> None:
    found = list(halves.coming(at, hours))
    assert found[0].starts_at <= at < found[0].ends_at
    assert found[-1].starts_at < at + timedelta(hours=hours) <= found[-1].ends_at
    assert all(
        one.ends_at == other.starts_at and one.what != other.what for one, other in zip(found, found[1:], strict=False)
    )
