"""PURE how fast letters may follow each other to one address before several calls share one letter."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
FREE = 5
"""Letters within the window that go one by one."""
SHORT, LONG = timedelta(seconds=4), timedelta(seconds=15)
"""The pause after the letter before: short for the next three, so that the first attempt is still made within five
seconds; long when the storm goes on."""
SHORT_UNTIL = FREE + 3
MOST_IN_ONE = 200
"""Calls in one letter."""


def pause(letters: int) -> timedelta:
    """The wait after the latest of ``letters`` that went to an address within the window."""
    if letters < FREE:
        return timedelta(0)
    return SHORT if letters < SHORT_UNTIL else LONG


def opens_at(letters: int, latest: datetime | None, now: datetime) -> datetime:
    """Return from when the next letter may go; ``latest``: when the one before it was claimed or sent."""
    if latest is None:
        return now
    return max(now, min(latest, now) + pause(letters))
