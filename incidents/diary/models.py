"""What people write into the shift diary by hand, and what they signed. What the desk knows by itself is read from the
timelines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class DiaryNote(db.Model):
    """Append-only, as in a bound book: a mistake is corrected by a further note that names it."""

    __tablename__ = "diary_notes"
    __table_args__ = (Index("ix_diary_notes_when", "unit_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it happened, as typed."""
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("diary_notes.id"))


class DiarySheet(db.Model):
    """The diary of one shift as it was signed by who left, later also by who came. Nothing of it changes any more:
    what is written afterwards stands behind it. Names stand beside ids: sheets outlive people."""

    __tablename__ = "diary_sheets"
    __table_args__ = (
        UniqueConstraint("unit_id", "starts_at", "ends_at"),
        CheckConstraint("(received_at IS NULL) = (received_by = '')", name="received"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``incidents.diary.rows.Pages``, in Vietnamese."""
    content_hash: Mapped[str] = mapped_column(Text)
    """SHA-256 of it."""
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_by: Mapped[str] = mapped_column(Text)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_by: Mapped[str] = mapped_column(Text, default="")
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
