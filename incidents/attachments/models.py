"""Files of an incident, and pictures that wait for the report they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

ATTACHMENT_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")


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


class KeptPhoto(db.Model):
    """A photo of a quick log that waits for the answer to "is it this incident?".

    Gone when answered, or after a day.
    """

    __tablename__ = "kept_photos"
    __table_args__ = (Index("ix_kept_photos_form", "owner", "form_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    form_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
