"""What the door remembers: browsers that an account signed in from, and whose turn to try comes when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import UTCDateTime, db


class KnownDevice(db.Model):
    """A browser (or a shared desk, for PINs) where this account came in before: it has tries of its own."""

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("digest", "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class SignInTurn(db.Model):
    """The moment at which one browser may try one account, while others are guessing at it."""

    __tablename__ = "sign_in_turns"
    __table_args__ = (Index("ix_sign_in_turns_account", "account", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(Text)
    """``throttle.key_of`` the account, known or not."""
    place: Mapped[str] = mapped_column(Text)
    """The network, hashed."""
    browser: Mapped[str] = mapped_column(Text)
    """The browser's cookie, hashed; the network when it sends none."""
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
