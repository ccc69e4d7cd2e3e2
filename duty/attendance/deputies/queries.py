"""Reading who stood in, and for how long: hours and lists ask here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, joinedload

from core.db import batched, db
from people import queries as people
from people.models import Person
from roster.models import Duty
from roster.presence import queries as presence
from roster.presence.models import NoShow, Presence, StandIn

_Came = aliased(Presence)
_Left = aliased(Presence)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class DeputyDuty:
    """A duty of somebody else, and from when to when (aware UTC) ``person_id`` served it in their place."""

    person_id: int
    duty: Duty
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class StayRequest:
    """Somebody who was asked to stay: whoever was to be relieved was there from the start, others since they were
    called."""

    person: Person
    from_at: datetime


def duties_for_people(person_ids: Collection[int], since: datetime, until: datetime) -> list[DeputyDuty]:
    """Return what these people served in the place of others, of duties that begin in [since, until).

    A holder who comes after all serves from then on themselves; one who had come and left again before does not.
    """
    wanted = (
        select(StandIn, Duty, _Came.at, _Left.at)
        .join(Duty, Duty.id == StandIn.duty_id)
        .join(_Came, (_Came.duty_id == Duty.id) & (_Came.kind == "check_in"), isouter=True)
        .join(_Left, (_Left.duty_id == Duty.id) & (_Left.kind == "check_out"), isouter=True)
        .options(joinedload(Duty.person), joinedload(Duty.shift))
        .where(Duty.cancelled_at.is_(None), Duty.starts_at >= since, Duty.starts_at < until)
        .order_by(Duty.starts_at, Duty.id)
    )
    found = []
    for some in batched(sorted(person_ids)):
        for row, duty, came_at, left_at in db.session.execute(wanted.where(StandIn.person_id.in_(some))).tuples():
            was_gone = left_at is not None and left_at <= row.from_at
            ends = (row.until_at, None if was_gone else came_at, duty.ends_at)
            ends_at = min(each for each in ends if each is not None)
            if row.from_at < ends_at:
                found.append(DeputyDuty(row.person_id, duty, row.from_at, ends_at))
    return found


def known_spans(duty_ids: Collection[int]) -> dict[int, Span]:
    """Return from when to when holders really served, as ``presence.queries.known_spans``, but no minute that somebody
    else is noted for in their place.

    A duty whose hours changed after its holder was missed asks anew and may hear nothing: who was never seen has then
    no more than what is left after whoever stood in.
    """
    found = presence.known_spans(duty_ids)
    came = exists().where(Presence.duty_id == Duty.id, Presence.kind == "check_in")
    open_or_changed = NoShow.ended_as.is_(None) | (NoShow.ended_as == "changed")
    wanted = (
        select(Duty.id, Duty.starts_at, Duty.ends_at, StandIn.until_at)
        .join(StandIn, StandIn.duty_id == Duty.id)
        .join(NoShow, NoShow.duty_id == Duty.id)
        .where(open_or_changed, ~came)
    )
    for some in batched(sorted(duty_ids)):
        for duty_id, starts_at, ends_at, until_at in db.session.execute(wanted.where(Duty.id.in_(some))).tuples():
            start, end = found.get(duty_id, (starts_at, ends_at))
            begins = max(start, min(until_at or ends_at, ends_at))
            found[duty_id] = (begins, max(begins, end))
    return found


def is_by(person_id: int) -> ColumnElement[bool]:
    """Return the condition on ``Duty`` that this person stood in for its holder."""
    return exists().where(StandIn.duty_id == Duty.id, StandIn.person_id == person_id)


def stand_ins_for(duty_ids: Iterable[int]) -> dict[int, StandIn]:
    """Duty id → who stood in."""
    wanted = select(StandIn).options(joinedload(StandIn.person))
    return {
        row.duty_id: row
        for some in batched(sorted(duty_ids))
        for row in db.session.scalars(wanted.where(StandIn.duty_id.in_(some)))
    }


def offers(duties: Collection[Duty]) -> dict[int, list[StayRequest]]:
    """Duty id → those who were asked to stand in, in the order in which they were asked."""
    known = {duty.id: duty for duty in duties}
    rows = [
        row
        for some in batched(sorted(known))
        for row in db.session.scalars(select(NoShow).where(NoShow.duty_id.in_(some), NoShow.deputy_at.is_not(None)))
    ]
    asked = {each for row in rows for each in row.deputies}
    persons, relieved = people.people_by_ids(asked), _relieved(asked, {duty.starts_at for duty in duties})
    return {
        row.duty_id: [
            StayRequest(persons[each], _from(known[row.duty_id], each, row, relieved))
            for each in row.deputies
            if each in persons
        ]
        for row in rows
    }


Relieved = set[tuple[int, int, str, datetime]]
"""(person id, unit id, kind of duty, until when they served)."""


def _relieved(person_ids: Collection[int], at: Collection[datetime]) -> Relieved:
    """Who was there until one of these moments; not whoever was missed there themselves."""
    missed = exists().where(NoShow.duty_id == Duty.id, NoShow.ended_as.is_distinct_from("arrived"))
    wanted = select(Duty.person_id, Duty.unit_id, Duty.duty, Duty.ends_at).where(Duty.cancelled_at.is_(None), ~missed)
    return {
        row
        for some in batched(sorted(person_ids))
        for moments in batched(sorted(at))
        for row in db.session.execute(wanted.where(Duty.person_id.in_(some), Duty.ends_at.in_(moments))).tuples()
    }


def _from(duty: Duty, person_id: int, row: NoShow, relieved: Relieved) -> datetime:
    if (person_id, duty.unit_id, duty.duty, duty.starts_at) in relieved:
        return duty.starts_at
    return min(row.deputy_at or row.called_at, duty.ends_at)
