"""Reading who stands beside whom: of seats, of shifts, of one person. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from core.db import batched, db
from people.models import Person, Unit
from roster.models import Duty
from roster.shadows.models import Shadow

_Serving = aliased(Duty)

_Holder = aliased(Person)


@dataclass(frozen=True)
class ShadowSeat:
    """``name`` stands beside ``holder`` on one published seat."""

    id: int
    seat_id: int
    shift_id: int
    duty: str
    template: str
    starts_at: datetime
    ends_at: datetime
    unit: str
    code: str
    name: str
    person_id: int
    holder: str


def list_for_shift(shift_id: int) -> list[ShadowSeat]:
    return _found(Duty.shift_id == shift_id)


def shadows_by_seat(seat_ids: Iterable[int]) -> dict[int, list[ShadowSeat]]:
    """Return them by seat id; seats without anybody beside are left out."""
    found = defaultdict[int, list[ShadowSeat]](list)
    for some in batched(sorted(set(seat_ids))):
        for each in _found(Duty.seat_id.in_(some)):
            found[each.seat_id].append(each)
    return dict(found)


def names_by_shift(campaign_id: int) -> dict[int, list[str]]:
    """Shift id → names, for what is printed."""
    found = defaultdict[int, list[str]](list)
    for each in _found(Duty.campaign_id == campaign_id):
        found[each.shift_id].append(each.name)
    return dict(found)


def list_for_person(person_id: int, *, now: datetime) -> list[ShadowSeat]:
    """Return where they stand beside somebody, on shifts that are not over."""
    return [each for each in around_person(person_id, now=now) if each.person_id == person_id]


def around_person(person_id: int, *, now: datetime) -> list[ShadowSeat]:
    """The same, and who stands beside them."""
    return _found(or_(Shadow.person_id == person_id, Duty.person_id == person_id), Duty.ends_at > now)


def runs() -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a shadow of a ``Duty`` is one: who serves on the same shift stands beside nobody."""
    serves = exists().where(
        _Serving.shift_id == Duty.shift_id,
        _Serving.person_id == Shadow.person_id,
        _Serving.cancelled_at.is_(None),
    )
    return Shadow.seat_id == Duty.seat_id, Shadow.ended_at.is_(None), Duty.cancelled_at.is_(None), ~serves


def overlapping(person_id: int, starts_at: datetime, ends_at: datetime, *, but_seat: int) -> bool:
    """Whether they stand beside somebody else in [starts_at, ends_at)."""
    return bool(
        _found(
            Shadow.person_id == person_id,
            Duty.starts_at < ends_at,
            Duty.ends_at > starts_at,
            Duty.seat_id != but_seat,
        )
    )


def _found(*where: ColumnElement[bool]) -> list[ShadowSeat]:
    rows = db.session.execute(
        select(
            Shadow.id,
            Duty.seat_id,
            Duty.shift_id,
            Duty.duty,
            Duty.template,
            Duty.starts_at,
            Duty.ends_at,
            Unit.name,
            Person.code,
            Person.full_name,
            Person.id,
            _Holder.full_name,
        )
        .select_from(Shadow)
        .join(Duty, Duty.seat_id == Shadow.seat_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(Person, Person.id == Shadow.person_id)
        .join(_Holder, _Holder.id == Duty.person_id)
        .where(*runs(), Person.active, *where)
        .order_by(Duty.starts_at, Duty.seat_id, Person.sort_key)
    )
    return [ShadowSeat(*row) for row in rows]


def offered(unit_id: int, *, but: Collection[int], most: int) -> Sequence[Person]:
    """Active people of the unit who could be added, by name."""
    wanted = select(Person).where(Person.active, Person.unit_id == unit_id, Person.id.not_in(sorted(but)))
    return db.session.scalars(wanted.order_by(Person.sort_key, Person.code).limit(most)).all()
