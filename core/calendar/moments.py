"""PURE Moments as machines write and read them: RFC 3339 with an offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.calendar.dates import VN

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?::(\d{2})(\.\d{1,9})?\d*)?([Zz]|[+\- ]\d{2}:?\d{2})", re.ASCII
)
# One day inside what datetime can hold, so that a change of zone never overflows.
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


def rfc3339(at: datetime) -> str:
    """``at`` (aware) in Việt Nam's time: ``2020-01-24T20:00:00+07:00``; microseconds are dropped."""
    if at.tzinfo is None:
        raise ValueError("naive datetime: give it a time zone")
    if not 1 < at.year < 9999:
        at = min(max(at, _FIRST), _LAST)
    return at.astimezone(VN).isoformat(timespec="seconds")


def parse_moment(text: str) -> datetime:
    """Read RFC 3339 into aware UTC; a ``+`` that arrived as a space is accepted, a time without offset is not.

    Raises ``ValueError``. A leap second is read as the second before it.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("not an RFC 3339 time with offset")
    day, minute, second, fraction, offset = found.groups()
    second = "59" if second == "60" else second or "00"
    offset = "+00:00" if offset in "Zz" else offset.replace(" ", "+")
    at = datetime.fromisoformat(f"{day}T{minute}:{second}{(fraction or '')[:7]}{offset}")
    try:
        return min(max(at.astimezone(UTC), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if at.year == 1 else _LAST
