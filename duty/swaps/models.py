"""Asks to swap, cover or drop a published seat, and who was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person

KINDS = ("swap", "cover", "drop")
OPEN = ("asked", "accepted")
STATES = (*OPEN, "approved", "declined", "rejected", "cancelled", "expired", "void")
ANSWERS = ("accepted", "declined")
_IS_OPEN = "state IN ('asked', 'accepted')"


class Swap(db.Model):
    """The holder of a published seat asks others to take it.

    It is bound to what was published: ``sequence`` is that of the duty when it was asked, so that a moved shift asks
    again. ``swap``: ``for_seat_id`` comes back for it; ``cover``: nothing does; ``drop``: the same, and the managers
    are told at once. ``from_at``, ``to_at``: only that part of the shift.
    """

    __tablename__ = "swaps"
    __table_args__ = (
        enum_check("kind", KINDS),
        enum_check("state", STATES),
        CheckConstraint("(kind = 'swap') = (for_seat_id IS NOT NULL)", name="in_return"),
        CheckConstraint("(from_at IS NULL) = (to_at IS NULL)", name="part"),
        # One open ask a seat, whoever makes it: two would promise it to two people.
        Index("uq_swaps_open", "seat_id", unique=True, sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(Text)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    sequence: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    """Who held the seat when it was asked."""
    for_seat_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id"), index=True)
    for_sequence: Mapped[int | None]
    from_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    """Of the holder, for those who are asked."""
    heard: Mapped[str] = mapped_column(Text, default="")
    """Of whoever asked for the holder: how they heard it. Not for colleagues: it may speak of an illness."""
    passes: Mapped[bool]
    """The first lawful yes moves the seat; else a manager decides."""
    state: Mapped[str] = mapped_column(Text, default="asked")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column(Text)
    """The name of whoever asked: the holder, or somebody for them."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """The person behind that, where there is one."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = mapped_column(Text, default="")
    closing_note: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int | None]
    """The revision that it became."""
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    taker: Mapped[Person | None] = relationship(foreign_keys=[taker_id])
    asked: Mapped[list[SwapAsked]] = relationship(order_by="SwapAsked.turn_at, SwapAsked.person_id")


class SwapChain(db.Model):
    """Two asks that move together or not at all: who takes the seat of the first has that of the second, and somebody
    else takes it."""

    __tablename__ = "swap_chains"
    first_id: Mapped[int] = mapped_column(ForeignKey("swaps.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("swaps.id", ondelete="CASCADE"), unique=True)


class SwapAsked(db.Model):
    """One person who was asked. ``turn_at``: from when on; who comes later in turn hears nothing before."""

    __tablename__ = "swap_asked"
    __table_args__ = (
        enum_check("answer", ANSWERS),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
    )
    swap_id: Mapped[int] = mapped_column(ForeignKey("swaps.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    turn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reached: Mapped[bool] = mapped_column(default=True)
    """False: there was no way to tell them; whoever comes next in turn does not wait for them."""
    nudged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person] = relationship()
