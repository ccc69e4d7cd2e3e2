"""What planning starts from: holidays, demand, wishes, pairs of people, points."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Person, Unit

DAY_CLASSES = ("holiday", "substitute", "weekly_rest", "ordinary")
SET_STATUSES = ("official", "unverified", "projected")
PHASES = ("before", "during", "after")
FORMS = ("onsite", "standby", "command")
PAIR_KINDS = ("together", "apart")


class HolidaySet(db.Model):
    """The holidays of one calendar year; ``starts_on`` … ``ends_on`` is its Tết break (both free days)."""

    __tablename__ = "holiday_sets"
    __table_args__ = (enum_check("status", SET_STATUSES), CheckConstraint("starts_on <= ends_on", name="ordered"))
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    days: Mapped[list[HolidayDay]] = relationship(order_by="HolidayDay.on_date", cascade="all, delete-orphan")


class HolidayDay(db.Model):
    """The class of one date; a date without a row is weekly rest on Saturday and Sunday, else ordinary."""

    __tablename__ = "holiday_days"
    __table_args__ = (
        UniqueConstraint("set_id", "on_date"),
        enum_check("day_class", DAY_CLASSES),
        enum_check("status", SET_STATUSES),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("holiday_sets.id"))
    on_date: Mapped[date] = mapped_column(index=True)
    day_class: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")


class Demand(db.Model):
    """How many people a unit needs for a duty in a phase; the template from which a campaign's shifts are made."""

    __tablename__ = "demand"
    __table_args__ = (
        UniqueConstraint("unit_id", "duty", "phase", "template"),
        enum_check("phase", PHASES),
        enum_check("form", FORMS),
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes_of_a_day"),
        CheckConstraint("headcount > 0", name="headcount_positive"),
        CheckConstraint("wanted > 0", name="wanted_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"))
    phase: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    """The shift's name: "Sáng", "Đêm", "24/24"."""
    start_minute: Mapped[int]
    """Local minutes after midnight."""
    minutes: Mapped[int]
    headcount: Mapped[int]
    wanted: Mapped[int | None]
    """How many it would like to have, when that is more than it needs (``headcount``)."""
    skills: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Skill → how many on the shift must have it."""
    form: Mapped[str] = mapped_column(Text)
    replaces_work: Mapped[bool] = mapped_column(default=False)
    legal_ground: Mapped[str] = mapped_column(Text, default="")
    """What the employer states as its ground for more than twelve hours on site; empty: nothing."""
    unit: Mapped[Unit] = relationship()


class Wish(db.Model):
    """A person would like a date (and template, "any" = whatever) on or off."""

    __tablename__ = "wishes"
    __table_args__ = (UniqueConstraint("person_id", "on_date", "template"), enum_check("want", ("on", "off")))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    on_date: Mapped[date]
    template: Mapped[str] = mapped_column(Text, default="any")
    want: Mapped[str] = mapped_column(Text)
    weight: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship()


class PersonPair(db.Model):
    """Two people who share every shift that has room for both (together), or never share one (apart)."""

    __tablename__ = "person_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        enum_check("kind", PAIR_KINDS),
        CheckConstraint("first_id < second_id", name="ordered"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    first: Mapped[Person] = relationship(foreign_keys=[first_id])
    second: Mapped[Person] = relationship(foreign_keys=[second_id])


class PointsFactor(db.Model):
    """One row of the enterprise's table of points per hour; its name is a field of ``planning.points.PointsTable``."""

    __tablename__ = "points_factors"
    __table_args__ = (CheckConstraint("hundredths >= 0", name="hundredths_not_negative"),)
    factor: Mapped[str] = mapped_column(Text, primary_key=True)
    hundredths: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_by: Mapped[str | None] = mapped_column(Text)
