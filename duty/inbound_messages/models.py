"""Texts and calls that came in, and the lists of choices that were texted back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person

KINDS = ("text", "call")
STATES = ("new", "answered", "asked", "refused", "unclear", "settled", "ignored")
"""Not read yet; it answered something; a list of choices went back; why not went back; somebody at the desk looks;
somebody did; from no telephone (a brand name, a short number), or from one that sends too
much."""
SENT_BACK = ("asked", "refused")
"""A text went back: it stays counted when more is done about it, because these are not settled at the desk."""
OPEN = ("new", "unclear")
"""What waits at the desk: also what was kept and then, because the process died, not read."""


class Reply(db.Model):
    """One text or missed call as a gateway reported it, and what became of it."""

    __tablename__ = "replies"
    __table_args__ = (
        enum_check("kind", KINDS),
        enum_check("state", STATES),
        UniqueConstraint("gateway_id", "report_id"),
        Index("ix_replies_state", "state", "came_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    gateway_id: Mapped[int]
    """No reference: gateways go, what came in by them stays."""
    report_id: Mapped[str] = mapped_column(Text)
    """The provider's number for the report, so that the same one counts once."""
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    """As one dials it in Viet Nam; what is no such number, as the provider wrote it."""
    words: Mapped[str] = mapped_column(Text, default="")
    came_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(Text, default="new")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Whose it is; None while that is unclear."""
    said: Mapped[str] = mapped_column(Text, default="")
    """What it was taken for, or why it was not taken."""
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person | None] = relationship()


class TextedChoices(db.Model):
    """A list of choices that was texted to one number; one of which all was answered, one followed by another, and
    one that is over pick nothing."""

    __tablename__ = "reply_choices"
    __table_args__ = (Index("ix_reply_choices_number", "number", "expires_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[str] = mapped_column(Text)
    asks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """``[{"kind", "ref"}]`` in the order of their numbers, from 1; with ``"done": true`` once one was picked."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
