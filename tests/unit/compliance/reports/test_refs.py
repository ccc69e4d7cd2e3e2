"""Lists behind figures are kept as runs, and opened they are the same list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from compliance.reports.told import refs

DAYS = [date(2027, 1, 20) + timedelta(days=number) for number in range(23)]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([], []),
        (["shift:12", "shift:13", "shift:14", "shift:16"], ["shift:12-14", "shift:16"]),
        (["shift:2", "shift:1"], ["shift:2", "shift:1"]),  # in its own order
        (["shift:1", "unit:2"], ["shift:1", "unit:2"]),
        (["incident:SC-2027-0001", "incident:SC-2027-0002"], ["incident:SC-2027-0001", "incident:SC-2027-0002"]),
        (
            ["check:7@2027-01-31", "check:7@2027-02-01", "check:8@2027-02-01"],
            ["check:7@2027-01-31..2027-02-01", "check:8@2027-02-01"],
        ),
        (["check:7@2027-01-20", "check:8@2027-01-20", "check:9@2027-01-20"], ["check:7-9@2027-01-20"]),
        (["check:7@2027-01-20", "check:7@2027-01-20"], ["check:7@2027-01-20", "check:7@2027-01-20"]),
        (["shift:4", "check:5@2027-01-20", "shift:5"], ["shift:4", "check:5@2027-01-20", "shift:5"]),
    ],
)
def test_runs_are_said_once(rows: list[str], kept: list[str]) -> None:
    assert refs.packed(rows) == kept
    assert refs.unpacked(kept) == rows


@given(st.lists(st.tuples(st.sampled_from(["shift", "check", "incident"]), st.integers(1, 6), st.integers(0, 4))))
def test_whatever_is_kept_is_the_same_list(found: list[tuple[str, int, int]]) -> None:
    rows = [
        f"check:{number}@{DAYS[day]}" if kind == "check" else f"{kind}:{number if kind == 'shift' else f'SC-{number}'}"
        for kind, number, day in found
    ]
    assert refs.unpacked(refs.packed(rows)) == rows
    assert refs.unpacked(rows) == rows  # kept before there were runs


def test_a_summary_of_a_thousand_points_is_kept_in_a_few_lines() -> None:
    """Each of a thousand points told each of 23 days but for one day of every twentieth."""
    rows = [f"check:{unit}@{day}" for unit in range(1, 1001) for day in DAYS if unit % 20 or day != DAYS[9]]
    kept = refs.packed(rows)
    assert len(rows) == 22_950 and len(kept) <= 150
    assert refs.unpacked(kept) == rows
