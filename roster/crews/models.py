"""Crews of a unit and who is in them. They outlive a campaign; what they serve is said by its draft alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Person, Unit


class Crew(db.Model):
    """``version`` grows with each change: whoever writes may say which one they looked at."""

    __tablename__ = "crews"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)
    unit: Mapped[Unit] = relationship()
    members: Mapped[list[CrewMember]] = relationship(cascade="all, delete-orphan", order_by="CrewMember.position")


class CrewMember(db.Model):
    """``duties``: codes of the kinds that they serve in this crew; empty: every kind that they may serve."""

    __tablename__ = "crew_members"
    crew_id: Mapped[int] = mapped_column(ForeignKey("crews.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    position: Mapped[int]
    duties: Mapped[list[str]] = mapped_column(JSON, default=list)
    person: Mapped[Person] = relationship()
