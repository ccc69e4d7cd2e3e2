"""Links that show how one incident stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from incidents.record.models import Incident


class SharedIncident(db.Model):
    """What was said of an incident in a group; the link shows that and how it stands whenever somebody looks.
    ``sealed``: the secret of the link, for whoever made it."""

    __tablename__ = "shared_incidents"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    news_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the group will hear more."""
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    """``Actor.ref`` of whoever made it."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    incident: Mapped[Incident] = relationship()
