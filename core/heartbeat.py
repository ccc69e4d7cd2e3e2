"""The worker beats from inside its tick; pages and /readyz notice when it stops."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.db import db, transaction
from core.models import Heartbeat

WORKER = "worker"
LATE_AFTER = timedelta(seconds=30)


def beat(name: str, *, now: datetime, **detail: Any) -> None:
    """Note that job ``name`` was alive at ``now``."""
    with transaction() as session:
        session.merge(Heartbeat(name=name, beat_at=now, detail=detail))


def last_beat(name: str = WORKER) -> datetime | None:
    return db.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == name))


def is_alive(*, now: datetime, name: str = WORKER) -> bool:
    """Whether ``name`` has beaten within the last 30 seconds.

    A beat from the future is none: the host's clock jumped back, and nobody knows how long ago it was.
    """
    beat_at = last_beat(name)
    return beat_at is not None and is_fresh(beat_at, now)


def is_fresh(beat_at: datetime, now: datetime) -> bool:
    return abs(now - beat_at) <= LATE_AFTER
