"""Messages that bring each reader their own address, by which they answer without signing in; they ring nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from flask_babel import force_locale

from core.db import transaction
from notify import outbox
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.addressed import addressed
from people.notification_rules.rules import Rung, for_reading, to_know

Words = Callable[[Person, str], tuple[str, str]]
"""(receiver, their own address) → subject and body, asked for in the receiver's language."""


def write(
    receivers: Collection[Person], words: Words, *, topic: str, key: str, soon: bool, now: datetime
) -> dict[int, str]:
    """Put them into the outbox, in the caller's transaction. Answers person id → channel, without those to whom nothing
    carries words: what is held because no gateway carries it was asked of nobody.

    ``key``: the same message is written to the same person once. ``soon``: where their calls begin, not where they read
    some time.
    """
    rungs = ways([each.id for each in receivers], soon=soon)
    own, locales = links.drafted(rungs, now=now), accounts.locales_of(list(rungs))
    carriers, letters, channels = outbox.Carriers(), [], {}
    for person in receivers:
        rung = rungs.get(person.id)
        if rung is None:
            continue
        with force_locale(locales.get(person.id, "vi")):
            subject, body = words(person, own.urls[person.id])
        letter = outbox.composed(
            carriers,
            topic=topic,
            key=f"{key}/{person.id}",
            **addressed(person, rung.channel, rung.address),
            subject=subject,
            body=body,
            now=now,
        )
        letters.append(letter)
        if letter["state"] != "held":
            channels[person.id] = rung.channel
    with transaction():
        links.add(own)
        outbox.add(letters)
    return channels


def inform(who: Person, words: Callable[[str], tuple[str, str]], *, topic: str, key: str, now: datetime) -> bool:
    """One person by what they read, in the caller's transaction; False when nothing carries words to them.

    ``words``: their own address → subject and body, asked for in their language; ``key``: written once by each channel.
    """
    way = to_know(ladders.ladders_of([who.id])[who.id])
    if way is None:
        return False
    own = links.drafted({who.id: way}, now=now)
    with force_locale(accounts.locales_of([who.id]).get(who.id, "vi")):
        subject, body = words(own.urls[who.id])
    links.add(own)
    letter = outbox.composed(
        outbox.Carriers(),
        topic=topic,
        key=f"{key}/{way.channel}",
        **addressed(who, way.channel, way.address),
        subject=subject,
        body=body,
        now=now,
    )
    outbox.add([letter])
    return bool(letter["state"] != "held")


def ways(person_ids: Collection[int], *, soon: bool) -> dict[int, Rung | None]:
    """Person id → the way that ``write`` takes; ``None`` where nothing carries words to them."""
    way = _first if soon else for_reading
    return {person_id: way(ladder) for person_id, ladder in ladders.ladders_of(person_ids).items()}


def _first(ladder: Iterable[Rung]) -> Rung | None:
    """Ways that fail stand last in a ladder."""
    return next((rung for rung in ladder if rung.channel != "voice"), None)
