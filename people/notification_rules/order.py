"""A person's own order: which way first, which after how long, which not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from core import audit
from core.actor import Actor
from core.db import transaction
from people import queries
from people.access import guard
from people.models import Person
from people.notification_rules import ladders, rules as rungs
from people.notification_rules.models import ReachRung
from people.notification_rules.rules import ChannelWish


def save(code: str, wishes: Sequence[ChannelWish], *, now: datetime, actor: Actor) -> Person:
    """Keep the order as listed; no wishes at all: the default order again.

    Raises ``Invalid("reach.none_soon")`` when nothing that works here would call within two minutes.
    """
    with transaction() as session:
        person = queries.person_by_code(code)
        guard.ensure(actor, "reach.write", person.unit_id, now=now, person_id=person.id)
        known = {rungs.way(each.rung): each.rung for each in ladders.standings(person)}
        if wishes:
            rungs.check_order(wishes, known, ladders.carried())
        session.execute(delete(ReachRung).where(ReachRung.person_id == person.id))
        session.add_all(_row(person.id, place, wish, known[wish.way]) for place, wish in enumerate(wishes))
        audit.record(
            actor,
            "reach.order",
            "person",
            person.id,
            now=now,
            order=[f"{known[each.way].channel}+{each.delay_seconds}" for each in wishes if each.used],
        )
        return person


def _row(person_id: int, place: int, wish: ChannelWish, rung: rungs.Rung) -> ReachRung:
    return ReachRung(
        person_id=person_id,
        position=place,
        channel=rung.channel,
        contact_id=rung.contact_id,
        endpoint_id=rung.endpoint_id,
        delay_seconds=wish.delay_seconds,
        used=wish.used,
    )
