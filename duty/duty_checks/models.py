"""Checks of who is on duty: which units, who was asked, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.links.models import VIAS, SaidBy
from people.models import Person, Unit

ANSWER_VIAS = ("", *VIAS)
"""Empty: not at all."""


class DutyCheck(db.Model):
    """Everybody on duty in some units is asked once, at one moment; open until ``closes_at``."""

    __tablename__ = "duty_checks"
    __table_args__ = (Index("ix_duty_checks_open", "closed_at", "closes_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Who gets the sheet."""
    note: Mapped[str] = mapped_column(Text, default="")
    at_night: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody said yes a second time, because it began between 23:00 and 01:00."""
    exercise: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of a rehearsal: those were asked whom the rehearsed roster names."""
    units: Mapped[list[DutyCheckUnit]] = relationship(
        order_by="DutyCheckUnit.position", cascade="all, delete-orphan", back_populates="check"
    )
    asks: Mapped[list[DutyCheckAsk]] = relationship(
        order_by="DutyCheckAsk.id", cascade="all, delete-orphan", back_populates="check"
    )

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and now < self.closes_at


class DutyCheckUnit(db.Model):
    __tablename__ = "duty_check_units"
    check_id: Mapped[int] = mapped_column(ForeignKey("duty_checks.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    position: Mapped[int]
    check: Mapped[DutyCheck] = relationship(back_populates="units")
    unit: Mapped[Unit] = relationship()


class DutyCheckAsk(SaidBy, db.Model):
    """One person, asked once however many duties they serve; the first answer stands."""

    __tablename__ = "duty_check_asks"
    __table_args__ = (UniqueConstraint("check_id", "person_id"), enum_check("via", ANSWER_VIAS))
    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("duty_checks.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    """Where they serve; of several the first."""
    duties: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """``[{"unit": id, "duty": code}]``: what they served when they were asked."""
    channel: Mapped[str] = mapped_column(Text, default="")
    """How they were asked; empty where nothing carries words to them: somebody rings."""
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """What their device took for the time, when it said so."""
    via: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(Text, default="")
    """The name of whoever said it: the person, or the operator who noted it for them."""
    note: Mapped[str] = mapped_column(Text, default="")
    check: Mapped[DutyCheck] = relationship(back_populates="asks")
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
