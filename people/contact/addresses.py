"""Addresses of a person: adding, changing, removing, by the person or by who manages them.

A changed address proves nothing any more, and the old one is told of it: somebody who loses an address by another's
hand must hear of it while that can still be undone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from people import queries, validation
from people.access import guard
from people.accounts import ownership
from people.contact import givers, news
from people.models import ContactMethod, Person
from people.notification_rules.models import ContactCode
from people.sign_in import proof

MOST = 6
"""Mails and numbers of one person, and devices of one person."""


def add(
    code: str,
    channel: str,
    address: str,
    *,
    now: datetime,
    actor: Actor,
    password: str | None = None,
    shared: bool = False,
) -> ContactMethod:
    """Give the person one more address; ``channel``: email or phone. The first of its kind is the one others dial.

    ``shared``: it is the office's, several people may have it, and it signs nobody in.

    Raises ``Invalid`` (form, password), ``Conflict`` ("contact.known", "contact.taken", "contact.too_many").
    """
    _mine(code, now, actor)
    tidy = _checked(channel, address)
    ensure_it_is_you(password, now=now, actor=actor)
    with transaction() as session, ownership.one_owner("address"):
        person = _mine(code, now, actor)
        _ensure_new(person, channel, tidy)
        if len(person.contacts) >= MOST:
            raise Conflict("contact.too_many", field="address", most=MOST)
        last = max((each.position for each in person.contacts), default=-1)
        unit_id = ownership.settle(person, tidy, shared=shared)
        contact = ContactMethod(channel=channel, address=tidy, position=last + 1, unit_id=unit_id)
        person.contacts.append(contact)
        session.flush()
        _note(person, "contact.add", channel, now, actor=actor)
        news.tell_others(person, tidy, now=now, actor=actor)
        givers.note([(person, contact)], actor=actor, now=now)
        return contact


def change(
    contact_id: int,
    address: str,
    *,
    now: datetime,
    actor: Actor,
    password: str | None = None,
    shared: bool | None = None,
) -> ContactMethod:
    """Replace an address (it is unverified again), or say whose it is (``shared``). Raises as ``add`` does."""
    contact = by_id(contact_id)
    _mine(contact.person.code, now, actor)
    tidy = _checked(contact.channel, address)
    ensure_it_is_you(password, now=now, actor=actor)
    with transaction() as session, ownership.one_owner("address"):
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        wanted = contact.unit_id is not None if shared is None else shared
        if contact.address != tidy:
            _ensure_new(person, contact.channel, tidy)
            news.tell_old(person, contact.channel, contact.address, now=now, actor=actor)
            contact.unit_id = ownership.settle(person, tidy, shared=bool(shared))
            contact.address, contact.verified_at = tidy, None
            end_codes(contact_id, None, now=now)
            session.flush()
            _note(person, "contact.change", contact.channel, now, actor=actor)
            givers.note([(person, contact)], actor=actor, now=now)
        elif wanted != (contact.unit_id is not None):
            contact.unit_id = ownership.settle(person, tidy, shared=wanted)
            session.flush()
            _note(person, "contact.share", contact.channel, now, actor=actor)
            if wanted:
                news.tell_shared([contact], now=now, actor=actor)
        return contact


def remove(contact_id: int, *, now: datetime, actor: Actor, password: str | None = None) -> Person:
    """Take an address away. Raises ``Conflict("contact.last")``: the last one is changed, never removed."""
    contact = by_id(contact_id)
    _mine(contact.person.code, now, actor)
    ensure_it_is_you(password, now=now, actor=actor)
    with transaction() as session:
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        if len(person.contacts) == 1:
            raise Conflict("contact.last", field="address")
        news.tell_old(person, contact.channel, contact.address, now=now, actor=actor)
        person.contacts.remove(contact)
        session.flush()
        _note(person, "contact.remove", contact.channel, now, actor=actor)
        return person


def promote(contact_id: int, *, now: datetime, actor: Actor) -> Person:
    """Make it the first of its kind: the one that lists show and colleagues dial."""
    with transaction():
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        ownership.put_first(person, contact.channel, contact.address)
        _note(person, "contact.promote", contact.channel, now, actor=actor)
        return person


def by_id(contact_id: int) -> ContactMethod:
    """Raises ``NotFound("contact.unknown")``."""
    contact = db.session.get(ContactMethod, contact_id)
    if contact is None:
        raise NotFound("contact.unknown")
    return contact


def ensure_it_is_you(password: str | None, *, now: datetime, actor: Actor) -> None:
    """Addresses are changed by somebody who knows the password, not by somebody who found the screen open.

    Call it outside any transaction: a refused try must stay counted. Raises ``ProofNeeded`` when nothing was typed,
    ``Invalid("password.wrong")``, ``Throttled``.
    """
    if password and actor.via == "session" and actor.user_id is not None:
        proof.show(actor, password, now=now)
    else:
        proof.ensure(actor, now=now)


def end_codes(contact_id: int | None, endpoint_id: int | None, *, now: datetime) -> None:
    """Codes on their way to this address prove nothing any more. In the caller's transaction."""
    live = ContactCode.ended_at.is_(None)
    mine = ContactCode.contact_id == contact_id if contact_id is not None else ContactCode.endpoint_id == endpoint_id
    db.session.execute(update(ContactCode).where(mine, live).values(ended_at=now))


def _mine(code: str, now: datetime, actor: Actor) -> Person:
    person = queries.person_by_code(code)
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    return person


def _checked(channel: str, address: str) -> str:
    if channel not in ("email", "phone"):
        raise Invalid("contact.channel", field="channel")
    tidy = validation.email(address, "address") if channel == "email" else validation.phone(address, "address")
    if not tidy:
        raise Invalid("field.required", field="address")
    return tidy


def _ensure_new(person: Person, channel: str, address: str) -> None:
    if any(each.channel == channel and each.address == address for each in person.contacts):
        raise Conflict("contact.known", field="address")


def _note(person: Person, action: str, channel: str, now: datetime, *, actor: Actor) -> None:
    phones = [each.address for each in person.contacts if each.channel == "phone"]
    person.search_key = queries.search_key(person.full_name, person.code, phones)
    audit.record(actor, action, "person", person.id, now=now, channel=channel)
