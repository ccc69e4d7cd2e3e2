"""PURE Text, numbers and times of day as people type them into forms and addresses. Days: ``core.calendar.dates``."""

from __future__ import annotations

from core.errors import Invalid


def fitting(typed: str, most: int, field: str, what: str) -> str:
    """``typed``, whole: nothing that somebody wrote is cut. Raises Invalid at ``field``, which its page calls ``what``,
    when it has more than ``most`` characters."""
    if len(typed) > most:
        raise Invalid("text.long", field=field, what=what, length=len(typed), most=most)
    return typed


def whole_number(typed: str | None, *, digits: int = 9) -> int | None:
    """Return a number of at most so many of the digits 0 to 9; ``None``: anything else."""
    if not typed or not typed.isascii() or not typed.isdecimal() or len(typed) > digits:
        return None
    return int(typed)


def local_minute(typed: str) -> int:
    """Minutes since midnight: "22:30" → 1350. Raises ``ValueError``."""
    hour, minute = (int(part) for part in typed.split(":"))
    if not (0 <= hour < 24 and 0 <= minute < 60):
        raise ValueError(typed)
    return hour * 60 + minute
