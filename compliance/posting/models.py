"""Texts that are posted, each with all its versions; the proof that one of them hangs at a point."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db, enum_check

POSTED = ("prohibited", "conditions", "prices", "quality", "complaints", "support", "hours")
"""What is posted; the first two are obligatory."""
_WAITING = text("accepted_at IS NULL AND withdrawn_at IS NULL AND photo_sha256 <> ''")


class PostingText(db.Model):
    """One version of what a unit posts, and all below it that have no text of their own. Never changed: added to."""

    __tablename__ = "posting_texts"
    __table_args__ = (UniqueConstraint("unit_id", "what", "version"), enum_check("what", POSTED))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    what: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Part → ``{"vi": …, "en": …}`` (``compliance.posting.parts``)."""
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)


class Posting(db.Model):
    """Somebody says that it hangs, mostly with a photo; what hung before stays as it was."""

    __tablename__ = "postings"
    __table_args__ = (
        enum_check("what", POSTED),
        Index("ix_postings_unit_id", "unit_id", "what", "id"),
        Index("ix_postings_waiting", "unit_id", "what", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    what: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text)
    """Of what it says (``compliance.posting.editions``): another one is out of date."""
    posted_on: Mapped[date]
    """By the local calendar."""
    key: Mapped[str] = mapped_column(Text, unique=True)
    """Of one sending: what is sent twice with it is one."""
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    photo_type: Mapped[str] = mapped_column(Text, default="")
    photo_sha256: Mapped[str] = mapped_column(Text, default="")
    """Empty: without a photo, which proves nothing."""
    sheet: Mapped[str] = mapped_column(Text, default="", server_default="")
    """By which sheet it came: ``counter``, ``old`` (of before there were two); empty: somebody who was signed in."""
    code_read: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the code in the photo says (``compliance.posting.sighting``); empty: nobody looked."""
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody who answers for the point accepted the photo: it proves from then on."""
    accepted_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    said_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """It was wrong, or no longer hangs."""
    withdrawn_by: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def waits(self) -> bool:
        """The photo is for somebody to look at."""
        return bool(self.photo_sha256) and self.accepted_at is None and self.withdrawn_at is None
