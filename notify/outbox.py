"""Putting words into the outbox, taking them back, and letting held ones go.

Nothing here talks to a gateway: a message is a row in the caller's transaction, so that nothing is announced that did
not happen and nothing that happened is forgotten. ``notify.delivery`` carries it afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack

from flask import current_app, g, has_request_context
from sqlalchemy import select, update

from core import audit
from core.actor import Actor
from core.db import insert_into, is_sqlite, transaction
from core.errors import Conflict, NotFound
from notify import precedence
from notify.channel_outages import OF_EACH_HOST
from notify.channels.mime import single_address
from notify.channels.registry import Channels, set_up
from notify.erasing import GONE
from notify.message_states import still_true
from notify.message_states.still_true import Reason
from notify.models import Message

UNSENT = ("pending", "leased", "held")


class Carriers:
    """Why messages must be held, each question asked once: for the length of one transaction."""

    def __init__(self) -> None:
        self._channels = Channels(current_app.config)
        self._reasons = dict[tuple[str, str, bool], str]()

    def hold_reason(self, channel: str, address: str, *, local_only: bool) -> str:
        # The province has a number for each of a thousand people, and one answer for all of them.
        asked = channel, address if channel in OF_EACH_HOST else "", local_only
        if asked not in self._reasons:
            self._reasons[asked] = self._channels.hold_reason(channel, address, local_only=local_only)
        return self._reasons[asked]


class Letter(TypedDict):
    """One message. ``topic``: what it is about, to take it back by. ``key``: the same key is the same message.

    ``ladder`` and ``rung`` (from 0) join all ways to one person for one call: when a rung fails, the next one is due
    at once. ``rank``: what leaves first of urgent ones (``precedence``). ``link`` and ``facts`` are for carriers with
    room for little (``notify.bundles.composing``). ``person_id``: whose it is, which is who may read it.
    """

    topic: str
    key: str
    channel: str
    address: str
    recipient: str
    subject: str
    body: str
    now: datetime
    urgent: NotRequired[bool]
    local_only: NotRequired[bool]
    link: NotRequired[str]
    facts: NotRequired[Mapping[str, Any] | None]
    delay: NotRequired[timedelta]
    ladder: NotRequired[str]
    rung: NotRequired[int]
    person_id: NotRequired[int | None]
    rank: NotRequired[int]


def enqueue(**letter: Unpack[Letter]) -> Message:
    """Add one message in the caller's transaction, due after ``delay``; the existing one when ``key`` is known already.

    Bad addresses are not refused here: a step of an alarm must not fail over one contact. They fail for good at
    delivery, where everybody can see it. Without a usable gateway the message is held (see ``send_held``).
    """
    values = composed(Carriers(), **letter)
    with transaction() as session:
        session.flush()
        session.execute(insert_into(Message).values(values).on_conflict_do_nothing(index_elements=["idempotency_key"]))
        return session.scalars(select(Message).where(Message.idempotency_key == letter["key"])).one()


def fresh(carriers: Carriers, **letter: Unpack[Letter]) -> Message:
    """Return what ``enqueue`` would add, where many are written at once: not yet in any session. Its key must be
    new."""
    return Message(**composed(carriers, **letter))


def composed(carriers: Carriers, **letter: Unpack[Letter]) -> dict[str, Any]:
    """Return the columns of what ``enqueue`` would add, for :func:`add`. Writes nothing."""
    channel, address, now = letter["channel"], letter["address"].strip(), letter["now"]
    local_only, urgent = letter.get("local_only", False), letter.get("urgent", False)
    delay, rank = letter.get("delay", timedelta(0)), letter.get("rank", precedence.FIRST)
    reason = carriers.hold_reason(channel, address, local_only=local_only)
    return {
        "topic": letter["topic"],
        "idempotency_key": letter["key"],
        "channel": channel,
        "address": address,
        "recipient": letter["recipient"],
        "subject": letter["subject"],
        "body": letter["body"],
        "message_id": _new_message_id(),
        "urgent": urgent,
        "local_only": local_only,
        "state": "held" if reason else "pending",
        "hold_reason": reason,
        "attempts": 0,
        "last_error": "",
        "next_at": now + delay,
        "delay_seconds": round(delay.total_seconds()),
        "created_at": now,
        "link": letter.get("link", ""),
        "facts": dict(letter.get("facts") or {}),
        "ladder": letter.get("ladder", ""),
        "rung": letter.get("rung", 0),
        "rank": rank if urgent else max(rank, precedence.NOTICE),
        "person_id": letter.get("person_id"),
    }


def add(messages: Sequence[Mapping[str, Any]]) -> None:
    """Put what was ``composed`` into the outbox, in the caller's transaction; keys that are known already stay."""
    if not messages:
        return
    with transaction() as session:
        session.flush()
        adding = insert_into(Message).on_conflict_do_nothing(index_elements=["idempotency_key"])
        session.execute(adding, [dict(each) for each in messages])


def cancel(topic: str, *, now: datetime, person_id: int | None = None, channel: str | None = None) -> int:
    """Take back what is unsent of ``topic`` (to that person, by that channel), in the caller's transaction; how many
    messages that were.

    A message that is being handed over at this moment is looked at once more just before it goes; if it was too late,
    the row will say ``sent``, because that is what happened.
    """
    which = [Message.topic == topic, Message.state.in_(UNSENT)]
    if person_id is not None:
        which.append(Message.person_id == person_id)
    if channel is not None:
        which.append(Message.channel == channel)
    with transaction() as session:
        session.flush()
        taken_back = session.scalars(
            update(Message).where(*which).values(state="cancelled", next_at=now, **GONE).returning(Message.id)
        )
        count = len(taken_back.all())
        if not is_sqlite():  # a second ring that was planned while the statement above waited for its call's row
            late = update(Message).where(*which, Message.again_of.is_not(None))
            session.execute(late.values(state="cancelled", next_at=now, **GONE))
        return count


def withdraw(topic: str, *, now: datetime) -> list[int]:
    """Take back what is unsent of ``topic``, in the caller's transaction; whose messages that were."""
    unsent = update(Message).where(Message.topic == topic, Message.state.in_(UNSENT), Message.person_id.is_not(None))
    with transaction() as session:
        session.flush()
        taken_back = unsent.values(state="cancelled", next_at=now, **GONE).returning(Message.person_id)
        return [each for each in session.scalars(taken_back) if each is not None]


def send_held(message_id: int, *, actor: Actor, now: datetime) -> Message:
    """Let one held message go, because a person said so. Whether that person may is asked by the caller.

    What it says may be so no more: then it is dropped (``cancelled``, and why in ``hold_reason``). Raises NotFound;
    Conflict when it is no longer held, or when there is still no gateway that may carry it.
    """
    with transaction() as session:
        query = select(Message).where(Message.id == message_id).with_for_update()
        message = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if message is None:
            raise NotFound("message.unknown")
        if message.state != "held":
            raise Conflict("message.not_held", state={"state": message.state})
        if why := still_true.untrue([message], now=now).get(message.id):
            _drop(message, why, actor=actor, now=now)
            return message
        reason = obstacle(message)
        if reason:
            raise Conflict(f"message.{reason}", state={"state": message.state})
        message.state, message.hold_reason, message.next_at = "pending", "", now
        audit.record(actor, "message.send_held", "message", message_id, now=now, topic=message.topic)
        return message


def _drop(message: Message, why: Reason, *, actor: Actor, now: datetime) -> None:
    message.state, message.hold_reason, message.next_at = "cancelled", why, now
    message.body, message.link, message.facts = "", "", {}
    audit.record(actor, "message.drop_held", "message", message.id, now=now, topic=message.topic, why=why)


def obstacle(message: Message) -> str:
    """Why ``message`` could not be sent at present (a code of ``HOLD_REASONS``), or ''."""
    return Carriers().hold_reason(message.channel, message.address, local_only=message.local_only)


def has_gateway(channel: str = "email") -> bool:
    """Whether this installation can carry words by ``channel`` at all."""
    return channel in carried()


def carried() -> frozenset[str]:
    """Return the channels that this installation can carry words by; asked once a request."""
    if not has_request_context():
        return set_up(current_app.config)
    if "carried" not in g:
        g.carried = set_up(current_app.config)
    found: frozenset[str] = g.carried
    return found


def _new_message_id() -> str:
    domain = (single_address(current_app.config["MAIL_FROM"]) or "@localhost").rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain}>"
