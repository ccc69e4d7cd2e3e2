"""Codes that prove an address: six digits sent there, typed back here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.db import batched, db, transaction
from core.errors import Conflict, Invalid, NotFound, Throttled
from core.security import signatures, throttle
from core.security.throttle import AttemptLimit
from core.sweeping import forget
from notify import erasing, outbox, precedence
from notify.message_states.still_true import Reason
from notify.models import Message
from people import queries
from people.access import guard
from people.accounts import mails
from people.contact import givers
from people.contact.addresses import end_codes
from people.models import ContactMethod, Person
from people.notification_rules import ladders, rules as rungs
from people.notification_rules.addressed import addressed
from people.notification_rules.models import ContactCode, Endpoint
from people.notification_rules.rules import Rung

LIVES = timedelta(minutes=10)
KEPT = timedelta(days=30)
TRIES = 5
CODE = "contact-code"
TO_ADDRESS = AttemptLimit(3, timedelta(minutes=10))
TO_PERSON = AttemptLimit(10, timedelta(hours=1))
"""Each costs money and a stranger's patience: an address may turn out to be somebody else's."""


def send(code: str, way: str, *, now: datetime, actor: Actor) -> ContactCode:
    """Send a fresh code that way; earlier ones to the same address end.

    Raises ``NotFound``, ``Conflict("contact.no_gateway")``, ``Throttled("contact.throttled")``.
    """
    person, rung = _way(code, way, now, actor)
    if rung.channel not in ladders.carried():
        raise Conflict("contact.no_gateway", channel=rung.channel)
    _count(person, rung, now)
    with transaction() as session:
        person, rung = _way(code, way, now, actor)
        end_codes(rung.contact_id, rung.endpoint_id, now=now)
        digits = f"{secrets.randbelow(1_000_000):06d}"
        sent = ContactCode(
            person_id=person.id,
            contact_id=rung.contact_id,
            endpoint_id=rung.endpoint_id,
            channel=rung.channel,
            address=rung.address,
            digest="",
            sent_at=now,
            expires_at=now + LIVES,
            tries=0,
        )
        session.add(sent)
        session.flush()
        sent.digest = signatures.sign(CODE, sent.id, digits)
        _post(person, sent, digits, now)
        audit.record(actor, "contact.code_sent", "person", person.id, now=now, channel=rung.channel)
        return sent


def _count(person: Person, rung: Rung, now: datetime) -> None:
    limits = {
        throttle.key_of("contact-code", rung.channel, rung.address): TO_ADDRESS,
        throttle.key_of("contact-codes", str(person.id)): TO_PERSON,
    }
    try:
        throttle.take(limits, now=now)
    except Throttled as error:
        raise Throttled("contact.throttled", **error.params) from error


def _post(person: Person, sent: ContactCode, digits: str, now: datetime) -> None:
    subject, body = mails.code(person, sent.channel, digits, int(LIVES.total_seconds()) // 60)
    more = mails.extras(person, sent.channel)
    outbox.enqueue(
        topic=topic(person.id),
        key=f"verify/{sent.id}",
        **addressed(person, sent.channel, sent.address),
        subject=subject,
        body=body,
        now=now,
        # Of what is not urgent a service that rings people makes a note, and the code never arrives.
        urgent=sent.channel == "apprise",
        rank=precedence.NOTICE,
        **more | {"facts": {**more.get("facts", {}), "alone": True, erasing.HAS_A_CODE: True}},
    )


def check(code_id: int, typed: str, *, now: datetime, actor: Actor) -> Person:
    """The address is proven when ``typed`` is what was sent there.

    Raises ``Invalid("contact.code_wrong")`` with the tries that are left, ``Invalid("contact.code_over")``.
    """
    sent = by_id(code_id)
    guard.ensure(actor, "reach.write", _person(sent).unit_id, now=now, person_id=sent.person_id)
    with transaction() as session:
        # Counted before it is looked at, by a statement: guesses sent side by side cannot pass together.
        taken = session.scalar(
            update(ContactCode)
            .where(
                ContactCode.id == code_id,
                ContactCode.ended_at.is_(None),
                ContactCode.tries < TRIES,
                ContactCode.expires_at > now,
            )
            .values(tries=ContactCode.tries + 1)
            .returning(ContactCode.tries)
            .execution_options(synchronize_session=False)
        )
        sent = session.get_one(ContactCode, code_id, populate_existing=True)
        right = taken is not None and signatures.is_signed(sent.digest, CODE, code_id, "".join(typed.split()))
        if right:
            _prove(sent, now, actor)
        elif taken == TRIES:
            sent.ended_at = now
    if taken is None:
        raise Invalid("contact.code_over", field="code")
    if not right:
        if taken >= TRIES:
            raise Invalid("contact.code_over", field="code")
        raise Invalid("contact.code_wrong", field="code", left=TRIES - taken)
    return queries.person_by_id(sent.person_id)


def by_id(code_id: int) -> ContactCode:
    """Raises ``NotFound("contact.code_unknown")``."""
    found = db.session.get(ContactCode, code_id)
    if found is None:
        raise NotFound("contact.code_unknown")
    return found


def is_open(sent: ContactCode, now: datetime) -> bool:
    """Whether it can still be typed."""
    return sent.ended_at is None and sent.expires_at > now and sent.tries < TRIES


def forget_before(moment: datetime) -> int:
    """Housekeeping: drop codes sent before ``moment``; answers how many."""
    return forget(ContactCode, ContactCode.sent_at < moment)


def topic(person_id: int | str) -> str:
    """The outbox topic of a person's codes; with "" the beginning of all of them."""
    return f"verify/{person_id}"


def held(messages: Sequence[Message], now: datetime) -> dict[int, Reason]:
    """Return why held messages need not leave: those with codes that can be typed no more."""
    wanted = select(ContactCode)
    ids = {each.id: each.idempotency_key.rpartition("/")[2] for each in messages}
    codes = {
        row.id: row
        for some in batched(sorted({int(each) for each in ids.values() if each.isdigit()}))
        for row in db.session.scalars(wanted.where(ContactCode.id.in_(some)))
    }
    usable = {str(row.id) for row in codes.values() if is_open(row, now)}
    return {message_id: "past" for message_id, code in ids.items() if code not in usable}


def _prove(sent: ContactCode, now: datetime, actor: Actor) -> None:
    sent.ended_at = now
    proven: ContactMethod | Endpoint | None = (
        db.session.get(ContactMethod, sent.contact_id)
        if sent.contact_id is not None
        else db.session.get(Endpoint, sent.endpoint_id)
    )
    if proven is None or proven.address != sent.address:
        raise Invalid("contact.code_over", field="code")
    proven.verified_at = now
    if actor.person_id == sent.person_id:
        givers.taken(proven)
    audit.record(actor, "contact.verified", "person", sent.person_id, now=now, channel=sent.channel, by="code")


def _way(code: str, way: str, now: datetime, actor: Actor) -> tuple[Person, Rung]:
    person = queries.person_by_code(code)
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    found = {rungs.way(each.rung): each.rung for each in ladders.standings(person)}.get(way)
    if found is None:
        raise NotFound("reach.way_unknown", field="way", way=way)
    return person, found


def _person(sent: ContactCode) -> Person:
    return queries.person_by_id(sent.person_id)
