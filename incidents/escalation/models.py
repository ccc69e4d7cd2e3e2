"""What single people are asked about a running incident, and gaps in the roster that it met."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.record.models import Incident
from people.models import Person

ASK_KINDS = ("handover", "reassign", "more", "confirm", "arrival")
TO_TAKE, TO_KNOW = ("handover", "reassign"), ("more", "confirm", "arrival")
"""What is asked so that somebody takes it, and so that somebody knows of it."""
ASK_STATES = ("open", "accepted", "declined", "ended")


class Ask(db.Model):
    """One person is asked one thing, again and again until there is an answer or the question has lost its sense.

    handover: take over from the person whose duty ended · reassign: take it because somebody chose you ·
    more: help as well · confirm: say that you know (an all-must-acknowledge step) ·
    arrival: you said you would be there by now.
    """

    __tablename__ = "asks"
    __table_args__ = (
        UniqueConstraint("incident_id", "kind", "occasion", "person_id"),
        enum_check("kind", ASK_KINDS),
        enum_check("state", ASK_STATES),
        Index("ix_asks_due", "state", "next_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    occasion: Mapped[str] = mapped_column(Text)
    """What it is about (this change of duty, this step): asks of one occasion belong together."""
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    duty: Mapped[str | None] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    turn: Mapped[int] = mapped_column(default=0)
    """How often the person has been called for it."""
    widened: Mapped[int] = mapped_column(default=0)
    """How many further steps of the policy have been asked as well, because nobody answered."""
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the person is called again; NULL once it is not open."""
    state: Mapped[str] = mapped_column(Text, default="open")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    person: Mapped[Person] = relationship()
    incident: Mapped[Incident] = relationship()


class CoverageGap(db.Model):
    """A duty that a step wanted and nobody served, or published seats whose people are recorded absent or have left;
    its row stands for one coverage incident, however many met it.

    Seats of who only lost the duty or the unit are unsure as well, but pages speak of them and no incident is raised.
    """

    __tablename__ = "coverage_gaps"
    __table_args__ = (UniqueConstraint("unit_id", "duty", "gap_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    """The unit whose roster has the gap."""
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"))
    gap_from: Mapped[str] = mapped_column(Text)
    """When the last one left, as ISO text in UTC, or "never"; of seats at risk, when the first of them begins."""
    noticed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    met_by: Mapped[str] = mapped_column(Text)
    """Code of the incident that met it first; empty for seats at risk, which nobody has to meet."""
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id", ondelete="SET NULL"))
    filled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Of seats at risk: when the last of them that touch each other ends. NULL: nobody serves, until somebody does."""
    raise_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Of seats at risk: when the incident is raised."""
