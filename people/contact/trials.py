""" "Gửi thử cho tôi": a real message every way at once, and what came of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Throttled
from core.i18n import t
from core.security import throttle, tokens
from core.security.throttle import AttemptLimit
from notify import outbox, precedence
from notify.models import Message
from people import queries
from people.access import guard
from people.accounts import mails
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung

OFTEN = AttemptLimit(5, timedelta(minutes=10))
UNDONE = ("pending", "leased")


@dataclass(frozen=True)
class History:
    """What one way is known to have done: when it was last accepted, and the refusal after that, if any."""

    worked_at: datetime | None
    failed_at: datetime | None
    answer: str


def send(code: str, *, now: datetime, actor: Actor) -> list[Message]:
    """One message every way that would be used, all at once whatever their delays.

    Raises ``Conflict("trial.no_way")``, ``Throttled("contact.throttled")``.
    """
    person = queries.person_by_code(code)
    guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
    if not ladders.ladder(person):
        raise Conflict("trial.no_way")
    try:
        throttle.take({throttle.key_of("trial", str(person.id)): OFTEN}, now=now)
    except Throttled as error:
        raise Throttled("contact.throttled", **error.params) from error
    with transaction():
        batch = tokens.new_token()[:10]
        sent = [_one(person, rung, f"{topic(person.id)}/{batch}", now) for rung in ladders.ladder(person)]
        audit.record(
            actor, "contact.trial", "person", person.id, now=now, channels=[message.channel for message in sent]
        )
        return sent


def latest(person_id: int) -> list[Message]:
    """The messages of the last trial, in the order of the ladder; empty when there was none."""
    recent = db.session.scalars(
        select(Message)
        .options(selectinload(Message.deliveries))
        .where(Message.topic == topic(person_id))
        .order_by(Message.id.desc())
        .limit(40)
    ).all()
    if not recent:
        return []
    batch = _batch(recent[0])
    return sorted((each for each in recent if _batch(each) == batch), key=lambda each: each.id)


def is_done(messages: Iterable[Message]) -> bool:
    return all(each.state not in UNDONE for each in messages)


def histories(rungs: Collection[Rung]) -> dict[tuple[str, str], History]:
    """By (channel, address), from what the outbox remembers."""
    wanted = {(rung.channel, rung.address) for rung in rungs}
    rows = db.session.execute(
        select(Message.channel, Message.address, Message.state, Message.sent_at, Message.next_at, Message.last_error)
        .where(
            Message.address.in_({address for _channel, address in wanted}),
            Message.state.in_(("sent", "failed_permanent")),
        )
        .order_by(Message.id)
    )
    found: dict[tuple[str, str], History] = {}
    for channel, address, state, sent_at, next_at, error in rows:
        before = found.get((channel, address), History(None, None, ""))
        found[channel, address] = (
            History(sent_at, None, "") if state == "sent" else History(before.worked_at, next_at, error)
        )
    return {way: history for way, history in found.items() if way in wanted}


def topic(person_id: int) -> str:
    """The outbox topic of a person's trials."""
    return f"trial/{person_id}"


def _one(person: Person, rung: Rung, key: str, now: datetime) -> Message:
    """As a call is sent, for services make of anything less a note that rings nobody; behind all calls."""
    subject, body = mails.trial(person, rung.channel, t(now))
    more = mails.extras(person, rung.channel)
    number = rung.contact_id if rung.contact_id is not None else f"d{rung.endpoint_id}"
    return outbox.enqueue(
        topic=topic(person.id),
        key=f"{key}/{rung.channel}/{number}",
        **addressed(person, rung.channel, rung.address),
        subject=subject,
        body=body,
        now=now,
        urgent=True,
        rank=precedence.NOTICE,
        **more | {"facts": {**more.get("facts", {}), "alone": True}},
    )


def _batch(message: Message) -> str:
    return message.idempotency_key.split("/")[2]
