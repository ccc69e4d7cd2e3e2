"""Reports that were sent before: the same one sent again is no second incident."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from incidents.record.models import Incident


class LogKey(db.Model):
    """Which incident came of one quick log, so that what is sent twice is written once, and what was corrected on the
    phone meanwhile is added to it."""

    __tablename__ = "log_keys"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    """Whose account, and the digest of form and words."""
    form: Mapped[str] = mapped_column(Text, index=True)
    """Whose account, and the key of one showing of the form."""
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    incident: Mapped[Incident] = relationship()
