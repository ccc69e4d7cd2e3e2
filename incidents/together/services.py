"""What nobody has and the reader may take at once; taking it, incident by incident."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Forbidden
from incidents.escalation.lookups import Known
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import lifecycle, responders
from incidents.together import rules
from people.access import guard

FEWEST = 2
"""One is taken on its own page."""


@dataclass(frozen=True)
class Waiting:
    """``together``: may be taken at once; ``apart``: only one by one."""

    together: list[Incident]
    apart: list[Incident]


@dataclass(frozen=True)
class Taken:
    """What became of those that were to be taken: ``late``: somebody was quicker, or it is over."""

    codes: list[str]
    late: list[Incident]


def waiting(actor: Actor, *, now: datetime) -> Waiting:
    """Real incidents that nobody has and that ``actor`` may take, the worst first."""
    real = queries.board(statuses=("open",), actor=actor, now=now).where(Incident.rehearsal_id.is_(None))
    called = {each.id for each in queries.needing(actor.person_id)} if actor.person_id is not None else set()
    reach = guard.reach(actor, "incident.act", now=now)
    found = [each for each in queries.first_needed(real) if reach is None or each.unit_id in reach or each.id in called]
    return divided(found)


def visible(incident_ids: Collection[int], *, actor: Actor, now: datetime) -> list[Incident]:
    """Those of ``incident_ids`` that are shown to ``actor`` at all, the worst first."""
    return queries.first_needed(queries.board(actor=actor, now=now).where(Incident.id.in_(incident_ids)))


def divided(incidents: Sequence[Incident]) -> Waiting:
    """Which of them may be taken at once."""
    together = [each for each in incidents if may_join_others(each)]
    return Waiting(together, [each for each in incidents if each not in together])


def may_join_others(incident: Incident) -> bool:
    return rules.may_join_others(
        category=incident.category, restricted=incident.restricted, party_state=incident.party_state
    )


def stops_calling(waiting: Waiting, *, but: str = "") -> list[str]:
    """Names of those who are called about what may be taken at once, and about nothing else that waits; ``but``: the
    reader's own."""
    called = queries.called_now([each.id for each in (*waiting.together, *waiting.apart)])
    still = {name for each in waiting.apart for name in called.get(each.id, ())}
    names = dict.fromkeys(name for each in waiting.together for name in called.get(each.id, ()))
    return [name for name in names if name != but and name not in still]


def asked_again_at(incidents: Sequence[Incident], *, now: datetime) -> datetime | None:
    """When whoever takes them now is asked the first time whether they are still on it."""
    known = Known()
    return min((now + known.policy(each).ack_timeout for each in incidents), default=None)


def take(incident_ids: Collection[int], *, actor: Actor, now: datetime, note: str = "") -> Taken:
    """Take each that is still open, each in a transaction of its own; what somebody has meanwhile stays theirs."""
    codes, late = [], []
    for incident_id in incident_ids:
        try:
            codes.append(lifecycle.acknowledge(incident_id, actor=actor, now=now, note=note).code)
        except (Conflict, Forbidden):
            responders.noted_instead(incident_id, actor=actor, now=now, note=note)
            late.append(incident_id)
    return Taken(codes, [db.session.get_one(Incident, each, populate_existing=True) for each in late])
