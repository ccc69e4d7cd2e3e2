"""Which days an absence may have, and who may record which."""

from __future__ import annotations

from datetime import date, datetime

from core import clock
from core.actor import Actor
from core.errors import Forbidden, Invalid
from people.access import guard
from people.models import Person

LONGEST = 366


def ensure_may_record_some(actor: Actor, person: Person, *, now: datetime) -> bool:
    """Whether it can be today's absence only. Raises Forbidden when the actor may record none at all."""
    only_now = not guard.allowed(actor, "absence.write", person.unit_id, now=now, person_id=person.id)
    action = "absence.now" if only_now else "absence.write"
    guard.ensure(actor, action, person.unit_id, now=now, person_id=person.id)
    return only_now


def ensure_may_record(actor: Actor, person: Person, from_on: date, to_on: date, *, now: datetime) -> bool:
    """Whether the actor may say no more than that somebody does not come now: then it has to be today alone.

    Raises Forbidden (also ``absence.only_today``), Invalid.
    """
    only_now = ensure_may_record_some(actor, person, now=now)
    if to_on < from_on:
        raise Invalid("absence.order", field="to")
    if (to_on - from_on).days >= LONGEST:
        raise Invalid("absence.too_long", field="to", limit=LONGEST)
    if only_now and not from_on == to_on == clock.local_date(now):
        raise Forbidden("absence.only_today", field="from")
    return only_now
