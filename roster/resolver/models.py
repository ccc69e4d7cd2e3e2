"""Whom to call where nobody is rostered, and numbers of desks."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import db


class StandingChain(db.Model):
    """Whom to call when nobody is assigned; empty = the default chain of the contract."""

    __tablename__ = "standing_chain"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class DeskPhone(db.Model):
    """The number of a duty desk, which outlives the people who sit there."""

    __tablename__ = "desk_phones"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(ForeignKey("duty_kinds.code"), primary_key=True)
    phone: Mapped[str] = mapped_column(Text)
