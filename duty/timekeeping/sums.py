"""PURE Hours of a person as figures: lines by date, as they are shown, compared and kept, and their sums.

A line is what is frozen when hours are closed; whatever shows hours, now or closed, adds up lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from duty.timekeeping.reckoning import WorkPiece


class MinutesLine(NamedTuple):
    """Minutes of one kind on one date. ``day``: ordinary, rest or holiday; ``percent`` of an ordinary hour."""

    on: str
    called: bool
    day: str
    night: bool
    overtime: bool
    percent: int
    minutes: int


def lines(pieces: Iterable[WorkPiece]) -> tuple[MinutesLine, ...]:
    """Return them by date; pieces of the same kind on one date are one line."""
    found: Counter[MinutesLine] = Counter()
    for each in pieces:
        kind = MinutesLine(
            each.on.isoformat(), each.called, each.pay_day, each.night, each.overtime, each.rate.percent, 0
        )
        found[kind] += each.minutes
    return tuple(kind._replace(minutes=minutes) for kind, minutes in sorted(found.items()))


def lines_of_month(rows: Iterable[MinutesLine], month: date) -> tuple[MinutesLine, ...]:
    """Return those of the month that begins on this date."""
    return tuple(each for each in rows if each.on.startswith(f"{month:%Y-%m}"))


def months(rows: Iterable[MinutesLine]) -> list[date]:
    """The first of each month in which there are hours, in order."""
    return sorted({date.fromisoformat(each.on).replace(day=1) for each in rows})


class Sums:
    """Minutes, added up from lines. ``worth`` is in minutes times percent."""

    def __init__(self, rows: Iterable[MinutesLine]) -> None:
        self.rows = tuple(rows)
        self.on_site = self._sum(each for each in self.rows if not each.called)
        self.called = self._sum(each for each in self.rows if each.called)
        self.normal = self._sum(each for each in self.rows if not each.overtime)
        self.overtime = self._sum(each for each in self.rows if each.overtime)
        self.night = self._sum(each for each in self.rows if each.night)
        self.night_overtime = self._sum(each for each in self.rows if each.night and each.overtime)
        self.worth = sum(each.minutes * each.percent for each in self.rows)
        self.worth_overtime = sum(each.minutes * each.percent for each in self.rows if each.overtime)

    @staticmethod
    def _sum(rows: Iterable[MinutesLine]) -> int:
        return sum(each.minutes for each in rows)

    def by_day(self, day: str) -> int:
        """Return the minutes on site, on days of this kind."""
        return self._sum(each for each in self.rows if each.day == day and not each.called)

    def overtime_by_day(self, day: str) -> int:
        """Overtime on days of this kind, call-outs with it."""
        return self._sum(each for each in self.rows if each.day == day and each.overtime)

    def overtime_on(self) -> Mapping[date, int]:
        """Minutes of overtime by date."""
        found: Counter[date] = Counter()
        for each in self.rows:
            if each.overtime:
                found[date.fromisoformat(each.on)] += each.minutes
        return found


def kept(rows: Sequence[MinutesLine]) -> list[list[Any]]:
    """Return them as JSON keeps them."""
    return [list(each) for each in rows]


def parse_lines(rows: Iterable[Sequence[Any]]) -> tuple[MinutesLine, ...]:
    """Return what ``kept`` wrote."""
    return tuple(MinutesLine(*each) for each in rows)
