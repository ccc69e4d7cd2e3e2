"""PURE from when to when somebody can say that they are there, and when others hear that they are not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

EARLIEST = timedelta(minutes=60)
"""So long before a shift on site begins its holder can check in."""
LEAVES_WITHIN = timedelta(hours=12)
"""So long after its end they can still say when they left."""
READY_FROM = timedelta(hours=12)
"""So long before a shift elsewhere its holder can say that they are ready."""
READY_REMINDED = (timedelta(minutes=30), timedelta(minutes=10))
LATE_AFTER = timedelta(minutes=15)
DEPUTY_AFTER = timedelta(minutes=5)
RAISED_AFTER = timedelta(minutes=5)
TOGETHER = 10
"""More missing than this at once are one incident with a list: then it is not the people."""

Step = Literal["call", "deputy", "raise"]


def is_asked(since: datetime | None, starts_at: datetime) -> bool:
    """``since``: when the kind of duty began to ask. What had begun by then is not asked."""
    return since is not None and starts_at >= since


def can_check_in(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    return starts_at - EARLIEST <= at < ends_at


def can_be_ready(starts_at: datetime, ends_at: datetime, at: datetime) -> bool:
    return starts_at - READY_FROM <= at < ends_at


def late_from(starts_at: datetime, told_at: datetime) -> datetime:
    """Return when somebody who is not there is missed. ``told_at``: when their duty was published as it is: nobody is
    late for what they could not know."""
    return max(starts_at, told_at) + LATE_AFTER


def step_due(late_at: datetime, called_at: datetime | None, deputy_at: datetime | None, now: datetime) -> Step | None:
    """Return what comes next of somebody who is missing, if it is due. Each step waits for the one before as it was
    really taken: after a pause of the worker people are not called all at once."""
    if called_at is None:
        return "call" if late_at <= now else None
    if deputy_at is None:
        return "deputy" if called_at + DEPUTY_AFTER <= now else None
    return "raise" if deputy_at + RAISED_AFTER <= now else None


def reminder_due(starts_at: datetime, since: datetime, now: datetime) -> int | None:
    """Return which reminder of those not ready (0: half an hour before, 1: ten minutes) came after ``since`` and by
    ``now``: the last, because after a pause one is enough. None: none, or the shift has begun."""
    if starts_at <= now:
        return None
    passed = [number for number, before in enumerate(READY_REMINDED) if since < starts_at - before <= now]
    return passed[-1] if passed else None


def real_span(
    starts_at: datetime, ends_at: datetime, came_at: datetime | None, left_at: datetime | None, *, never_came: bool
) -> tuple[datetime, datetime]:
    """Return from when to when somebody really served. To be there before the start is no duty yet; who never came has
    none. Where nothing was said it was as published."""
    if never_came and came_at is None:
        return starts_at, starts_at
    start = max(starts_at, came_at or starts_at)
    return start, max(start, left_at or ends_at)
