"""PURE numbers and times of an event that only grow, so that every calendar program takes the newer one.

SEQUENCE counts minutes, at least one more than before: also events that are rendered anew without anybody knowing what
they were (after a restore, after the kept ones were thrown away) come after all that was handed out earlier.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

SINCE = datetime(2015, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class EventMark(NamedTuple):
    """SEQUENCE, and DTSTAMP with LAST-MODIFIED, of an event as it was last rendered."""

    sequence: int
    stamp: datetime


def grown(before: EventMark | None, now: datetime) -> EventMark:
    """The mark of other bytes than those of ``before``, also when the clock was put back since."""
    minutes = max(0, (now - SINCE) // MINUTE)
    whole = now.replace(microsecond=0)
    if before is None:
        return EventMark(minutes, whole)
    return EventMark(max(minutes, before.sequence + 1), max(whole, before.stamp + SECOND))
