"""Numbers and times of day as they are typed."""

from __future__ import annotations

import pytest

from core.form_values import local_minute, whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999), ("1000000000", None), ("-1", None), ("+1", None), ("1.0", None)],
)
def test_a_whole_number_has_nothing_but_digits_and_not_too_many(typed: str, number: int | None) -> None:
    assert whole_number(typed) == number


@pytest.mark.parametrize("typed", [None, "", " 1", "1_0", "١", "²", "12a"])
def test_what_python_takes_for_a_number_and_nobody_types_is_none(typed: str | None) -> None:
    assert whole_number(typed) is None


def test_fewer_digits_can_be_asked_for() -> None:
    assert (whole_number("99", digits=2), whole_number("100", digits=2)) == (99, None)


def test_a_time_of_day_is_minutes_since_midnight() -> None:
    assert (local_minute("00:00"), local_minute("22:30"), local_minute("23:59")) == (0, 1350, 1439)


@pytest.mark.parametrize("typed", ["", "24:00", "12:60", "12", "1:2:3", "ab:cd"])
def test_what_is_no_time_of_day_raises(typed: str) -> None:
    with pytest.raises(ValueError):
        local_minute(typed)
