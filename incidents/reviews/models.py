"""What was learnt from an incident, and what is to be done so that it does not come again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from incidents.record.models import Incident
from people.models import Person


class Review(db.Model):
    """One for an incident. ``version`` grows with every change: two people who write at once meet there."""

    __tablename__ = "reviews"
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    happened: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    consequence: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    went_well: Mapped[str] = mapped_column(Text, default="")
    went_badly: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)
    incident: Mapped[Incident] = relationship()
    actions: Mapped[list[ReviewAction]] = relationship(order_by="ReviewAction.due_on, ReviewAction.id")


class ReviewAction(db.Model):
    """Something to do, by whom and by when; kept when it is done.

    ``owner_name`` stands for an owner who was removed with the demo; empty while there is an owner."""

    __tablename__ = "review_actions"
    __table_args__ = (CheckConstraint("owner_id IS NOT NULL OR owner_name <> ''", name="somebody"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("reviews.incident_id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    owner_name: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by: Mapped[str] = mapped_column(Text, default="")
    owner: Mapped[Person | None] = relationship()
    review: Mapped[Review] = relationship(back_populates="actions")

    @property
    def owner_said(self) -> str:
        """The name of the person who is or was to do it."""
        return self.owner.full_name if self.owner is not None else self.owner_name

    def is_of(self, person_id: int | None) -> bool:
        """Whether that person is to do it; nobody is, who is no person."""
        return person_id is not None and self.owner_id == person_id
