"""Who of those that the resolver names is recorded absent: marked, never left out. Which published seats that hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.db import db
from people import away
from people.away import Aways
from people.models import Absence, Person
from roster.duty import DutyPerson, OnDuty
from roster.models import Duty
from roster.published_duties import LOOK_BACK

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class SeatAtRisk:
    """A published seat whose holder is recorded absent for some minute of it."""

    unit_id: int
    duty: str
    starts_at: datetime
    ends_at: datetime
    person: str


def marked(answers: Sequence[OnDuty], at: datetime) -> list[OnDuty]:
    """The answers for ``at`` (aware), each person with what is recorded of them; one question for all."""
    everybody = [person for answer in answers for person in (*answer.people, *answer.next)]
    if not everybody:
        return list(answers)
    first = min(person.starts_at or at for person in everybody)
    last = max(person.until or at for person in everybody) + _MOMENT
    aways = away.during({person.person_id for person in everybody}, min(first, at), last + away.CHAIN)
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
    aways = away.during([person.person_id for person in persons], at, at + _MOMENT) if persons else {}
    return [mark(person, aways, at) for person in persons]


def mark(person: DutyPerson, aways: Aways, at: datetime) -> DutyPerson:
    """Those of a chain have no shift: of them it counts whether they are away at ``at``."""
    mine = aways.get(person.person_id, ())
    begins, ends = person.starts_at or at, person.until or at + _MOMENT
    cause = away.hit(mine, begins, ends)
    if cause is None:
        return person
    absence = cause.starts_at, away.until(mine, max(cause.starts_at, begins)) or cause.ends_at
    return replace(person, at_risk=True, away_until=away.until(mine, max(at, begins)), absence=absence)


def at_risk(now: datetime, until: datetime) -> list[SeatAtRisk]:
    """Those that are not over at ``now`` and begin before ``until``, in order of time.

    Looked for from the absences, which are few at any time, not from the seats.
    """
    rows = db.session.execute(
        select(Duty.person_id, Duty.unit_id, Duty.duty, Duty.starts_at, Duty.ends_at, Person.full_name)
        .join(Absence, Absence.person_id == Duty.person_id)
        .join(Person, Person.id == Duty.person_id)
        .where(
            Absence.to_on >= clock.local_date(now - LOOK_BACK), Absence.from_on <= clock.local_date(until + LOOK_BACK)
        )
        .where(Duty.starts_at > now - LOOK_BACK, Duty.starts_at < until, Duty.ends_at > now)
        .where(Duty.cancelled_at.is_(None))
        .distinct()
        .order_by(Duty.starts_at, Person.full_name)
    ).all()
    if not rows:
        return []
    aways = away.during({row.person_id for row in rows}, rows[0].starts_at, max(row.ends_at for row in rows))
    return [
        SeatAtRisk(*seat)
        for person_id, *seat in rows
        if away.hit(aways.get(person_id, ()), seat[2], seat[3]) is not None
    ]
