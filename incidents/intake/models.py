"""Sources that report by themselves, what they sent, and what was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.record.models import Incident
from people.models import Unit

OF_NOBODY = text("intake_id IS NULL")
INTAKE_KINDS = ("pagerduty", "alertmanager", "generic", "heartbeat")
REFUSALS = ("size", "door", "revoked", "key")
"""Why nothing is taken in: too large; the key is of a source of another kind, of one that was revoked, of none."""


class Intake(db.Model):
    """A source that reports by itself: a monitoring tool, or a post office that must be heard of. Its key is its name
    and its right; what is stored of it is a digest."""

    __tablename__ = "intakes"
    __table_args__ = (
        enum_check("kind", INTAKE_KINDS),
        CheckConstraint("(kind = 'heartbeat') = (due_by IS NOT NULL OR every_minutes IS NOT NULL)", name="when_heard"),
        CheckConstraint("due_by IS NULL OR every_minutes IS NULL", name="one_rhythm"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    category: Mapped[str] = mapped_column(ForeignKey("incident_categories.code"))
    """Of its incidents, unless an alarm names another that exists."""
    digest: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_by: Mapped[str | None] = mapped_column(Text)
    """Heartbeat: "08:00" local; it must be heard of each day from midnight until then."""
    every_minutes: Mapped[int | None]
    """Heartbeat: the longest silence."""
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    alarmed_for: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Heartbeat: the deadline that was missed last; each is alarmed for once."""
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """What its alarms become (``incidents.intake.rules``), in their order."""
    group_minutes: Mapped[int | None]
    """For so long after its first alarm others join that incident (``incidents.grouping.services``); 0: no longer, but
    groups may be open; NULL: never did."""
    unit: Mapped[Unit] = relationship()


class IntakeEvent(db.Model):
    """What came in, as it came; the payload is cut at a size."""

    __tablename__ = "intake_events"
    __table_args__ = (Index("ix_intake_events_recent", "intake_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    action: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    """created, known, acknowledged, cleared (others of its group fire), resolved, ignored (nothing open has that
    key), held (by a maintenance window), heard or dropped."""
    dedup_key: Mapped[str] = mapped_column(Text, default="")
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id", ondelete="SET NULL"), index=True)
    payload: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int]
    """Bytes of the payload as it came."""
    incident: Mapped[Incident | None] = relationship()


class IntakeRefusal(db.Model):
    """What was refused at the door of sources, counted by source and reason; with an unknown key by reason alone."""

    __tablename__ = "intake_refusals"
    __table_args__ = (
        enum_check("why", REFUSALS),
        Index("uq_intake_refusals_of_source", "intake_id", "why", unique=True),
        Index("uq_intake_refusals_of_nobody", "why", unique=True, sqlite_where=OF_NOBODY, postgresql_where=OF_NOBODY),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"))
    why: Mapped[str] = mapped_column(Text)
    times: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
