"""When a gateway's credit is low, and how providers write numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from notify.credit import rules


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1,250,000.5", 1250000.5),
        ("1.250.000 đ", 1250000.0),
        ("1.250.000,5", 1250000.5),
        ("1.250,5", 1250.5),
        ("1500,50", 1500.5),
        ("1,500", 1500.0),
        ("500", 500.0),
        ("-3", -3.0),
        ("12 000 đ", 12000.0),
        ("", None),
        ("hết", None),
    ],
)
def test_numbers_are_read_as_providers_write_them(said: str, number: float | None) -> None:
    assert rules.number_in(said) == number


@given(st.none() | st.floats(-1e6, 1e9), st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**4))
def test_nobody_is_warned_where_no_threshold_was_set(left: float | None, below: int, sent: int, limit: int) -> None:
    assert not rules.is_low(left, below=0, sent_today=sent, limit=0)
    if rules.is_low(left, below=below, sent_today=sent, limit=limit):
        assert rules.is_low(left, below=below + 1, sent_today=sent + 1, limit=limit), "less is no better"
