"""Escalation policies: versions that are never rewritten, their steps, and whom each step calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check

HEADS = ("own", "parent", "all", "each")
URGENT_MOST = 300
SNOOZE_MOST = (900, 1800, 4 * 3600, 12 * 3600)
"""Seconds that an incident of level 1, 2, 3, 4 may be put off, unless a policy says otherwise."""


class PolicyVersion(db.Model):
    """Frozen per incident. ``unit_id`` NULL = the defaults, one row per ``band`` (urgent: level 1–2, normal: 3–4);
    a unit's own policies have ``band`` "any": its main one in ``slot`` 0, others with conditions in slots of their
    own. The version with the highest number of a slot holds, unless it is withdrawn."""

    __tablename__ = "policy_versions"
    __table_args__ = (
        UniqueConstraint("unit_id", "band", "number"),
        enum_check("band", ("urgent", "normal", "any")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    band: Mapped[str] = mapped_column(Text, default="any")
    number: Mapped[int]
    """Counts through all slots of a unit."""
    slot: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    """Of policies that fit equally well the first holds."""
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """When it holds: severities, categories, phases (lists), hours ["22:00", "06:00"] local; empty = always."""
    withdrawn: Mapped[bool] = mapped_column(default=False)
    repeat_after_seconds: Mapped[int]
    repeat_most_seconds: Mapped[int | None]
    """Back-off: after some turns each waits longer, up to this; NULL = every turn waits ``repeat_after_seconds``."""
    urgent_most_seconds: Mapped[int] = mapped_column(default=URGENT_MOST)
    """The back-off of an incident of level 1–2 goes no further than this."""
    ack_timeout_seconds: Mapped[int]
    alive_seconds: Mapped[int | None]
    """Inactivity: once heard of, the holder is called again after so long without a sign of life; NULL = as the
    acknowledge time-out."""
    snooze_most: Mapped[list[int]] = mapped_column(JSON, default=lambda: list(SNOOZE_MOST))
    """Seconds for levels 1 to 4; empty = the usual ones."""
    tells_end: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Who was called hears who has it, that it is over, called off or open again (``incidents.endings``)."""
    catch_all: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Person ids."""
    catch_all_gone: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Names of those in it who were removed with the demo: only in versions that are history."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[PolicyStep]] = relationship(order_by="PolicyStep.position", cascade="all, delete-orphan")


class PolicyStep(db.Model):
    """``after_seconds`` = wait since the previous step fired (first: since creation)."""

    __tablename__ = "policy_steps"
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    after_seconds: Mapped[int]
    all_must: Mapped[bool] = mapped_column(default=False)
    """Everybody of the step goes on being called until each has answered."""
    targets: Mapped[list[PolicyTarget]] = relationship(
        order_by="PolicyTarget.place", cascade="all, delete-orphan", lazy="selectin"
    )


class PolicyTarget(db.Model):
    """One of those whom a step calls: a duty kind, a person, or heads of units.

    ``gone``: the name of a person who was removed with the demo, only in versions that are history; calls nobody."""

    __tablename__ = "policy_targets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["policy_id", "position"], ["policy_steps.policy_id", "policy_steps.position"], ondelete="CASCADE"
        ),
        CheckConstraint(
            "(CASE WHEN duty IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN head IS NULL THEN 0 ELSE 1 END) + (CASE WHEN gone IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_meaning",
        ),
        enum_check("head", HEADS),
    )
    policy_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    duty: Mapped[str | None] = mapped_column(ForeignKey("duty_kinds.code"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    head: Mapped[str | None] = mapped_column(Text)
    """own, parent: of the unit where it happened, of the one above; all: of these and all above, at once; each: one
    level a step."""
    gone: Mapped[str | None] = mapped_column(Text)
