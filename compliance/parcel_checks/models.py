"""Parcels and packages whose content was looked into before they were accepted. Letters are not among them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from incidents.record.models import Incident

MOMENTS = ("before", "after")
MOST = 100_000
"""Of one counter in one day: more is a slip of the finger."""


LONGEST_NAME = 64
"""Of a counter."""
OFFICE = "office"
"""The counter of what is added by whoever answers for the point."""


class ParcelCheck(db.Model):
    """Of one counter of a point on one day; the point's numbers are their sum."""

    __tablename__ = "parcel_checks"
    __table_args__ = (
        UniqueConstraint("unit_id", "day", "counter"),
        CheckConstraint("checked >= 0 AND refused >= 0 AND referred >= 0", name="counts"),
        Index("ix_parcel_checks_day", "day", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    counter: Mapped[str] = mapped_column(Text, default="")
    """Which telephone, or which shift of a program, counted."""
    checked: Mapped[int | None]
    """None: something was found and nobody has said yet how many were looked into, or what was said is kept beside."""
    refused: Mapped[int] = mapped_column(default=0)
    referred: Mapped[int] = mapped_column(default=0)
    """Of which an authority was informed."""
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """When the number was true: what comes later but was said earlier changes nothing."""
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when the number is what somebody who answers for the point put right: nothing else changes it."""
    sheet_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the point's sheet first told the number; None: a program, an office, or something was found and no more."""
    unheeded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a number was told or something found that changed nothing, because the number had been put right or is a
    program's, or because the sheet adds no more that day: somebody should look at it."""
    unheeded: Mapped[int | None]
    """How many were checked, as was told then; None: something was found and no more."""
    unheeded_refused: Mapped[int | None]
    """As was told with it; None: nothing of refusals, as of a telephone."""
    unheeded_referred: Mapped[int | None]
    by_old_sheet: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What is kept beside came by a sheet of before there were two: it waits until somebody accepts it."""


class ParcelCorrection(db.Model):
    """A counter's number of a day, put right by whoever answers for the point. Only added to."""

    __tablename__ = "parcel_corrections"
    __table_args__ = (
        CheckConstraint("becomes >= refused AND refused >= 0 AND referred >= 0 AND why <> ''", name="said"),
        Index("ix_parcel_corrections_unit_id", "unit_id", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    counter: Mapped[str] = mapped_column(Text)
    was: Mapped[int | None]
    becomes: Mapped[int]
    refused_was: Mapped[int]
    refused: Mapped[int]
    referred_was: Mapped[int]
    referred: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    who: Mapped[str] = mapped_column(Text)


class ParcelFinding(db.Model):
    """Something that Điều 12 may forbid was found in a parcel. Neither sender nor receiver is ever written down."""

    __tablename__ = "parcel_findings"
    __table_args__ = (
        enum_check("moment", MOMENTS),
        CheckConstraint("category BETWEEN 1 AND 4", name="category_known"),
        CheckConstraint("parcels > 0", name="parcels_counted"),
        Index("ix_parcel_findings_unit_id", "unit_id", "day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    counter: Mapped[str] = mapped_column(Text, default="")
    key: Mapped[str] = mapped_column(Text, unique=True)
    """Of one sending: what is sent twice with it is one."""
    moment: Mapped[str] = mapped_column(Text)
    """Before or after acceptance."""
    category: Mapped[int | None]
    """Khoản of Điều 12; none: not known."""
    goods: Mapped[str] = mapped_column(Text)
    parcels: Mapped[int] = mapped_column(default=1)
    informed: Mapped[str] = mapped_column(Text, default="")
    """Which authority was told, as typed; empty: none."""
    sheet_added: Mapped[int | None]
    """How many of these parcels the sheet added to the day's number; None: not a refusal, or told by a program."""
    added_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When whoever answers for the point made these parcels part of the number, from which the sheet had left them
    out."""
    added_by: Mapped[str | None] = mapped_column(Text)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id", ondelete="SET NULL"), index=True)
    """The incident that it became (after acceptance)."""
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
    waits: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Found after acceptance, as a sheet of before says: an incident, and no number of the point's."""
    refused_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who said that it is no number of the point's, and will be none."""
    incident: Mapped[Incident | None] = relationship()


class FindingRule(db.Model):
    """What the enterprise wants done with a refused parcel of one khoản of Điều 12: of a unit and all below it."""

    __tablename__ = "finding_rules"
    __table_args__ = (CheckConstraint("category BETWEEN 1 AND 4", name="category_known"),)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    category: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text_vi: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by: Mapped[str] = mapped_column(Text)
