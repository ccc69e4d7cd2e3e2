"""Reading hand-overs: whose turn it is, who comes next, which incidents go along, what was signed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from core.errors import NotFound
from incidents.handovers import places
from incidents.handovers.models import Handover
from incidents.record.models import Escalation, Incident
from people.models import Person
from roster.models import Duty

BEFORE, AFTER = timedelta(hours=2), timedelta(hours=12)
"""From when on minutes may be written before the change of shift, and until when afterwards."""


@dataclass(frozen=True)
class Turn:
    """A published duty that hands over to the next of its unit and kind; ``row``: its minutes, once they are begun."""

    duty: Duty
    incoming: Sequence[Person]
    row: Handover | None
    incidents: Sequence[Incident]
    """What its holder has now and gives on."""


def next_on(unit_id: int, duty: str, changes_at: datetime) -> Sequence[Person]:
    """Who serves from the change of shift on, by seat; each once."""
    rows = db.session.scalars(
        select(Duty)
        .options(joinedload(Duty.person).selectinload(Person.contacts))
        .where(Duty.unit_id == unit_id, Duty.duty == duty, Duty.starts_at == changes_at, Duty.cancelled_at.is_(None))
        .order_by(Duty.seat_id)
    )
    return list({row.person_id: row.person for row in rows}.values())


def incoming(row: Handover) -> Sequence[Person]:
    """Who may accept these minutes, by the roster as it is now."""
    found = next_on(row.unit_id, row.duty, row.changes_at)
    return [each for each in found if each.id != row.outgoing_id]


def held(person_id: int, duty: str) -> Sequence[Incident]:
    """What this person has taken by that duty (or by none) and not finished: the worst first. Exercises stay out."""
    wanted = (
        select(Incident)
        .join(Escalation)
        .options(joinedload(Incident.unit), joinedload(Incident.escalation))
        .where(Incident.status == "acknowledged", Incident.acknowledged_by_id == person_id)
        .where(Incident.rehearsal_id.is_(None), Incident.joined_to_id.is_(None))
        .where(Escalation.held_duty.is_(None) | (Escalation.held_duty == duty))
    )
    return db.session.scalars(wanted.order_by(Incident.severity, Incident.id)).all()


def of_seat(seat_id: int, person_id: int) -> Handover | None:
    return db.session.scalar(_whole().where(Handover.seat_id == seat_id, Handover.outgoing_id == person_id))


def by_id(handover_id: int) -> Handover:
    """Raises NotFound ``handover.unknown``."""
    row = db.session.scalar(_whole().where(Handover.id == handover_id))
    if row is None:
        raise NotFound("handover.unknown")
    return row


def turn(duty: Duty) -> Turn | None:
    """None where nobody comes next, or the same person stays on: then nothing is handed over."""
    after = next_on(duty.unit_id, duty.duty, duty.ends_at)
    if not after or any(each.id == duty.person_id for each in after):
        return None
    return Turn(duty, after, of_seat(duty.seat_id, duty.person_id), held(duty.person_id, duty.duty))


def is_wanted(found: Turn) -> bool:
    """Whether minutes are to be written: the place always does, or something is open, or they are begun."""
    return found.row is not None or bool(found.incidents) or bool(places.always([found.duty]))


def to_write(person_id: int, *, now: datetime) -> list[Turn]:
    """Changes of shift at which this person leaves, and whose minutes are wanted and not accepted yet."""
    mine = _duties().where(Duty.person_id == person_id, Duty.ends_at > now - AFTER, Duty.ends_at <= now + BEFORE)
    ending = mine.order_by(Duty.ends_at, Duty.seat_id)
    found = [each for duty in db.session.scalars(ending) if (each := turn(duty)) is not None]
    return [each for each in found if is_wanted(each) and (each.row is None or each.row.state != "accepted")]


def awaiting(person_id: int, *, now: datetime) -> Sequence[Handover]:
    """Signed minutes that wait for this person."""
    mine = exists().where(
        Duty.person_id == person_id,
        Duty.unit_id == Handover.unit_id,
        Duty.duty == Handover.duty,
        Duty.starts_at == Handover.changes_at,
        Duty.cancelled_at.is_(None),
    )
    waiting = _whole().where(Handover.state == "signed", Handover.changes_at > now - AFTER, mine)
    waiting = waiting.where(Handover.outgoing_id.is_(None) | (Handover.outgoing_id != person_id))
    return db.session.scalars(waiting.order_by(Handover.changes_at, Handover.id)).all()


def changing(units: Collection[int] | None, *, now: datetime, limit: int = 100) -> list[Turn]:
    """Changes of shift around now in ``units`` (ids, None = all) at which minutes are wanted, by time."""
    around = Duty.ends_at > now - AFTER, Duty.ends_at <= now + BEFORE
    within = [Duty.unit_id.in_(sorted(units))] if units is not None else []
    ids = likely(*around, *within)[:limit]
    rows = _duties().where(Duty.id.in_(ids)).order_by(Duty.ends_at, Duty.unit_id, Duty.seat_id)
    found = [each for duty in db.session.scalars(rows) if (each := turn(duty)) is not None]
    return [each for each in found if is_wanted(each)]


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
    wanted = _whole()
    if units is not None:
        wanted = wanted.where(Handover.unit_id.in_(sorted(units)))
    return wanted.where(Handover.state == state) if state else wanted


def _duties() -> Select[tuple[Duty]]:
    whole = joinedload(Duty.person).selectinload(Person.contacts)
    return select(Duty).options(whole, joinedload(Duty.unit)).where(Duty.cancelled_at.is_(None))


def _whole() -> Select[tuple[Handover]]:
    return select(Handover).options(
        joinedload(Handover.unit),
        joinedload(Handover.outgoing).selectinload(Person.contacts),
        selectinload(Handover.notes),
    )
