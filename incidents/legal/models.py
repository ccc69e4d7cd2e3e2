"""What the law wants written down, what is attached, and which incidents are one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.record.models import Incident

LEGAL_STEPS = ("suspend", "seal", "leadership", "authority", "record", "handover", "report")
ATTACHMENT_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")


class LegalStep(db.Model):
    """One step of Điều 14 of the Postal Law as it stands now; its former values are in the timeline."""

    __tablename__ = "legal_steps"
    __table_args__ = (enum_check("step", LEGAL_STEPS),)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By field of ``incidents.legal.steps``; moments as RFC 3339 in UTC, dates as ISO."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)


class Attachment(db.Model):
    """A photo or a PDF. The bytes are in the database, so that several nodes and backups have them all.

    A withdrawn one is kept and shown to nobody but those who may close the incident; an erased one has no bytes left.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        enum_check("media_type", ATTACHMENT_TYPES),
        CheckConstraint("erased_at IS NULL OR content IS NULL", name="erased_is_gone"),
        Index("ix_attachments_incident_id", "incident_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Text, unique=True)
    """Random; its name outside."""
    name: Mapped[str] = mapped_column(Text)
    """The file's name as it came, cleaned, with the ending that fits its content."""
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    """Bytes as kept."""
    sha256: Mapped[str] = mapped_column(Text)
    """Of the bytes as kept."""
    sent_sha256: Mapped[str] = mapped_column(Text)
    """Of the bytes as they came: the same file sent twice is one."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """JPEG; ``None`` of a PDF."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(Text)
    added_by_ref: Mapped[str] = mapped_column(Text)
    """Who may take it back (``Actor.ref``)."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class IncidentJoin(db.Model):
    """Two incidents are one; ``undone_at``: they were not."""

    __tablename__ = "incident_joins"
    __table_args__ = (
        CheckConstraint("incident_id <> main_id", name="two_incidents"),
        Index(
            "uq_incident_joins_current",
            "incident_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    main_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    status_before: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    incident: Mapped[Incident] = relationship(foreign_keys=[incident_id])
    main: Mapped[Incident] = relationship(foreign_keys=[main_id])
