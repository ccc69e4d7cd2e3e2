"""Opening hours: of a unit and all below it, unless one of these says otherwise."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class ServiceHours(db.Model):
    """Of one weekday (0: Monday), or of one day, which comes before any weekday. No ``opens``: closed."""

    __tablename__ = "service_hours"
    __table_args__ = (
        UniqueConstraint("unit_id", "weekday"),
        UniqueConstraint("unit_id", "day"),
        CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name="weekday_or_day"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    opens: Mapped[str] = mapped_column(Text, default="")
    """Local, "07:30"."""
    closes: Mapped[str] = mapped_column(Text, default="")
    last_acceptance: Mapped[str] = mapped_column(Text, default="")
    """Until when what is handed in leaves the same day; empty: not said."""
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
