"""A message that can wait and is to be read, by the way in which its receiver reads."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from notify import outbox
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung, for_reading


def write(receiver: Person, *, topic: str, key: str, subject: str, body: str, now: datetime) -> bool:
    """Put it into the outbox, in the caller's transaction; False when nothing carries words to them, and it is held at
    best. ``key``: the same message is written once."""
    rung = ways([receiver.id])[receiver.id]
    if rung is None:
        return False
    key = f"{key}/{rung.channel}"
    return write_by(rung, receiver, topic=topic, key=key, subject=subject, body=body, now=now)


def write_by(
    rung: Rung, receiver: Person, *, topic: str, key: str, subject: str, body: str, now: datetime, **more: Any
) -> bool:
    """The same, by a way that was chosen already; ``more``: as ``outbox.enqueue``."""
    written = outbox.enqueue(
        topic=topic,
        key=key,
        **addressed(receiver, rung.channel, rung.address),
        subject=subject,
        body=body,
        now=now,
        **more,
    )
    return written.state != "held"


def ways(person_ids: Collection[int]) -> dict[int, Rung | None]:
    """Person id → the channel and address; ``None`` for those who have nothing of the kind."""
    return {person_id: for_reading(ladder) for person_id, ladder in ladders.ladders_of(person_ids).items()}
