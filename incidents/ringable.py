"""Whom to ring when nothing but the telephone is left: the desk of one's unit, then whoever is on duty there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.errors import Unavailable
from people import guard
from people.models import Unit
from roster import resolver

DUTIES = ("operations", "leadership")
"""In the order in which they are rung."""


@dataclass(frozen=True)
class Number:
    """``name`` is empty for a telephone that stands on a desk; ``until``: the end of the person's shift."""

    duty: str
    name: str
    phone: str
    until: datetime | None = None


def numbers(unit: Unit, actor: Actor, *, now: datetime) -> list[Number]:
    """Each number once, never the reader's own, nobody recorded absent; people's only for whoever may see them."""
    phones = guard.allowed(actor, "person.contact", unit.id, now=now) is not False
    found: dict[str, Number] = {}
    for duty in DUTIES:
        try:
            answer = resolver.who_is_on(unit.id, duty, now)
        except Unavailable:  # nobody to name yet
            continue
        if answer.desk_phone:
            found.setdefault(answer.desk_phone, Number(duty, "", answer.desk_phone))
        for person in answer.people if phones else ():
            if person.phone and person.person_id != actor.person_id and person.away_until is None:
                found.setdefault(person.phone, Number(duty, person.name, person.phone, person.until))
    if unit.phone:
        found.setdefault(unit.phone, Number("", unit.name, unit.phone))
    return list(found.values())
