"""The mailbox of a source, and the mails that were read in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.intake.models import Intake

SECURITY = ("tls", "starttls", "none")


class Mailbox(db.Model):
    """Where the mail of a source is fetched (IMAP), and how far it was read."""

    __tablename__ = "mailboxes"
    __table_args__ = (enum_check("security", SECURITY),)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    port: Mapped[int]
    security: Mapped[str] = mapped_column(Text)
    """tls, starttls, or none: nothing is sealed on the way, for a server on this machine."""
    username: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text)
    """The password, sealed with a key made from SECRET_KEY; never shown again."""
    folder: Mapped[str] = mapped_column(Text, default="INBOX")
    senders: Mapped[list[str]] = mapped_column(JSON)
    """Whose mail is read: addresses, or ``@domain``."""
    allow_private: Mapped[bool] = mapped_column(default=False)
    """An administrator said that the server may stand in a private network or on this machine."""
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int | None] = mapped_column(BigInteger)
    """The newest mail that is done with; None: the folder has not been seen yet."""
    next_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    """When it is looked into again; whoever moves it does so."""
    looked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was last read to its end."""
    visited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody last came back from it, read or not."""
    trying_uid: Mapped[int | None] = mapped_column(BigInteger)
    """The mail whose parsing was begun last."""
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often it was begun and no end was noted: counted, and committed, before each."""
    trying_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Until then whoever began may still be at it."""
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why it could not be read: a code of ``incidents.mailboxes.words``, and the server's words after a blank."""
    intake: Mapped[Intake] = relationship()


class ReceivedMail(db.Model):
    """One mail that is done with: each only once, also when the server numbers its mails anew."""

    __tablename__ = "received_mails"
    __table_args__ = (
        UniqueConstraint("intake_id", "uidvalidity", "uid"),
        UniqueConstraint("intake_id", "digest"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intakes.id", ondelete="CASCADE"))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(Text)
    """Of its Message-ID, date, sender and subject, or of all of it where it has no Message-ID."""
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sender: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(Text)
    """As in ``IntakeEvent``; ``unreadable``: it became the source's alarm about what cannot be read; or why it was
    refused: a code of ``incidents.mailboxes.reading``."""
