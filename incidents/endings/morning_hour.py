"""When the message of the morning is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from core.models import Setting

HOUR = "morning.at"
"""Setting: local time of day, "06:30" unless the enterprise chose another; "" = none is sent."""
DEFAULT_HOUR = "06:30"
AFTER = timedelta(minutes=5)
"""What waits for the morning leaves by itself a little later: who gets the message of the morning reads it there."""


def sending_hour() -> str:
    """Local time of day at which it is sent, or ''."""
    chosen = db.session.scalar(select(Setting.value).where(Setting.key == HOUR))
    return DEFAULT_HOUR if chosen is None else str(chosen)


def planned_at(now: datetime) -> datetime | None:
    """The moment of today's message; ``None``: none is sent."""
    hour = sending_hour()
    return _at(hour, now) if hour else None


def next_morning(now: datetime) -> datetime:
    """Return when what nobody is woken for leaves by itself."""
    hour = sending_hour() or DEFAULT_HOUR
    today = _at(hour, now)
    return (today if now < today else _at(hour, now + timedelta(days=1))) + AFTER


def _at(hour: str, day: datetime) -> datetime:
    hours, _colon, minutes = hour.partition(":")
    return clock.at_local(clock.local_date(day), int(hours), int(minutes))
