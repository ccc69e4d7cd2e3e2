"""Calls to those outside, KT1 customers out of hours, and the log of what authorities asked for in writing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.files.models import StoredFile
from incidents.catalogue.models import Authority
from incidents.record.models import Incident
from people.models import Unit

COORDINATION_STATES = ("open", "answered", "handed_over", "closed")
FILE_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class StateCustomer(db.Model):
    """A Party or State body served by KT1, and who takes its items out of hours (đầu mối). Never what they are."""

    __tablename__ = "state_customers"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days_in_order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    """The unit that delivers to it."""
    name: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text, default="")
    """Where items are handed over out of hours."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """Inclusive."""
    unit: Mapped[Unit] = relationship()


class ContactCall(db.Model):
    """A call to see whether a number answers: who rang, when, whether somebody answered. Only added to."""

    __tablename__ = "contact_calls"
    __table_args__ = (
        CheckConstraint("(authority_id IS NULL) <> (customer_id IS NULL)", name="one_of_both"),
        Index("ix_contact_calls_authority", "authority_id", "at"),
        Index("ix_contact_calls_customer", "customer_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("state_customers.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    phone: Mapped[str] = mapped_column(Text)
    """The number that was rung."""
    rang_by: Mapped[str] = mapped_column(Text)
    answered: Mapped[bool]
    remark: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(Text)
    phase: Mapped[str | None] = mapped_column(Text)


class Coordination(db.Model):
    """A written request of an authority and what was done. ``name`` stays as it was when the body is renamed."""

    __tablename__ = "coordinations"
    __table_args__ = (
        enum_check("state", COORDINATION_STATES),
        Index("ix_coordinations_received", "unit_id", "received_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    """Of the authority, as the request bears it."""
    number: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date]
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    scope: Mapped[str] = mapped_column(Text)
    """What exactly is asked for."""
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(Text, default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answer_number: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    handed_over: Mapped[str] = mapped_column(Text, default="")
    """What was handed over, with the minutes that say so."""
    handed_to: Mapped[str] = mapped_column(Text, default="")
    handed_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    phase: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(Text)
    unit: Mapped[Unit] = relationship()
    authority: Mapped[Authority | None] = relationship()
    incident: Mapped[Incident | None] = relationship()


class LoggedFile(StoredFile, db.Model):
    """The paper behind an entry, as a scan or a photo. ``about``: "coordination:3", "inspection:3"."""

    __tablename__ = "logged_files"
    __table_args__ = (enum_check("media_type", FILE_TYPES), UniqueConstraint("about", "sent_sha256"))
    about: Mapped[str] = mapped_column(Text)
