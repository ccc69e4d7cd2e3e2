"""Who of those that the resolver names is recorded absent: marked, never left out. (It names nobody who has left.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from core.db import db
from people.absences import spans
from people.absences.spans import Aways
from roster.models import Duty
from roster.presence.models import Presence
from roster.resolver.resolution import DutyPerson, OnDuty

_Left = aliased(Presence)
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
    seats = {each.seat_id for each in everybody if each.seat_id is not None and each.person_id in aways}
    found = here(Duty.seat_id.in_(sorted(seats))) if seats else []
    came = {(each.seat_id, each.person_id): each.said_at for each in found}

    def known(person: DutyPerson) -> DutyPerson:
        said = came.get((person.seat_id or 0, person.person_id))
        return mark(person, aways if said is None else still(aways, person.person_id, said), at)

    return [
        replace(answer, people=tuple(map(known, answer.people)), next=tuple(map(known, answer.next)))
        for answer in answers
    ]


@dataclass(frozen=True)
class ArrivedPerson:
    """``said_at``: when it was said that they are there."""

    seat_id: int
    shift_id: int
    person_id: int
    said_at: datetime


def here(*where: ColumnElement[bool]) -> list[ArrivedPerson]:
    """Holders of the duties that fulfil ``where`` who have come and not left."""
    left = exists().where(_Left.duty_id == Duty.id, _Left.kind == "check_out")
    wanted = select(Duty.seat_id, Duty.shift_id, Duty.person_id, Presence.said_at)
    rows = wanted.join(Presence, Presence.duty_id == Duty.id).where(
        Presence.kind == "check_in", Duty.cancelled_at.is_(None), ~left, *where
    )
    return [ArrivedPerson(*row) for row in db.session.execute(rows).tuples()]


def still(aways: Aways, person_id: int, came: datetime) -> Aways:
    """Whoever is there is not away, whatever was noted before they came."""
    return {person_id: [each for each in aways.get(person_id, ()) if (each.recorded_at or came) > came]}


def named(persons: Sequence[DutyPerson], at: datetime) -> list[DutyPerson]:
    """People whom somebody names, or who stand in a chain: they have no shift, so it counts who is away at ``at``."""
    aways = spans.during([person.person_id for person in persons], at, at + _MOMENT) if persons else {}
    return [mark(person, aways, at) for person in persons]


def mark(person: DutyPerson, aways: Aways, at: datetime) -> DutyPerson:
    """Return those of a chain have no shift: of them it counts whether they are away at ``at``."""
    mine = aways.get(person.person_id, ())
    begins, ends = person.starts_at or at, person.until or at + _MOMENT
    cause = spans.hit(mine, begins, ends)
    if cause is None:
        return person
    absence = cause.starts_at, spans.until(mine, max(cause.starts_at, begins)) or cause.ends_at
    return replace(person, at_risk=True, away_until=spans.until(mine, max(at, begins)), absence=absence)
