"""What the law wants written down of an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

LEGAL_STEPS = ("suspend", "seal", "leadership", "authority", "record", "handover", "report")


class LegalStep(db.Model):
    """One step of Điều 14 of the Postal Law as it stands now; its former values are in the timeline."""

    __tablename__ = "legal_steps"
    __table_args__ = (enum_check("step", LEGAL_STEPS),)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By field of ``incidents.legal.steps``; moments as RFC 3339 in UTC, dates as ISO."""
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[str] = mapped_column(Text)
