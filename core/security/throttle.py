"""Attempts counted in the database, because a memory store is per process.

An attempt is taken *before* it is tried, so that guesses sent side by side cannot pass together; one that turns out
well is given back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, select, update

from core.db import db, insert_into, transaction
from core.errors import Throttled
from core.models import Throttle
from core.sweeping import forget

UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class AttemptLimit:
    """At most ``attempts`` within ``window``, counted from the first."""

    attempts: int
    window: timedelta


def key_of(purpose: str, *parts: str) -> str:
    """A key that shows neither account nor address: both are personal."""
    return f"{purpose}:{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:32]}"


def take(limits: dict[str, AttemptLimit], *, now: datetime, weight: int = 1) -> None:
    """Count one attempt on every key; raises ``Throttled("throttled", retry_after=seconds)`` when one is used up.

    A refused attempt is not counted: those who wait as told get in. ``weight``: how much of the limits it takes.
    """
    with transaction(aside=True) as session:
        rows = {key: _row(key, limit, now) for key, limit in sorted(limits.items())}
        waits = [
            row.window_starts_at + limits[key].window - now
            for key, row in rows.items()
            if row.attempts + weight > limits[key].attempts
        ]
        if waits:
            raise Throttled("throttled", retry_after=max(1, int(max(waits).total_seconds()) + 1))
        for row in rows.values():
            row.attempts += weight
        session.flush()


def hold(key: str) -> None:
    """Hold ``key`` until the caller's transaction ends: what is decided about it is decided by one."""
    fresh = {"key": key, "window_starts_at": UNIX_EPOCH, "attempts": 0}
    db.session.execute(insert_into(Throttle).values(fresh).on_conflict_do_nothing())
    db.session.execute(select(Throttle.key).where(Throttle.key == key).with_for_update())


def _row(key: str, limit: AttemptLimit, now: datetime) -> Throttle:
    db.session.execute(insert_into(Throttle).values(key=key, window_starts_at=now, attempts=0).on_conflict_do_nothing())
    row = db.session.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one()
    if not row.window_starts_at <= now < row.window_starts_at + limit.window:
        row.window_starts_at, row.attempts = now, 0
    return row


def give_back(key: str, weight: int = 1) -> None:
    """The attempt went well, or came to nothing: it does not count. Others may take and give back at once."""
    left = case((Throttle.attempts > weight, Throttle.attempts - weight), else_=0)
    with transaction(aside=True) as session:
        session.execute(update(Throttle).where(Throttle.key == key).values(attempts=left))


def clear(key: str) -> None:
    with transaction(aside=True) as session:
        session.execute(delete(Throttle).where(Throttle.key == key))


def forget_before(moment: datetime) -> int:
    """Housekeeping: drop counters whose window began before ``moment``; answers how many."""
    return forget(Throttle, Throttle.window_starts_at < moment)
