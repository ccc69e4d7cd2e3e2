"""Which incident tells of whom nobody has seen on duty."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class NoShowIncident(db.Model):
    """One missing holder of one duty (``roster.presence``: told apart by when they were called) and the incident that
    stands for them, alone or with others."""

    __tablename__ = "no_show_incidents"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True)
    called_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the timeline said how it ended."""
