"""The row of a campaign."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Unit

CAMPAIGN_STATES = ("draft", "published", "closed")


class Campaign(db.Model):
    """Đợt trực: one unit's duty over inclusive local dates around one Tết (or a rehearsal on any dates)."""

    __tablename__ = "campaigns"
    __table_args__ = (enum_check("state", CAMPAIGN_STATES), CheckConstraint("starts_on <= ends_on", name="ordered"))
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    tet_year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(Text, default="draft")
    revision: Mapped[int] = mapped_column(default=0)
    """Number of the latest published revision; 0 = never published."""
    draft_version: Mapped[int] = mapped_column(default=0)
    """Grows with every change of the draft; two managers meet here."""
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a draft is published only after a leader has approved it (``roster.approvals``)."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    is_demo: Mapped[bool] = mapped_column(default=False)
    swaps_pass: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether swaps that break no rule move seats as soon as both agree, without a manager's word."""
    look_again: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What it was made from was changed since (``why`` break or demand, ``at``, ``by``, ``seats``): its draft needs
    another look, until it is published or somebody says that they had one."""
    unit: Mapped[Unit] = relationship()
