"""Who stands beside the holder of a published seat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db

_RUNS = text("ended_at IS NULL")


class Shadow(db.Model):
    """Kèm trực. It follows the seat, whoever holds it; a seat that nobody holds has nobody to stand beside.

    Coverage, the resolver, rest, points and pay read ``duties`` alone, so that a shadow counts for none of them. Its id
    is never used again: calendars know it.
    """

    __tablename__ = "shadows"
    __table_args__ = (
        Index("ix_shadows_one", "seat_id", "person_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they were taken off it again."""
    told_starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    told_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The hours of which they were told last; None: that nobody holds the seat."""
