"""Letters, what is required by them, how each unit stands to it, and the evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.files.models import StoredFile
from people.models import Unit

RELATIONS = ("basis", "follows", "replaces")
PHASES = ("before", "during", "after", "all")
SCOPES = ("all", "some")
STATES = ("todo", "doing", "done", "not_applicable")
KINDS = ("photo", "file", "link", "computed")
LIVE = text("withdrawn_at IS NULL AND sent_sha256 <> ''")


class Directive(db.Model):
    """A letter from above, as it came. Without ``body`` its text is missing, and pages say so."""

    __tablename__ = "directives"
    __table_args__ = (CheckConstraint("season_from <= season_to", name="season_in_order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[str | None] = mapped_column(Text, unique=True)
    """Of letters that every installation begins with."""
    number: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date] = mapped_column(index=True)
    issuer: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text, default="")
    abstract: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    """Verbatim, slips included."""
    notes: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """The editor's, ``{"quote", "note"}``: ``quote`` stands in ``body``."""
    addressed_to: Mapped[str] = mapped_column(Text, default="")
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    season_from: Mapped[date | None]
    season_to: Mapped[date | None]
    """Inclusive days to which it applies; what is computed is computed of them."""
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(Text, default="")
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by: Mapped[str] = mapped_column(Text, default="")
    spread_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when units are asked."""
    spread_by: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_by: Mapped[str] = mapped_column(Text, default="")
    """Who last reminded those who owe."""
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("directives.id", ondelete="SET NULL"))
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    entered_by: Mapped[str] = mapped_column(Text)
    relations: Mapped[list[DirectiveRelation]] = relationship(
        foreign_keys="DirectiveRelation.directive_id", cascade="all, delete-orphan", order_by="DirectiveRelation.id"
    )
    files: Mapped[list[DirectiveFile]] = relationship(cascade="all, delete-orphan", order_by="DirectiveFile.id")


class DirectiveRelation(db.Model):
    """``directive`` rests on, follows or replaces ``to``."""

    __tablename__ = "directive_relations"
    __table_args__ = (UniqueConstraint("directive_id", "kind", "to_id"), enum_check("kind", RELATIONS))
    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    to_id: Mapped[int] = mapped_column(ForeignKey("directives.id", ondelete="CASCADE"), index=True)
    to: Mapped[Directive] = relationship(foreign_keys=[to_id])


class DirectiveFile(StoredFile, db.Model):
    """The paper, as a photo or PDF."""

    __tablename__ = "directive_files"
    __table_args__ = (UniqueConstraint("directive_id", "sent_sha256"),)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id", ondelete="CASCADE"))


class Requirement(db.Model):
    """One thing that a letter asks. ``excerpt`` is verbatim, ``text`` is how the enterprise reads it."""

    __tablename__ = "requirements"
    __table_args__ = (enum_check("phase", PHASES), enum_check("scope", SCOPES), UniqueConstraint("directive_id", "key"))
    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Text)
    """Stays when a letter is copied: by it two letters are compared."""
    position: Mapped[int]
    excerpt: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text, default="")
    wants: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of evidence, any of which will do."""
    computed: Mapped[str] = mapped_column(Text, default="")
    """Code of what is computed (``compliance.computed``); then that alone decides."""
    due_on: Mapped[date | None]
    phase: Mapped[str] = mapped_column(Text, default="all")
    scope: Mapped[str] = mapped_column(Text, default="all")
    off_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Kinds of units that are not asked."""
    directive: Mapped[Directive] = relationship()


class RequirementUnit(db.Model):
    """A unit that is asked, where not all are."""

    __tablename__ = "requirement_units"
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)


class RequirementPoint(db.Model):
    """How a unit stands to a requirement; without a row: not begun, nothing computed yet."""

    __tablename__ = "requirement_points"
    __table_args__ = (
        enum_check("state", STATES),
        CheckConstraint("state <> 'not_applicable' OR reason <> ''", name="reason_given"),
    )
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    state: Mapped[str] = mapped_column(Text, default="todo")
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text, default="")
    holds: Mapped[bool | None]
    """Whether what is computed was true at ``judged_at``, and its numbers."""
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_why: Mapped[str] = mapped_column(Text, default="")
    """computed, withdrawn, remark or reworded; empty since it is done again."""
    remark: Mapped[str] = mapped_column(Text, default="")
    remarked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    remarked_by: Mapped[str] = mapped_column(Text, default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[Unit] = relationship()
    requirement: Mapped[Requirement] = relationship()


class RequirementEvent(db.Model):
    """What happened to a point, only added to. ``numbers``: what was computed then; ``before``: what the fields of the
    requirement said until it was changed."""

    __tablename__ = "requirement_events"
    __table_args__ = (Index("ix_requirement_events_point", "requirement_id", "unit_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Evidence(db.Model):
    """Never overwritten. Accepted, it is kept with its bytes even when it is withdrawn; else only its name is."""

    __tablename__ = "evidence"
    __table_args__ = (
        enum_check("kind", KINDS),
        Index("ix_evidence_point", "requirement_id", "unit_id", "id"),
        Index(
            "uq_evidence_sent",
            "requirement_id",
            "unit_id",
            "sent_sha256",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    requirement_id: Mapped[int] = mapped_column(ForeignKey("requirements.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(Text, default="")
    sent_sha256: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    url: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was computed, as it stood at ``added_at``."""
    internal: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Not for inspectors: it names people or numbers."""
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    """``Actor.ref`` of whoever added it."""
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[str] = mapped_column(Text, default="")
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[Unit] = relationship()
    requirement: Mapped[Requirement] = relationship()

    @property
    def outside_name(self) -> str:
        """Return its name for whoever may not see what is internal: of a link the host alone, for its path may be a
        key."""
        return self.name.partition("/")[0] if self.internal and self.kind == "link" else self.name

    @property
    def has_picture(self) -> bool:
        return self.media_type.startswith("image/") and self.size > 0
