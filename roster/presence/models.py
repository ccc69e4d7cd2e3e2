"""What is known of who is there on a published duty, whom nobody has seen, and who stood in for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person
from roster.confirmations.models import VIAS

KINDS = ("check_in", "check_out", "ready")
ENDS = ("arrived", "excused", "changed", "over")
"""They came; they are known not to come; the duty is another's or another one now, or asks nobody any more; it passed
without them."""


class Presence(db.Model):
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
    via: Mapped[str] = mapped_column(Text)
    by_ref: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of whoever noted it for them, or printed the slip; empty when the person alone has a part."""
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
