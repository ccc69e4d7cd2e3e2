"""Calendars that have stopped reading: a telephone shows yesterday's shifts and nobody notices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.db import batched, db
from roster.models import FeedSubscription

STALE_AFTER = timedelta(hours=24)
"""Calendar services read a few times a day, the slowest once."""


def last_read(person_ids: Collection[int]) -> dict[int, datetime]:
    """Person id → when a calendar of their own shifts was read last, by whichever device; those whose calendar nobody
    ever read are left out: they made an address and do not use it."""
    wanted = (
        select(FeedSubscription.person_id, func.max(FeedSubscription.last_fetched_at))
        .where(
            FeedSubscription.scope == "person",
            FeedSubscription.revoked_at.is_(None),
            FeedSubscription.last_fetched_at.is_not(None),
        )
        .group_by(FeedSubscription.person_id)
    )
    return {
        person_id: at
        for some in batched(sorted(person_ids))
        for person_id, at in db.session.execute(wanted.where(FeedSubscription.person_id.in_(some))).tuples()
        if person_id is not None and at is not None
    }


def stale(read: dict[int, datetime], *, now: datetime) -> dict[int, datetime]:
    """Those of ``last_read`` that nothing has read for longer than ``STALE_AFTER``."""
    return {person_id: at for person_id, at in read.items() if now - at > STALE_AFTER}
