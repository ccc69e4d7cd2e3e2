"""Somebody of the leadership knows of an incident: because they took it or answered, called for that duty or not.

Written down at that moment, by the roster of that moment; who is on duty later changes nothing of it.
"""

from __future__ import annotations

from datetime import datetime

from core.errors import Unavailable
from incidents.record.models import Incident
from people import queries as people
from roster.coverage.words import away_words
from roster.resolver import resolver

DUTY = "leadership"
HEARD = ("taken", "passed", "confirmed")
"""Answers that only somebody who knows can give."""


def heard(incident: Incident, person_id: int, *, now: datetime) -> None:
    """That person has just taken it, or answered. In the caller's transaction."""
    if incident.leadership_told_at is None and _serves(incident, person_id, now):
        incident.leadership_told_at = now
        incident.leadership_told_by = people.person_by_id(person_id).full_name


def taken_back(incident: Incident, person_id: int, at: datetime | None) -> None:
    """What that person was said to have answered at ``at`` is as if it had not been."""
    if (incident.leadership_told_at, incident.leadership_told_by) == (at, people.person_by_id(person_id).full_name):
        incident.leadership_told_at, incident.leadership_told_by = None, ""


def offered(incident: Incident, now: datetime) -> list[tuple[str, str]]:
    """(name, until when they are absent, in words) of the leadership on duty: those who are there first."""
    on_duty = resolver.who_is_on(incident.unit_id, DUTY, now).people
    there_first = sorted(on_duty, key=lambda person: person.away_until is not None)
    return [
        (person.name, away_words(now, person.away_until, now) if person.away_until else "") for person in there_first
    ]


def _serves(incident: Incident, person_id: int, now: datetime) -> bool:
    """Whether they serve leadership of the incident's unit, or of one above; where nobody is rostered: whether they
    stand in for it."""
    if incident.rehearsal_id is None:
        above = set(people.ancestor_ids(incident.unit_id))
        if any(duty == DUTY and unit_id in above for duty, unit_id in resolver.on_duty_roles(person_id, now)):
            return True
    try:
        found = resolver.who_is_on(incident.unit_id, DUTY, now, rehearsal=incident.rehearsal)
    except Unavailable:  # an enterprise without one active person
        return False
    return found.rule != "catch_all" and any(person.person_id == person_id for person in found.people)
