"""PURE when somebody is told of the answers: together, soon after the last one, in waking hours, once an hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.calendar.dates import VN
from duty.reminders.moments import CLOSES, OPENS

QUIET = timedelta(minutes=10)
"""Whoever answers many does it in one go: only when they have stopped is one message written of all."""
LONGEST = timedelta(hours=1)
"""However they go on, the first answer waits no longer; and so long nothing more is said after a message."""


def is_due(first: datetime, last: datetime, told: datetime | None, now: datetime) -> bool:
    """``first``, ``last``: when the oldest and the newest answer was given that is not told yet; ``told``: when the
    person was told of others last."""
    if not OPENS <= now.astimezone(VN).time() < CLOSES:
        return False
    if told is not None and now - told < LONGEST:
        return False
    return now - last >= QUIET or now - first >= LONGEST
