"""A message to one person with their own address in it, by which they answer without signing in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from notify import outbox
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung, for_reading


def write(
    receiver: Person,
    *,
    topic: str,
    key: str,
    subject: str,
    body: Callable[[str], str],
    urgent: bool = False,
    now: datetime,
) -> bool:
    """Put it into the outbox, in the caller's transaction; False when nothing carries words to them.

    ``body(url)``: its text. ``key``: the same message is written once. ``urgent``: not where it is read some time, but
    where their calls begin; it rings nobody.
    """
    ladder = ladders.ladders_of([receiver.id])[receiver.id]
    rung = _first(ladder) if urgent else for_reading(ladder)
    if rung is None:
        return False
    own = links.drafted({receiver.id: rung}, now=now)
    links.add(own)
    outbox.enqueue(
        topic=topic,
        key=f"{key}/{rung.channel}",
        channel=rung.channel,
        address=rung.address,
        recipient=receiver.full_name,
        subject=subject,
        body=body(own.urls[receiver.id]),
        now=now,
        local_only=receiver.is_demo,
        person_id=receiver.id,
    )
    return True


def _first(ladder: Sequence[Rung]) -> Rung | None:
    quiet = [rung for rung in ladder if rung.channel != "voice"]
    return next((rung for rung in quiet if not rung.failing), next(iter(quiet), None))
