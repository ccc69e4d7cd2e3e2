"""PURE The calendar months of a campaign: which one is looked at, its weeks from Monday on, the months beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = 7


@dataclass(frozen=True)
class Weeks:
    """``first``: of the month; ``days``: whole weeks from Monday on, with days of the months beside it where a week is
    of both; ``before`` and ``after``: a day of the campaign in the month before and in the one after, if it has any.
    """

    first: date
    days: tuple[tuple[date, ...], ...]
    before: date | None = None
    after: date | None = None


def weeks_for_campaign(starts_on: date, ends_on: date, asked: Iterable[date | None]) -> Weeks:
    """The month of the first of ``asked`` that the campaign has (``ends_on`` too), else that in which it begins.

    Weeks in which the campaign has no day are left out.
    """
    on = next((each for each in asked if each and starts_on <= each <= ends_on), starts_on)
    first, last = on.replace(day=1), _month_after(on) - timedelta(days=1)
    begin, end = max(first, starts_on), min(last, ends_on)
    monday = begin - timedelta(days=begin.weekday())
    count = ((end - monday).days // WEEK) + 1
    weeks = tuple(tuple(monday + timedelta(days=WEEK * week + n) for n in range(WEEK)) for week in range(count))
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return Weeks(first, weeks, before if before >= starts_on else None, after if after <= ends_on else None)


def _month_after(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=31)).replace(day=1)
