"""Published duties around a moment: who serves now, and who comes next, in two indexed selects.

Both begin at ``ix_duties_now`` (unit, duty, starts_at): what they read depends on how many units and kinds are asked
about, not on how long the history is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, Text, bindparam, select

from core.db import UTCDateTime, db
from people.models import ContactMethod, DutyKind, Person, Unit
from roster.models import Duty
from roster.resolver.resolution import DutyPerson, DutySpan

LOOK_BACK = timedelta(days=2)
"""A shift is at most 24 hours long: what began earlier is over."""


def around(unit_ids: Collection[int], duties: Collection[str], at: datetime) -> dict[str, list[DutySpan]]:
    """Return by duty kind the spans of ``unit_ids`` that hold at ``at`` (aware) and those of each unit's next start."""
    asked = {"units": list(unit_ids), "kinds": list(duties), "at": at}
    connection = db.session.connection()
    found: defaultdict[str, list[DutySpan]] = defaultdict(list)
    _collect(found, connection.execute(SERVING, {**asked, "began": at - LOOK_BACK}).all())
    _collect(found, connection.execute(FOLLOWING, asked).all())
    return found


def _collect(found: dict[str, list[DutySpan]], rows: Iterable[Row[Any]]) -> None:
    for duty, unit, starts, ends, seat, person, code, name, position, phone, email in rows:
        who = DutyPerson(
            person_id=person,
            code=code,
            name=name,
            position=position,
            phone=phone or "",
            email=email or "",
            starts_at=starts,
            until=ends,
            seat_id=seat,
        )
        found[duty].append(DutySpan(unit, starts, ends, who))


def _first_address(channel: str) -> ScalarSelect[str]:
    found = select(ContactMethod.address).where(ContactMethod.person_id == Person.id, ContactMethod.channel == channel)
    return found.order_by(ContactMethod.position, ContactMethod.id).limit(1).correlate(Person).scalar_subquery()


def _columns() -> Sequence[Any]:
    return (
        Duty.duty,
        Duty.unit_id,
        Duty.starts_at,
        Duty.ends_at,
        Duty.seat_id,
        Person.id,
        Person.code,
        Person.full_name,
        Person.position,
        _first_address("phone"),
        _first_address("email"),
    )


def _serving() -> Select[Any]:
    at, began = bindparam("at", type_=UTCDateTime), bindparam("began", type_=UTCDateTime)
    return (
        select(*_columns())
        .join(Person, Person.id == Duty.person_id)
        .where(
            Duty.unit_id.in_(bindparam("units", expanding=True)),
            Duty.duty.in_(bindparam("kinds", expanding=True, type_=Text)),
            Duty.starts_at > began,
            Duty.starts_at <= at,
            Duty.ends_at > at,
            Duty.cancelled_at.is_(None),
            Person.active,
        )
    )


def _following() -> Select[Any]:
    # For each pair of unit and kind one step into the index; a minimum over all that is to come would read it all.
    later = Duty.__table__.alias("later")
    holder = Person.__table__.alias("holder")
    next_start = (
        select(later.c.starts_at)
        .join(holder, holder.c.id == later.c.person_id)
        .where(
            later.c.unit_id == Unit.id,
            later.c.duty == DutyKind.code,
            later.c.starts_at > bindparam("at", type_=UTCDateTime),
            later.c.cancelled_at.is_(None),
            holder.c.active,
        )
        .order_by(later.c.starts_at)
        .limit(1)
        .correlate(Unit, DutyKind)
        .scalar_subquery()
    )
    starts = (
        select(Unit.id.label("unit_id"), DutyKind.code.label("duty"), next_start.label("starts_at"))
        .select_from(Unit)
        .join(DutyKind, DutyKind.code.in_(bindparam("kinds", expanding=True, type_=Text)))
        .where(Unit.id.in_(bindparam("units", expanding=True)))
        .cte("starts")
        .prefix_with("MATERIALIZED")  # else a planner without statistics compares every shift of the pair
    )
    return (
        select(*_columns())
        .select_from(starts)
        .join(
            Duty,
            (Duty.unit_id == starts.c.unit_id) & (Duty.duty == starts.c.duty) & (Duty.starts_at == starts.c.starts_at),
        )
        .join(Person, Person.id == Duty.person_id)
        .where(Duty.cancelled_at.is_(None), Person.active)
    )


SERVING, FOLLOWING = _serving(), _following()
"""Put together once: that costs more than running them."""
