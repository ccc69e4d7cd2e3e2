"""Who issues documents, the numbers given, and the documents as issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.files.models import StoredFile
from people.models import Unit

DOCUMENT_STATES = ("issued", "withdrawn", "replaced")
SERIES = ("agency", "kind")
"""One run of numbers for everything that an agency issues in a year, or one for each kind."""
SCAN_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp")


class DocumentAgency(db.Model):
    """How a unit writes itself on paper, from a day on, until the next entry of the same unit."""

    __tablename__ = "document_agencies"
    __table_args__ = (UniqueConstraint("unit_id", "valid_from"), enum_check("series", SERIES))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    valid_from: Mapped[date]
    name: Mapped[str] = mapped_column(Text)
    superior: Mapped[str] = mapped_column(Text, default="")
    symbol: Mapped[str] = mapped_column(Text)
    """As in numbers: "BĐGL"."""
    place: Mapped[str] = mapped_column(Text)
    pattern: Mapped[str] = mapped_column(Text)
    """``{number}/{kind}-{symbol}``; ``{year}`` may stand in it."""
    series: Mapped[str] = mapped_column(Text, default="kind")
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
    unit: Mapped[Unit] = relationship()


class DocumentSignatory(db.Model):
    """Who signs for a unit, in which authority, from a day to another (inclusive; NULL: until further notice)."""

    __tablename__ = "document_signatories"
    __table_args__ = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days_in_order"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[str]] = mapped_column(JSON)
    """Authority and office, a line each: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)


class DocumentCounter(db.Model):
    """The next number of a unit's series in a year. Whoever gives a number holds this row."""

    __tablename__ = "document_counters"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    series: Mapped[str] = mapped_column(Text, primary_key=True)
    """The kind's symbol, or "" for one run of everything."""
    next_number: Mapped[int]


class Document(db.Model):
    """As issued: number, date and files never change. ``about`` names what it tells of, which may be gone."""

    __tablename__ = "documents"
    __table_args__ = (
        enum_check("state", DOCUMENT_STATES),
        CheckConstraint("(state = 'issued') = (ended_at IS NULL)", name="ended_with_its_state"),
        Index(
            "uq_documents_number",
            "agency_unit_id",
            "year",
            "series",
            "number",
            unique=True,
            sqlite_where=text("number IS NOT NULL"),
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index("ix_documents_about", "about", "id"),
        Index("ix_documents_unit_id", "unit_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    agency_unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    """Whose numbers it took."""
    once: Mapped[str] = mapped_column(Text, unique=True)
    """Of the form or call that issued it: sent twice, it is issued once."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    language: Mapped[str] = mapped_column(Text)
    year: Mapped[int]
    series: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int | None]
    code: Mapped[str] = mapped_column(Text, default="")
    """The number as written: "08/TB-BĐGL"; empty for what takes none."""
    dated_on: Mapped[date]
    title: Mapped[str] = mapped_column(Text)
    """Kind in words: "Thông báo"."""
    abstract: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    issued_by: Mapped[str] = mapped_column(Text)
    issued_by_ref: Mapped[str] = mapped_column(Text)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    docx: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf_sha256: Mapped[str] = mapped_column(Text)
    docx_sha256: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """The moment of which its content tells: a draft's when it was shown."""
    content_sha256: Mapped[str] = mapped_column(Text)
    """Of what it tells, without agency, number and signature: made again now, would it say the same?"""
    state: Mapped[str] = mapped_column(Text, default="issued")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str] = mapped_column(Text, default="")
    end_reason: Mapped[str] = mapped_column(Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    """The one it stands in place of."""
    scans: Mapped[list[DocumentScan]] = relationship(back_populates="document", order_by="DocumentScan.id")


class SignedFile(StoredFile):
    """Columns of a signed paper as it came back: a scan, or a PDF signed elsewhere. ``signatures``: what the PDF says
    of its own signatures, read when it came (``documents.signed.signatures``)."""

    signatures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class DocumentScan(SignedFile, db.Model):
    """Of a document that was issued here."""

    __tablename__ = "document_scans"
    __table_args__ = (enum_check("media_type", SCAN_TYPES), UniqueConstraint("document_id", "sent_sha256"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    continues: Mapped[bool] = mapped_column(default=False)
    """Begins with the PDF as it was issued, byte by byte: what was signed is what was issued."""
    document: Mapped[Document] = relationship(back_populates="scans")


BATCH_STATES = ("waiting", "running", "done", "cancelled", "failed")


class DocumentBatch(db.Model):
    """One kind for each choice of one option, as files in one ZIP; nothing of it is issued. A worker makes it under a
    lease and begins anew when it died half-way."""

    __tablename__ = "document_batches"
    __table_args__ = (
        enum_check("state", BATCH_STATES),
        CheckConstraint("state <> 'done' OR content IS NOT NULL", name="done_has_its_file"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    each: Mapped[str] = mapped_column(Text)
    """The option of which every choice gets a file."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The choices of the other options."""
    language: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    """Of the thing, and so of the file."""
    state: Mapped[str] = mapped_column(Text, default="waiting", index=True)
    made: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Choices of which nothing could be made: ``{"name", "why"}``."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    """Whose rights it is made with, and whose it is."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
