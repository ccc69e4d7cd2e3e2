"""PURE What kind of day each date is for the employer: Tết breaks, fixed holidays, substitute days, weekly rest.

The Prime Minister decides the break of each year and an employer may choose another split, so what is here seeds
editable rows and suggests; it is never the last word. A day keeps its source and how sure it is: `official`,
`unverified` (not compared with the decision) or `projected` (nobody has decided yet; shown as "dự kiến").

Also the ordinary working hours by work pattern (chế độ làm việc), which holidays cancel.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from core.calendar.lunar import LunarDate, can_chi, tet, to_solar

DayClass = Literal["holiday", "substitute", "weekly_rest", "ordinary"]
HolidayStatus = Literal["official", "unverified", "projected"]
Phase = Literal["before", "during", "after"]
Span = tuple[time, time]

_MORNING: Span = (time(7, 30), time(11, 30))
_AFTERNOON: Span = (time(13), time(17))
_FULL_DAY = [_MORNING, _AFTERNOON]

# Work pattern → weekday (0 = Monday) → local spans [start, end); `shift` means: only what the roster says.
WORK_PATTERNS: dict[str, dict[int, list[Span]]] = {
    "shift": {},
    "office5": dict.fromkeys(range(5), _FULL_DAY),
    "office5_5": {**dict.fromkeys(range(5), _FULL_DAY), 5: [_MORNING]},
    "office6": dict.fromkeys(range(6), _FULL_DAY),
}

TET_NAME = "Tết Nguyên đán"
_PROJECTED_SOURCE = "Suy theo thứ của Mùng 1; chờ thông báo của năm"
_DATA = Path(__file__).parent / "data"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """One date of a holiday set. `name` says which holiday it is or stands in for, "" for a weekly rest day."""

    on: date
    day_class: DayClass
    name: str
    status: HolidayStatus
    source: str


@dataclass(frozen=True)
class HolidaySetSpec:
    """The holidays of one calendar year with its Tết break; `break_start` and `break_end` are both free days.

    `status` and `source` are those of the break; every row carries its own.
    """

    year: int
    can_chi: str
    break_start: date
    break_end: date
    status: HolidayStatus
    source: str
    rows: tuple[HolidayRow, ...]

    @property
    def days(self) -> dict[date, DayClass]:
        return {row.on: row.day_class for row in self.rows}


def day_class(on: date, days: Mapping[date, DayClass]) -> DayClass:
    """The class of a date: as listed, else weekly rest on Saturday and Sunday, else ordinary."""
    return days.get(on) or ("weekly_rest" if on.weekday() >= 5 else "ordinary")


def phase(on: date, break_start: date, break_end: date) -> Phase:
    """Before, during or after the break; both ends belong to it."""
    if on < break_start:
        return "before"
    return "during" if on <= break_end else "after"


def work_spans(week: Mapping[int, list[Span]], on: date, on_class: DayClass) -> list[Span]:
    """The ordinary hours of a date in a work pattern; holidays and substitute days are free.

    A Saturday counts as weekly rest for the enterprise and is still a working day for a pattern that lists it.
    """
    return [] if on_class in ("holiday", "substitute") else list(week.get(on.weekday(), ()))


@lru_cache(maxsize=1)
def seed_sets() -> tuple[HolidaySetSpec, ...]:
    """The sets of 2018–2030 in order of year, with what is known of their announcements."""
    return tuple(_from_row(row) for row in _read_rows("tet_breaks.csv"))


def known_break(year: int) -> HolidaySetSpec:
    """Return it as announced where that is known, else as projected. ValueError outside the lunar calendar."""
    return next((each for each in seed_sets() if each.year == year), None) or suggest_break(year)


def suggest_break(year: int) -> HolidaySetSpec:
    """A projected set for any year of the lunar calendar, by the habit of the official breaks since 2018.

    Five statutory days (one before Mùng 1 when that is a Monday or Tuesday, else two), substitutes on the next working
    days for those that fall on a weekend, and the weekends that touch them. ValueError outside the lunar calendar.
    """
    first = tet(year)
    start = first - _DAY * (1 if first.weekday() in (0, 1) else 2)
    statutory = [start + _DAY * i for i in range(5)]
    free = {*statutory, *_substitutes(statutory, taken=set())}
    begin, end = min(free), max(free)
    while (begin - _DAY).weekday() >= 5:
        begin -= _DAY
    while (end + _DAY).weekday() >= 5:
        end += _DAY
    return _spec(
        year,
        begin,
        end,
        statutory,
        substitutes=free.difference(statutory),
        status="projected",
        source=_PROJECTED_SOURCE,
    )


def fixed_rows(year: int, taken: Iterable[date] = ()) -> tuple[HolidayRow, ...]:
    """The holidays of a calendar year other than Tết, with the substitutes of those on a weekend.

    `taken`: days free already (the Tết break), which cannot serve as substitutes.
    """
    rows = {on: _fixed_row(on, row) for row, on in _fixed_dates(year)}
    used = {*taken, *rows}
    for original in sorted(rows):
        for on in _substitutes([original], used):
            used.add(on)
            rows[on] = HolidayRow(on, "substitute", rows[original].name, rows[original].status, rows[original].source)
    return tuple(rows[on] for on in sorted(rows))


def _fixed_row(on: date, row: Mapping[str, str]) -> HolidayRow:
    return HolidayRow(on, "holiday", row["name"], cast(HolidayStatus, row["status"]), row["source"])


def _fixed_dates(year: int) -> Iterator[tuple[dict[str, str], date]]:
    for row in _read_rows("fixed_holidays.csv"):
        if int(row["from_year"]) <= year <= int(row["to_year"] or year):
            month, day, lunar = int(row["month"]), int(row["day"]), row["calendar"] == "lunar"
            yield row, to_solar(LunarDate(day, month, False, year)) if lunar else date(year, month, day)


def _substitutes(holidays: list[date], taken: set[date]) -> list[date]:
    """The next working day for each holiday on a Saturday or Sunday (Labour Code 2019, art. 111(3))."""
    closed, found = {*taken, *holidays}, []
    for holiday in sorted(holidays):
        if holiday.weekday() < 5:
            continue
        on = holiday + _DAY
        while on in closed or on.weekday() >= 5:
            on += _DAY
        closed.add(on)
        found.append(on)
    return found


def _from_row(row: Mapping[str, str]) -> HolidaySetSpec:
    begin, end, first, last = (
        date.fromisoformat(row[c]) for c in ("break_start", "break_end", "statutory_start", "statutory_end")
    )
    substitutes = {date.fromisoformat(d) for d in row["substitute_days"].split(";") if d}
    status = cast(HolidayStatus, row["status"])
    return _spec(
        int(row["year"]),
        begin,
        end,
        list(_span(first, last)),
        substitutes=substitutes,
        status=status,
        source=row["source"],
    )


def _spec(
    year: int,
    begin: date,
    end: date,
    statutory: list[date],
    *,
    substitutes: set[date],
    status: HolidayStatus,
    source: str,
) -> HolidaySetSpec:
    rows = [_tet_row(on, statutory, substitutes, status, source=source) for on in _span(begin, end)]
    rows += [row for row in fixed_rows(year, taken=_span(begin, end)) if not begin <= row.on <= end]
    return HolidaySetSpec(
        year=year,
        can_chi=can_chi(year),
        break_start=begin,
        break_end=end,
        status=status,
        source=source,
        rows=tuple(sorted(rows, key=lambda row: row.on)),
    )


def _tet_row(
    on: date, statutory: list[date], substitutes: set[date], status: HolidayStatus, *, source: str
) -> HolidayRow:
    if on in statutory:
        return HolidayRow(on, "holiday", TET_NAME, status, source)
    if on in substitutes:
        return HolidayRow(on, "substitute", TET_NAME, status, source)
    return HolidayRow(on, "weekly_rest", "", status, source)


def _span(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + _DAY * offset


def _read_rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
