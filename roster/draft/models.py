"""What was changed in a draft by hand or by a solve since it was last published: to be undone, and done again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

EDIT_KINDS = ("edit", "solve")


class DraftEdit(db.Model):
    """One change by one account or key. ``cells``: [[seat, shift, before, after], …] of every seat that it changed.

    A cell is [person id, pinned, reason], null = nobody. A row without a seat says what the shift asked for before and
    after: [people needed, people wanted, skill → how many]. ``revision`` is the campaign's when it was made: what is
    older than the present one is history. ``undone_at`` set: it waits to be done again, until its maker changes
    something. ``since_version``, ``draft_version``: of the draft before and after it was made, undone or done again.
    ``about``: what made all of it at once, to be named by: ``pattern`` and ``unit`` (code); ``crews`` (names) and
    ``unit``; ``crew`` (name), ``shift``, ``on`` and how many ``more`` days; ``sheet``, the name of a file;
    ``list``, the name of the unit that sent it, with ``list_id`` and ``sent_at`` of that list.
    """

    __tablename__ = "draft_edits"
    __table_args__ = (enum_check("kind", EDIT_KINDS), Index("ix_draft_edits_maker", "campaign_id", "made_by"))
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(Text, default="edit")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cells: Mapped[list[Any]] = mapped_column(JSON)
    about: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    since_version: Mapped[int] = mapped_column(default=0, server_default="0")
    draft_version: Mapped[int] = mapped_column(default=0, server_default="0")
