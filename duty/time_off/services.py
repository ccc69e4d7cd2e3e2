"""What people ask for themselves: days off and wishes kept with how they stand, changed, taken back, explained.

Illness is a fact at once, and so is what those who manage enter: nobody answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.fast_path import shared_cache
from core.security import throttle
from duty.time_off import answerers
from duty.time_off.models import DayRequest
from people import queries as people
from people.absences import queries as absence_queries, services as absence_services
from people.links import slips
from people.models import Absence, Person
from roster.sources import services as sources
from roster.sources.models import Wish

FACTS = ("sick",)
LONGEST_NOTE = 500
Key = dict[str, Any]


def saved(absence: Absence, *, actor: Actor, now: datetime) -> None:
    """``people.absences.asking.Asker``: asked for, where its person says it themselves and nothing forces them."""
    slips.ensure_none(actor)
    person = people.person_by_id(absence.person_id)
    if _asks(actor, person) and absence.kind not in FACTS:
        _ask(person, absence_key(absence), absence.kind, absence.note, actor=actor, now=now)
    else:
        _settle(absence_key(absence), absence.kind, actor=actor, now=now)


def removing(absence: Absence, *, actor: Actor, now: datetime) -> None:
    """``people.absences.asking.Asker``. Raises Conflict ``request.answered``."""
    slips.ensure_none(actor)
    hold(absence.person_id)
    row = find(absence_key(absence))
    if _asks(actor, absence.person) and absence.kind not in FACTS and not _is_mere_ask(row):
        raise Conflict("request.answered")
    _gone(row, actor=actor, now=now)


def save_wish(values: Mapping[str, Any], *, actor: Actor, now: datetime) -> tuple[Wish, bool]:
    """Save it as ``sources.services.save_wish`` does; one's own is asked for."""
    slips.ensure_none(actor)
    with transaction():
        person = people.person_by_code(values["person_code"])
        before = _wants(person.id, values["date"], values["shift"])
        row, is_new = sources.save_wish(values, actor=actor, now=now)
        if before != row.want:
            if _asks(actor, person):
                _ask(person, wish_key(row), row.want, "", actor=actor, now=now)
            else:
                _settle(wish_key(row), row.want, actor=actor, now=now)
        return row, is_new


def take_back_absence(person: Person, absence_id: int, *, actor: Actor, now: datetime) -> None:
    """Their own: at once while nobody has agreed to it, and of illness; else it is asked for, and asking that once more
    takes the asking back. Raises NotFound ``absence.unknown``."""
    slips.ensure_none(actor)
    with transaction():
        hold(person.id)
        absence = absence_queries.by_id(absence_id)
        if absence.person_id != person.id:
            raise NotFound("absence.unknown")
        row = find(absence_key(absence))
        if not _asks(actor, person) or absence.kind in FACTS or _is_mere_ask(row):
            absence_services.remove_absence(absence_id, actor=actor, now=now)
        else:
            _turn(person, row, absence_key(absence), absence.kind, actor=actor, now=now)


def take_back_wish(person: Person, wish_id: int, *, actor: Actor, now: datetime) -> None:
    """Take it back as ``take_back_absence`` does. Raises NotFound ``wish.unknown``."""
    slips.ensure_none(actor)
    with transaction():
        hold(person.id)
        wish = sources.wish_by_id(wish_id)
        if wish.person_id != person.id:
            raise NotFound("wish.unknown")
        row = find(wish_key(wish))
        if not _asks(actor, person) or _is_mere_ask(row):
            _gone(row, actor=actor, now=now)
            sources.remove_wish(wish_id, actor=actor, now=now)
        else:
            _turn(person, row, wish_key(wish), wish.want, actor=actor, now=now)


def reply(person: Person, request_id: int, sequence: int, text: str, *, actor: Actor, now: datetime) -> None:
    """What they say to a question: it waits for an answer again. Raises Conflict ``request.changed``, Invalid."""
    slips.ensure_none(actor)
    said = note_of(text, "reply")
    if not said:
        raise Invalid("field.missing", field="reply")
    with transaction() as session:
        hold(person.id)
        row = session.get(DayRequest, request_id)
        if row is None or row.person_id != person.id or row.state != "returned" or row.sequence != sequence:
            raise Conflict("request.changed")
        row.state, row.reply, row.asked_at, row.sequence = "asked", said, now, row.sequence + 1
        audit.record(actor, "request.reply", "person", person.id, now=now, request=row.id)


def absence_key(absence: Absence) -> Key:
    return _key(absence.person_id, "absence", absence.from_on, absence.to_on, template="")


def wish_key(wish: Wish) -> Key:
    return _key(wish.person_id, "wish", wish.on_date, wish.on_date, template=wish.template)


def find(key: Key) -> DayRequest | None:
    return db.session.scalar(select(DayRequest).filter_by(**key))


def hold(person_id: int) -> None:
    """What somebody asks and what is answered them come one after the other, until the transaction ends.

    After what plans are made of, which an answer changes: an illness decided at the desk takes them in this order.
    """
    shared_cache.hold_ground()
    throttle.hold(throttle.key_of("requests", str(person_id)))


def note_of(text: str, field: str) -> str:
    tidy = " ".join(text.split())
    if len(tidy) > LONGEST_NOTE:
        raise Invalid("request.note_long", field=field, limit=LONGEST_NOTE)
    return tidy


def _asks(actor: Actor, person: Person) -> bool:
    """Whether the actor says it for themselves, and there is somebody to ask: managers ask whoever is above, too."""
    return actor.person_id == person.id and not answerers.stands_alone(person)


def _is_mere_ask(row: DayRequest | None) -> bool:
    return row is not None and row.is_open and not row.is_withdrawal


def _ask(
    person: Person, key: Key, what: str, note: str, *, is_withdrawal: bool = False, actor: Actor, now: datetime
) -> None:
    """Again, where it was asked before, whatever came of that."""
    hold(person.id)
    row = find(key)
    if row is None:
        row = DayRequest(**key, sequence=0)
        db.session.add(row)
    row.what, row.note, row.is_withdrawal, row.state = what, note, is_withdrawal, "asked"
    row.reply = row.reason = row.answered_by = ""
    row.asked_at, row.answered_at, row.told_at, row.sequence = now, None, None, row.sequence + 1
    db.session.flush()
    audit.record(actor, "request.ask", "person", person.id, now=now, request=row.id, **_days(row))


def _turn(person: Person, row: DayRequest | None, key: Key, what: str, *, actor: Actor, now: datetime) -> None:
    """Ask that what stands be taken back, or no more."""
    if row is not None and row.is_open and row.is_withdrawal:
        row.is_withdrawal, row.state, row.sequence = False, "accepted", row.sequence + 1
        audit.record(actor, "request.withdraw", "person", person.id, now=now, request=row.id)
    else:
        _ask(person, key, what, row.note if row else "", is_withdrawal=True, actor=actor, now=now)


def _settle(key: Key, what: str, *, actor: Actor, now: datetime) -> None:
    """It stands, by the word of those who manage, or because it is illness."""
    hold(key["person_id"])
    row = find(key)
    if row is None:
        return
    row.what, row.is_withdrawal, row.sequence = what, False, row.sequence + 1
    if row.state == "accepted":
        return
    if actor.person_id == row.person_id:
        row.state = "withdrawn"
    else:
        row.state, row.answered_at, row.answered_by, row.reason, row.told_at = "accepted", now, actor.name, "", None
    audit.record(actor, f"request.{row.state}", "person", row.person_id, now=now, request=row.id)


def _gone(row: DayRequest | None, *, actor: Actor, now: datetime) -> None:
    """What stood is being removed."""
    if row is None or row.state not in ("asked", "returned", "accepted"):
        return
    by_others = actor.person_id != row.person_id
    row.state, row.sequence = "refused" if by_others and _is_mere_ask(row) else "withdrawn", row.sequence + 1
    if by_others:  # also of what was agreed to: whoever counts on these days hears that they are theirs no more
        row.answered_at, row.answered_by, row.reason, row.told_at = now, actor.name, "", None
    audit.record(actor, f"request.{row.state}", "person", row.person_id, now=now, request=row.id)


def _wants(person_id: int, on: date, template: str) -> str | None:
    key = {"person_id": person_id, "on_date": on, "template": template}
    return db.session.scalar(select(Wish.want).filter_by(**key))


def _key(person_id: int, about: str, from_on: date, to_on: date, *, template: str) -> Key:
    return {"person_id": person_id, "about": about, "from_on": from_on, "to_on": to_on, "template": template}


def _days(row: DayRequest) -> dict[str, Any]:
    return {"about": row.about, "what": row.what, "from_on": str(row.from_on), "to_on": str(row.to_on)}
