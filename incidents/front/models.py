"""How far each account has read the log of an incident."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class IncidentLook(db.Model):
    """``entry_id``: the newest line of the log that this account has had before its eyes."""

    __tablename__ = "incident_looks"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    entry_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
