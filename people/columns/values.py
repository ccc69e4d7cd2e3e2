"""PURE What may stand in a cell of an import file: each reader takes trimmed, non-blank text and answers the value.

A reader raises :class:`BadValue` with the code and parameters of the sentence that says what is expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from core import text
from people import limits as own_limits, skills as skill_words

Reader = Callable[[str], Any]

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
MOST = 1_000_000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*(?:[:hHgG]|giờ)\s*(\d{2})?(?::\d{2})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_YES = frozenset({"yes", "y", "co", "1", "true", "x", "dung"})
_NO = frozenset({"no", "n", "khong", "0", "false", "ko", "sai"})


class BadValue(ValueError):
    """``code`` and ``params`` of the sentence that says what was expected."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def refuse_unprintable(value: str) -> None:
    """NUL and other control characters: no database, mail or calendar takes them."""
    if _CONTROL.search(value):
        raise BadValue("import.control_character")


def line(limit: int = 200) -> Reader:
    """One line; inner line breaks and runs of spaces become one space."""

    def parse(value: str) -> str:
        tidy = " ".join(value.split())
        if len(tidy) > limit:
            raise BadValue("import.too_long", limit=limit, length=len(tidy))
        return tidy

    return parse


def code(value: str) -> str:
    if not _CODE.fullmatch(value):
        raise BadValue("import.code_form")
    return value


def yes_no(value: str) -> bool:
    folded = text.fold(value)
    if folded not in _YES | _NO:
        raise BadValue("import.yes_no")
    return folded in _YES


def _decimal(value: str) -> Decimal:
    if not _DECIMAL.fullmatch(value):
        raise BadValue("import.number")
    try:
        return Decimal(value.replace(",", "."))
    except InvalidOperation as error:
        raise BadValue("import.number") from error


def whole(low: int, high: int = MOST) -> Reader:
    """A whole number from ``low`` to ``high``."""

    def parse(value: str) -> int:
        number = _decimal(value)
        if number != number.to_integral_value():
            raise BadValue("import.whole_number", low=low, high=high)
        if not low <= number <= high:
            raise BadValue("import.out_of_range", low=low, high=high)
        return int(number)

    return parse


def scaled(factor: int, low: int, high: int, *, above: bool = False) -> Reader:
    """A decimal from ``low`` to ``high`` (``above``: more than ``low``) times ``factor``, rounded half up."""

    def parse(value: str) -> int:
        number = _decimal(value)
        if not low <= number <= high or (above and number == low):
            raise BadValue("import.out_of_range_above" if above else "import.out_of_range", low=low, high=high)
        return int((number * factor).to_integral_value(ROUND_HALF_UP))

    return parse


def minutes(low: int, high: int, *, above: bool = False) -> Reader:
    """Hours, as a decimal or as 7:30, to minutes."""
    from_decimal = scaled(60, low, high, above=above)

    def parse(value: str) -> int:
        found = re.fullmatch(r"(\d{1,4}):([0-5]\d)", value, re.ASCII)
        if found is None:
            return int(from_decimal(value))
        total = int(found[1]) * 60 + int(found[2])
        if not low * 60 <= total <= high * 60 or (above and total == low * 60):
            raise BadValue("import.out_of_range_above" if above else "import.out_of_range", low=low, high=high)
        return total

    return parse


def day(value: str) -> date:
    """ISO or dd/mm/yyyy."""
    try:
        if found := _ISO.fullmatch(value):
            year, month, number = found.groups()
        elif found := _DAY_FIRST.fullmatch(value):
            number, month, year = found.groups()
        else:
            raise BadValue("import.date")
        read = date(int(year), int(month), int(number))
    except BadValue:
        raise
    except ValueError as error:
        raise BadValue("import.date") from error
    if not FIRST_DAY <= read <= LAST_DAY:
        raise BadValue("import.date_range", first=FIRST_DAY.year, last=LAST_DAY.year)
    return read


def time_of_day(value: str) -> int:
    """07:30, 7:30, 7h30, 7h, or a part of a day as spreadsheets keep it (0.3125) → minutes after midnight."""
    found = _TIME.fullmatch(value)
    if found is not None:
        hour, minute = int(found[1]), int(found[2] or 0)
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    elif re.fullmatch(r"0[.,]\d{1,17}", value, re.ASCII):
        minute_of_day = round(float(value.replace(",", ".")) * 1440)
        if minute_of_day < 1440:
            return minute_of_day
    raise BadValue("import.time")


def email(value: str) -> str:
    tidy = value.lower()
    if not text.is_email(tidy):
        raise BadValue("import.email")
    return tidy


def phone(value: str) -> str:
    try:
        return text.normalize_phone(value)
    except ValueError as error:
        raise BadValue("import.phone") from error


def choice(known: Collection[str], problem: str = "import.choice") -> Reader:
    """One of ``known``, whatever its case; ``problem`` is the code when it is not."""
    by_folded = {text.fold(word): word for word in known}

    def parse(value: str) -> str:
        word = by_folded.get(text.fold(value))
        if word is None:
            raise BadValue(problem, known=", ".join(known), near=text.nearest(value, known))
        return word

    return parse


def several(known: Collection[str], problem: str) -> Reader:
    """Words of ``known`` separated by ; or , → a sorted tuple without repetitions."""
    one = choice(known, problem)

    def parse(value: str) -> tuple[str, ...]:
        words = [word.strip() for word in re.split(r"[;,\n]", value)]
        return tuple(sorted({one(word) for word in words if word}))

    return parse


def skills(value: str) -> list[str]:
    """Free words separated by ; or , → sorted, in lower case."""
    try:
        return skill_words.listed(skill_words.split(value))
    except ValueError as error:
        raise BadValue("import.skills", longest=skill_words.LONGEST, most=skill_words.MOST) from error


def limits(value: str) -> dict[str, int]:
    """``hours.week:most=2400;limits.template:Đêm=2`` → numbers by rule and parameter."""
    try:
        return own_limits.parsed(value)
    except own_limits.LimitError as error:
        raise BadValue(f"import.limits_{error.reason}", **error.params) from error


def skill_numbers(value: str) -> dict[str, int]:
    """``experienced:1;lái xe:2`` → how many of each."""
    try:
        return skill_words.numbered(value)
    except ValueError as error:
        raise BadValue("import.skill_numbers", longest=skill_words.LONGEST) from error
