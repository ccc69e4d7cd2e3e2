"""Who stood in for the holder of a duty who had not come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Person


class StandIn(db.Model):
    """One person stays in another's place, on no roster: ``from_at`` until ``until_at``, or until the holder comes or
    the duty ends. The last word; earlier ones are in the audit."""

    __tablename__ = "stand_ins"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by: Mapped[str] = mapped_column(Text)
    person: Mapped[Person] = relationship()
