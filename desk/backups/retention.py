"""PURE which copies are kept: all of a day, then one a day for a month."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

ALL_FOR = timedelta(days=1)
DAILY_FOR = timedelta(days=31)
FEWEST = 3
"""So many of the newest stay, however old they are."""
LOCAL = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class RetainedCopy:
    """A copy in a folder. ``before_migration``: taken for a reason of its own, and kept as long as daily ones."""

    name: str
    at: datetime
    before_migration: bool = False


def too_old(copies: Collection[RetainedCopy], now: datetime) -> list[str]:
    """Names of those that may go, the oldest first. Copies "from the future" (a clock jumped) are kept."""
    ordered = sorted(copies, key=lambda copy: (copy.at, copy.name))
    newest = {copy.name for copy in ordered[-FEWEST:]}
    last_of_day = {copy.name for copy in _last_of_each_day(ordered)}
    return [copy.name for copy in ordered if copy.name not in newest and not _stays(copy, last_of_day, now)]


def _stays(copy: RetainedCopy, last_of_day: Collection[str], now: datetime) -> bool:
    age = now - copy.at
    if age <= ALL_FOR:
        return True
    return age <= DAILY_FOR and (copy.before_migration or copy.name in last_of_day)


def _last_of_each_day(ordered: Iterable[RetainedCopy]) -> Iterable[RetainedCopy]:
    last: dict[date, RetainedCopy] = {}
    for copy in ordered:
        if not copy.before_migration:
            last[copy.at.astimezone(LOCAL).date()] = copy
    return last.values()
