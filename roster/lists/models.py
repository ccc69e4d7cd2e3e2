"""A collection of lists for a campaign, the list of each unit, and who is to serve in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.files.content import ENDINGS
from people.models import Person, Unit
from roster.campaigns.models import Campaign

LIST_STATES = ("waiting", "sent", "returned", "merged")
"""Nothing came yet; it came; it went back with a remark; it is in the draft."""


class ListCollection(db.Model):
    """One for a campaign; opened again it goes on as it was."""

    __tablename__ = "list_collections"
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"), unique=True)
    message: Mapped[str] = mapped_column(Text, default="")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by: Mapped[str] = mapped_column(Text)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When those who owe were reminded, once; a new deadline reminds anew."""
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    campaign: Mapped[Campaign] = relationship()
    lists: Mapped[list[UnitList]] = relationship(back_populates="collection", cascade="all, delete-orphan")

    @property
    def is_open(self) -> bool:
        """A campaign that is over takes no lists any more, whether or not somebody has closed their collection."""
        return self.closed_at is None and self.campaign.state != "closed"


class UnitList(db.Model):
    """A unit's list. ``sealed``: the secret of its link; a new link makes the one before worthless."""

    __tablename__ = "unit_lists"
    __table_args__ = (UniqueConstraint("collection_id", "unit_id"), enum_check("state", LIST_STATES))
    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("list_collections.id", ondelete="CASCADE"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    digest: Mapped[str] = mapped_column(Text, unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    link_ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by: Mapped[str] = mapped_column(Text, default="")
    """As whoever filled it in wrote their name: a link says of nobody who they are."""
    typed_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who typed it over from the unit's paper, since it was sent; ``sent_at`` is then when that was."""
    note: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    """Why it went back."""
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text, default="")
    collection: Mapped[ListCollection] = relationship(back_populates="lists")
    unit: Mapped[Unit] = relationship()
    picks: Mapped[list[ListPick]] = relationship(cascade="all, delete-orphan")
    files: Mapped[list[ListFile]] = relationship(cascade="all, delete-orphan", order_by="ListFile.id")


class ListPick(db.Model):
    """Who is to have a seat, as the unit says."""

    __tablename__ = "list_picks"
    list_id: Mapped[int] = mapped_column(ForeignKey("unit_lists.id", ondelete="CASCADE"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    person: Mapped[Person] = relationship()


class ListFile(db.Model):
    """A photo or PDF of the paper that a unit keeps its list on; the bytes are here, so that backups have them."""

    __tablename__ = "list_files"
    __table_args__ = (UniqueConstraint("list_id", "sent_sha256"), enum_check("media_type", tuple(ENDINGS)))
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("unit_lists.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Text, unique=True)
    """Random; its name outside."""
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    """Bytes as kept."""
    sent_sha256: Mapped[str] = mapped_column(Text)
    """Of the bytes as they came: the same file sent twice is one."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
