"""PURE the hours of a day in which nobody minds to be rung or asked once more."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

WAKES, SLEEPS = time(6, 30), time(21, 30)


def awake(moment: datetime, zone: tzinfo) -> datetime:
    """Return the moment, or the next morning in ``zone`` when it falls into the night."""
    local = moment.astimezone(zone)
    if local.time() < WAKES:
        return datetime.combine(local.date(), WAKES, zone)
    if local.time() >= SLEEPS:
        return datetime.combine(local.date() + timedelta(days=1), WAKES, zone)
    return moment
