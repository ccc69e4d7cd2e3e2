"""An inspection and what it recommended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Unit


class Inspection(db.Model):
    """``decision`` is empty when they came without one on paper: then that is what stands in the minutes."""

    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR began_at <= ended_at", name="in_order"),
        Index("ix_inspections_began", "unit_id", "began_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    body: Mapped[str] = mapped_column(Text)
    """Who sent them, by the name of that day."""
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]
    announced: Mapped[bool] = mapped_column(default=False)
    members: Mapped[list[str]] = mapped_column(JSON, default=list)
    subject: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minutes: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    phase: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(Text)
    unit: Mapped[Unit] = relationship()
    recommendations: Mapped[list[Recommendation]] = relationship(
        back_populates="inspection", order_by="Recommendation.id"
    )


class Recommendation(db.Model):
    """What they want done, until when, and what was done about it."""

    __tablename__ = "inspection_recommendations"
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[str] = mapped_column(Text, default="")
    inspection: Mapped[Inspection] = relationship(back_populates="recommendations")
