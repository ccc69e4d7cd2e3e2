"""What the holders of published seats have answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

CONFIRMATION_STATES = ("confirmed", "refused")
VIAS = ("page", "link", "phone", "api")
"""Signed in; by a link without sign-in; told an operator; by the API."""


class Confirmation(db.Model):
    """The last word of one holder of one published seat.

    It answers what revision ``sequence`` said of the seat: when the duty changes, its sequence grows past this one and
    the person is asked again. Earlier words are in the audit.
    """

    __tablename__ = "confirmations"
    __table_args__ = (enum_check("state", CONFIRMATION_STATES), enum_check("via", VIAS))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text)
    """The name of whoever said it: the holder, or the operator who noted it for them."""
    by_ref: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of whoever noted it for the holder, or printed the slip; empty when the holder alone has a part."""
    slip_by: Mapped[str | None] = mapped_column(Text)
    """The name of whoever printed the slip that it was said by, or gave the address that it came from; empty where that
    is not known, ``None``: by no slip."""
    slip_given: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nothing was printed: ``slip_by`` gave the address (``people.contact.givers``)."""
    note: Mapped[str] = mapped_column(Text, default="")

    @property
    def how(self) -> str:
        """One of ``VIAS``, or "slip"."""
        return "slip" if self.slip_by is not None else self.via
