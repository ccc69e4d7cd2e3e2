"""What the holders of published seats have answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check
from people.links.models import VIAS, SaidBy

CONFIRMATION_STATES = ("confirmed", "refused")


class Confirmation(SaidBy, db.Model):
    """The last word of one holder of one published seat.

    It answers what revision ``sequence`` said of the seat: when the duty changes, its sequence grows past this one and
    the person is asked again. Earlier words are in the audit.
    """

    __tablename__ = "confirmations"
    __table_args__ = (enum_check("state", CONFIRMATION_STATES), enum_check("via", VIAS))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text)
    """The name of whoever said it: the holder, or the operator who noted it for them."""
    note: Mapped[str] = mapped_column(Text, default="")
