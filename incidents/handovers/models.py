"""Which duty hands over in writing, the minutes themselves, and what was said of them afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person, Unit

STATES = ("prepared", "signed", "accepted")
NOTE_KINDS = ("note", "declined", "late")


class HandoverPlace(db.Model):
    """What a unit has settled about its hand-overs; units below follow the nearest one that has settled anything."""

    __tablename__ = "handover_places"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    duties: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds whose duty on site always hands over in writing; others only when something is open."""
    items: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What is looked at there, in order; empty: the list for units of its kind."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when the unit follows those above it again; what it had settled is kept for whoever takes that back."""


class Handover(db.Model):
    """One person's minutes of one change of shift, numbered for each unit and local year.

    While it is ``prepared`` its content may change. From signing on nothing of it does: content and hash are as they
    were signed, and what comes later is a further note. Names stand beside ids: minutes outlive rosters and people.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "number"),
        UniqueConstraint("seat_id", "outgoing_id"),
        enum_check("state", STATES),
        CheckConstraint("(state = 'prepared') = (signed_at IS NULL)", name="signed"),
        CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted"),
        Index("ix_handovers_waiting", "state", "changes_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    year: Mapped[int]
    number: Mapped[int]
    duty: Mapped[str] = mapped_column(Text)
    seat_id: Mapped[int]
    """Of the outgoing duty. No reference: a roster may go, minutes stay."""
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the outgoing duty ends and the next begins."""
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    outgoing_name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="prepared")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """``incidents.handovers.content``: items, notes and what is undone; from signing on with the open incidents."""
    content_hash: Mapped[str] = mapped_column(Text, default="")
    """SHA-256 of the signed content."""
    prepared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    prepared_by: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by: Mapped[str] = mapped_column(Text, default="")
    """Who said it: the outgoing person, or the operator who noted it for them."""
    signed_via: Mapped[str] = mapped_column(Text, default="")
    signed_how: Mapped[str] = mapped_column(Text, default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    accepted_name: Mapped[str] = mapped_column(Text, default="")
    """The incoming person."""
    accepted_by: Mapped[str] = mapped_column(Text, default="")
    """Who said it: the incoming person, or the operator who noted it for them."""
    accepted_via: Mapped[str] = mapped_column(Text, default="")
    accepted_how: Mapped[str] = mapped_column(Text, default="")
    moved: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Codes of the incidents that went to the incoming person with it."""
    unit: Mapped[Unit] = relationship()
    outgoing: Mapped[Person | None] = relationship(foreign_keys=[outgoing_id])
    accepted_person: Mapped[Person | None] = relationship(foreign_keys=[accepted_by_id])
    notes: Mapped[list[HandoverNote]] = relationship(order_by="HandoverNote.id", back_populates="handover")

    @property
    def label(self) -> str:
        """Its number as written: 031/2027."""
        return f"{self.number:03d}/{self.year}"


class HandoverNote(db.Model):
    """Append-only: a correction, why it could not be accepted yet, or that both were reminded (``late``)."""

    __tablename__ = "handover_notes"
    __table_args__ = (enum_check("kind", NOTE_KINDS),)
    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(ForeignKey("handovers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="note")
    text: Mapped[str] = mapped_column(Text, default="")
    handover: Mapped[Handover] = relationship(back_populates="notes")
