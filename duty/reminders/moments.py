"""PURE when somebody is reminded of a shift: a day and an hour before it begins, never in the night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from core.calendar.dates import VN

BEFORE = (timedelta(days=1), timedelta(hours=1))
OPENS, CLOSES = time(7), time(21)
"""Local; what falls outside is said in the evening before, while people are still up."""
EVENING = time(20, 30)
FURTHEST = timedelta(hours=36)
"""No reminder comes longer before a shift than this."""


def moments_for_shift(starts_at: datetime) -> tuple[datetime, ...]:
    """The moments, earliest first (aware, Vietnamese time)."""
    return tuple(_awake((starts_at - before).astimezone(VN)) for before in BEFORE)


def due(starts_at: datetime, since: datetime, now: datetime) -> int | None:
    """Return which of them (0: a day before, 1: an hour before) came after ``since`` and by ``now``: the last, because
    after a pause of the worker one is enough. None: none, or the shift has begun."""
    if starts_at <= now:
        return None
    passed = [number for number, at in enumerate(moments_for_shift(starts_at)) if since < at <= now]
    return passed[-1] if passed else None


def _awake(at: datetime) -> datetime:
    if OPENS <= at.time() < CLOSES:
        return at
    day = at.date() if at.time() >= CLOSES else at.date() - timedelta(days=1)
    return datetime.combine(day, EVENING, at.tzinfo)
