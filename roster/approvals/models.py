"""What was submitted to a leader, and what they said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person

APPROVAL_STATES = ("submitted", "approved", "returned", "replaced")
"""Waiting; said yes; sent back with a reason; another draft was submitted in its place."""


class Approval(db.Model):
    """One draft as it was submitted, whole: what the approver reads is what will be published, or nothing is.

    ``published_as``: the number of the revision that it became; an approval serves once.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_of_person", "approver_id", "state"),
        enum_check("state", APPROVAL_STATES),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    """Number of the revision that was published then; 0: none."""
    draft_version: Mapped[int]
    content: Mapped[list[Any]] = mapped_column(JSON, deferred=True)
    """As in a revision; large, and read only by those who ask for it."""
    content_hash: Mapped[str] = mapped_column(Text)
    """Of what the content decides (``roster.campaigns.approval.hash_of``)."""
    gaps: Mapped[list[Any]] = mapped_column(JSON)
    """What was not covered then, as in a proof."""
    accept_gaps: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_by: Mapped[str] = mapped_column(Text)
    submitter_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    approver_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(Text, default="submitted")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was sent back."""
    published_as: Mapped[int | None]
    approver: Mapped[Person] = relationship(foreign_keys=[approver_id])
    submitter: Mapped[Person | None] = relationship(foreign_keys=[submitter_id])
