"""PURE The Vietnamese lunar calendar (âm lịch), computed at fixed UTC+7 for 1968–2100, and its names.

Libraries that carry Chinese tables are a day or a month off for Viet Nam in 1968, 1985, 2007 and 2030; before 1968 the
date depended on whose time zone one followed, so earlier dates are refused rather than guessed.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from core.calendar.astronomy import lunation_of, month_start, sun_sector

Lang = Literal["vi", "en"]

FIRST, LAST = date(1968, 1, 1), date(2100, 12, 31)

_STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")
_MONTHS = ("Giêng", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Chạp")
_WINTER_SOLSTICE = 9


@dataclass(frozen=True, slots=True)
class LunarDate:
    """A day of the lunar calendar; `year` is the lunar year (30 Chạp of 2019 is in January 2020)."""

    day: int
    month: int
    leap: bool
    year: int


class _Month(NamedTuple):
    start: int
    length: int
    month: int
    leap: bool


def _solstice_lunation(year: int) -> int:
    """The lunar month that holds the winter solstice of a solar year: always month Eleven."""
    k = lunation_of(date(year, 12, 31).toordinal())
    while sun_sector(month_start(k)) >= _WINTER_SOLSTICE:
        k -= 1
    return k


def _numbered(year: int) -> list[_Month]:
    """The months from Eleven of lunar year - 1 to Ten of lunar `year`, leap one included.

    With thirteen months between two solstices, the first during which the Sun enters no new twelfth is the leap one.
    """
    first, after = _solstice_lunation(year - 1), _solstice_lunation(year)
    starts = [month_start(k) for k in range(first, after + 1)]
    leap_pending = len(starts) == 14
    months: list[_Month] = []
    number = 10
    for start, end in zip(starts, starts[1:], strict=False):
        leap = leap_pending and sun_sector(start) == sun_sector(end)
        leap_pending = leap_pending and not leap
        number = number if leap else number % 12 + 1
        months.append(_Month(start, end - start, number, leap))
    return months


@lru_cache(maxsize=256)
def _year(year: int) -> tuple[_Month, ...]:
    """The twelve or thirteen months of a lunar year in order."""
    return tuple([m for m in _numbered(year) if m.month <= 10] + [m for m in _numbered(year + 1) if m.month > 10])


def _checked(on: date) -> date:
    if not FIRST <= on <= LAST:
        raise ValueError(f"{on.isoformat()} is outside the lunar calendar {FIRST.isoformat()}..{LAST.isoformat()}")
    return on


def _month(year: int, month: int, leap: bool) -> _Month:
    if FIRST.year - 1 <= year <= LAST.year:
        for candidate in _year(year):
            if (candidate.month, candidate.leap) == (month, leap):
                return candidate
    raise ValueError(f"lunar year {year} has no month {month}{' (leap)' if leap else ''}")


@lru_cache(maxsize=8192)
def to_lunar(on: date) -> LunarDate:
    """The lunar date of a local civil date; ValueError outside 1968–2100."""
    day = _checked(on).toordinal()
    year = on.year if day >= _year(on.year)[0].start else on.year - 1
    found = next(m for m in reversed(_year(year)) if m.start <= day)
    return LunarDate(day - found.start + 1, found.month, found.leap, year)


def to_solar(lunar: LunarDate) -> date:
    """The civil date of a lunar date; ValueError when that day or month does not exist, or outside 1968–2100."""
    month = _month(lunar.year, lunar.month, lunar.leap)
    if not 1 <= lunar.day <= month.length:
        raise ValueError(f"lunar month {lunar.month} of {lunar.year} has {month.length} days, not {lunar.day}")
    return _checked(date.fromordinal(month.start + lunar.day - 1))


def tet(year: int) -> date:
    """Mùng 1 tháng Giêng of the lunar year that begins in `year`."""
    return to_solar(LunarDate(1, 1, False, year))


def is_giao_thua(lunar: LunarDate) -> bool:
    """Whether it is the last day of the lunar year: 29 or 30 Chạp."""
    last = _year(lunar.year)[-1]
    return (lunar.month, lunar.leap, lunar.day) == (last.month, last.leap, last.length)


def can_chi(year: int) -> str:
    """The sexagenary name of a lunar year: 2020 → "Canh Tý"."""
    return f"{_STEMS[(year - 4) % 10]} {_BRANCHES[(year - 4) % 12]}"


def long_name(lunar: LunarDate, lang: Lang = "vi") -> str:
    """Return it in words: "Mùng 1 tháng Giêng năm Canh Tý", "15 tháng Giêng năm Canh Tý (Rằm)"."""
    year = f", {can_chi(lunar.year)}" if lang == "en" else f" năm {can_chi(lunar.year)}"
    return day_and_month(lunar, lang) + year + _remark(lunar, lang)


def short_label(lunar: LunarDate, lang: Lang = "vi") -> str:
    """For the narrow heads of a grid: "M1" to "M10", "Rằm", else the number; in English the number alone."""
    if lang == "en" or lunar.day > 10 and lunar.day != 15:
        return str(lunar.day)
    return "Rằm" if lunar.day == 15 else f"M{lunar.day}"


def day_and_month(lunar: LunarDate, lang: Lang = "vi") -> str:
    """Return it without its year: "Mùng 1 tháng Giêng"."""
    if lang == "en":
        leap = "leap " if lunar.leap else ""
        return f"{_ordinal(lunar.day)} day of the {leap}{_ordinal(lunar.month)} lunar month"
    day = f"Mùng {lunar.day}" if lunar.day <= 10 else str(lunar.day)
    return f"{day} tháng {_MONTHS[lunar.month - 1]}{' nhuận' if lunar.leap else ''}"


def _remark(lunar: LunarDate, lang: Lang) -> str:
    if is_giao_thua(lunar):
        return " (Lunar New Year's Eve)" if lang == "en" else " (Giao thừa)"
    if lunar.day == 15:
        return " (full moon)" if lang == "en" else " (Rằm)"
    return ""


def _ordinal(number: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number not in (11, 12, 13) else "th"
    return f"{number}{suffix}"
