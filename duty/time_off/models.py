"""What people have asked for, and how that stands."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person

ABOUT = ("absence", "wish")
STATES = ("asked", "returned", "accepted", "refused", "withdrawn")
"""Waits for an answer; waits for what its person says to a question; the answers; taken back."""
OPEN = ("asked", "returned")


class DayRequest(db.Model):
    """The last word about some days of one person: what stands for planning is the absence or the wish of these days.

    While it is open the days count as asked for; what is refused is no absence and no wish any more. Absences and
    wishes without a row were entered by those who manage, or imported: nobody has to answer them.
    """

    __tablename__ = "day_requests"
    __table_args__ = (
        UniqueConstraint("person_id", "about", "from_on", "to_on", "template"),
        enum_check("about", ABOUT),
        enum_check("state", STATES),
        CheckConstraint("from_on <= to_on", name="ordered"),
        Index("ix_day_requests_state", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    about: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    to_on: Mapped[date]
    """Inclusive; of a wish the same day."""
    template: Mapped[str] = mapped_column(Text, default="")
    """Of a wish: for which shift; of an absence empty."""
    what: Mapped[str] = mapped_column(Text)
    """The kind of absence; on or off."""
    is_withdrawal: Mapped[bool] = mapped_column(default=False)
    """It asks that what was agreed to be taken back; until that is agreed it stands."""
    note: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    """What its person said to the question."""
    state: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(default=1)
    """Grows with each change, so that nobody answers what they have not read."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why not, or the question."""
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When its person was told of the answer."""
    person: Mapped[Person] = relationship()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
