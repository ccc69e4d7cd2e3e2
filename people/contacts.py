"""Addresses of a person: adding, changing, removing, by the person or by who manages them.

A changed address proves nothing any more, and the old one is told of it: whoever loses an address by another's hand
must hear of it while that can still be undone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from core import audit, throttle, tokens
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.throttle import Limit
from notify import outbox
from people import account_queries, checks, contact_words, guard, passwords, queries, services
from people.models import ContactMethod, Person, User
from people.models_reach import ContactCode

MOST = 6
"""Mails and numbers of one person, and devices of one person."""
PASSWORD_TRIES = Limit(8, timedelta(minutes=10))


def add(
    code: str, channel: str, address: str, *, now: datetime, actor: Actor, password: str | None = None
) -> ContactMethod:
    """Give the person one more address; ``channel``: email or phone. The first of its kind is the one others dial.

    Raises ``Invalid`` (form, password), ``Conflict`` ("contact.known", "contact.taken", "contact.too_many").
    """
    person = _mine(code, now, actor)
    tidy = _checked(channel, address)
    ensure_it_is_you(person, password, now=now, actor=actor)
    with transaction() as session:
        person = _mine(code, now, actor)
        _ensure_free(person, channel, tidy, now, actor)
        if len(person.contacts) >= MOST:
            raise Conflict("contact.too_many", field="address", most=MOST)
        last = max((each.position for each in person.contacts), default=-1)
        contact = ContactMethod(channel=channel, address=tidy, position=last + 1)
        person.contacts.append(contact)
        session.flush()
        _note(person, "contact.add", channel, now, actor)
        return contact


def change(contact_id: int, address: str, *, now: datetime, actor: Actor, password: str | None = None) -> ContactMethod:
    """Replace an address; it is unverified again. Raises as ``add`` does."""
    contact = by_id(contact_id)
    person = _mine(contact.person.code, now, actor)
    tidy = _checked(contact.channel, address)
    ensure_it_is_you(person, password, now=now, actor=actor)
    with transaction():
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        if contact.address != tidy:
            _ensure_free(person, contact.channel, tidy, now, actor)
            _say_goodbye(contact, now, actor)
            contact.address, contact.verified_at = tidy, None
            end_codes(contact_id, None, now=now)
            _note(person, "contact.change", contact.channel, now, actor)
        return contact


def remove(contact_id: int, *, now: datetime, actor: Actor, password: str | None = None) -> Person:
    """Take an address away. Raises ``Conflict("contact.last")``: the last one is changed, never removed."""
    contact = by_id(contact_id)
    ensure_it_is_you(_mine(contact.person.code, now, actor), password, now=now, actor=actor)
    with transaction() as session:
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        if len(person.contacts) == 1:
            raise Conflict("contact.last", field="address")
        _say_goodbye(contact, now, actor)
        person.contacts.remove(contact)
        session.flush()
        _note(person, "contact.remove", contact.channel, now, actor)
        return person


def promote(contact_id: int, *, now: datetime, actor: Actor) -> Person:
    """Make it the first of its kind: the one that lists show and colleagues dial."""
    with transaction():
        contact = by_id(contact_id)
        person = _mine(contact.person.code, now, actor)
        services.set_address(person, contact.channel, contact.address)
        _note(person, "contact.promote", contact.channel, now, actor)
        return person


def by_id(contact_id: int) -> ContactMethod:
    """Raises ``NotFound("contact.unknown")``."""
    contact = db.session.get(ContactMethod, contact_id)
    if contact is None:
        raise NotFound("contact.unknown")
    return contact


def ensure_it_is_you(person: Person, password: str | None, *, now: datetime, actor: Actor) -> None:
    """Own addresses are changed by who knows the password, not by whoever found the screen open.

    Call it outside any transaction: a refused try must stay counted. Raises ``Invalid("password.wrong")``,
    ``Throttled``.
    """
    if actor.person_id != person.id or actor.user_id is None:
        return
    throttle.take({throttle.key_of("own-contacts", str(actor.user_id)): PASSWORD_TRIES}, now=now)
    user = account_queries.user_by_id(actor.user_id)
    if not passwords.matches(user.password_hash, password or ""):
        with transaction():
            audit.record(actor, "contact.refused", "person", person.id, now=now)
        raise Invalid("password.wrong", field="password")
    throttle.clear(throttle.key_of("own-contacts", str(actor.user_id)))


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
    tidy = checks.email(address, "address") if channel == "email" else checks.phone(address, "address")
    if not tidy:
        raise Invalid("field.required", field="address")
    return tidy


def _ensure_free(person: Person, channel: str, address: str, now: datetime, actor: Actor) -> None:
    """A number or mail is also a name to sign in with: nobody takes a colleague's for themselves."""
    if any(each.channel == channel and each.address == address for each in person.contacts):
        raise Conflict("contact.known", field="address")
    others = (
        select(func.count())
        .select_from(ContactMethod)
        .join(User, User.person_id == ContactMethod.person_id)
        .where(ContactMethod.address == address, ContactMethod.person_id != person.id, User.active)
    )
    manages = guard.allowed(actor, "person.write", person.unit_id, now=now)
    if not manages and db.session.scalar(others):
        raise Conflict("contact.taken", field="address")


def _say_goodbye(contact: ContactMethod, now: datetime, actor: Actor) -> None:
    person, channel = contact.person, "sms" if contact.channel == "phone" else "email"
    if not outbox.has_gateway(channel):
        return
    subject, body = contact_words.taken_away(person, channel, actor.name)
    outbox.enqueue(
        topic=f"contact/{person.id}", key=f"contact/{contact.id}/{tokens.new_token()}", channel=channel,
        address=contact.address, recipient=person.full_name, subject=subject, body=body, now=now,
        local_only=person.is_demo,
    )  # fmt: skip


def _note(person: Person, action: str, channel: str, now: datetime, actor: Actor) -> None:
    phones = [each.address for each in person.contacts if each.channel == "phone"]
    person.search_key = queries.search_key(person.full_name, person.code, phones)
    audit.record(actor, action, "person", person.id, now=now, channel=channel)
