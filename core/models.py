"""Rows that belong to nobody else: audit, heartbeats, throttles, idempotent answers, settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class AuditEntry(db.Model):
    """Append-only: who did what to which thing, when. Never updated, never deleted (triggers)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_thing", "thing", "thing_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    thing: Mapped[str] = mapped_column(Text)
    thing_id: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Heartbeat(db.Model):
    """The last beat of each worker job, beaten from inside the tick."""

    __tablename__ = "heartbeats"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UTCDateTime)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Throttle(db.Model):
    """Attempts counted in the database, because a memory store is per process."""

    __tablename__ = "throttles"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    window_starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)


class IdempotencyKey(db.Model):
    """The stored answer of a creating POST (contract: same key and body, same answer)."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("actor", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    body_hash: Mapped[str] = mapped_column(Text)
    status: Mapped[int]
    answer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Setting(db.Model):
    """Small facts the enterprise decides: name of the enterprise, flags of the first-run checklist."""

    __tablename__ = "settings"
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
