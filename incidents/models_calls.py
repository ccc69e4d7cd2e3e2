"""Telephone calls that operators make by hand: who is ringing whom at this moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class HandCall(db.Model):
    """One person to be rung about one incident. Until ``claimed_until`` the others leave it to whoever rings."""

    __tablename__ = "hand_calls"
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    by_ref: Mapped[str] = mapped_column(Text)
    """``Actor.ref`` of whoever rings."""
    by_name: Mapped[str] = mapped_column(Text)
    claimed_until: Mapped[datetime] = mapped_column(UTCDateTime)
    again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The line was busy: not before then."""
