"""Saying that somebody on duty has come, left or stands ready: by themselves, or noted for them with how it was known.

What was said first stands: to say it again changes nothing. Other times are a correction (``corrections``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.fast_path import shared_cache
from core.security import throttle
from duty.attendance import calling_off
from notify import outbox
from people.absences import spans
from people.access import guard
from people.links import answering
from roster.campaigns import holders
from roster.confirmations import queries as confirmations, services as confirming
from roster.models import Duty
from roster.presence import moments, queries
from roster.presence.models import NoShow, Presence

_ASKED = {"check_in": "check_in", "check_out": "check_in", "ready": "ready"}


def say(
    seat_id: int,
    kind: str,
    *,
    person: str | None = None,
    at: datetime | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Duty:
    """``kind``: check_in, check_out or ready, of whoever holds the seat; ``person``: the code of whom it is said for,
    else the person behind ``actor``; of a key of nobody, whoever holds it. ``at`` (aware): when it was, else now.

    Raises NotFound ``duty.unknown_seat``; Conflict ``seat.anothers``, ``seat.empty``, ``presence.not_asked``,
    ``early``, ``over``, ``to_come``, ``not_here``, ``left_first``, ``refused``, ``how``; Forbidden; Invalid
    ``note_long``.
    """
    with transaction():
        duty = holders.duty_on_seat(seat_id)
        holders.ensure_theirs(duty, person, actor)
        _say(duty, kind, at, tidy(note), actor=actor, now=now)
        return duty


def say_own(duty_id: int, kind: str, *, person_id: int, at_end: bool = False, actor: Actor, now: datetime) -> Duty:
    """The same by a form that showed the duty; ``at_end``: it was when the shift ended, and not now. Raises Conflict
    ``presence.changed`` when it is theirs no more."""
    with transaction():
        duty = db.session.get(Duty, duty_id)
        if duty is None or duty.person_id != person_id or duty.cancelled_at is not None:
            raise Conflict("presence.changed")
        _say(duty, kind, duty.ends_at if at_end else None, "", actor=actor, now=now)
        return duty


def say_for_many(
    duty_ids: Collection[int], kind: str, *, note: str, at_end: bool = False, actor: Actor, now: datetime
) -> list[Duty]:
    """An operator ticks those who are there, or ready; all or none, but for those whose duty changed meanwhile, which
    are left out. Answers the others. Raises Invalid ``presence.nothing``; Forbidden; as ``say`` else."""
    said = tidy(note)
    if not duty_ids:
        raise Invalid("presence.nothing", field="duty")
    with transaction():
        wanted = select(Duty).where(Duty.id.in_(sorted(duty_ids)), Duty.cancelled_at.is_(None)).order_by(Duty.person_id)
        duties = list(db.session.scalars(wanted))
        if not duties:
            raise Conflict("presence.changed")
        for duty in duties:
            _say(duty, kind, duty.ends_at if at_end else None, said, actor=actor, now=now)
        return duties


def put(duty: Duty, kind: str, at: datetime, note: str, *, actor: Actor, now: datetime) -> None:
    """Write the word; in the caller's transaction, who holds the person (``one_at_a_time``)."""
    row = db.session.get(Presence, (duty.id, kind))
    if row is None:
        row = Presence(duty_id=duty.id, kind=kind)
        db.session.add(row)
    row.sequence, row.at, row.said_at, row.said_by, row.note = duty.sequence, at, now, actor.name, note
    answering.put(row, actor, duty.person_id)
    audit.record(actor, f"duty.{kind}", "seat", duty.seat_id, now=now, person=duty.person_id, at=at.isoformat())
    judge_anew(duty)
    if kind in ("check_in", "ready") and duty.ends_at > now:
        confirming.shown(duty, actor=actor, now=now)
    if kind == "check_in":
        _arrived(duty, now)
    elif kind == "ready":
        outbox.cancel(f"ready/{duty.id}", now=now)


def judge_anew(duty: Duty) -> None:
    """Whoever was said to be away, or not to come, and is there makes a seat sure that was not: rosters are judged by
    that. A thousand others who check in leave every plan as it is."""
    said = confirmations.answers_for([duty]).get(duty.id)
    refused = said is not None and said.state == "refused"
    if refused or spans.during([duty.person_id], duty.starts_at, duty.ends_at):
        shared_cache.changes(shared_cache.GROUND, shared_cache.PLAN)


def one_at_a_time(person_id: int) -> None:
    """Two words of one person at once: first the one and then the other."""
    throttle.hold(throttle.key_of("presences", str(person_id)))


def tidy(note: str) -> str:
    """Raises Invalid ``presence.note_long``."""
    said = " ".join(note.split())
    if len(said) > answering.LONGEST_NOTE:
        raise Invalid("presence.note_long", field="note", limit=answering.LONGEST_NOTE)
    return said


def _say(duty: Duty, kind: str, at: datetime | None, note: str, *, actor: Actor, now: datetime) -> None:
    if actor.person_id != duty.person_id:
        guard.ensure(actor, "duty.attend", duty.unit_id, now=now, person_id=duty.person_id)
        if not note:
            raise Conflict("presence.how", field="note")
    if queries.asked_of(duty, queries.asking()) != _ASKED[kind]:
        raise Conflict("presence.not_asked")
    if at is not None and at > now:
        raise Conflict("presence.to_come", state={"now": now.isoformat()})
    one_at_a_time(duty.person_id)
    when, word = at or now, queries.words_of([duty]).get(duty.id, queries.Word())
    if kind == "check_out":
        _leave(duty, word, when, note, actor=actor, now=now)
        return
    begins = duty.starts_at - (moments.EARLIEST if kind == "check_in" else moments.READY_FROM)
    if when < begins:
        raise Conflict("presence.early", state={"from": begins.isoformat()}, first=i18n.dt(begins))
    if when >= duty.ends_at or now >= duty.ends_at:
        raise Conflict("presence.over", state={"ends_at": duty.ends_at.isoformat()})
    if kind == "check_in" and word.check_out is not None:
        _come_back(duty, word.check_out, actor=actor, now=now)
    elif (word.check_in if kind == "check_in" else word.ready) is None:
        if kind == "ready":
            _ensure_not_refused(duty)
        put(duty, kind, when, note, actor=actor, now=now)


def _ensure_not_refused(duty: Duty) -> None:
    """Their seat stays unsure until they confirm after all: to be told "ready" would deceive them."""
    said = confirmations.answers_for([duty]).get(duty.id)
    if said is not None and said.state == "refused":
        raise Conflict("presence.refused", name=duty.person.full_name)


def _leave(duty: Duty, word: queries.Word, when: datetime, note: str, *, actor: Actor, now: datetime) -> None:
    if word.check_in is None:
        raise Conflict("presence.not_here")
    if when < word.check_in.at:
        raise Conflict("presence.left_first", first=i18n.dt(word.check_in.at))
    if max(when, now) >= duty.ends_at + moments.LEAVES_WITHIN:
        raise Conflict("presence.over", state={"ends_at": duty.ends_at.isoformat()})
    if word.check_out is None:
        put(duty, "check_out", when, note, actor=actor, now=now)


def _come_back(duty: Duty, left: Presence, *, actor: Actor, now: datetime) -> None:
    """Gone for a while, or said by mistake: they are there, as since they came."""
    audit.record(
        actor, "duty.come_back", "seat", duty.seat_id, now=now, person=duty.person_id, left_at=left.at.isoformat()
    )
    db.session.delete(left)
    db.session.flush()
    judge_anew(duty)


def _arrived(duty: Duty, now: datetime) -> None:
    """Nobody is called for it any more; what was raised about it is closed by who raised it."""
    missed = update(NoShow).where(NoShow.duty_id == duty.id, NoShow.ended_at.is_(None))
    ended = db.session.execute(missed.values(ended_at=now, ended_as="arrived"))
    if ended.rowcount:  # type: ignore[attr-defined]
        calling_off.stand_down(duty, now)
        calling_off.call_off(duty.id, now)
