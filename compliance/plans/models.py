"""Plans of network and labour for a Tết, and what lay undelivered at the end of each day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

STATES = ("draft", "submitted", "returned", "accepted")
MOST_ITEMS = 10_000_000


class NetworkPlan(db.Model):
    """Of one unit for one Tết."""

    __tablename__ = "network_plans"
    __table_args__ = (
        UniqueConstraint("unit_id", "tet_year"),
        enum_check("state", STATES),
        CheckConstraint("extra_shifts >= 0 AND vehicles >= 0 AND temporary_staff >= 0", name="counts"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    tet_year: Mapped[int]
    extra_shifts: Mapped[int] = mapped_column(default=0)
    """Of each peak day, one person each."""
    vehicles: Mapped[int] = mapped_column(default=0)
    temporary_staff: Mapped[int] = mapped_column(default=0)
    peak_days: Mapped[list[str]] = mapped_column(JSON, default=list)
    """ISO dates in order."""
    power_backup: Mapped[str] = mapped_column(Text, default="")
    line_backup: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="draft")
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was returned."""
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_by: Mapped[str] = mapped_column(Text, default="")
    submitted_ref: Mapped[str] = mapped_column(Text, default="")
    """``Actor.ref``: nobody accepts their own."""
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(Text, default="")


class Backlog(db.Model):
    """Items that lay undelivered in a unit at the end of a day."""

    __tablename__ = "backlogs"
    __table_args__ = (CheckConstraint("items >= 0", name="counted"), Index("ix_backlogs_day", "day", "unit_id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    items: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)


class BacklogLimit(db.Model):
    """From how many items on a unit is overloaded."""

    __tablename__ = "backlog_limits"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    items: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
