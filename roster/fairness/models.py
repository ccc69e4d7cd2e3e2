"""What people carried in campaigns that are closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Person


class LedgerEntry(db.Model):
    """What a person carried in an earlier Tết (imported), in a closed campaign, or a correction of either.

    A year of a person is the sum of its entries: a correction (``reason`` is not empty) is one more, what was written
    before it stays. Its numbers may be below zero, the sums are not.
    """

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("person_id", "tet_year", "source"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    tet_year: Mapped[int]
    points: Mapped[int]
    """Hundredths of a point."""
    giao_thua: Mapped[int] = mapped_column(default=0)
    mung_1: Mapped[int] = mapped_column(default=0)
    nights: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text, default="import")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Of a correction: why."""
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    person: Mapped[Person] = relationship()
