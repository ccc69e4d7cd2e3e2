"""Feeds: who subscribes to what, every address ever handed out, and what is kept of what they show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

FEED_SCOPES = ("person", "unit", "campaign", "duty")
FEED_LANGUAGES = ("vi", "en")


class FeedSubscription(db.Model):
    """A calendar that somebody subscribes to. Its row is never removed and its id never used again.

    When it is revoked, or what it shows is removed, it becomes a tombstone: no owner, no person, no reader.
    """

    __tablename__ = "feed_subscriptions"
    __table_args__ = (
        enum_check("scope", FEED_SCOPES),
        enum_check("lang", FEED_LANGUAGES),
        Index("ix_feed_subscriptions_owner", "owner"),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id", ondelete="SET NULL"))
    duty: Mapped[str | None] = mapped_column(ForeignKey("duty_kinds.code"))
    owner: Mapped[str | None] = mapped_column(Text)
    """Actor.ref of its owner, whose role at each render decides what it shows."""
    lang: Mapped[str] = mapped_column(Text, default="vi", server_default="vi")
    show_phones: Mapped[bool] = mapped_column(default=False)
    busy: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its shifts count as busy time in the calendar."""
    audience: Mapped[str | None] = mapped_column(Text)
    """Whose kept events it shows: those of everybody with its options, or, once these have changed, its own."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lapsed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when its owner has been found without the right to it; the right can come back."""
    switched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it last turned from one calendar into another (emptied, filled again, other options)."""
    last_fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_fetched_by: Mapped[str] = mapped_column(Text, default="")
    days_fetched: Mapped[int] = mapped_column(default=0, server_default="0")
    """On how many local days it was read: whoever only looks at it once has no calendar that could go stale."""


class FeedAddress(db.Model):
    """One address of a feed, known by the digest of its token; an ended one is known for ever and opens nothing."""

    __tablename__ = "feed_addresses"
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed_subscriptions.id"), index=True)
    sealed: Mapped[str] = mapped_column(Text, default="")
    """The token for its owner to read again, sealed by SECRET_KEY; empty once it has ended."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RenderedEvent(db.Model):
    """An event as it was rendered last, for one audience. ``sequence`` and ``stamp`` grow with every other ``body``."""

    __tablename__ = "feed_events"
    uid: Mapped[str] = mapped_column(Text, primary_key=True)
    """Without the installation's name: ``seat-42``, ``seat-42-person-7``, ``rehearsal-5-seat-42``."""
    audience: Mapped[str] = mapped_column(Text, primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(Text)
    """Of the facts that ``body`` was rendered from."""
    sequence: Mapped[int]
    stamp: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class FeedDocument(db.Model):
    """A whole calendar as its readers get it, shared by all feeds that show the same."""

    __tablename__ = "feed_documents"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    basis: Mapped[str] = mapped_column(Text, default="")
    """What it was last found true for: while that is the same, nothing is read again."""
    version: Mapped[int] = mapped_column(BigInteger, default=-1)
    """The ``FeedStamp`` that its facts were read at."""
    etag: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Gzipped; ``None`` until the first reader has it rendered."""
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class FeedStamp(db.Model):
    """One row, counted up by triggers whenever something changes that feeds show (``roster.feeds.watch``)."""

    __tablename__ = "feed_stamps"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
