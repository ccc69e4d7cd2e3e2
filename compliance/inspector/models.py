"""Links for inspectors, who opened them by which name, and what was looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compliance.register.models import Directive
from core.db import UTCDateTime, db
from people.models import Unit


class InspectorLink(db.Model):
    """Reads one letter in ``unit`` and all below it, until ``expires_at`` and as long as ``owner`` may act. ``sealed``:
    its secret, for its maker."""

    __tablename__ = "inspector_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    sealed: Mapped[str] = mapped_column(Text)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id", ondelete="CASCADE"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    made_for: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, default="", server_default="")
    """``Actor.ref`` of whoever answers for it; empty of some that were made before this was kept."""
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by: Mapped[str] = mapped_column(Text, default="")
    directive: Mapped[Directive] = relationship()
    unit: Mapped[Unit] = relationship()


class InspectorVisit(db.Model):
    """Somebody opened a link and said who they are; ``digest``: of what their browser keeps."""

    __tablename__ = "inspector_visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("inspector_links.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    link: Mapped[InspectorLink] = relationship()


class InspectorLook(db.Model):
    """A page that was looked at; only added to."""

    __tablename__ = "inspector_looks"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("inspector_visits.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    page: Mapped[str] = mapped_column(Text)
    """matrix, unit, requirement, letter, evidence."""
    what: Mapped[str] = mapped_column(Text, default="")
    visit: Mapped[InspectorVisit] = relationship()
