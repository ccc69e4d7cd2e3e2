"""What authorities ask to be reported, the reports, and to whom each day's report went."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from notify.models import Message
from people.models import Unit

REPORT_KINDS = ("daily", "adhoc", "summary")
FORMS = ("report", "phone", "list")
"""What they want: a report in writing, a telephone call, or a list (who is on duty, say)."""
WAYS = ("mail", "phone", "other")
"""How it reached them; ``other``: on paper, by courier, by a system of theirs."""
REPORT_STATES = ("draft", "approved")
"""Whether it was issued say the documents."""


class ReportRequest(db.Model):
    """Somebody asks a unit, on each of some local days, between two hours of the day, for something.

    None is invented: each names who asked and how. ``until`` is when it is late.
    """

    __tablename__ = "report_requests"
    __table_args__ = (
        enum_check("form", FORMS),
        enum_check("kind", ("", *REPORT_KINDS)),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("opens < until", name="hours_in_order"),
        Index("ix_report_requests_days", "unit_id", "starts_on", "ends_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    form: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="")
    """Of the report that answers it; empty for calls and lists."""
    asked_by: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text, default="")
    """Of the letter that asks; empty when it was asked by telephone."""
    asked_on: Mapped[date]
    content: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opens: Mapped[str] = mapped_column(Text)
    """Local "15:00"."""
    until: Mapped[str] = mapped_column(Text)
    recipients: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """``[{"name", "mail", "phone"}]``: each of them has to get it."""
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str] = mapped_column(Text, default="")
    end_reason: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[Unit] = relationship()


class Report(db.Model):
    """Drafted from data, put in words by people, approved, then issued as a document about ``report:<id>``.

    ``sections``: ``[{"code", "title", "lines", "text", "figures"}]``; ``lines`` is what the data say, ``text`` what
    somebody wrote instead (null: nothing); each of ``figures`` is ``{"code", "label", "value", "before", "refs"}``, its
    list as ``compliance.reports.told.refs`` keeps it.
    """

    __tablename__ = "reports"
    __table_args__ = (
        enum_check("kind", REPORT_KINDS),
        enum_check("state", REPORT_STATES),
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        UniqueConstraint("unit_id", "kind", "starts_on", "ends_on", "incident", "edition"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    incident: Mapped[str] = mapped_column(Text, default="")
    """Code of the incident that an ad-hoc report is about."""
    edition: Mapped[int] = mapped_column(default=1)
    phase: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="draft")
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSON, deferred=True)
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """The moment of its figures."""
    drawn_by: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edited_by: Mapped[str] = mapped_column(Text, default="")
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[Unit] = relationship()


class ReportSent(db.Model):
    """One recipient has got what one day asked for; only a receipt is added afterwards. ``once`` makes it one."""

    __tablename__ = "reports_sent"
    __table_args__ = (
        enum_check("way", WAYS),
        CheckConstraint("request_id IS NOT NULL OR report_id IS NOT NULL", name="of_something"),
        Index("ix_reports_sent_request", "request_id", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(Text, unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("report_requests.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    day: Mapped[date]
    way: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    heard_by: Mapped[str] = mapped_column(Text, default="")
    """Who listened at the other end."""
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[str] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"), index=True)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_by: Mapped[str] = mapped_column(Text, default="")
    """Who at the other end says that they have it."""
    request: Mapped[ReportRequest | None] = relationship()
    message: Mapped[Message | None] = relationship()


class ReportAlarm(db.Model):
    """That somebody was told of a late report: once for a request and day."""

    __tablename__ = "report_alarms"
    request_id: Mapped[int] = mapped_column(ForeignKey("report_requests.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
