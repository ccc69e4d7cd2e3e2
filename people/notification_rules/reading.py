"""A message that can wait and is to be read, by the way in which its receiver reads."""

from __future__ import annotations

from datetime import datetime

from notify import outbox
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import for_reading


def write(receiver: Person, *, topic: str, key: str, subject: str, body: str, now: datetime) -> bool:
    """Put it into the outbox, in the caller's transaction; False when nothing carries words to them. ``key``: the same
    message is written once."""
    rung = for_reading(ladders.ladders_of([receiver.id])[receiver.id])
    if rung is None:
        return False
    outbox.enqueue(
        topic=topic,
        key=f"{key}/{rung.channel}",
        channel=rung.channel,
        address=rung.address,
        recipient=receiver.full_name,
        subject=subject,
        body=body,
        now=now,
        local_only=receiver.is_demo,
        person_id=receiver.id,
    )
    return True
