"""The catalogue of incidents and what it stands on: questions, targets, authorities outside, routes and vehicles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import UTCDateTime, db, enum_check
from people.models import Unit

AuthorityRole = Literal[
    "police",
    "fire",
    "medical",
    "rescue",
    "military",
    "cyber",
    "ministry",
    "post",
    "power",
    "health",
    "customs",
    "market",
    "government",
    "other",
]
AUTHORITY_ROLES: tuple[AuthorityRole, ...] = get_args(AuthorityRole)
ROUTE_LEVELS = ("1", "2", "3", "other")
VEHICLE_KINDS = ("truck", "van", "motorcycle", "boat", "other")


class SeverityQuestion(db.Model):
    """A question whose answers may raise the level. Editable."""

    __tablename__ = "severity_questions"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    text_vi: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """``[{"value", "vi", "en", "level", "party_state", "restricted"}]``; ``level`` null: does not raise it."""
    position: Mapped[int] = mapped_column(default=100)
    active: Mapped[bool] = mapped_column(default=True)


class ResponseTarget(db.Model):
    """How soon, by level; NULL: by the end of the shift."""

    __tablename__ = "response_targets"
    __table_args__ = (CheckConstraint("severity BETWEEN 1 AND 4", name="severity_known"),)
    severity: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    acknowledge_seconds: Mapped[int]
    leadership_seconds: Mapped[int | None]
    update_seconds: Mapped[int | None]
    resolve_seconds: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_by: Mapped[str | None] = mapped_column(Text)


class Authority(db.Model):
    """Somebody outside who must be told, for a unit and everything below it (``None``: everywhere)."""

    __tablename__ = "authorities"
    __table_args__ = (enum_check("role", AUTHORITY_ROLES),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    formerly: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What it was called before: many were renamed in 2025, and papers of then bear the old name."""
    role: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    phone: Mapped[str] = mapped_column(Text)
    phone_24h: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Answered at night and over Tết, when ``phone`` is not."""
    contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who answers there: a name or an office."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """Inclusive."""
    unit: Mapped[Unit | None] = relationship()


class Route(db.Model):
    """A mail route (đường thư)."""

    __tablename__ = "routes"
    __table_args__ = (enum_check("level", ROUTE_LEVELS),)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text, default="other")
    origin: Mapped[str] = mapped_column(Text, default="")
    destination: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    unit: Mapped[Unit] = relationship()


class Vehicle(db.Model):
    """``plate`` is kept without spaces, dots and dashes, in capitals."""

    __tablename__ = "vehicles"
    __table_args__ = (enum_check("kind", VEHICLE_KINDS),)
    plate: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, default="truck")
    driver: Mapped[str] = mapped_column(Text, default="")
    driver_phone: Mapped[str] = mapped_column(Text, default="")
    route: Mapped[str | None] = mapped_column(ForeignKey("routes.code"))
    """The route that it usually runs."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    unit: Mapped[Unit] = relationship()


class IncidentCategory(db.Model):
    """A table: the enterprise renames and adds."""

    __tablename__ = "incident_categories"
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    family: Mapped[str] = mapped_column(Text)
    """network, it, item, security, compliance or system: groups the list in the form."""
    default_severity: Mapped[int] = mapped_column(default=3)
    position: Mapped[int] = mapped_column(default=100)
    active: Mapped[bool] = mapped_column(default=True)
    first_duty: Mapped[str | None] = mapped_column(ForeignKey("duty_kinds.code"))
    """Called first, when the policy has a step of that duty."""
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its incidents begin as restricted ones."""
    on_site: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody has to go there: between taking it and its end stands having arrived."""
    questions: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Codes of ``SeverityQuestion``, at most three, in the order in which they are asked."""
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """What is asked after the first call went out (``incidents.catalogue.custom_fields.CustomField``)."""
    checklist: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """``[{"key", "vi", "en"}]``."""
    authorities: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    """Roles of ``Authority`` that must be told."""
    legal: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Follows the steps of Điều 14 of the Postal Law (``incidents.legal.services``)."""
