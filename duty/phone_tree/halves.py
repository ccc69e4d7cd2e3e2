"""PURE the days and nights of a list that is chosen by them: from six to six, as people speak of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

DAY_BEGINS, LASTS = 6, timedelta(hours=12)


@dataclass(frozen=True)
class Half:
    """Twelve hours from ``starts_at`` on. ``what``: the day, or the night that begins on that date."""

    starts_at: datetime
    what: Literal["day", "night"]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + LASTS


def around(at: datetime) -> Half:
    """The half in which ``at`` lies; local time in, local time out."""
    six = at.replace(hour=DAY_BEGINS, minute=0, second=0, microsecond=0)
    if at < six:
        return Half(six - LASTS, "night")
    return Half(six, "day") if at < six + LASTS else Half(six + LASTS, "night")


def coming(at: datetime, hours: int) -> Iterator[Half]:
    """Yield them from the one in which ``at`` lies to the one in which the last hour lies."""
    here, last = around(at), at + timedelta(hours=hours)
    while here.starts_at < last:
        yield here
        here = around(here.ends_at)
