"""Which units are points of service, and who may say something for one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select

from core.actor import Actor
from core.db import db
from core.errors import Invalid
from people.access import guard
from people.models import Unit

KINDS = ("service_point", "commune", "district")
"""Kinds of units that have a counter where the public hands something in."""


def ensure_tell(actor: Actor, unit_id: int, *, now: datetime) -> None:
    """The code of the point's sheet is enough for that point; everybody else needs the right there."""
    if actor.via != "report" or actor.unit_id != unit_id:
        guard.ensure(actor, "point.tell", unit_id, now=now)


def ensure_there(unit_id: int, day: date) -> None:
    """A unit that is closed says nothing of days after that, and nothing of days before it opened.

    Raises ``Invalid`` at ``day``.
    """
    unit = db.session.get_one(Unit, unit_id)
    if (unit.valid_from is not None and day < unit.valid_from) or (unit.valid_to is not None and day > unit.valid_to):
        raise Invalid("hours.not_there", field="day", unit=unit.name)


def among(unit_ids: Iterable[int] | None, day: date) -> list[Unit]:
    """The points among these units (None: of the enterprise) that are open as units on that day, by code."""
    return list(db.session.scalars(statement(unit_ids, day).order_by(Unit.code)))


def between(unit_ids: Iterable[int], since: date, until: date) -> list[Unit]:
    """The points among these units that are open as units on any of these days, by code; none where there is no day."""
    if since > until:
        return []
    wanted = select(Unit).where(
        Unit.kind.in_(KINDS),
        Unit.id.in_(list(unit_ids)),
        Unit.valid_from.is_(None) | (Unit.valid_from <= until),
        Unit.valid_to.is_(None) | (Unit.valid_to >= since),
    )
    return list(db.session.scalars(wanted.order_by(Unit.code)))


def statement(unit_ids: Iterable[int] | None, day: date) -> Select[tuple[Unit]]:
    wanted = select(Unit).where(
        Unit.kind.in_(KINDS),
        Unit.valid_from.is_(None) | (Unit.valid_from <= day),
        Unit.valid_to.is_(None) | (Unit.valid_to >= day),
    )
    if unit_ids is not None:
        wanted = wanted.where(Unit.id.in_(list(unit_ids)))
    return wanted


def counters(unit_ids: Iterable[int]) -> set[int]:
    """Return those of these units that have a counter, open or not."""
    return set(db.session.scalars(select(Unit.id).where(Unit.kind.in_(KINDS), Unit.id.in_(list(unit_ids)))))
