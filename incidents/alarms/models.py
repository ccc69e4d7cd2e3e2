"""One alarm of a source that groups its alarms, and what came along with the one that an incident began with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import Unit


class IncidentAlarm(db.Model):
    """An incident without such rows is of one alarm, or of none. Changed only by who holds the source."""

    __tablename__ = "incident_alarms"
    __table_args__ = (Index("ix_incident_alarms_key", "intake_id", "dedup_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"))
    dedup_key: Mapped[str] = mapped_column(Text)
    """As the source knows it."""
    title: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    severity: Mapped[int]
    """The worst that it was."""
    fired_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When it came first."""
    times: Mapped[int] = mapped_column(default=1)
    """How often it was told that it fires."""
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it went away; NULL while it fires."""
    unit: Mapped[Unit] = relationship()


class IncidentDetails(db.Model):
    """Names and values as the source sent them, bounded (``incidents.intake.cleaning``); none of incidents that concern
    Party, State or KT1, or that few may see."""

    __tablename__ = "incident_details"
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(Text)
    """In whose manner it came: uptime_kuma, zabbix, …"""
    rows: Mapped[list[list[str]]] = mapped_column(JSON)
    """[[name, value], …] in the order in which they came."""
