"""Whom to ring when nothing but the telephone is left: the duty desk, those on duty, then the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.errors import Unavailable
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.resolver import numbers as ring, resolver
from roster.resolver.resolution import DutyPerson

DUTIES = ("operations", "leadership")
"""In the order in which they are rung."""


@dataclass(frozen=True)
class RingableNumber:
    """``name`` is empty for a telephone on a duty desk, ``duty`` for an office's, which has its unit's name; ``until``:
    the end of the person's shift."""

    duty: str
    name: str
    phone: str
    until: datetime | None = None


def numbers(unit: Unit, actor: Actor, *, now: datetime) -> list[RingableNumber]:
    """Each number once, never the reader's own, nobody recorded absent; people's only for those who may see them. An
    office's telephone, which is no desk's, comes last."""
    found: dict[str, RingableNumber] = {}
    chosen = ring.to_ring_each((unit.id, duty) for duty in DUTIES)
    for duty in DUTIES:
        number = chosen[unit.id, duty]
        if number.is_desk:
            found.setdefault(number.phone, RingableNumber(duty, "", number.phone))
        for person in _on_duty(unit, duty, actor, now):
            found.setdefault(ring.plain(person.phone), RingableNumber(duty, person.name, person.phone, person.until))
    offices = [(each.unit_id, each.phone) for each in chosen.values() if not each.is_desk]
    for unit_id, phone in [*offices, (unit.id, ring.plain(unit.phone))]:
        if phone and unit_id is not None:
            found.setdefault(phone, RingableNumber("", people.unit_by_id(unit_id).name, phone))
    return list(found.values())


def _on_duty(unit: Unit, duty: str, actor: Actor, now: datetime) -> list[DutyPerson]:
    if guard.allowed(actor, "person.contact", unit.id, now=now) is False:
        return []
    try:
        answer = resolver.who_is_on(unit.id, duty, now)
    except Unavailable:  # nobody to name yet
        return []
    return [
        person
        for person in answer.people
        if person.phone and person.person_id != actor.person_id and person.away_until is None
    ]
