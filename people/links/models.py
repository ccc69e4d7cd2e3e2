"""Personal addresses, and the browsers that have shown that they are their owner's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from core.security.sealing import Address
from people.models import Person

VIAS = ("page", "link", "phone", "api")
"""Signed in; by a link without sign-in; told somebody who noted it; by the API."""


class SaidBy:
    """Of a word that a person gave, in whatever table it is kept: how it was given, and who had a hand in it."""

    via: Mapped[str] = mapped_column(Text)
    by_ref: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of whoever noted it for the person, or printed the slip; empty when the person alone has a part."""
    slip_by: Mapped[str | None] = mapped_column(Text)
    """The name of whoever printed the slip that it was said by, or gave the address that it came from; empty where that
    is not known, ``None``: by no slip."""
    slip_given: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nothing was printed: ``slip_by`` gave the address (``people.contact.givers``)."""

    @property
    def how(self) -> str:
        """One of ``VIAS``, or "slip"."""
        return "slip" if self.slip_by is not None else self.via


class PersonalLink(db.Model):
    """``/p/me/<token>``: one person's own page. Long-lived; it dies with the address that it was sent to.

    ``channel`` and ``address``: where it was sent, so that whoever uses it has shown that the address is theirs; both
    empty for one that was handed over on paper.
    """

    __tablename__ = "personal_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    sealed: Mapped[str] = mapped_column(Text, default="")
    """The token, so that later messages repeat the same address; empty in what has ended."""
    channel: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Address, default="")
    printed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The name of whoever was shown it to hand it over; empty for one that was sent, or shown before that was kept."""
    printed_ref: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of the same."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    first_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody first pressed a button there; reading it counts for nothing, scanners of mail do that."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    person: Mapped[Person] = relationship()

    @property
    def is_slip(self) -> bool:
        """Somebody else had it in hand before its owner: what is said by it is said by whoever has the paper."""
        return not self.channel


class LinkDevice(db.Model):
    """A browser whose user said "it is me" on that page, known by a cookie: others are asked before they act."""

    __tablename__ = "link_devices"
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("personal_links.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
