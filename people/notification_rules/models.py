"""In which order a person is reached, by what besides mail and phone, and the codes that prove an address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.security.sealing import Address
from people.channels import CHANNELS, OF_ENDPOINT
from people.models import Person


class Endpoint(db.Model):
    """A device or service of a person that is no mail and no number: a browser's push subscription, an apprise URL.

    A table of its own, because import and directory know mail and phone alone. ``address`` is a secret, kept sealed:
    anybody who has it can write to that device; pages show ``name``.
    """

    __tablename__ = "contact_endpoints"
    __table_args__ = (enum_check("channel", OF_ENDPOINT), UniqueConstraint("person_id", "digest"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Address)
    digest: Mapped[str] = mapped_column(Text)
    """SHA-256 of what makes the address unique: a browser that subscribes again is the same device."""
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The name of who gave it to somebody whom a published list named already; empty once that one says it is theirs
    (``people.contact.givers``)."""
    given_ref: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of the same."""
    person: Mapped[Person] = relationship()


class ReachRung(db.Model):
    """One line of a person's own order; who has none is reached by the default order
    (``people.notification_rules.rules``).
    """

    __tablename__ = "reach_rungs"
    __table_args__ = (
        enum_check("channel", CHANNELS),
        CheckConstraint("(contact_id IS NULL) <> (endpoint_id IS NULL)", name="one_address"),
        CheckConstraint("delay_seconds BETWEEN 0 AND 3600", name="delay_in_an_hour"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    position: Mapped[int]
    channel: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact_methods.id", ondelete="CASCADE"))
    endpoint_id: Mapped[int | None] = mapped_column(ForeignKey("contact_endpoints.id", ondelete="CASCADE"))
    delay_seconds: Mapped[int] = mapped_column(default=0)
    used: Mapped[bool] = mapped_column(default=True)
    """False: the person wants no calls this way. A new address without a line is used, so that none is forgotten."""


class ContactCode(db.Model):
    """A code on its way to an address: it proves that what is sent there is read by that person."""

    __tablename__ = "contact_codes"
    __table_args__ = (
        enum_check("channel", CHANNELS),
        CheckConstraint("(contact_id IS NULL) <> (endpoint_id IS NULL)", name="one_address"),
        Index("ix_contact_codes_person_id", "person_id", "sent_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact_methods.id", ondelete="CASCADE"))
    endpoint_id: Mapped[int | None] = mapped_column(ForeignKey("contact_endpoints.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Address)
    """As it was when the code was sent: a code proves no later address."""
    digest: Mapped[str] = mapped_column(Text)
    """HMAC of the code with the installation's key: a million codes are tried in a second, a key is not."""
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Used, replaced by a newer one, or tried too often."""
