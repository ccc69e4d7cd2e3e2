"""Shared desk computers: which accounts are one, who sits there, and the PINs that say who acts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from core.db import UTCDateTime, db
from people.models import LoginSession, User


class SharedDesk(db.Model):
    """The account of a computer that several people use: it belongs to a unit, and to no person."""

    __tablename__ = "shared_desks"
    __table_args__ = (CheckConstraint("lock_minutes BETWEEN 1 AND 60", name="lock_minutes_range"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    lock_minutes: Mapped[int]
    """It locks itself when nobody has touched it for so long."""


class DeskSession(db.Model):
    """What a login session of a shared desk knows besides: who opened it, and when it was touched last."""

    __tablename__ = "desk_sessions"
    session_id: Mapped[int] = mapped_column(ForeignKey("login_sessions.id", ondelete="CASCADE"), primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("shared_desks.user_id", ondelete="CASCADE"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    """``None``: locked."""
    active_at: Mapped[datetime] = mapped_column(UTCDateTime)
    desk: Mapped[SharedDesk] = relationship()
    opened_by: Mapped[User | None] = relationship(foreign_keys=[opened_by_id])
    session: Mapped[LoginSession] = relationship(backref=backref("desk", uselist=False))


class DeskPin(db.Model):
    """Four to eight digits by which an account's holder acts at a shared desk; nowhere else."""

    __tablename__ = "desk_pins"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    pin_hash: Mapped[str] = mapped_column(Text)
    """argon2id with a pepper (``people.sign_in.pins``)."""
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)
