"""Reading absences: whose, on which day. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core.db import db
from core.errors import NotFound
from people.models import Absence, Person


def list_for_person(person_id: int) -> list[Absence]:
    """The latest first."""
    mine = select(Absence).where(Absence.person_id == person_id).order_by(Absence.from_on.desc())
    return list(db.session.scalars(mine))


def by_id(absence_id: int) -> Absence:
    """Raises ``NotFound("absence.unknown")``."""
    absence = db.session.scalar(select(Absence).options(joinedload(Absence.person)).where(Absence.id == absence_id))
    if absence is None:
        raise NotFound("absence.unknown")
    return absence


def absent_on(people: Collection[Person], day: date) -> dict[int, Absence]:
    """Who among ``people`` is away on a local day."""
    away = select(Absence).where(
        Absence.person_id.in_([person.id for person in people]), Absence.from_on <= day, Absence.to_on >= day
    )
    return {absence.person_id: absence for absence in db.session.scalars(away)}


def from_day(day: date, unit_ids: Collection[int] | None, person_id: int | None) -> list[Absence]:
    """Return absences that are not over before ``day``, of the people of ``unit_ids`` (``None`` = all) and of
    ``person_id``; the next first."""
    wanted = select(Absence).join(Absence.person).options(joinedload(Absence.person).joinedload(Person.unit))
    wanted = wanted.where(Absence.to_on >= day, Person.active)
    if unit_ids is not None:
        wanted = wanted.where(or_(Person.unit_id.in_(unit_ids), Person.id == person_id))
    return list(db.session.scalars(wanted.order_by(Absence.from_on, Person.sort_key)))
