"""Who has the page of an incident open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class IncidentWatch(db.Model):
    """This account had it before its eyes at ``at``; written anew every twenty seconds, worth nothing after 45."""

    __tablename__ = "incident_watches"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
