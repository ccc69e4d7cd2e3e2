"""What a campaign would be, against counting it day by day; shifts as they are typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from roster.setting_up import lines, reading, reckoning
from roster.setting_up.reckoning import Able, SetUpShift

FIRST = date(2020, 1, 17)
PHASES, DUTIES = ("before", "during", "after"), ("operations", "support")
asked = st.lists(
    st.builds(
        SetUpShift,
        st.integers(1, 3),
        st.sampled_from(DUTIES),
        st.sampled_from(PHASES),
        st.sampled_from([480, 720, 1440]),
        st.integers(1, 4),
        st.booleans(),
    ),
    max_size=8,
)
staff = st.lists(
    st.tuples(st.frozensets(st.sampled_from(DUTIES)), st.frozensets(st.integers(1, 3), min_size=1)), max_size=6
)


@given(asked, staff, st.integers(0, 12), st.integers(0, 12), st.integers(0, 25))
def test_it_is_as_many_as_a_count_by_day(
    rows: list[SetUpShift], people: list[tuple[frozenset[str], frozenset[int]]], start: int, rest: int, length: int
) -> None:
    last = FIRST + timedelta(days=length)
    rests = FIRST + timedelta(days=start), FIRST + timedelta(days=start + rest)
    days = reckoning.phases(FIRST, last, rests)
    able = [Able(n, *each) for n, each in enumerate(people)]
    found = reckoning.outlook(days, rows, able)
    shifts = []
    for n in range(length + 1):
        day = FIRST + timedelta(days=n)
        phase = "before" if day < rests[0] else "after" if day > rests[1] else "during"
        shifts += [row for row in rows if row.phase == phase]
    assert sum(each.number for each in days) == length + 1
    assert (found.shifts, found.seats) == (len(shifts), sum(row.people for row in shifts))
    assert sum(kind.minutes for kind in found.kinds) == sum(row.people * row.minutes for row in shifts)
    serving = {who.id for who in able for row in shifts if row.duty in who.duties and row.unit in who.units}
    assert found.people == len(serving)


@pytest.mark.parametrize("template", lines.TEMPLATES)
def test_what_is_offered_is_read_as_it_stands(template: lines.Template) -> None:
    kinds = {"leadership", "operations", "emergency", "support"}
    offered = lines.offered(template, kinds)
    read = reading.read_lines(reading.as_typed(offered), dict.fromkeys(kinds))
    assert read.lines == offered and not read.faults
    assert {line.duty for line in lines.offered(template, {"operations"})} == {"operations"}


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("start", "7", 7 * 60),
        ("start", "07h30", 450),
        ("start", "24:00", None),
        ("start", "7:60", None),
        ("hours", "7,5", 450),
        ("hours", "0", None),
        ("hours", "24.1", None),
        ("during", "50", 50),
        ("during", "51", None),
        ("during", "²", None),
    ],
)
def test_numbers_and_hours_as_people_write_them(field: str, typed: str, kept: int | None) -> None:
    row = reading.blank() | {"duty": "operations", "shift": "Ngày", "start": "7", "hours": "12", "during": "1"}
    read = reading.read_lines([row | {field: typed}], {"operations": 1})
    if kept is None:
        assert list(read.faults) == [f"line-1-{field}"] and not read.lines
    else:
        [line] = read.lines
        assert {"start": line.start, "hours": line.minutes, "during": line.people["during"]}[field] == kept
