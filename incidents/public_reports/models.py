"""Reports without an account, and the sheets by which they come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db
from core.security import tokens
from incidents.record.models import Incident
from people.models import Unit


class ReportCode(db.Model):
    """The generation of a unit's QR sheet. A unit without a row has generation 1, in force: its code is an HMAC, so
    there is nothing to store until somebody replaces or withdraws it."""

    __tablename__ = "report_codes"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, autoincrement=False)
    generation: Mapped[int] = mapped_column(default=1)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)
    unit: Mapped[Unit] = relationship()


class CounterCode(db.Model):
    """The sheet that a unit keeps behind its counter. A unit without a row has generation 1, and no sheet of before."""

    __tablename__ = "counter_codes"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, autoincrement=False)
    generation: Mapped[int] = mapped_column(default=1)
    old_generation: Mapped[int] = mapped_column(default=0)
    """Public sheets up to this one were printed when one code did for both; 0: none was."""
    printed_generation: Mapped[int] = mapped_column(default=0)
    """Of the counter's sheet that somebody said was printed; 0: none. From then on the public sheets only report."""
    printed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    printed_by: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[str] = mapped_column(Text)


class ReportSheet(db.Model):
    """What the sheet that hangs in a unit says, as somebody wrote down after printing it."""

    __tablename__ = "report_sheets"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, autoincrement=False)
    edition: Mapped[int]
    """Grows whenever another text was printed; stands on the sheet."""
    generation: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    """Where its code led (``PUBLIC_URL``)."""
    printed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    printed_by: Mapped[str] = mapped_column(Text)


class PublicReport(db.Model):
    """What somebody without an account sent. Name and telephone are theirs to leave out."""

    __tablename__ = "public_reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id", ondelete="CASCADE"), index=True)
    form_key: Mapped[str] = mapped_column(Text, unique=True)
    """Unit and key of one showing of the form: what is sent twice with it is one report."""
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    generation: Mapped[int]
    """Of the sheet that was scanned."""
    salt: Mapped[str] = mapped_column(Text, default=tokens.new_salt)
    """In the signature of the reporter's page. Empty in rows older than this."""
    name: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    joined: Mapped[bool] = mapped_column(default=False)
    """Sent while too much came in: added to an incident that was open already, and nobody was called anew."""
    mistaken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The reporter said that it was a mistake. Whether that is so is for those on duty to judge."""
    incident: Mapped[Incident] = relationship()
