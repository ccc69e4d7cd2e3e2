"""Confirming a published shift, or saying that one cannot serve it: by the holder, or noted for them by who rang them.

A refusal empties nothing: the seat is unsure (``roster.coverage.doubt``) until somebody else is on it, or the same
person confirms after all (docs/decisions/0037).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict, Invalid
from core.fast_path import shared_cache
from core.security import throttle
from notify import outbox
from people.access import guard
from people.links import answering, slips
from roster.campaigns import holders
from roster.confirmations import notices, queries
from roster.confirmations.models import Confirmation
from roster.models import Duty, Seat, Shift

State = Literal["confirmed", "refused"]


def answer_all(
    person_id: int,
    refused: Collection[int] = (),
    *,
    seen: Mapping[int, int],
    note: str = "",
    actor: Actor,
    now: datetime,
) -> list[Duty]:
    """Confirm the person's shifts that they were shown (``seen``: duty id → sequence) but those ``refused`` (duty ids);
    answers all of them.

    What changed since they looked is not answered: they have not seen it. What they said before, and say again, stays
    as it was. Raises Forbidden; Invalid ``confirmation.note_long``.
    """
    said = _note(note)
    with transaction():
        one_at_a_time(person_id)
        mine = queries.unchanged_duties(person_id, seen, now=now)
        before = queries.answers_for(mine)
        for state in ("confirmed", "refused"):
            chosen = [each for each in mine if (each.id in refused) == (state == "refused")]
            changed = [each for each in chosen if each.id not in before or _differs(before[each.id], state, actor)]
            _write(changed, state, said if state == "refused" else "", before, actor=actor, now=now)
    return mine


def answer(
    seat_id: int,
    state: State,
    *,
    person: str | None = None,
    note: str = "",
    at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> Duty:
    """The holder of one seat says that they will serve, or cannot; ``person``: the code of whom it is said for, else
    the person behind ``actor``; of a key of nobody, whoever holds the seat. ``at`` (aware): when it was said, else now.

    Whoever may cover a seat may note what its holder told them, and then says how they heard it (``note``).
    Raises NotFound ``duty.unknown_seat``; Conflict ``seat.anothers``, ``seat.empty``, ``seat.over``,
    ``confirmation.to_come`` (``at`` is later than now); Forbidden; Invalid ``confirmation.how``.
    """
    said = _note(note)
    if at is not None and at > now:
        raise Conflict("confirmation.to_come", state={"now": now.isoformat()})
    with transaction():
        duty = holders.duty_on_seat(seat_id)
        holders.ensure_theirs(duty, person, actor)
        holders.ensure_not_over(duty, now=now)
        if actor.person_id != duty.person_id:
            guard.ensure(actor, "duty.confirm", duty.unit_id, now=now, person_id=duty.person_id)
            if not said:
                raise Invalid("confirmation.how", field="note")
        one_at_a_time(duty.person_id)
        before = queries.answers_for([duty])
        if duty.id not in before or before[duty.id].note != said or _differs(before[duty.id], state, actor):
            _write([duty], state, said, before, actor=actor, now=now, at=at)
        return duty


def _differs(said: Confirmation, state: str, actor: Actor) -> bool:
    """Also when it is the same, and its owner makes what a slip said their own."""
    return said.state != state or (said.slip_by is not None and answering.slip_by(actor) is None)


def call_topic(person_id: int) -> str:
    """Return the topic of calls that ask somebody to confirm: not put any more once they have answered all."""
    return f"call/confirm/{person_id}"


def agreed(duties: Collection[Duty], said: Mapping[int, str], *, now: datetime) -> None:
    """Who has agreed to take these seats has thereby confirmed them; ``said``: person id → the name of whoever said so,
    themselves or an operator for them. In the transaction that gives them away."""
    for duty in duties:
        name = said[duty.person_id]
        own = duty.person_id if name == duty.person.full_name else None
        _write([duty], "confirmed", "", {}, actor=Actor(name=name, role="staff", via="session", person_id=own), now=now)


def shown(duty: Duty, *, actor: Actor, now: datetime) -> None:
    """Its holder has come, or stands ready: whoever has not answered has thereby confirmed, and nobody rings them for
    it. What they answered stays. In the caller's transaction."""
    one_at_a_time(duty.person_id)
    if duty.id not in queries.answers_for([duty]):
        _write([duty], "confirmed", "", {}, actor=actor, now=now)


def campaign_of(seat_id: int) -> int | None:
    """Return the id of the campaign whose roster the seat is of."""
    return db.session.scalar(select(Shift.campaign_id).join(Seat, Seat.shift_id == Shift.id).where(Seat.id == seat_id))


def one_at_a_time(person_id: int) -> None:
    """Two answers of one person at once: all of one and then all of the other, never half of each."""
    throttle.hold(throttle.key_of("confirmations", str(person_id)))


def _write(
    duties: Sequence[Duty],
    state: str,
    note: str,
    before: Mapping[int, Confirmation],
    *,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
) -> None:
    if not duties:
        return
    was_refused = [each for each in duties if each.id in before and before[each.id].state == "refused"]
    if any(before[each.id].slip_by is None for each in duties if each.id in before):
        slips.ensure_none(actor)  # of who has answered otherwise no slip says anything else
    for duty in duties:
        row = {
            "duty_id": duty.id,
            "sequence": duty.sequence,
            "state": state,
            "answered_at": at or now,
            "answered_by": actor.name,
            **answering.said_by(actor, duty.person_id),
            "note": note,
        }
        written = insert_into(Confirmation).values(row)
        again = {name: value for name, value in row.items() if name != "duty_id"}
        db.session.execute(written.on_conflict_do_update(index_elements=["duty_id"], set_=again))
        # Not the note: why somebody cannot come is not everybody's to read for ever.
        audit.record(actor, f"duty.{state}", "seat", duty.seat_id, now=now, person=duty.person_id)
    if state == "refused" or was_refused:
        # Whether somebody is sure to serve is what rosters are judged by; a thousand who confirm change nothing there.
        shared_cache.changes(shared_cache.GROUND, shared_cache.PLAN)
    for each in duties:
        db.session.expire(each)
    if not queries.is_awaited(duties[0].person_id, now=now):
        outbox.cancel(call_topic(duties[0].person_id), now=now)
    if state == "refused":
        notices.tell_managers(duties, "refused", note, actor=actor, now=now)
    elif was_refused:
        notices.tell_managers(was_refused, "confirmed", note, actor=actor, now=now)


def _note(note: str) -> str:
    tidy = " ".join(note.split())
    if len(tidy) > answering.LONGEST_NOTE:
        raise Invalid("confirmation.note_long", field="note", limit=answering.LONGEST_NOTE)
    return tidy
