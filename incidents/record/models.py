"""What went wrong, who was called by which rule, and the one timer that keeps calling."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.policies.models import PolicyVersion
from notify.models import Message
from people.models import Person, Unit
from roster.models import Rehearsal

STATUSES = ("open", "acknowledged", "resolved", "closed")
WAITS = ("step", "taken", "alive", "snooze", "grace")
WHILE_OPEN = text("dedup_key IS NOT NULL AND status IN ('open', 'acknowledged')")
WHEN_JOINED = text("joined_to_id IS NOT NULL")


class Incident(db.Model):
    """``severity`` 1 is the worst. ``version`` grows with every change; links carry it."""

    __tablename__ = "incidents"
    __table_args__ = (
        enum_check("status", STATUSES),
        CheckConstraint("severity BETWEEN 1 AND 4", name="severity_known"),
        Index("uq_incidents_dedup_key", "dedup_key", unique=True, sqlite_where=WHILE_OPEN, postgresql_where=WHILE_OPEN),
        Index("ix_incidents_board", "status", "severity", "created_at"),
        Index("ix_incidents_newest", "status", "created_at", "id"),
        Index("ix_incidents_joined_key", "dedup_key", sqlite_where=WHEN_JOINED, postgresql_where=WHEN_JOINED),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    """SC-<local year>-<running number>."""
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    search_key: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(ForeignKey("incident_categories.code"))
    severity: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    party_state: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    """Only those who need it see it (``access.visible_to``); messages carry a neutral title."""
    phase: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, default="open")
    dedup_key: Mapped[str | None] = mapped_column(Text)
    detected_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    logged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The account that wrote it down, when a person did."""
    reporter: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="", server_default="")
    """qr: reported without an account, by a post office's QR sheet; empty: the ordinary ways."""
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    acknowledged_by: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id"), index=True)
    """The incident that this one turned out to be; it is resolved with it (``incidents.merging.services``)."""
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """Question → answer, as far as somebody knew."""
    derived_severity: Mapped[int | None]
    """What category, answers and floors make of it; ``severity`` differs when a person chose another."""
    because: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Why (``incidents.catalogue.severity.Reason``)."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """Values of the category's follow-up fields."""
    checklist: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    """Key of an item that is done → ``{"who", "at"}``."""
    leadership_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    leadership_told_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    clocks_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was opened again; else its clocks run from ``created_at``."""
    shift_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """End of the operations shift in which it was logged: what "by the end of the shift" means."""
    rehearsal_id: Mapped[int | None] = mapped_column(ForeignKey("rehearsals.id", ondelete="CASCADE"), index=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Unit] = relationship()
    acknowledged_person: Mapped[Person | None] = relationship()
    escalation: Mapped[Escalation] = relationship(back_populates="incident", uselist=False)
    rehearsal: Mapped[Rehearsal | None] = relationship(viewonly=True)
    """The exercise that it belongs to."""
    joined_to: Mapped[Incident | None] = relationship(remote_side=[id])

    def is_exercise_over(self, now: datetime) -> bool:
        """Whether it belongs to an exercise that has ended: nobody is called for it any more."""
        return self.rehearsal is not None and self.rehearsal.is_over(now)


class TimelineEntry(db.Model):
    """Append-only; machine-readable kind and params, worded in the reader's language."""

    __tablename__ = "timeline_entries"
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")


class Escalation(db.Model):
    """The only timer: ``next_at`` is due time of the next step, or of the return after acknowledge-and-forget."""

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_due", "next_at"),
        enum_check("waits_for", WAITS),
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    step: Mapped[int] = mapped_column(default=0)
    """Index of the step that fires at ``next_at``."""
    cycle: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """NULL only when resolved or closed."""
    fired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fired: Mapped[int] = mapped_column(default=0)
    """Grows with every claim: the guard of the conditional UPDATE, and part of idempotency keys."""
    since: Mapped[int] = mapped_column(default=1)
    """The cycle with which the present run of turns began; after its first one the calls are exhausted."""
    waits_for: Mapped[str] = mapped_column(Text, default="step")
    """What comes at ``next_at``: a step; or, of a taken one, its time-out (taken), a question to the holder
    (alive, snooze) and the end of the wait for their answer (grace)."""
    held_duty: Mapped[str | None] = mapped_column(Text)
    """The duty kind by which the holder serves: when that duty ends, the incident is handed over."""
    snoozed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    snooze_reason: Mapped[str] = mapped_column(Text, default="")
    snoozed_by: Mapped[str] = mapped_column(Text, default="")
    put_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody who let sending go on after a restore put the calls off, until ``put_off_until``."""
    put_off_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """As long as ``next_at`` is still this moment the wait is that one, whatever the policy allows."""
    arrives_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the holder said they would be there."""
    arrived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    incident: Mapped[Incident] = relationship(back_populates="escalation")
    policy: Mapped[PolicyVersion] = relationship()

    @property
    def exhausted(self) -> bool:
        """Every step has been called at least once since somebody last acted, and nobody took it."""
        return self.cycle > self.since


class Page(db.Model):
    """Who was called at which step, and why this person, for ever. Its secret link is bound to all of that."""

    __tablename__ = "pages"
    __table_args__ = (
        UniqueConstraint("incident_id", "fired", "person_id", "channel"),
        Index("ix_pages_turn", "incident_id", "cycle"),
        Index("ix_pages_person", "person_id", "created_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    fired: Mapped[int]
    step: Mapped[int]
    cycle: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    duty: Mapped[str | None] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    """email, or none when the person has no usable address (then only a hand-made call reaches them)."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    link_digest: Mapped[str] = mapped_column(Text, unique=True)
    link_expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    purpose: Mapped[str] = mapped_column(Text, default="call")
    """call: take it; alive: the holder is asked for a sign of life; else the kind of the question (``Ask``)."""
    ask_id: Mapped[int | None]
    """The question that this call puts."""
    answer: Mapped[str | None] = mapped_column(Text)
    """taken, passed or confirmed: what the person pressed; or what became of a call by hand."""
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    away: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The person was recorded absent: one message that does not ring, nobody waits for an answer or rings by hand."""
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the person first looked at it, in a browser that shows pages to somebody: whoever only fetches the link,
    as mail servers do, opens nothing."""
    person: Mapped[Person] = relationship()
    message: Mapped[Message | None] = relationship()
