"""Calendars that have stopped reading: a telephone shows yesterday's shifts and nobody notices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.db import batched, db
from roster.feeds.models import FeedSubscription

STALE_AFTER = timedelta(hours=24)
"""Calendar services read a few times a day, the slowest once."""
USED_DAYS = 3
"""On so many days a calendar has come by itself: before that somebody may just have looked what the address shows."""
GIVEN_UP_AFTER = timedelta(days=30)
"""Nothing has read it for so long: that phone is no more, or shows nothing; its owner is not named for ever."""


def last_read(person_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """Person id → when a calendar of their own shifts that is in use was read last, by whichever device. Left out are
    those who made an address and never used it, or only looked at it, or gave it up long ago."""
    wanted = (
        select(FeedSubscription.person_id, func.max(FeedSubscription.last_fetched_at))
        .where(
            FeedSubscription.scope == "person",
            FeedSubscription.revoked_at.is_(None),
            FeedSubscription.days_fetched >= USED_DAYS,
            FeedSubscription.last_fetched_at >= now - GIVEN_UP_AFTER,
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
    """Return those of ``last_read`` that nothing has read for longer than ``STALE_AFTER``."""
    return {person_id: at for person_id, at in read.items() if now - at > STALE_AFTER}
