"""What heads of units have closed: the hours of their people in one month of a campaign, frozen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Unit


class HoursClosing(db.Model):
    """Chốt công: the hours of one unit's own people in one month, as they were when somebody answered for them.

    Never changed: what comes after is another row with the next ``number`` and a reason.
    """

    __tablename__ = "hours_closings"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id", "month", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    month: Mapped[date]
    """Its first day."""
    number: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """By code: person (id), code, name, lines (``sums.kept``)."""
    figures_hash: Mapped[str] = mapped_column(Text)
    """SHA-256 of campaign, unit, month, number and figures as canonical JSON."""
    unit: Mapped[Unit] = relationship()
