"""Days that people ask for: what cannot be meant, and when they are told of the answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from core.calendar.dates import VN
from duty.time_off import contradictions, moments

TODAY = date(2020, 1, 20)
LEAVE = (date(2020, 1, 28), date(2020, 1, 30), "annual_leave")
NINE = datetime(2020, 1, 20, 9, 0, tzinfo=VN)


@pytest.mark.parametrize(
    ("first", "last", "kind", "wrong"),
    [
        (28, 30, "annual_leave", "request.absent_already"),
        (28, 30, "sick", None),
        (28, 29, "annual_leave", None),  # what overlaps is refused where absences are kept
        (18, 19, "annual_leave", "request.past"),
        (18, 19, "sick", None),
        (18, 20, "annual_leave", None),
    ],
)
def test_an_absence_is_said_once_and_ahead(first: int, last: int, kind: str, wrong: str | None) -> None:
    from_on, to_on = date(2020, 1, first), date(2020, 1, last)
    assert contradictions.check_absence(from_on, to_on, kind, stand=[LEAVE], today=TODAY) == wrong


@pytest.mark.parametrize(
    ("day", "want", "wrong"),
    [
        (19, "off", "request.past"),
        (20, "off", None),
        (25, "off", "request.wished_already"),
        (25, "on", None),  # the other way round is a change
        (28, "on", "request.wish_while_away"),
        (30, "on", "request.wish_while_away"),
        (31, "on", None),
        (29, "off", None),
        (23, "off", "request.wish_published"),
        (23, "on", "request.serves_already"),
    ],
)
def test_a_wish_fits_what_stands(day: int, want: str, wrong: str | None) -> None:
    found = contradictions.check_wish(
        date(2020, 1, day),
        want,
        wishes={(date(2020, 1, 25), "off")},
        away=[LEAVE],
        serves={date(2020, 1, 23)},
        today=TODAY,
    )
    assert found == wrong


@pytest.mark.parametrize(
    ("first", "last", "told", "now", "due"),
    [
        (0, 0, None, 9, False),
        (0, 0, None, 10, True),
        (0, 55, None, 59, False),  # whoever answers goes on, …
        (0, 55, None, 60, True),  # … and the first answer waits an hour at most
        (0, 0, -30, 29, False),  # told half an hour ago
        (0, 0, -30, 30, True),
        (0, 0, None, 12 * 60, False),  # 21:00
        (0, 0, None, 22 * 60, True),  # 07:00 of the next day
    ],
)
def test_answers_are_told_together(first: int, last: int, told: int | None, now: int, due: bool) -> None:
    before = None if told is None else NINE + timedelta(minutes=told)
    at = [NINE + timedelta(minutes=each) for each in (first, last, now)]
    assert moments.is_due(at[0], at[1], before, at[2]) is due


@given(st.lists(st.integers(0, 3 * 24 * 60), min_size=1, max_size=30))
def test_all_is_told_by_the_next_morning_and_never_twice_an_hour(minutes: list[int]) -> None:
    """The worker looks every minute; answers come at any minute of three days."""
    answers = sorted(NINE + timedelta(minutes=each) for each in minutes)
    waiting: list[datetime] = []
    said: list[datetime] = []
    for minute in range(4 * 24 * 60):
        now = NINE + timedelta(minutes=minute)
        waiting += [each for each in answers if each == now]
        if waiting and moments.is_due(waiting[0], waiting[-1], said[-1] if said else None, now):
            assert now - waiting[0] <= timedelta(hours=12)
            assert 7 <= now.hour < 21
            waiting = []
            said.append(now)
    assert not waiting
    assert all(later - sooner >= timedelta(hours=1) for sooner, later in zip(said, said[1:], strict=False))
