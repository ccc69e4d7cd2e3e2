"""What nobody has and the reader may take at once; what that means; taking it, incident by incident.

The one rule of everything that takes several: the page of a storm, those picked on the board, the link of a letter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden
from incidents.escalation.lookups import EscalationLookups
from incidents.record import naming, queries
from incidents.record.models import Incident, Page
from incidents.record.queries import IncidentFilter
from incidents.response import lifecycle, responders
from people.access import guard

FEWEST = 2
"""One is taken on its own page."""


@dataclass(frozen=True)
class TakeableIncidents:
    """``together``: may be taken at once; ``apart``: only one by one."""

    together: list[Incident]
    apart: list[Incident]


@dataclass(frozen=True)
class TakenTogether:
    """What became of those that were to be taken: ``codes``: the taker has them. ``late``: somebody was quicker, or it
    is over. ``refused``: nobody has them yet, and the taker has no right to. ``apart``: nobody has them yet, and they
    are taken one by one."""

    codes: list[str]
    late: list[Incident]
    refused: list[Incident]
    apart: list[Incident]


def waiting(actor: Actor, *, now: datetime) -> TakeableIncidents:
    """Real incidents that nobody has and that ``actor`` may take, the worst first."""
    real = queries.board(IncidentFilter(("open",)), actor=actor, now=now).where(Incident.rehearsal_id.is_(None))
    called = {each.id for each in queries.needing(actor.person_id)} if actor.person_id is not None else set()
    reach = guard.reach(actor, "incident.act", now=now)
    found = [each for each in queries.first_needed(real) if reach is None or each.unit_id in reach or each.id in called]
    return divided(found)


def visible(incident_ids: Collection[int], *, actor: Actor, now: datetime) -> list[Incident]:
    """Return those of ``incident_ids`` that are shown to ``actor`` at all, the worst first."""
    return queries.first_needed(queries.board(actor=actor, now=now).where(Incident.id.in_(incident_ids)))


def divided(incidents: Sequence[Incident]) -> TakeableIncidents:
    """Return which of them may be taken at once: none of level 1, and nothing that wants reading."""
    apart = [each for each in incidents if naming.is_taken_singly(each)]
    return TakeableIncidents([each for each in incidents if each not in apart], apart)


def left_in_peace(taken: Sequence[Incident], *, actor: Actor) -> int:
    """How many others the machine stops calling once ``actor`` takes these: they have been called about them, have not
    answered, and wait for nothing else that is open."""
    waits = select(Page.person_id).where(Page.purpose == "call", Page.answer.is_(None), ~Page.away)
    here = Page.incident_id.in_([each.id for each in taken])
    elsewhere = waits.join(Incident, Incident.id == Page.incident_id).where(~here, Incident.status == "open")
    return len({*db.session.scalars(waits.where(here))} - {*db.session.scalars(elsewhere)} - {actor.person_id})


def asked_again_at(taken: Sequence[Incident], *, now: datetime) -> datetime | None:
    """Return when whoever takes them now is asked the first time whether they are still on it."""
    known = EscalationLookups()
    return min((now + known.policy(each).ack_timeout for each in taken), default=None)


def worst_held(person_id: int | None) -> list[Incident]:
    """Return the real incidents of level 1 that this person has. Whoever takes others besides is told of it."""
    if person_id is None:
        return []
    held = queries.held_by(person_id)
    return [each for each in held if each.severity == naming.WORST and each.rehearsal_id is None]


def take(incident_ids: Collection[int], *, actor: Actor, now: datetime, note: str = "") -> TakenTogether:
    """Take each that is still open, each in a transaction of its own: what somebody else took meanwhile stays theirs,
    and hinders none of the others. What the actor has already is theirs, as after a second tap. What has become one of
    those that are taken singly since it was shown stays with nobody."""
    return _taken(incident_ids, actor, now, note, mode="along")


def take_one(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> TakenTogether:
    """The same for one that stood before the taker's eyes, or was read to them, by itself."""
    return _taken([incident_id], actor, now, note, mode="alone")


def _taken(
    incident_ids: Collection[int], actor: Actor, now: datetime, note: str, *, mode: lifecycle.TakingMode
) -> TakenTogether:
    codes, missed, barred = [], [], []
    for incident_id in incident_ids:
        try:
            codes.append(lifecycle.acknowledge(incident_id, actor=actor, now=now, note=note, mode=mode).code)
        except (Conflict, Forbidden) as fault:
            responders.noted_instead(incident_id, actor=actor, now=now, note=note)
            missed.append(incident_id)
            if isinstance(fault, Forbidden):
                barred.append(incident_id)
    rows = [db.session.get_one(Incident, each, populate_existing=True) for each in missed]
    is_open = [each for each in rows if each.status == "open"]
    apart = [each for each in is_open if mode == "along" and each.id not in barred and naming.is_taken_singly(each)]
    return TakenTogether(
        codes,
        [each for each in rows if each not in is_open],
        [each for each in is_open if each not in apart],
        apart,
    )
