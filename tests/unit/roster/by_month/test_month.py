"""The calendar months of a campaign: weeks from Monday on, whole ones, and no month without a day of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st

from roster.by_month.weeks import weeks_for_campaign

FIRST, LAST = date(2020, 1, 17), date(2020, 2, 8)


def test_weeks_begin_on_monday_and_end_with_the_campaign_or_the_month() -> None:
    january = weeks_for_campaign(FIRST, LAST, [])
    assert january.first == date(2020, 1, 1)
    assert (january.days[0][0], january.days[-1][-1]) == (date(2020, 1, 13), date(2020, 2, 2))
    assert (january.before, january.after) == (None, date(2020, 2, 1))
    february = weeks_for_campaign(FIRST, LAST, [date(2020, 2, 3)])
    assert (february.days[0][0], february.days[-1][-1]) == (date(2020, 1, 27), date(2020, 2, 9))
    assert (february.before, february.after) == (date(2020, 1, 31), None)


def test_a_day_that_the_campaign_has_not_is_passed_over() -> None:
    today, elsewhere = date(2020, 2, 4), date(2021, 5, 1)
    assert weeks_for_campaign(FIRST, LAST, [elsewhere, today]).first == date(2020, 2, 1)
    assert weeks_for_campaign(FIRST, LAST, [None, elsewhere]).first == date(2020, 1, 1)
    assert weeks_for_campaign(FIRST, LAST, [LAST]).first == date(2020, 2, 1)


@given(first=st.dates(date(2019, 1, 1), date(2030, 1, 1)), length=st.integers(0, 130))
def test_the_months_after_one_another_have_every_day_once_in_their_own(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found, on = [], first
    while on:
        month = weeks_for_campaign(first, last, [on])
        found.append(month)
        on = month.after  # type: ignore[assignment]
    days = [each for month in found for week in month.days for each in week if each.month == month.first.month]
    assert [each for each in days if first <= each <= last] == [first + timedelta(days=n) for n in range(length + 1)]
    assert all(week[0].weekday() == 0 and len(week) == 7 for month in found for week in month.days)
    assert all(later.before == later.first - timedelta(days=1) for _month, later in pairwise(found))
