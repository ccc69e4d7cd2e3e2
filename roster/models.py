"""Shifts and seats; the draft, and what was published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from documents.models import SCAN_TYPES, SignedFile
from people.models import Person, Unit
from roster.campaigns.models import Campaign
from roster.sources.models import (
    FORMS,
    PHASES,
)

SOURCES = ("solver", "manual", "import")


class Shift(db.Model):
    """One span of one duty; belongs to its local start date and that date's phase. Half-open [starts_at, ends_at)."""

    __tablename__ = "shifts"
    __table_args__ = (
        UniqueConstraint("campaign_id", "unit_id", "duty", "template", "starts_at", "ends_at"),
        Index("ix_shifts_when", "campaign_id", "starts_at"),
        enum_check("phase", PHASES),
        enum_check("form", FORMS),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"))
    template: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    replaces_work: Mapped[bool] = mapped_column(default=False)
    legal_ground: Mapped[str] = mapped_column(Text, default="")
    """The employer's words, as the demand had them."""
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    local_on: Mapped[date]
    phase: Mapped[str] = mapped_column(Text)
    headcount: Mapped[int]
    published_for: Mapped[int | None]
    """How many it asked for when its campaign was published last, whatever the draft asks for by now; None: the last
    revision does not have it (``roster.publishing.revision_content.hold``)."""
    wanted: Mapped[int | None]
    """How many it would like to have, more than ``headcount``; it then has that many seats, those beyond optional."""
    skills: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Skill → how many on the shift must have it."""
    parted_from: Mapped[int | None] = mapped_column(ForeignKey("shifts.id"))
    """Of a piece that was given to somebody else: the shift that it was cut from."""
    points: Mapped[int] = mapped_column(default=0)
    """Hundredths of a point for the whole shift."""
    points_by: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Work pattern → the same, for people for whom the days are of another class; only where it differs."""
    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[Unit] = relationship()
    seats: Mapped[list[Seat]] = relationship(back_populates="shift", order_by="Seat.position")


class Seat(db.Model):
    """The k-th place of a shift. Its id never changes: it is the iCal UID and the thing swapped, confirmed, paid."""

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("shift_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    shift: Mapped[Shift] = relationship(back_populates="seats")
    draft: Mapped[DraftAssignment | None] = relationship(back_populates="seat", uselist=False)


class DraftAssignment(db.Model):
    """The working copy: seat → person."""

    __tablename__ = "draft_assignments"
    __table_args__ = (enum_check("source", SOURCES),)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text)
    override_reason: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_by: Mapped[str] = mapped_column(Text)
    seat: Mapped[Seat] = relationship(back_populates="draft")
    person: Mapped[Person] = relationship()


class Revision(db.Model):
    """What was signed: complete content, readable for ever.

    ``kind`` supplement: duty that had been served and was entered afterwards, attested; withdrawal: what has not begun
    went back to what the revision before ``withdraws`` said.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    number: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    accept_gaps: Mapped[str | None] = mapped_column(Text)
    tell_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why nobody was told when it was published; empty: everybody concerned was."""
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they were told after all."""
    told_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    numbers_mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the list of whom to ring (``duty.phone_tree``) was mailed after it."""
    proof: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[list[Any]] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="published", server_default="published")
    """published, withdrawal or supplement."""
    withdraws: Mapped[int | None]
    """Number of the revision that this one takes back."""
    attested_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    attested_as: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Name and position of whoever attests duty that is entered afterwards."""
    document_number: Mapped[str] = mapped_column(Text, default="", server_default="")
    signed_on: Mapped[date | None]
    """As the signed paper has them; entered once each, after publishing."""
    campaign: Mapped[Campaign] = relationship()


class RevisionScan(SignedFile, db.Model):
    """The signed paper of a revision, written elsewhere; what was issued here has its own with the document."""

    __tablename__ = "revision_scans"
    __table_args__ = (enum_check("media_type", SCAN_TYPES), UniqueConstraint("revision_id", "sent_sha256"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"))


class Duty(db.Model):
    """A published duty: the only table that the resolver, feeds, documents and pay read.

    One row per seat and person; the current one has ``cancelled_at`` NULL. ``sequence`` is the number of the last
    revision that changed the seat, ``changed_at`` that revision's moment (DTSTAMP: same facts, same bytes).
    """

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("seat_id", "person_id"),
        Index("ix_duties_now", "unit_id", "duty", "starts_at", "ends_at"),
        Index("ix_duties_person", "person_id", "starts_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"), index=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shifts.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"))
    template: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sequence: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    person: Mapped[Person] = relationship()
    shift: Mapped[Shift] = relationship()
    unit: Mapped[Unit] = relationship()


class Rehearsal(db.Model):
    """Diễn tập: a roster shown and called as if shifted to now.

    A moment ``t`` of real time is played as roster time ``t + offset_seconds``. Ends visibly at ``ends_at``.
    """

    __tablename__ = "rehearsals"
    __table_args__ = (enum_check("source", ("draft", "published")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(Text)
    offset_seconds: Mapped[int]
    step_seconds: Mapped[int] = mapped_column(default=20)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_by: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    campaign: Mapped[Campaign] = relationship()

    def is_over(self, now: datetime) -> bool:
        return self.ended_at is not None or self.ends_at <= now
