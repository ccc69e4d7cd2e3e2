"""Refusals that the sheet told: which wait beside a number, and which whoever answers for the point added to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select

from compliance.parcel_checks import services
from compliance.parcel_checks.models import ParcelCheck, ParcelFinding
from core.db import db


@dataclass(frozen=True)
class Added:
    """Refusals that the sheet had left out and that whoever answers for the point made part of the number."""

    parcels: int
    at: datetime
    who: str


@dataclass(frozen=True)
class Refusals:
    """Of one counter of a day, as the sheet told them. ``aside``: parcels that are no part of its number, since it was
    last put right; ``added``: the first first."""

    aside: int = 0
    added: tuple[Added, ...] = ()


def told(unit_id: int, day: date) -> dict[str, Refusals]:
    """Return the refusals by counter, of those whose sheet told of any."""
    parcels = func.sum(ParcelFinding.parcels)
    key = ParcelFinding.counter, ParcelFinding.added_at, ParcelFinding.added_by
    wanted = (
        select(*key, parcels, parcels.filter(is_aside()))
        .join(ParcelCheck, same_counter())
        .where(ParcelFinding.unit_id == unit_id, ParcelFinding.day == day, ParcelFinding.sheet_added.is_not(None))
        .group_by(*key)
        .order_by(ParcelFinding.added_at)
    )
    found: dict[str, Refusals] = {}
    for counter, at, who, all_of_them, waiting in db.session.execute(wanted):
        sofar = found.get(counter, Refusals())
        added = () if at is None else (Added(int(all_of_them), at, who),)
        found[counter] = Refusals(sofar.aside + int(waiting or 0), sofar.added + added)
    return found


def to_add(unit_id: int, day: date, counter: str) -> list[ParcelFinding]:
    """Refusals that are no part of the counter's number and that can become part of it: the sheet alone changes it,
    and leaves what was refused. A program would write its own over them."""
    mine = ParcelFinding.unit_id == unit_id, ParcelFinding.day == day, ParcelFinding.counter == counter
    free = is_aside() & services.may_change(by_sheet=True)
    return list(db.session.scalars(select(ParcelFinding).join(ParcelCheck, same_counter()).where(*mine, free)))


def added() -> ScalarSelect[int]:
    """Parcels that were added to the number of the counter of the statement around it; what a program told since
    replaced them."""
    mine = select(func.coalesce(func.sum(ParcelFinding.parcels), 0)).where(same_counter())
    mine = mine.where(ParcelFinding.added_at.is_not(None), services.may_change(by_sheet=True))
    return mine.correlate(ParcelCheck).scalar_subquery()


def same_counter() -> ColumnElement[bool]:
    """A finding and the number of its counter on that day."""
    same = ParcelFinding.unit_id == ParcelCheck.unit_id, ParcelFinding.day == ParcelCheck.day
    return and_(*same, ParcelFinding.counter == ParcelCheck.counter)


def is_aside() -> ColumnElement[bool]:
    """A refusal by the sheet that is no part of a number, and that nobody has seen to; false also where it is a
    program's."""
    is_newer = or_(ParcelCheck.settled_at.is_(None), ParcelFinding.saved_at >= ParcelCheck.settled_at)
    return and_(func.coalesce(ParcelFinding.sheet_added, 1) == 0, ParcelCheck.unheeded_at.is_not(None), is_newer)
