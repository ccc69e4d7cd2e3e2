"""Hand-over minutes: written and signed by who leaves, accepted by who comes, or not yet and why; then only added to.

The outgoing person stays responsible until somebody accepts, and calls of incidents go on as they are
(``incidents.response.handover``). What is said for others takes the right to dispatch, and how one heard it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, clock, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound, ensure_none
from core.security import throttle
from incidents.handovers import acting, content, moving, notices, queries
from incidents.handovers.content import TypedMinutes
from incidents.handovers.models import Handover
from incidents.handovers.queries import HandoverTurn
from people import queries as people
from people.accounts import queries as accounts
from people.models import Person
from people.sign_in import pins
from roster.models import Duty, Seat


def prepare(
    seat_id: int, typed: TypedMinutes, *, actor: Actor, now: datetime, person: str | None = None, to_sign: bool = False
) -> Handover:
    """Begin the minutes of a seat's change of shift, or write them anew as long as they are not signed.

    ``person``: the code of the outgoing person, when it is written for them. Numbered when they are begun.
    Raises NotFound ``duty.unknown_seat``; Conflict ``seat.empty``, ``seat.anothers``, ``handover.not_now``,
    ``handover.nobody_next``, ``handover.signed``; Forbidden; Invalid by field.
    """
    words = content.tidied(typed)
    with transaction() as session:
        duty = _held(seat_id, person)
        acting.ensure_may(actor, duty.unit_id, duty.person_id, now)
        found = _turn(duty, now)
        ensure_none(content.faults(words, to_sign=to_sign))
        throttle.hold(throttle.key_of("handover", str(seat_id), str(duty.person_id)))
        row = queries.find_for_seat(seat_id, duty.person_id)
        if row is None:
            row = _begun(session, found, actor, now)
        else:
            acting.exclusively(session, row.id)
            if to_sign and _has_signed(row, words, actor):
                return row
            acting.ensure_unsigned(row)
            row.starts_at, row.changes_at = duty.starts_at, duty.ends_at
        if row.content != words.as_content():
            row.content, row.prepared_at, row.prepared_by = words.as_content(), now, actor.name
            session.flush()
            audit.record(actor, "handover.prepare", "handover", row.id, now=now, number=row.label)
        return row


def _has_signed(row: Handover, words: TypedMinutes, actor: Actor) -> bool:
    """The same person has signed the same words: a button that was tapped twice."""
    is_own = actor.person_id is not None and actor.person_id == row.outgoing_id
    return is_own and row.state != "prepared" and content.typed_of(row.content) == words


def _held(seat_id: int, person: str | None) -> Duty:
    if db.session.get(Seat, seat_id) is None:
        raise NotFound("duty.unknown_seat", id=seat_id)
    duty = db.session.scalar(select(Duty).where(Duty.seat_id == seat_id, Duty.cancelled_at.is_(None)))
    if duty is None:
        raise Conflict("seat.empty", state={"person": None})
    if person is not None and people.person_by_code(person).id != duty.person_id:
        raise Conflict("seat.anothers", state={"person": duty.person.code}, name=duty.person.full_name)
    return duty


def _turn(duty: Duty, now: datetime) -> HandoverTurn:
    if not duty.ends_at - queries.BEFORE <= now < duty.ends_at + queries.AFTER:
        state = {"ends_at": duty.ends_at.isoformat()}
        raise Conflict("handover.not_now", state=state, at=i18n.dt(duty.ends_at - queries.BEFORE))
    found = queries.turn(duty)
    if found is None:
        raise Conflict("handover.nobody_next", state={"ends_at": duty.ends_at.isoformat()})
    return found


def _begun(session: Session, found: HandoverTurn, actor: Actor, now: datetime) -> Handover:
    """With the next number of the unit's year: who asks at the same moment waits."""
    duty, year = found.duty, clock.local_date(now).year
    throttle.hold(throttle.key_of("handover-number", str(duty.unit_id), str(year)))
    given = select(func.max(Handover.number)).where(Handover.unit_id == duty.unit_id, Handover.year == year)
    row = Handover(
        unit_id=duty.unit_id,
        year=year,
        number=(session.scalar(given) or 0) + 1,
        duty=duty.duty,
        seat_id=duty.seat_id,
        starts_at=duty.starts_at,
        changes_at=duty.ends_at,
        outgoing_id=duty.person_id,
        outgoing_name=duty.person.full_name,
        content={},
        prepared_at=now,
        prepared_by=actor.name,
    )
    session.add(row)
    return row


def sign(handover_id: int, *, actor: Actor, now: datetime, pin: str = "", how: str = "") -> Handover:
    """The outgoing person signs: from now on nothing of the content changes, and who comes next is told.

    Signed by the same person again it stays as it is. By a link it takes the person's PIN where they have one.
    Raises NotFound; Conflict ``handover.signed``, ``handover.not_now``, and where the roster has changed since
    ``handover.nobody_next``, ``seat.empty``, ``seat.anothers``; Forbidden; Throttled; Invalid (``pin``, ``how``, or
    what is missing in the checklist).
    """
    _ensure_pin(queries.by_id(handover_id), actor, pin, now)
    with transaction() as session:
        row = acting.exclusively(session, handover_id)
        said = acting.ensure_said(actor, row.unit_id, row.outgoing_id, how, now=now)
        if row.state != "prepared":
            if actor.person_id is not None and actor.person_id == row.outgoing_id:
                return row
            acting.ensure_unsigned(row)
        written = content.typed_of(row.content)
        ensure_none(content.faults(written, to_sign=True))
        duty = _held(row.seat_id, row.outgoing.code if row.outgoing else None)
        coming = _turn(duty, now).incoming
        # The shift may have been cut or moved since the minutes were begun.
        row.starts_at, row.changes_at = duty.starts_at, duty.ends_at
        row.content, row.content_hash = content.frozen(written.as_content(), _head(row, coming), open_now(row))
        row.state, row.signed_at, row.signed_via, row.signed_how = "signed", now, said.via, said.how
        row.signed_by = actor.name if said.how else row.outgoing_name
        session.flush()
        audit.record(
            actor, "handover.sign", "handover", row.id, now=now, number=row.label, hash=row.content_hash, via=said.via
        )
        notices.tell_incoming(row, coming, now=now)
        return row


def incidents_of(row: Handover) -> list[content.OpenIncident]:
    """Return those in the minutes: as they were signed, also if none was open; before that, those that would be in
    them."""
    return open_now(row) if row.state == "prepared" else moving.shown(content.incidents_of(row.content))


def open_now(row: Handover) -> list[content.OpenIncident]:
    """Return what would be in the minutes if they were signed now."""
    if row.outgoing_id is None:
        return []
    return moving.as_signed(queries.held(row.outgoing_id, row.duty, row.unit_id))


def write_and_sign(
    seat_id: int,
    typed: TypedMinutes,
    *,
    actor: Actor,
    now: datetime,
    pin: str = "",
    how: str = "",
    person: str | None = None,
) -> Handover:
    """Both in one: what was typed is kept also when the signature is not."""
    row = prepare(seat_id, typed, actor=actor, now=now, person=person, to_sign=True)
    return sign(row.id, actor=actor, now=now, pin=pin, how=how)


def _head(row: Handover, coming: Collection[Person]) -> dict[str, object]:
    """Names as they are at the signature: units and kinds are renamed, minutes are not."""
    kind = next((each for each in people.duty_kinds() if each.code == row.duty), None)
    return {
        "number": row.label,
        "unit": row.unit.name,
        "unit_code": row.unit.code,
        "over": row.unit.parent.name if row.unit.parent else "",
        "duty": row.duty,
        "duty_name": kind.name_vi if kind else row.duty,
        "starts_at": row.starts_at.isoformat(),
        "changes_at": row.changes_at.isoformat(),
        "outgoing": row.outgoing_name,
        "incoming": [each.full_name for each in coming],
    }


def _ensure_pin(row: Handover, actor: Actor, pin: str, now: datetime) -> None:
    """Outside the transaction that signs: attempts count also when nothing is signed."""
    if actor.via != "link" or actor.person_id is None or actor.person_id != row.outgoing_id:
        return
    user = accounts.user_of_person(actor.person_id)
    if user is None or accounts.pin_of(user.id) is None:
        return
    if not pins.matches(user, pin, name=user.login, place=f"handover/{user.id}", now=now):
        raise Invalid("handover.pin", field="pin")
