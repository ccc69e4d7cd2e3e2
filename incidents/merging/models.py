"""Which incidents were made one, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from incidents.record.models import Incident


class IncidentJoin(db.Model):
    """Two incidents are one; ``undone_at``: they were not."""

    __tablename__ = "incident_joins"
    __table_args__ = (
        CheckConstraint("incident_id <> main_id", name="two_incidents"),
        Index(
            "uq_incident_joins_current",
            "incident_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"))
    main_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    status_before: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    incident: Mapped[Incident] = relationship(foreign_keys=[incident_id])
    main: Mapped[Incident] = relationship(foreign_keys=[main_id])
