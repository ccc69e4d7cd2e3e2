"""What people have answered who were asked to work overtime."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

OVERTIME_STATES = ("agreed", "refused")
OVERTIME_VIAS = ("page", "link", "phone", "paper", "api")
"""Signed in; by a link without sign-in; told an operator; signed on paper; by the API."""


class OvertimeConsent(db.Model):
    """The last word of one holder of one published duty on ``minutes`` of overtime in it.

    It answers what revision ``sequence`` said, and no more minutes than it names. It is no word on the duty itself:
    that is ``Confirmation``. Earlier words are in the audit.
    """

    __tablename__ = "overtime_consents"
    __table_args__ = (
        enum_check("state", OVERTIME_STATES),
        enum_check("via", OVERTIME_VIAS),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    minutes: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text)
    """The name of whoever said it: the holder, or the operator who noted it for them."""
    note: Mapped[str] = mapped_column(Text, default="")
