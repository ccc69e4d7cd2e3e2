"""The kinds of columns: how a cell is read, and which types the API has for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from core.api.types import Code, Day, Line, LocalTime, Text
from people.columns import json_types, values
from people.columns.column import ListedValues, ValueKind
from people.columns.values import Reader

CODE = ValueKind(values.code, Code, str)
DAY = ValueKind(values.day, Day, Day)
EMAIL = ValueKind(values.email, json_types.Email, str)
PHONE = ValueKind(values.phone, json_types.Phone, str)
LIMITS = ValueKind(values.limits, Annotated[dict[Text, int], Field(max_length=40)], dict[str, int], give=dict)
SKILLS = ValueKind(values.skills, Annotated[list[json_types.Skill], Field(max_length=20)], list[str], give=list)
SKILL_NUMBERS = ValueKind(values.skill_numbers, json_types.SkillNumbers, json_types.SkillNumbers)
YES_NO = ValueKind(values.yes_no, bool, bool, choices=("yes", "no"))


def line(limit: int = 200, takes: Any = Line) -> ValueKind:
    return ValueKind(values.line(limit), takes, str)


def whole(low: int, high: int) -> ValueKind:
    return ValueKind(values.whole(low, high), Annotated[int, Field(ge=low, le=high)], int)


def choice(known: Sequence[str]) -> ValueKind:
    """One of a few words that the program knows."""
    return ValueKind(values.choice(known), Literal.__getitem__(tuple(known)), str, choices=known)


def listed(table: str, problem: str) -> ValueKind:
    """One of the codes that a table of the enterprise lists; ``problem``: code of the fault of another one."""
    reader = partial(values.choice, problem=problem)
    return ValueKind(reader(()), Code, str, listed=ListedValues(table, reader))


def several(table: str, problem: str) -> ValueKind:
    """Some of the codes that a table of the enterprise lists."""
    reader: Callable[[Sequence[str]], Reader] = partial(values.several, problem=problem)
    codes = Annotated[list[Code], Field(max_length=50)]
    return ValueKind(reader(()), codes, list[str], give=sorted, listed=ListedValues(table, reader, are_shown=False))


def hours(low: int, high: int, takes: Any, *, above: bool = False, digits: int | None = None) -> ValueKind:
    """Kept as minutes; ``above``: more than ``low``; ``digits`` behind the point of an answer, all unless said."""
    read = values.minutes(low, high, above=above)
    return ValueKind(read, takes, float, take=lambda given: round(given * 60), give=partial(_hours, digits=digits))


def _hours(minutes: int, digits: int | None) -> float:
    return minutes / 60 if digits is None else round(minutes / 60, digits)


def _minute_of_day(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _clock(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02d}:{minute_of_day % 60:02d}"


TIME = ValueKind(values.time_of_day, LocalTime, LocalTime, take=_minute_of_day, give=_clock)
"""Kept as minutes after midnight."""


def scaled(factor: int, low: int, high: int) -> ValueKind:
    """A decimal, kept as a whole number of its parts."""
    return ValueKind(values.scaled(factor, low, high), float, float, give=lambda kept: kept / factor)
