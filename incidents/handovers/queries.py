"""Reading hand-overs: whose turn it is, who comes next, which incidents go along, what was signed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.db import db
from core.errors import NotFound
from incidents.handovers import places
from incidents.handovers.models import Handover
from incidents.record import queries as record
from incidents.record.models import Incident
from people import queries as people
from people.models import Person
from roster.models import Duty

_Coming = aliased(Duty)

BEFORE, AFTER = timedelta(hours=2), timedelta(hours=12)
"""From when on minutes may be written before the change of shift, and until when afterwards."""
SOON = timedelta(minutes=15)
"""So long before the change whoever comes sees that nobody has signed yet."""
Change = tuple[int, str, datetime]
"""Unit, kind of duty, and when one shift of it follows another."""


@dataclass(frozen=True)
class HandoverTurn:
    """A published duty that hands over to the next of its unit and kind; ``row``: its minutes, once they are begun."""

    duty: Duty
    incoming: Sequence[Person]
    row: Handover | None
    incidents: Sequence[Incident]
    """What its holder has now and gives on."""


def next_on(changes: Collection[Change]) -> dict[Change, list[Person]]:
    """Who serves from each change of shift on, by seat; each once. One question for all."""
    units, duties, moments = ({each[n] for each in changes} for n in range(3))
    rows = db.session.scalars(
        select(Duty)
        .options(joinedload(Duty.person).selectinload(Person.contacts))
        .where(Duty.unit_id.in_(units), Duty.duty.in_(duties), Duty.starts_at.in_(moments), Duty.cancelled_at.is_(None))
        .order_by(Duty.seat_id)
    )
    found: dict[Change, dict[int, Person]] = {each: {} for each in changes}
    for row in rows:
        found.get((row.unit_id, row.duty, row.starts_at), {})[row.person_id] = row.person
    return {change: list(people_there.values()) for change, people_there in found.items()}


def incoming(row: Handover) -> Sequence[Person]:
    """Who may accept these minutes, by the roster as it is now."""
    return incoming_each([row])[row.id]


def incoming_each(rows: Collection[Handover]) -> dict[int, list[Person]]:
    """The same of many, by id of the minutes. Of a shift that was cut or moved after the signature those who come where
    it ends now."""
    live = select(Duty.seat_id, Duty.person_id, Duty.ends_at).where(Duty.cancelled_at.is_(None))
    served = db.session.execute(live.where(Duty.seat_id.in_({row.seat_id for row in rows}))).tuples()
    ends = {(seat_id, person_id): ends_at for seat_id, person_id, ends_at in served}
    changes = {
        row.id: (row.unit_id, row.duty, ends.get((row.seat_id, row.outgoing_id or 0), row.changes_at)) for row in rows
    }
    found = next_on(set(changes.values()))
    return {row.id: [each for each in found[changes[row.id]] if each.id != row.outgoing_id] for row in rows}


def held(person_id: int, duty: str, unit_id: int) -> list[Incident]:
    """Return what this person has taken by that duty there (or by none) and not finished: the worst first."""
    return _held_each([(person_id, duty, unit_id)])[person_id, duty, unit_id]


def _held_each(wanted: Collection[tuple[int, str, int]]) -> dict[tuple[int, str, int], list[Incident]]:
    """By person, duty and unit. Of that unit and those below: what they have elsewhere is none of the next shift's
    business. Exercises stay out."""
    rows = db.session.scalars(
        select(Incident)
        .options(joinedload(Incident.unit), joinedload(Incident.escalation))
        .where(Incident.status == "acknowledged", Incident.acknowledged_by_id.in_({each[0] for each in wanted}))
        .where(Incident.rehearsal_id.is_(None), Incident.joined_to_id.is_(None))
        .order_by(Incident.severity, record.kt1_first(), Incident.id)
    ).all()
    above = people.ancestors_of({row.unit_id for row in rows}) if rows else {}
    return {
        (person_id, duty, unit_id): [
            row
            for row in rows
            if row.acknowledged_by_id == person_id
            and row.escalation.held_duty in (None, duty)
            and unit_id in above[row.unit_id]
        ]
        for person_id, duty, unit_id in wanted
    }


def find_for_seat(seat_id: int, person_id: int) -> Handover | None:
    return db.session.scalar(_whole().where(Handover.seat_id == seat_id, Handover.outgoing_id == person_id))


def by_id(handover_id: int) -> Handover:
    """Raises NotFound ``handover.unknown``."""
    row = db.session.scalar(_whole().where(Handover.id == handover_id))
    if row is None:
        raise NotFound("handover.unknown")
    return row


def by_ids(ids: Sequence[int]) -> list[Handover]:
    """Return them in that order."""
    found = {row.id: row for row in db.session.scalars(_whole().where(Handover.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def turn(duty: Duty) -> HandoverTurn | None:
    """None where nobody comes next, or the same person stays on: then nothing is handed over."""
    return next(iter(turns([duty])), None)


def turns(duties: Sequence[Duty]) -> list[HandoverTurn]:
    """Return those of ``duties`` that hand over, in their order; a few questions for all."""
    after = next_on({(each.unit_id, each.duty, each.ends_at) for each in duties})
    found = [
        (each, coming)
        for each in duties
        if (coming := after[each.unit_id, each.duty, each.ends_at])
        and each.person_id not in [person.id for person in coming]
    ]
    if not found:
        return []
    begun = _whole().where(Handover.seat_id.in_([each.seat_id for each, _coming in found]))
    rows = {(row.seat_id, row.outgoing_id): row for row in db.session.scalars(begun)}
    has = _held_each({(each.person_id, each.duty, each.unit_id) for each, _coming in found})
    return [
        HandoverTurn(
            each, coming, rows.get((each.seat_id, each.person_id)), has[each.person_id, each.duty, each.unit_id]
        )
        for each, coming in found
    ]


def wanted(duties: Sequence[Duty]) -> list[HandoverTurn]:
    """Turns at which minutes are to be written: the place always does, or something is open, or they are begun."""
    found = turns(duties)
    always = places.always([each.duty for each in found])
    return [each for each in found if each.row is not None or each.incidents or each.duty.id in always]


def to_write(person_id: int, *, now: datetime) -> list[HandoverTurn]:
    """Changes of shift at which this person leaves, and whose minutes are wanted and not accepted yet."""
    mine = _duties().where(Duty.person_id == person_id, Duty.ends_at > now - AFTER, Duty.ends_at <= now + BEFORE)
    ending = db.session.scalars(mine.order_by(Duty.ends_at, Duty.seat_id)).all()
    return [each for each in wanted(ending) if each.row is None or each.row.state != "accepted"]


def unsigned(person_id: int, *, now: datetime) -> list[HandoverTurn]:
    """Changes of shift at which this person comes, and whose minutes are wanted and nobody has signed."""
    comes = exists().where(
        _Coming.person_id == person_id,
        _Coming.unit_id == Duty.unit_id,
        _Coming.duty == Duty.duty,
        _Coming.starts_at == Duty.ends_at,
        _Coming.cancelled_at.is_(None),
    )
    around = comes, Duty.person_id != person_id, Duty.ends_at > now - AFTER, Duty.ends_at <= now + SOON
    ending = db.session.scalars(_duties().where(*around).order_by(Duty.ends_at, Duty.seat_id)).all()
    return [each for each in wanted(ending) if each.row is None or each.row.state == "prepared"]


def accepted(person_id: int, *, now: datetime) -> Sequence[Handover]:
    """Return what this person has lately handed over or taken over: they may add to it."""
    theirs = (Handover.outgoing_id == person_id) | (Handover.accepted_by_id == person_id)
    done = _whole().where(Handover.state == "accepted", Handover.changes_at > now - AFTER, theirs)
    return db.session.scalars(done.order_by(Handover.changes_at, Handover.id)).all()


def awaiting(person_id: int, *, now: datetime) -> Sequence[Handover]:
    """Signed minutes that wait for this person."""
    comes = exists().where(
        Duty.person_id == person_id,
        Duty.unit_id == Handover.unit_id,
        Duty.duty == Handover.duty,
        Duty.starts_at > now - AFTER - BEFORE,
        Duty.cancelled_at.is_(None),
    )
    likely_ones = waiting().where(Handover.changes_at > now - AFTER, comes)
    rows = db.session.scalars(likely_ones.order_by(Handover.changes_at, Handover.id)).all()
    coming = incoming_each(rows)
    return [row for row in rows if person_id in [each.id for each in coming[row.id]]]


def waiting() -> Select[tuple[Handover]]:
    """Signed minutes that nobody has accepted."""
    return _whole().where(Handover.state == "signed")


def changing(units: Collection[int] | None, *, now: datetime, limit: int = 100) -> list[HandoverTurn]:
    """Changes of shift around now in ``units`` (ids, None = all) at which minutes are wanted, by time."""
    around = Duty.ends_at > now - AFTER, Duty.ends_at <= now + BEFORE
    within = [Duty.unit_id.in_(sorted(units))] if units is not None else []
    ids = likely(*around, *within)[:limit]
    rows = _duties().where(Duty.id.in_(ids)).order_by(Duty.ends_at, Duty.unit_id, Duty.seat_id)
    return wanted(db.session.scalars(rows).all())


def likely(*where: ColumnElement[bool]) -> list[int]:
    """Ids of duties at whose end minutes may be wanted, by time: the place always does, its holder has something open,
    or they are begun. A few questions, however many duties end."""
    columns = select(Duty.id, Duty.seat_id, Duty.person_id, Duty.unit_id, Duty.duty, Duty.form)
    ending = db.session.execute(
        columns.where(Duty.cancelled_at.is_(None), *where).order_by(Duty.ends_at, Duty.id)
    ).all()
    if not ending:
        return []
    open_ones = select(Incident.acknowledged_by_id).where(Incident.status == "acknowledged")
    holders = set(db.session.scalars(open_ones.where(Incident.rehearsal_id.is_(None)).distinct()))
    unfinished = select(Handover.seat_id).where(Handover.state != "accepted")
    begun, always = set(db.session.scalars(unfinished)), places.always(ending)
    return [each.id for each in ending if each.person_id in holders or each.seat_id in begun or each.id in always]


def listed(units: Collection[int] | None, *, state: str = "") -> Select[tuple[Handover]]:
    """Minutes of ``units`` (ids, None = all), unordered."""
    rows = _whole()
    if units is not None:
        rows = rows.where(Handover.unit_id.in_(sorted(units)))
    return rows.where(Handover.state == state) if state else rows


def _duties() -> Select[tuple[Duty]]:
    whole = joinedload(Duty.person).selectinload(Person.contacts)
    return select(Duty).options(whole, joinedload(Duty.unit)).where(Duty.cancelled_at.is_(None))


def _whole() -> Select[tuple[Handover]]:
    return select(Handover).options(
        joinedload(Handover.unit),
        joinedload(Handover.outgoing).selectinload(Person.contacts),
        selectinload(Handover.notes),
    )
