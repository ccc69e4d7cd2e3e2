"""Gateways as data: how a provider is asked, how its answer is read, and whether it is well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check
from core.security import tokens

GATEWAY_CHANNELS = ("sms", "voice")


class Gateway(db.Model):
    """One provider of SMS or calls. The lowest ``position`` is asked first, the next one when it fails."""

    __tablename__ = "gateways"
    __table_args__ = (enum_check("channel", GATEWAY_CHANNELS), UniqueConstraint("channel", "name"))
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``notify.gateways.recipe.Recipe`` as JSON; holds names of secrets, never their values."""
    secrets: Mapped[str] = mapped_column(Text, default="")
    """Name → value, sealed with a key made from SECRET_KEY; never shown again."""
    allow_private: Mapped[bool] = mapped_column(default=False)
    """An administrator said that it may stand in a private network or on this machine."""
    salt: Mapped[str] = mapped_column(Text, default=tokens.new_salt)
    """In the signature of its address for reports. Empty in rows older than this."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)


class Breaker(db.Model):
    """Whether a gateway is well, as every node sees it; no row: nothing is known against it."""

    __tablename__ = "breakers"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    """``email``, ``sms/<gateway>``, ``voice/<gateway>``, ``push/<host>``, ``apprise/<host>``."""
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    probe_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """While open: when one message may try whether it is well again."""
    last_error: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class GatewayState(db.Model):
    """How a gateway does, as the worker saw it last; no row: it was not looked at."""

    __tablename__ = "gateway_standings"
    gateway: Mapped[str] = mapped_column(Text, primary_key=True)
    """As breakers know it."""
    judged: Mapped[int] = mapped_column(default=0, server_default="0")
    """Texts by whose receipts it is judged (``health.count``), and how many of them were late."""
    late: Mapped[int] = mapped_column(default=0, server_default="0")
    slow_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left: Mapped[float | None]
    """What the provider said last is left (đồng, or texts of today), at ``left_at``."""
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    left_error: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why the last question brought no number."""
    sent_today: Mapped[int] = mapped_column(default=0, server_default="0")
    """Messages since local midnight, where a daily limit is known."""
    low_since: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GatewayToken(db.Model):
    """The tokens of a gateway that its provider renews (``notify.channels.oauth``): one row, made when first used."""

    __tablename__ = "gateway_tokens"
    gateway_id: Mapped[int] = mapped_column(ForeignKey("gateways.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    """``refresh``, and once there is one ``access`` and ``at``, when it was given: all change in one commit."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """One sender is exchanging the refresh token."""
    error: Mapped[str] = mapped_column(Text, default="")
    """Why there is no new one: a person has to act."""


class PushKey(db.Model):
    """The installation's VAPID key pair: one row, made once, shared by all nodes."""

    __tablename__ = "push_keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[str] = mapped_column(Text)
    """Uncompressed P-256 point, base64url: what a browser subscribes with."""
    private: Mapped[str] = mapped_column(Text)
    """Sealed like the secrets of a gateway."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
