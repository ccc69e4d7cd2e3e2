"""Who could stand in for somebody who has not come: whoever they were to relieve, if still there; else whoever the
resolver names besides them, nearest unit first; else who leads there on duty; else the first of the standing chain.
Never those who are missing or away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import db
from core.errors import Unavailable
from people import queries as people
from people.absences import spans
from roster.models import Duty
from roster.presence import queries
from roster.resolver import resolver
from roster.resolver.absent import named
from roster.resolver.resolution import DutyPerson

_MOMENT = timedelta(microseconds=1)
LEADERS = "leadership"
MOST = 3
"""Of one seat: more of them would each wait for the others."""


def deputies_for(duties: Collection[Duty], missing: Collection[int], at: datetime) -> dict[int, list[int]]:
    """Duty id → person ids, in the order in which the unit would ask them; nobody is among ``missing`` (person ids).
    When a whole province is missing, each unit's roster and chain are looked up once."""
    units = {duty.unit_id for duty in duties}
    above, chains = people.ancestors_of(units), resolver.standing_chains(units)
    kinds = {LEADERS, *(duty.duty for duty in duties)}
    found = {}
    with resolver.asking_once():
        resolver.ask_together({(unit, kind) for chain in above.values() for unit in chain for kind in kinds}, at)
        standing = {unit: named(chain, at) for unit, chain in chains.items()}
        for duty in duties:
            barred = {*missing, duty.person_id}
            first = _outgoing(duty, barred, at) or _rostered(duty, above[duty.unit_id], barred, at)
            found[duty.id] = first[:MOST] or _there(standing[duty.unit_id], barred)[:1]
    return found


def _outgoing(duty: Duty, barred: Collection[int], at: datetime) -> list[int]:
    """Who served until this shift began and has not left: where they are asked, those who came and did not say that
    they are gone."""
    wanted = select(Duty).where(
        Duty.unit_id == duty.unit_id,
        Duty.duty == duty.duty,
        Duty.ends_at == duty.starts_at,
        Duty.cancelled_at.is_(None),
        Duty.person_id.not_in(sorted(barred)),
    )
    lines = queries.lines_of(db.session.scalars(wanted.order_by(Duty.seat_id)).all(), now=at)
    there = [each.duty.person for each in lines if each.state == "here" or each.asked is None]
    ids = list(dict.fromkeys(person.id for person in there if person.active))
    aways = spans.during(ids, at, at + _MOMENT) if ids else {}
    return [person_id for person_id in ids if person_id not in aways]


def _rostered(duty: Duty, units: Sequence[int], barred: Collection[int], at: datetime) -> list[int]:
    for kind in dict.fromkeys((duty.duty, LEADERS)):
        for unit_id in units:
            try:
                answer = resolver.who_is_on(unit_id, kind, at)
            except Unavailable:
                return []
            if answer.is_assigned and (found := _there(answer.people, barred)):
                return found
    return []


def _there(persons: Sequence[DutyPerson], barred: Collection[int]) -> list[int]:
    ids = (each.person_id for each in persons if each.person_id not in barred and each.away_until is None)
    return list(dict.fromkeys(ids))
