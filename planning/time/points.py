"""What each hour of Tết duty is worth: the unit of fairness and of the history carried from year to year.

A duty is cut at 00:00, 06:00, 18:00 and 22:00 local time (UTC+7); each piece takes the class of its own date, the night
factor, and that of the lunar day it lies in. Factors multiply. All times in are aware, all intervals half-open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from math import prod

from core.calendar.holidays import DayClass, day_class
from core.calendar.lunar import LunarDate, is_giao_thua, to_lunar
from planning.problem import Form

LOCAL = timezone(timedelta(hours=7))
_CUTS = (6, 18, 22, 24)
_GIAO_THUA_COUNTS_FROM = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class PointsTable:
    """Points per hour by class of day, and the factors on top; the enterprise may edit every one."""

    ordinary: float = 1.0
    weekly_rest: float = 1.5
    substitute: float = 1.5
    holiday: float = 2.0
    night: float = 1.5
    giao_thua_night: float = 2.0
    mung_1: float = 1.5
    mung_2_3: float = 1.25
    onsite: float = 1.0
    standby: float = 0.4
    command: float = 1.0

    def base(self, kind: DayClass) -> float:
        return {
            "ordinary": self.ordinary,
            "weekly_rest": self.weekly_rest,
            "substitute": self.substitute,
            "holiday": self.holiday,
        }[kind]

    def form(self, form: Form) -> float:
        return {"onsite": self.onsite, "standby": self.standby, "command": self.command}[form]


def points(
    start: datetime, end: datetime, form: Form, days: Mapping[date, DayClass], *, table: PointsTable | None = None
) -> int:
    """Return what one seat of a duty is worth, in hundredths of a point.

    `days` lists the dates of the holiday sets (others: weekly rest on Saturday and Sunday, else ordinary).
    Raises ValueError for naive times and for dates without a lunar date.
    """
    table = table or PointsTable()
    hour = timedelta(hours=1)
    worth = sum((until - since) / hour * hourly(since, days, table) for since, until in pieces(start, end))
    return round(worth * table.form(form) * 100 + 1e-6)


def hourly(at: datetime, days: Mapping[date, DayClass], table: PointsTable) -> float:
    """Points of an on-site hour at the moment `at`."""
    return prod(factors(at, days, table).values())


def factors(at: datetime, days: Mapping[date, DayClass], table: PointsTable) -> dict[str, float]:
    """Return what the worth of an on-site hour at the moment `at` is multiplied of, by name of the table's field."""
    local = _local(at)
    lunar = to_lunar(local.date())
    kind = day_class(local.date(), days)
    found: dict[str, float] = {kind: table.base(kind)}
    if _is_night_hour(local.hour):
        found["night"] = table.night
    if _in_giao_thua_night(lunar, local.hour):
        found["giao_thua_night"] = table.giao_thua_night
    if (lunar.month, lunar.leap) == (1, False) and lunar.day <= 3:
        name = "mung_1" if lunar.day == 1 else "mung_2_3"
        found[name] = table.mung_1 if lunar.day == 1 else table.mung_2_3
    return found


def pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The parts of `[start, end)`, cut where the worth of an hour can change; local times at UTC+7."""
    since, end = _local(start), _local(end)
    while since < end:
        midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
        cut = next(midnight + timedelta(hours=h) for h in _CUTS if midnight + timedelta(hours=h) > since)
        yield since, min(cut, end)
        since = cut


def is_night(start: datetime, end: datetime) -> bool:
    """Whether a duty overlaps 22:00–06:00 local."""
    return any(_is_night_hour(since.hour) for since, _ in pieces(start, end))


def peaks(start: datetime, end: datetime) -> frozenset[str]:
    """Return which of the days people mind most a duty takes: giao_thua, mung_1, mung_2_3.

    Giao thừa counts from two hours of its night (18:00–06:00) on, so that a day duty ending at dusk does not; the
    others count by the local date on which the duty starts.
    """
    found = set()
    if _hours_of_giao_thua(start, end) >= _GIAO_THUA_COUNTS_FROM:
        found.add("giao_thua")
    lunar = to_lunar(_local(start).date())
    if (lunar.month, lunar.leap) == (1, False) and lunar.day <= 3:
        found.add("mung_1" if lunar.day == 1 else "mung_2_3")
    return frozenset(found)


def _hours_of_giao_thua(start: datetime, end: datetime) -> timedelta:
    parts = pieces(start, end)
    night = (until - since for since, until in parts if _in_giao_thua_night(to_lunar(since.date()), since.hour))
    return sum(night, timedelta())


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("times must be aware")
    return at.astimezone(LOCAL)


def _is_night_hour(hour: int) -> bool:
    return hour < 6 or hour >= 22


def _in_giao_thua_night(lunar: LunarDate, hour: int) -> bool:
    new_year_morning = (lunar.month, lunar.leap, lunar.day) == (1, False, 1) and hour < 6
    return new_year_morning or (hour >= 18 and is_giao_thua(lunar))
