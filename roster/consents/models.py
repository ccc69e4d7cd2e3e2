"""Who was asked to serve, or to be called, by somebody who does not manage them; and the links that answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person, Unit

CONSENT_STATES = ("asked", "given", "refused", "withdrawn")


class Consent(db.Model):
    """One ask. ``shift_id`` set: to serve that shift; else to be called by name by the policies of ``unit_id``.

    What is asked is bound to shift and person: a seat may change its number while somebody waits on it. An ask past
    ``expires_at`` is void; nothing has to happen for that.
    """

    __tablename__ = "consents"
    __table_args__ = (
        enum_check("state", CONSENT_STATES),
        CheckConstraint("(answered_at IS NULL) = (state = 'asked')", name="answered"),
        Index("ix_consents_shift", "shift_id", "person_id"),
        Index("ix_consents_unit", "unit_id", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_by_name: Mapped[str] = mapped_column(Text)
    asked_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(Text, default="asked")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How it was heard, where that was written down."""
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    unit: Mapped[Unit] = relationship()

    def state_at(self, now: datetime) -> str:
        return state_at(self.state, self.expires_at, now)


class ConsentLink(db.Model):
    """A secret address by which one person (the one who was asked, or a manager of theirs) answers one ask."""

    __tablename__ = "consent_links"
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    consent: Mapped[Consent] = relationship()
    person: Mapped[Person] = relationship()


def state_at(state: str, expires_at: datetime, now: datetime) -> str:
    """asked, given, refused, withdrawn or, past its time, expired."""
    return "expired" if state == "asked" and expires_at <= now else state
