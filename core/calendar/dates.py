"""PURE Days and moments as people type them, and as a plain field shows them: day first, as everybody here writes.

A browser's own field for dates sends ISO; without scripts the field is plain text. Both are read.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone

VN = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""The days that anybody plans, reports or looks back to; one more or a zone's hours never overflow."""
_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})[:hH](\d{2})(?::\d{2}(?:\.\d{1,6})?)?", re.ASCII)


def day(typed: str) -> date | None:
    """2027-02-05 or 05/02/2027 (also with points or hyphens); ``None`` when it is none, or lies centuries away."""
    found = _ISO.fullmatch(typed.strip()) or _DAY_FIRST.fullmatch(typed.strip())
    if found is None:
        return None
    try:
        read = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return read if FIRST <= read <= LAST else None


def moment(typed: str) -> datetime | None:
    """2027-02-05T14:30, 05/02/2027 14:30 or 14:30 05/02/2027, a time of Việt Nam → aware; ``None`` as with ``day``."""
    parts = typed.strip().replace("T", " ").replace(",", " ").split()
    if len(parts) != 2:
        return None
    on = day(parts[0]) or day(parts[1])
    hour = _hour(parts[1]) or _hour(parts[0])
    return None if on is None or hour is None else datetime.combine(on, hour, VN)


def _hour(typed: str) -> time | None:
    found = _HOUR.fullmatch(typed)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def day_shown(value: date | str | None) -> str:
    """05/02/2027; what cannot be read stays as it was typed."""
    found = day(value) if isinstance(value, str) else value
    return f"{found:%d/%m/%Y}" if found is not None else str(value or "")


def moment_shown(value: datetime | str | None) -> str:
    """05/02/2027 14:30 in Việt Nam; what cannot be read stays as it was typed."""
    found = moment(value) if isinstance(value, str) else value
    return f"{found.astimezone(VN):%d/%m/%Y %H:%M}" if found is not None else str(value or "")
