"""*Không phải tôi trả lời*: that somebody came, left or is ready was not said by them."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from duty.attendance import services
from people.models import Person
from roster.confirmations import disowning, notices, words
from roster.confirmations.disowning import DisownedAnswer
from roster.models import Duty
from roster.presence import moments, queries
from roster.presence.models import NoShow, Presence


def last_said(word: queries.Word) -> Presence | None:
    """Return what can be disowned."""
    return word.check_out or word.check_in or word.ready


def disown(duty_id: int, *, person: Person, actor: Actor, now: datetime) -> int:
    """The last word on it is taken back, and who is missing then is looked for anew; how many hear of it. That one was
    late stays so once the shift is over: nobody would look again.

    Raises Conflict ``presence.changed`` (it is theirs no more), ``presence.unknown`` (nothing stands there, or the
    shift was long ago), ``slip.not_enough``.
    """
    with transaction() as session:
        services.one_at_a_time(person.id)
        duty = session.get(Duty, duty_id)
        if duty is None or duty.person_id != person.id or duty.cancelled_at is not None:
            raise Conflict("presence.changed")
        said = last_said(queries.words_of([duty]).get(duty.id, queries.Word()))
        if said is None or duty.ends_at <= now - moments.LEAVES_WITHIN:
            raise Conflict("presence.unknown")
        disowning.ensure_may(said, actor)
        facts = {"person": person.id, "kind": said.kind, "via": said.how, "by": said.by_ref}
        audit.record(actor, "presence.disown", "seat", duty.seat_id, now=now, **facts)
        told = _tell(duty, said, person, actor, now=now)
        disowning.end_slips(said, person, actor=actor, now=now)
        _take_back(duty, said, now)
        return told


def _take_back(duty: Duty, said: Presence, now: datetime) -> None:
    missed = db.session.get(NoShow, duty.id) if said.kind == "check_in" else None
    if missed is not None and missed.ended_as == "arrived" and now < duty.ends_at:
        db.session.delete(missed)
    db.session.delete(said)
    db.session.flush()
    services.judge_anew(duty)
    db.session.expire_all()


def _tell(duty: Duty, said: Presence, person: Person, actor: Actor, *, now: datetime) -> int:
    return disowning.tell_above(
        duty.unit_id,
        person,
        actor.slip_ref or said.by_ref,
        DisownedAnswer(
            lambda: notices.line_of(duty),
            lambda: words.given(said, said.said_by, said.said_at),
            where=f"/roster/shifts/{duty.shift_id}",
            key=f"disown/{said.kind}/{duty.id}/{said.said_at.isoformat()}",
        ),
        now=now,
    )
