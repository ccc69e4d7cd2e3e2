"""Automatic calls about the roster that wait for a key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person

KINDS = ("confirm", "swap", "ask")


class SpokenAsk(db.Model):
    """One call to one person. ``seen``: duty id (as text) → sequence of the shifts that it reads aloud, of ``confirm``;
    a key answers these and no others. Of ``ask``: ``{"kind", "ref"}`` of ``duty.pending_actions``."""

    __tablename__ = "spoken_asks"
    __table_args__ = (
        enum_check("kind", KINDS),
        CheckConstraint("(kind = 'swap') = (swap_id IS NOT NULL)", name="about"),
    )
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    swap_id: Mapped[int | None] = mapped_column(ForeignKey("swaps.id", ondelete="CASCADE"))
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    person: Mapped[Person] = relationship()
