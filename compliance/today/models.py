"""What a point said of its day, and every sending that said it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class PointDay(db.Model):
    """A point's day as it was said last: both true, or which was not and how. No row: nobody has said anything."""

    __tablename__ = "point_days"
    __table_args__ = (Index("ix_point_days_day", "day", "unit_id"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hours_kept: Mapped[bool]
    hours_note: Mapped[str] = mapped_column(Text, default="")
    posting_kept: Mapped[bool]
    posting_note: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A sheet of before there were two said it: it is nothing that the point said until somebody accepts it."""
    accepted_by: Mapped[str] = mapped_column(Text, default="", server_default="")


class PointSend(db.Model):
    """One sending from a phone, kept as it came: sent again it changes nothing; what a later one replaced is here."""

    __tablename__ = "point_sends"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    day: Mapped[date]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
