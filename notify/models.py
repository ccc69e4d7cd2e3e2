"""The outbox: words waiting to be carried, and what the carriers answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.security.sealing import Address
from notify import precedence

MESSAGE_STATES = ("pending", "leased", "sent", "held", "failed_permanent", "cancelled", "superseded")

IS_PENDING = "coalesce(state, '') = 'pending'"
"""Said so that no index of states fits: in a backlog one of those would be read whole, and sorted for each letter."""

HAS_WORDS = "words <> ''"
HAS_DIED = "deaths > 0"
IS_ENDING = f"rank = {precedence.ENDING}"


class Message(db.Model):
    """pending → leased → sent | failed_permanent | cancelled | superseded; ``held`` waits for a person's click.

    ``topic`` is opaque to notify (``incident/12``); cancelling works by topic. ``idempotency_key`` is unique:
    incident/step/cycle/person/channel. ``attempts`` is counted at claim; marks are fenced by (lease_owner, attempts).
    """

    __tablename__ = "messages"
    __table_args__ = (
        enum_check("state", MESSAGE_STATES),
        Index("ix_messages_due", "state", "next_at"),
        Index("ix_messages_topic", "topic", "state"),
        Index(
            "ix_messages_claim",
            "channel",
            "rank",
            "next_at",
            "id",
            sqlite_where=text(IS_PENDING),
            postgresql_where=text(IS_PENDING),
        ),
        Index(
            "ix_messages_endings",
            "person_id",
            "sent_at",
            sqlite_where=text(IS_ENDING),
            postgresql_where=text(IS_ENDING),
        ),
        Index("ix_messages_ladder", "ladder", "rung"),
        Index("ix_messages_pace", "address", "channel", "sent_at"),
        Index(
            "ix_messages_again",
            "again_of",
            sqlite_where=text("again_of IS NOT NULL"),
            postgresql_where=text("again_of IS NOT NULL"),
        ),
        Index(
            "ix_messages_good_until",
            "good_until",
            sqlite_where=text("good_until IS NOT NULL"),
            postgresql_where=text("good_until IS NOT NULL"),
        ),
        Index("ix_messages_deaths", "deaths", sqlite_where=text(HAS_DIED), postgresql_where=text(HAS_DIED)),
        Index(
            "ix_messages_carried",
            "carried_by",
            "sent_at",
            sqlite_where=text("carried_by IS NOT NULL"),
            postgresql_where=text("carried_by IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    idempotency_key: Mapped[str] = mapped_column(Text, unique=True)
    channel: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Address)
    recipient: Mapped[str] = mapped_column(Text, default="")
    """The person's name as shown on the outbox page."""
    person_id: Mapped[int | None] = mapped_column(index=True)
    """Whose message it is, whatever the address: who may read it hangs on it. A number that notify does not read."""
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """With ``link`` and ``facts`` forgotten as soon as the message is final (``notify.erasing``)."""
    link: Mapped[str] = mapped_column(Text, default="")
    """The recipient's own secret address, for channels that carry it apart from the words."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What short texts and bundles are made of (``notify.bundles.composing``); empty: the words go as they are, alone.
    """
    message_id: Mapped[str] = mapped_column(Text)
    """RFC 5322 Message-ID, fixed at creation: a retry carries the same one."""
    urgent: Mapped[bool] = mapped_column(default=False)
    rank: Mapped[int] = mapped_column(default=precedence.FIRST, server_default=str(precedence.FIRST))
    """What leaves first (``notify.precedence``)."""
    local_only: Mapped[bool] = mapped_column(default=False)
    """Demo people: sent only to a gateway on this machine (loopback), else held."""
    state: Mapped[str] = mapped_column(Text, default="pending")
    hold_reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    deaths: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often whoever carried it died (``notify.deaths``): no failure of a gateway, no orderly stop."""
    deaths_alone: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of these, with a process that carried nothing else: then it was this message."""
    lease_owner: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    delay_seconds: Mapped[int] = mapped_column(default=0)
    """How far ahead ``next_at`` was meant to lie, besides retries: a clock that jumps back may not add to it."""
    ladder: Mapped[str] = mapped_column(Text, default="")
    """All ways to one person for one call; when a rung fails the next one is due at once. Empty: stands alone."""
    rung: Mapped[int] = mapped_column(default=0)
    waits_for: Mapped[str] = mapped_column(Text, default="")
    """The gateway whose fault put it off: due at once when that one is well again."""
    letter_id: Mapped[str] = mapped_column(Text, default="")
    """Message-ID of the letter that carried it: its own, or that of a bundle; set at claim."""
    carried_by: Mapped[str | None] = mapped_column(Text)
    """The gateway of SMS or calls that took it."""
    provider_id: Mapped[str] = mapped_column(Text, default="", index=True)
    """The provider's number for it: what a delivery report names."""
    reported: Mapped[str] = mapped_column(Text, default="")
    """What the provider reported later: delivered or undelivered."""
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    again_of: Mapped[int | None]
    """The second ring of that call (``notify.redial``): the id of its message."""
    good_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Not carried from then on."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")


class Delivery(db.Model):
    """One attempt and the provider's answer."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_words", "at", sqlite_where=text(HAS_WORDS), postgresql_where=text(HAS_WORDS)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    attempt: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted: Mapped[bool]
    answer: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """``gateway`` that was asked, ``bundle``: how many messages the letter carried, ``late``, ``report``."""
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What was handed over, as its reader has it, without secret links: the gateway is chosen, and its wording filled,
    at sending. Forgotten a day later (``notify.erasing``); of what carries a code never kept."""
