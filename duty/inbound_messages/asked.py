"""What was last asked of a number, as the outbox tells: what a text or a call that comes from there can be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from core.db import db
from duty.inbound_messages.models import TextedChoices
from duty.pending_actions.registry import PendingAction
from notify.models import Message
from people.models import Person

REMEMBERED = timedelta(hours=12)
"""So long a text is taken for an answer to what the telephone showed last."""


def since(number: str, moment: datetime) -> dict[str, datetime]:
    """Topics of texts and calls that left for this number after ``moment``, each with when its last one did."""
    sent = select(Message.topic, func.max(Message.sent_at)).where(
        Message.address == number,
        Message.channel.in_(("sms", "voice")),
        Message.state == "sent",
        Message.sent_at > moment,
    )
    rows = db.session.execute(sent.group_by(Message.topic))
    return {topic: at for topic, at in rows if at is not None}


def anew(choice: TextedChoices, waiting: Sequence[PendingAction], *, now: datetime) -> bool:
    """Whether the number was asked something after this list: what is not on it, or once it was over anything. Then a
    number may mean that."""
    listed = {(each["kind"], each["ref"]) for each in choice.asks}
    is_over = choice.expires_at <= now
    sent = since(choice.number, choice.expires_at if is_over else choice.asked_at).keys()
    return any(not sent.isdisjoint(ask.topics) for ask in waiting if is_over or (ask.kind, ask.ref) not in listed)


def is_last(ask: PendingAction, person: Person, number: str, *, now: datetime) -> bool:
    """Whether what comes from there can only be about this ask: nothing else was sent to that number since they were
    told of it, by whatever way. What was asked last may be over by the time its answer comes."""
    sent = since(number, now - REMEMBERED)
    others = [at for topic, at in sent.items() if topic not in ask.topics and not topic.startswith("reply/")]
    if not others:
        return True
    told = select(func.max(Message.sent_at)).where(
        Message.person_id == person.id, Message.topic.in_(ask.topics), Message.state == "sent"
    )
    told_at = db.session.scalar(told)
    return told_at is not None and told_at >= max(others)
