"""Windows, and what they hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from incidents.catalogue.models import IncidentCategory
from incidents.intake.models import Intake
from incidents.record.models import Incident
from people.models import Unit


class MaintenanceWindow(db.Model):
    """Half-open [starts_at, ends_at); of the unit with everything below it, narrowed to a source or a category."""

    __tablename__ = "maintenance_windows"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="in_order"),
        CheckConstraint("NOT is_silence OR intake_id IS NOT NULL", name="silence_of_a_source"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"), index=True)
    category: Mapped[str | None] = mapped_column(ForeignKey("incident_categories.code"))
    is_silence: Mapped[bool]
    """Of one source, for hours at most, by whoever is disturbed by it."""
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    obligatory_minutes: Mapped[int]
    """How long duty is demanded inside it; more than 0: it holds only once it is confirmed."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody ended it early."""
    ended_by: Mapped[str] = mapped_column(Text, default="")
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When what it held became incidents; NULL while it holds, or is still to begin."""
    forgotten: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many that it held are no longer kept: they went away by themselves (``incidents.maintenance.sweeping``)."""
    unit: Mapped[Unit] = relationship()
    intake: Mapped[Intake | None] = relationship()
    kind: Mapped[IncidentCategory | None] = relationship()

    @property
    def over_at(self) -> datetime:
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)


class HeldAlarm(db.Model):
    """What a window holds: enough to report it when the window is over."""

    __tablename__ = "held_alarms"
    __table_args__ = (Index("ix_held_alarms_key", "dedup_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("maintenance_windows.id", ondelete="CASCADE"), index=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"), index=True)
    """NULL: a program with a key of the API."""
    own_key: Mapped[str] = mapped_column(Text)
    """As the source knows it."""
    dedup_key: Mapped[str | None] = mapped_column(Text)
    """As an incident would have it; NULL: of a program that names none."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    category: Mapped[str] = mapped_column(ForeignKey("incident_categories.code"))
    severity: Mapped[int | None]
    """NULL: as the category says."""
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text, default="", server_default="")
    details: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """What came along, for ``IncidentDetails``."""
    told_by: Mapped[str] = mapped_column(Text)
    fired_at: Mapped[datetime] = mapped_column(UTCDateTime)
    detected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was noticed, where a program says so; else when it came."""
    times: Mapped[int]
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it went away by itself: nobody hears of it."""
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id", ondelete="SET NULL"), index=True)
    """What became of it."""
    window: Mapped[MaintenanceWindow] = relationship()
    unit: Mapped[Unit] = relationship()
    incident: Mapped[Incident | None] = relationship()
