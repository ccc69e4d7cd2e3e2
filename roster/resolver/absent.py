"""Who of those that the resolver names is recorded absent: marked, never left out. (It names nobody who has left.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from people.absences import spans
from people.absences.spans import Aways
from roster.resolver.resolution import DutyPerson, OnDuty

_MOMENT = timedelta(microseconds=1)


def marked(answers: Sequence[OnDuty], at: datetime) -> list[OnDuty]:
    """The answers for ``at`` (aware), each person with what is recorded of them; one question for all."""
    everybody = [person for answer in answers for person in (*answer.people, *answer.next)]
    if not everybody:
        return list(answers)
    first = min(person.starts_at or at for person in everybody)
    last = max(person.until or at for person in everybody) + _MOMENT
    aways = spans.during({person.person_id for person in everybody}, min(first, at), last + spans.CHAIN)
    if not aways:
        return list(answers)
    return [
        replace(
            answer,
            people=tuple(mark(person, aways, at) for person in answer.people),
            next=tuple(mark(person, aways, at) for person in answer.next),
        )
        for answer in answers
    ]


def named(persons: Sequence[DutyPerson], at: datetime) -> list[DutyPerson]:
    """People whom somebody names, or who stand in a chain: they have no shift, so it counts who is away at ``at``."""
    aways = spans.during([person.person_id for person in persons], at, at + _MOMENT) if persons else {}
    return [mark(person, aways, at) for person in persons]


def mark(person: DutyPerson, aways: Aways, at: datetime) -> DutyPerson:
    """Those of a chain have no shift: of them it counts whether they are away at ``at``."""
    mine = aways.get(person.person_id, ())
    begins, ends = person.starts_at or at, person.until or at + _MOMENT
    cause = spans.hit(mine, begins, ends)
    if cause is None:
        return person
    absence = cause.starts_at, spans.until(mine, max(cause.starts_at, begins)) or cause.ends_at
    return replace(person, at_risk=True, away_until=spans.until(mine, max(at, begins)), absence=absence)
