"""Telephone calls that operators make by hand: who is ringing whom at this moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class HandCall(db.Model):
    """One person to be rung about one incident. Until ``claimed_until`` the others leave it to the person ringing; what
    came of it can be taken back for a while."""

    __tablename__ = "hand_calls"
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    by_ref: Mapped[str] = mapped_column(Text)
    """``Actor.ref`` of the person ringing."""
    by_name: Mapped[str] = mapped_column(Text)
    claimed_until: Mapped[datetime] = mapped_column(UTCDateTime)
    again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The line was busy, or they asked for later: not before then."""
    outcome: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What came of the last call; empty: nobody has rung yet, or it was taken back."""
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """Who had the incident before, for taking the result back (``manual_results``)."""
