"""Rows that belong to nobody else: audit, heartbeats, faults of the engine, throttles, idempotent answers, settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class AuditEntry(db.Model):
    """Append-only: who did what to which thing, when. Never updated, never deleted (triggers)."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_thing", "thing", "thing_id"),
        Index("ix_audit_entries_actor", "actor", "at"),
        Index("ix_audit_entries_at", "at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    thing: Mapped[str] = mapped_column(Text)
    thing_id: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    origin: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The network address that asked for it; '' of what a machine did itself, and of reports without an account."""


class Refusal(db.Model):
    """How often an account or key was refused on a (local) day: counted here, so that the audit is not flooded."""

    __tablename__ = "refusals"
    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


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


class EarlierAddress(db.Model):
    """The digest of an address that was handed out, and that today's key and recipe would make otherwise."""

    __tablename__ = "earlier_addresses"
    __table_args__ = (Index("ix_earlier_addresses_thing", "purpose", "thing_id"),)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    """As in the signature (``core.security.signatures``)."""
    thing_id: Mapped[int]
    generation: Mapped[int] = mapped_column(default=1)


class SystemFault(db.Model):
    """What the auditor found wrong with the engine itself, from the first time it was seen until it was gone.

    One open row a kind: the same fault seen again is counted and told again, not another one.
    """

    __tablename__ = "system_faults"
    __table_args__ = (
        Index(
            "uq_system_faults_open",
            "kind",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    """A code of ``desk.audit.findings.KINDS``."""
    count: Mapped[int]
    """How many incidents, messages … it was about when last seen."""
    example: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told: Mapped[int] = mapped_column(default=0)
    """How often the administrators were written to about it."""
