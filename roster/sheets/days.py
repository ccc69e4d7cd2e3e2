"""PURE what stands over a column of a sheet, as a day of the campaign: 24/1, 24/01/2020, T6 24, 30 Tết, Mùng 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.calendar import lunar
from core.text import fold

How = Literal["date", "lunar", "day"]
Note = Literal["", "year", "turned", "weekday", "clash", "outside", "blank", "bare"]
WEIGHT: dict[How, int] = {"date": 3, "lunar": 3, "day": 1}
"""How much a reading says that a row is the one with the days: bare numbers also number columns."""

_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?: 00:00)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2}) ?[/.-] ?t?(?P<m>\d{1,2})(?: ?[/.-] ?(?P<y>\d{4}|\d{2}))?(?!\d)")
_IN_WORDS = re.compile(r"(?<!\d)(?P<d>\d{1,2}) thang (?P<m>\d{1,2})(?: nam (?P<y>\d{4}))?(?!\d)")
_NEW_YEAR = re.compile(r"\b(?:mung|mong|m) ?\.? ?(\d{1,2})(?: (?:tet|thang gieng|gieng))?(?!\d)")
_CHAP = re.compile(r"(?<!\d)(\d{1,2}) ?(?:tet|thang chap|chap)\b")
_EVE = re.compile(r"\bgiao thua\b")
_WEEKDAY = re.compile(
    r"\b(?:(?:thu|t) ?\.?(hai|ba|tu|nam|sau|bay|[2-7])|(cn|chu nhat)|(mon|tue|wed|thu|fri|sat|sun))\b"
)
_WORDS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BARE = re.compile(r"(?:ngay )?(\d{1,2})")


@dataclass(frozen=True)
class DayHeading:
    """``days``: those of the campaign that it can mean; ``how`` it was read; ``note``: what is odd about it."""

    days: tuple[date, ...]
    how: How
    note: Note = ""


def parse_heading(text: str, days: Sequence[date]) -> DayHeading | None:
    """Return what a cell says of a day; ``None`` when it says of none."""
    plain = fold(text.replace("\n", " ").replace("(", " ").replace(")", " ").replace(",", " "))
    wanted, rest = _weekday(plain)
    solar, rest = _solar(rest, days)
    moon, rest = _lunar(rest, days)
    said = _both(solar, moon)
    if said is None:
        bare = _BARE.fullmatch(rest.strip(" .-:"))
        if bare is None:
            return None
        said = DayHeading(tuple(day for day in days if day.day == int(bare[1])), "day")
    return _checked(said, wanted)


def in_order(said: Iterable[DayHeading | None]) -> list[DayHeading | None]:
    """Return the days in order: where bare numbers can mean days of two months, columns that go on from left to right
    decide. Where a number can be none of them, such as 29 before Mùng 1, it may be a day of the moon: that is asked,
    and not guessed."""
    found = _from_left_to_right(said)
    firm = [(at, each.days[0]) for at, each in enumerate(found) if each is not None and each.days and each.how != "day"]
    return [DayHeading((), "day", "bare") if _is_out_of_turn(at, each, firm) else each for at, each in enumerate(found)]


def _is_out_of_turn(at: int, said: DayHeading | None, firm: Sequence[tuple[int, date]]) -> bool:
    """A bare number between days that are said in full, and none between them."""
    if said is None or said.how != "day" or not said.days:
        return False
    return any((day <= said.days[0]) if there > at else (day >= said.days[0]) for there, day in firm)


def _from_left_to_right(said: Iterable[DayHeading | None]) -> list[DayHeading | None]:
    found, last = list[DayHeading | None](), date.min
    for each in said:
        if each is None or not each.days:
            found.append(each)
            continue
        day = next((day for day in each.days if day > last), each.days[0])
        last = day
        found.append(DayHeading((day,), each.how, each.note))
    return found


def _both(solar: DayHeading | None, moon: DayHeading | None) -> DayHeading | None:
    if solar is None or moon is None:
        return solar or moon
    if solar.note == "outside" and moon.days:
        return DayHeading(moon.days, "lunar", "year")
    agreed = tuple(day for day in solar.days if day in moon.days)
    return DayHeading(agreed, "date", solar.note) if agreed else DayHeading((), "date", "clash")


def _checked(said: DayHeading, weekday: int | None) -> DayHeading:
    if weekday is None or not said.days:
        return said
    fitting = tuple(day for day in said.days if day.weekday() == weekday)
    if fitting or said.how == "day":
        return DayHeading(fitting, said.how, said.note if fitting else "weekday")
    return DayHeading(said.days, said.how, "weekday")


def _weekday(plain: str) -> tuple[int | None, str]:
    found = _WEEKDAY.search(plain)
    if found is None:
        return None, plain
    rest = plain[: found.start()] + " " + plain[found.end() :]
    if found[2]:
        return 6, rest
    if found[3]:
        return _ENGLISH.index(found[3]), rest
    return _WORDS[found[1]] if found[1] in _WORDS else int(found[1]) - 2, rest


def _solar(plain: str, days: Sequence[date]) -> tuple[DayHeading | None, str]:
    for pattern in (_ISO, _DAY_FIRST, _IN_WORDS):
        found = pattern.search(plain)
        if found is None or not 1 <= int(found["d"]) <= 31 or not 1 <= int(found["m"]) <= 31:
            continue
        rest = plain[: found.start()] + " " + plain[found.end() :]
        day, month, year = int(found["d"]), int(found["m"]), found["y"]
        full = (2000 + int(year) if len(year) == 2 else int(year)) if year else None
        return _heading_on(days, day, month, full, is_typed=pattern is not _ISO), rest
    return None, plain


def _heading_on(days: Sequence[date], day: int, month: int, year: int | None, *, is_typed: bool) -> DayHeading:
    """A spreadsheet adds the year in which somebody types; one set up for America also turns 5/2 into 2 May."""
    alike = [each for each in days if (each.day, each.month) == (day, month)]
    exact = tuple(each for each in alike if year in (None, each.year))
    if exact:
        return DayHeading(exact, "date")
    if alike:
        return DayHeading(tuple(alike), "date", "year")
    turned = () if is_typed else tuple(each for each in days if (each.day, each.month) == (month, day))
    return DayHeading(turned, "date", "turned" if turned else "outside")


def _lunar(plain: str, days: Sequence[date]) -> tuple[DayHeading | None, str]:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], lunar.LunarDate, date], bool]], ...] = (
        (_NEW_YEAR, lambda found, on, _day: (on.month, on.day) == (1, int(found[1]))),
        (_CHAP, lambda found, on, _day: (on.month, on.day) == (12, int(found[1]))),
        (_EVE, lambda _found, _on, day: lunar.to_lunar(day + timedelta(days=1)).day == 1 == _next_month(day)),
    )
    for pattern, means in readers:
        found = pattern.search(plain)
        if found is not None:
            moons = [(day, lunar.to_lunar(day)) for day in days]
            those = tuple(day for day, moon in moons if not moon.leap and means(found, moon, day))
            rest = plain[: found.start()] + " " + plain[found.end() :]
            return DayHeading(those, "lunar", "" if those else "outside"), rest
    return None, plain


def _next_month(day: date) -> int:
    return lunar.to_lunar(day + timedelta(days=1)).month
