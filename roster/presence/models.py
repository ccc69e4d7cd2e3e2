"""What is known of who is there on a published duty, whom nobody has seen, and who stood in for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.links.models import VIAS, SaidBy
from people.models import Person

KINDS = ("check_in", "check_out", "ready")
ENDS = ("arrived", "excused", "changed", "over")
"""They came; they are known not to come; the duty is another's or another one now, or asks nobody any more; it passed
without them."""


class Presence(SaidBy, db.Model):
    """The last word on one fact of one duty: that its holder came, left, or stands ready. Earlier words are in the
    audit."""

    __tablename__ = "presences"
    __table_args__ = (enum_check("kind", KINDS), enum_check("via", VIAS))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    sequence: Mapped[int]
    """The revision that the duty was of: being ready is an answer to it, having been there is not."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When they came, left, or said that they are ready."""
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said_by: Mapped[str] = mapped_column(Text)
    """The name of whoever said it: the holder, or who noted it for them."""
    note: Mapped[str] = mapped_column(Text, default="")


class NoShow(db.Model):
    """Somebody is not where they serve: who was called for it and when, until it ended. One row a duty."""

    __tablename__ = "no_shows"
    __table_args__ = (enum_check("ended_as", ENDS), Index("ix_no_shows_ended", "ended_at"))
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int]
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deputy_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When those who could stand in were called, or would have been: there may be nobody."""
    deputies: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Their ids as people."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_as: Mapped[str | None] = mapped_column(Text)


class StandIn(db.Model):
    """One person stays in another's place, on no roster: ``from_at`` until ``until_at``, or until the holder comes or
    the duty ends. The last word; earlier ones are in the audit."""

    __tablename__ = "stand_ins"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    noted_by: Mapped[str] = mapped_column(Text)
    person: Mapped[Person] = relationship()
