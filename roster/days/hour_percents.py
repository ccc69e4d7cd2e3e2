"""PURE What an hour is worth at least, in percent of an ordinary one: the law's table, by date, read from data.

``roster/data/hour_percents.csv`` has one row for each kind of hour under each code, with the article. A percentage is
the base, what night adds, and at night overtime a share of what the same hour would be worth by day.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

PayDay = Literal["ordinary", "rest", "holiday"]
"""Weekly rest and substitute days count alike (``rest``)."""
Hour = Literal["day", "night", "night_after_day"]
"""``night_after_day``: at night, after overtime by day on the same date."""
_FILE = Path(__file__).parent.parent / "data" / "hour_percents.csv"


@dataclass(frozen=True, slots=True)
class Rate:
    """``base`` + ``night_part`` + ``share`` percent of ``day_rate``, all in percent; ``basis``: act and article."""

    base: int
    night_part: int
    share: int
    day_rate: int
    basis: str

    @property
    def percent(self) -> int:
        return self.base + self.night_part + self.share * self.day_rate // 100


@dataclass(frozen=True, slots=True)
class _PercentRow:
    since: date
    until: date
    rates: dict[tuple[str, bool, str], Rate]


def rate(on: date, day: PayDay, hour: Hour, *, overtime: bool) -> Rate:
    """Return the rate by the code in force on that date. Normal work is done on ordinary days: KeyError for any
    other."""
    regime = next(each for each in _regimes() if each.since <= on <= each.until)
    if hour == "night_after_day" and (day, overtime) != ("ordinary", True):
        hour = "night"
    return regime.rates[day, overtime, hour]


@lru_cache(maxsize=1)
def _regimes() -> tuple[_PercentRow, ...]:
    found: dict[tuple[date, date], dict[tuple[str, bool, str], Rate]] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            span = _day(row["since"], date.min), _day(row["until"], date.max)
            base, night_part, share, day_rate = (int(row[name]) for name in ("base", "night_part", "share", "day_rate"))
            key = (row["day"], row["work"] == "overtime", row["at"])
            found.setdefault(span, {})[key] = Rate(base, night_part, share, day_rate, row["basis"])
    return tuple(_PercentRow(since, until, rates) for (since, until), rates in found.items())


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise
