"""The second ring as a message of its own, due in a minute: it survives the worker, and whatever takes back the first
call takes it back too. One try of two rings for whoever reads of it (``Message.again_of``)."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from core.db import db, transaction
from notify.claims import QUIETLY, ClaimedMessages
from notify.erasing import GONE
from notify.gateways import recipe as http_recipe, services as gateways
from notify.gateways.services import Ready
from notify.models import Message
from notify.redial import rules

_First = aliased(Message)
_Other = aliased(Message)

CHANNEL = "voice"
FORGOTTEN = timedelta(days=7)
"""What is looked through in each pulse."""
EVER = timedelta(days=3650)
"""What housekeeping looks through: after a long outage, or in a restored backup, older ones would seem due for ever."""


def wanted(claimed: ClaimedMessages, gateway: str) -> bool:
    """Whether the call of ``claimed``, which ``gateway`` has just taken, is to ring again unless somebody answers.
    Asked before it is marked, in the caller's transaction: what was cancelled meanwhile does not.

    Only single calls that wake somebody: several in one letter follow others that have rung within the minute.
    """
    part = claimed.parts[0]
    if claimed.channel != CHANNEL or len(claimed.parts) > 1 or not (part.letter.urgent and part.ladder):
        return False
    ready = next((each for each in gateways.ready(CHANNEL) if each.name == gateway), None)
    if ready is None or not rules.rings_again(ready.recipe.ring_again, tells=tells(ready)):
        return False
    leased = select(Message.id).where(
        Message.id == part.id, Message.state == "leased", Message.again_of.is_(None), Message.attempts == part.attempt
    )
    return db.session.scalar(leased.with_for_update()) is not None


def tells(ready: Ready) -> bool:
    """Whether anything is heard of its calls: a report, or the key that was pressed."""
    return bool(ready.recipe.delivered) or "callback" in http_recipe.places(ready.recipe)


def plan(claimed: ClaimedMessages, gateway: str, *, now: datetime) -> None:
    """Put the second ring into the outbox, in the caller's transaction: the same words, gateway and number."""
    part = claimed.parts[0]
    with transaction() as session:
        first = session.get_one(Message, part.id, populate_existing=True)
        again = Message(
            **{name: getattr(first, name) for name in COPIED},
            idempotency_key=f"{first.idempotency_key}/again",
            body=part.letter.body,
            link=part.letter.link,
            facts={**part.letter.facts, "alone": True, "through": gateway},
            # Another call to the provider, which may know the first one's number.
            message_id=f"<{secrets.token_hex(16)}@{first.message_id.rpartition('@')[2]}",
            state="pending",
            again_of=first.id,
            next_at=rules.due_at(now),
            delay_seconds=round(rules.AFTER.total_seconds()),
            good_until=rules.good_until(now),
        )
        session.add(again)


COPIED = (
    "topic",
    "channel",
    "address",
    "recipient",
    "person_id",
    "subject",
    "urgent",
    "rank",
    "local_only",
    "ladder",
    "rung",
    "created_at",
)
"""``created_at`` too: beside a newer call about the same it is the older one."""


def heard_by(person_id: int | None, topic: str, *, now: datetime) -> int:
    """The person has answered, in whatever way, to this call about ``topic`` or to an earlier one: their telephone does
    not ring again. How many that took back."""
    return _drop(and_(Message.topic == topic, Message.person_id == person_id, Message.state == "pending"), now)


def hurry(message: Message, *, now: datetime) -> None:
    """Nobody picked up, says the provider: the second ring need not wait; in the caller's transaction."""
    with transaction() as session:
        soon = now + rules.SOON
        waiting = (Message.again_of == message.id, Message.state == "pending", Message.next_at > soon)
        session.execute(update(Message).where(*waiting).values(next_at=soon), execution_options=QUIETLY)


def drop_late(*, now: datetime, back: timedelta = FORGOTTEN) -> int:
    """What was not rung in time, or has been overtaken by another call to the same number, is not rung any
    more."""
    overtaken = exists(
        select(_Other.id).where(
            _First.id == Message.again_of,
            _Other.address == Message.address,
            _Other.channel == CHANNEL,
            _Other.sent_at > _First.sent_at,
            _Other.carried_by == _First.carried_by,
            _Other.id != Message.id,
        )
    )
    # Asked in every pulse. Not by the index of states: nearly all is pending in a storm, little of it a second ring.
    state = func.coalesce(Message.state, "")
    kept = state.in_(("pending", "held"))  # held: its gateway was taken away meanwhile
    waiting = and_(kept, or_(Message.good_until <= now, overtaken))
    left_behind = and_(state == "leased", Message.leased_until <= now, Message.good_until <= now)
    some = and_(Message.good_until > now - back, or_(waiting, left_behind))
    if db.session.scalar(select(Message.id).where(Message.again_of.is_not(None), some).limit(1)) is None:
        return 0
    return _drop(some, now)


def _drop(some: ColumnElement[bool], now: datetime) -> int:
    which = and_(Message.again_of.is_not(None), some)
    with transaction() as session:
        taken_back = session.scalars(
            update(Message)
            .where(which)
            .values(state="cancelled", next_at=now, lease_owner=None, leased_until=None, **GONE)
            .returning(Message.id),
            execution_options=QUIETLY,
        )
        return len(taken_back.all())
