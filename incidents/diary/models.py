"""What people write into the shift diary by hand. What the desk knows by itself is read from the timelines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
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
