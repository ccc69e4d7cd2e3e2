"""Units, people, how to reach them, when they are away, and their accounts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from core.security import tokens

ROLES = ("admin", "manager", "staff", "viewer")
ABSENCE_KINDS = ("annual_leave", "sick", "travel", "training", "other")
CHANNELS = ("email", "phone")
OWN_ADDRESS = "uq_contact_methods_own"
_OWN = text("unit_id IS NULL")


class UnitKind(db.Model):
    """province, hub, district, commune, service_point …: a table, because organisations are renamed."""

    __tablename__ = "unit_kinds"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)


class DutyKind(db.Model):
    """leadership, operations, emergency (obligatory by the letter), support, and the enterprise's own."""

    __tablename__ = "duty_kinds"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    letter: Mapped[str] = mapped_column(Text)
    """Two letters shown in chips (LĐ, ĐH, ƯC, HT), so that colour never carries meaning alone."""
    colour: Mapped[str] = mapped_column(Text, default="other")
    """CSS class: ld, dh, uc, ht or other."""
    obligatory: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=100)
    check_in_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when those who serve it on site say that they are there: of shifts that begin from then on. NULL: never."""
    ready_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The same of those who serve it elsewhere, and say before it that they are ready."""

    @property
    def asks_check_in(self) -> bool:
        return self.check_in_since is not None

    @property
    def asks_ready(self) -> bool:
        return self.ready_since is not None

    def ask(self, check_in: bool | None, ready: bool | None, now: datetime) -> None:
        """Ask from now on, no more, or as it was (None); what is on already stays on since then."""
        if check_in is not None:
            self.check_in_since = (self.check_in_since or now) if check_in else None
        if ready is not None:
            self.ready_since = (self.ready_since or now) if ready else None


class WorkPattern(db.Model):
    """Ordinary weekly hours: ``hours`` maps weekday "0".."6" (Monday 0) to lists of ["07:30","11:30"]."""

    __tablename__ = "work_patterns"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    hours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    normal_hours: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What the enterprise chose as normal, oldest first: ``{"since": "2026-01-01", "day": 480, "week": 2880}``."""


class Unit(db.Model):
    """A node of the organisation, a tree of any depth; never deleted, closed by ``valid_to``."""

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(ForeignKey("unit_kinds.code"))
    phone: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(Text, default="")
    serves_party_state: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    salt: Mapped[str] = mapped_column(Text, default=tokens.new_salt)
    """In the signature of its addresses: no other unit ever has the same. Empty in rows older than this."""
    parent: Mapped[Unit | None] = relationship(remote_side=[id])


class UnitHead(db.Model):
    """Who leads a unit: escalation may call the heads of units up the tree."""

    __tablename__ = "unit_heads"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class Person(db.Model):
    """One name field (highland names have two or three words, some have one); account optional."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("share BETWEEN 1 AND 100", name="share_percent"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    full_name: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text, index=True)
    search_key: Mapped[str] = mapped_column(Text, default="")
    """Folded name, code and phone digits, for diacritic-blind search."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    position: Mapped[str] = mapped_column(Text, default="")
    max_shifts: Mapped[int | None]
    min_shifts: Mapped[int | None]
    share: Mapped[int] = mapped_column(default=100)
    """Part-time share in percent: fairness weighs a person's load against it."""
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What the person can do besides the duty kinds ("experienced", "lái xe"): sorted words in lower case."""
    limits: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Of their own for the rules' parameters: ``hours.week:most`` → minutes; see ``people.limits``."""
    no_night: Mapped[bool] = mapped_column(default=False)
    no_overtime: Mapped[bool] = mapped_column(default=False)
    """May not work overtime; why is nobody's business and not kept."""
    active: Mapped[bool] = mapped_column(default=True)
    work_pattern: Mapped[str] = mapped_column(ForeignKey("work_patterns.code"), default="shift")
    overtime_month_minutes: Mapped[int | None]
    """Hours already worked over in the campaign's first month, in minutes; ``None`` = unknown."""
    overtime_year_minutes: Mapped[int | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Unit] = relationship()
    contacts: Mapped[list[ContactMethod]] = relationship(
        back_populates="person", order_by="ContactMethod.position", cascade="all, delete-orphan"
    )
    duties: Mapped[list[PersonDuty]] = relationship(cascade="all, delete-orphan")

    def address(self, channel: str) -> str:
        """The first address of ``channel`` ("email" or "phone"), or an empty string."""
        return next((c.address for c in self.contacts if c.channel == channel), "")

    @property
    def phone(self) -> str:
        return self.address("phone")

    @property
    def email(self) -> str:
        return self.address("email")


class ContactMethod(db.Model):
    """How a person is reached, in this order.

    One's own address also signs in, so it is one person's: the database refuses a second
    (``people.accounts.ownership``).
    """

    __tablename__ = "contact_methods"
    __table_args__ = (
        UniqueConstraint("person_id", "channel", "address"),
        enum_check("channel", CHANNELS),
        Index(OWN_ADDRESS, "address", unique=True, sqlite_where=_OWN, postgresql_where=_OWN),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    channel: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, index=True)
    """E-mail in lower case; phone as digits (``core.text.normalize_phone``)."""
    position: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    """The office whose mailbox or counter phone it is: may call several people, signs nobody in. ``None``: own."""
    # Who gave it to somebody whom a published list named, until that one says it is theirs (people.contact.givers).
    given_by: Mapped[str] = mapped_column(Text, default="", server_default="")
    given_ref: Mapped[str] = mapped_column(Text, default="", server_default="")  # Actor.ref
    person: Mapped[Person] = relationship(back_populates="contacts")


class PersonDuty(db.Model):
    """A duty kind that a person may take."""

    __tablename__ = "person_duties"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"), primary_key=True)


class Absence(db.Model):
    """Whole local days, both ends inclusive."""

    __tablename__ = "absences"
    __table_args__ = (
        UniqueConstraint("person_id", "from_on", "to_on"),
        enum_check("kind", ABSENCE_KINDS),
        CheckConstraint("from_on <= to_on", name="ordered"),
        Index("ix_absences_to_on", "to_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    kind: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When these days were first noted; None for absences from before this was kept."""
    person: Mapped[Person] = relationship()


class User(db.Model):
    """An account. ``unit_id`` is the top of the subtree its role holds for; ``None`` = the whole enterprise."""

    __tablename__ = "users"
    __table_args__ = (enum_check("role", ROLES),)
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    """argon2id; ``None`` until the invitation is taken up."""
    weak_password: Mapped[bool] = mapped_column(default=False)
    """Found at the last sign-in to be below what is asked today: pages ask for a better one, nobody is locked out."""
    role: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(Text, default="vi")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    # What Flask-Login asks of the signed-in user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return str(self.id)


class LoginSession(db.Model):
    """A server-side session; ended by sign-out, password change and deactivation."""

    __tablename__ = "login_sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    next_digest: Mapped[str | None] = mapped_column(Text, unique=True)
    """Of the secret that replaces the first one, once the browser has shown that it has it."""
    renewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the secret was last replaced; ``None``: it is still the first one."""
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the password was last typed again for something that matters (``people.sign_in.proof``)."""
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user_agent: Mapped[str] = mapped_column(Text, default="")
    user: Mapped[User] = relationship()


class Invitation(db.Model):
    """A single-use link (or printed slip) by which an account gets its password; also used for a reset."""

    __tablename__ = "invitations"
    __table_args__ = (enum_check("purpose", ("invite", "reset")),)
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text, default="invite")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()


class ApiKey(db.Model):
    """A key for scripts; the secret itself is shown once and never stored."""

    __tablename__ = "api_keys"
    __table_args__ = (enum_check("role", ROLES),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    role: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scopes: Mapped[str | None] = mapped_column(Text)  # of people.access.scopes; NULL: older, all that the role may
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # then it opens nothing; NULL: older than ends
    made_by: Mapped[str | None] = mapped_column(Text)  # Actor.ref
    told_days: Mapped[int | None]  # of how many last days was told already
