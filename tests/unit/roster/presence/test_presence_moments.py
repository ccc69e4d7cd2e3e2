"""When somebody can say that they are there, when they are missed, and from when to when they really served."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from core.calendar.dates import VN
from roster.presence import moments

START = datetime(2020, 1, 24, 19, 30, tzinfo=VN)
END = START + timedelta(hours=12)
MINUTES = st.integers(-120, 900).map(lambda minutes: START + timedelta(minutes=minutes))


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


@pytest.mark.parametrize(("count", "can"), [(-61, False), (-60, True), (0, True), (719, True), (720, False)])
def test_on_site_from_an_hour_before_to_the_end(count: float, can: bool) -> None:
    assert moments.can_check_in(START, END, minutes(count)) is can


@pytest.mark.parametrize(("count", "can"), [(-721, False), (-720, True), (719, True), (720, False)])
def test_ready_from_twelve_hours_before(count: float, can: bool) -> None:
    assert moments.can_be_ready(START, END, minutes(count)) is can


def test_what_had_begun_when_it_was_switched_on_is_not_asked() -> None:
    assert not moments.is_asked(None, START)
    assert not moments.is_asked(START + timedelta(seconds=1), START)
    assert moments.is_asked(START, START)


def test_nobody_is_late_for_what_they_could_not_know() -> None:
    assert moments.late_from(START, START - timedelta(days=3)) == minutes(15)
    assert moments.late_from(START, minutes(40)) == minutes(55)


@pytest.mark.parametrize(
    ("called", "deputy", "now", "step"),
    [
        (None, None, 14, None),
        (None, None, 15, "call"),
        (None, None, 300, "call"),
        (15, None, 19, None),
        (15, None, 20, "deputy"),
        (300, None, 301, None),
        (15, 20, 24, None),
        (15, 20, 25, "raise"),
    ],
)
def test_each_step_waits_for_the_one_before(called: int | None, deputy: int | None, now: int, step: str | None) -> None:
    told = [None if each is None else minutes(each) for each in (called, deputy)]
    assert moments.step_due(minutes(15), told[0], told[1], minutes(now)) == step


@pytest.mark.parametrize(
    ("since", "now", "which"),
    [(-60, -31, None), (-60, -30, 0), (-30, -11, None), (-30, -10, 1), (-60, -5, 1), (-10, -1, None), (-11, 0, None)],
)
def test_reminded_half_an_hour_and_ten_minutes_before(since: int, now: int, which: int | None) -> None:
    assert moments.reminder_due(START, minutes(since), minutes(now)) == which


@given(st.lists(st.integers(-90, 5), min_size=1, max_size=30))
def test_however_often_the_worker_looks_each_reminder_is_said_once_at_most(looks: list[int]) -> None:
    told, since = [], minutes(-100)
    for now in map(minutes, sorted(looks)):
        which = moments.reminder_due(START, since, now)
        told += [] if which is None else [which]
        since = now
    assert told == sorted(set(told))


@pytest.mark.parametrize(
    ("came", "left", "never", "span"),
    [
        (None, None, False, (0, 720)),
        (-20, None, False, (0, 720)),
        (25, None, False, (25, 720)),
        (0, 600, False, (0, 600)),
        (0, 790, False, (0, 790)),
        (None, None, True, (0, 0)),
        (40, None, True, (40, 720)),
        (-30, -10, False, (0, 0)),
    ],
)
def test_from_when_to_when_somebody_really_served(
    came: int | None, left: int | None, never: bool, span: tuple[int, int]
) -> None:
    told = [None if each is None else minutes(each) for each in (came, left)]
    found = moments.real_span(START, END, told[0], told[1], never_came=never)
    assert found == (minutes(span[0]), minutes(span[1]))


@given(st.none() | MINUTES, st.none() | MINUTES, st.booleans())
def test_it_never_ends_before_it_begins_nor_begins_before_the_shift(
    came: datetime | None, left: datetime | None, never: bool
) -> None:
    start, end = moments.real_span(START, END, came, left, never_came=never)
    assert START <= start <= end
