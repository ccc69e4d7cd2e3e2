"""What runs in a unit by a policy that does not hold any more, and the versions that there have been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from incidents.policies import selection
from incidents.policies.models import PolicyVersion
from incidents.record import access, states
from incidents.record.models import Incident
from people import queries as people


@dataclass(frozen=True)
class RunningCounts:
    """``behind``: how many of ``all`` would follow another policy if they came now."""

    all: int
    behind: int


def running(unit_id: int, *, actor: Actor, now: datetime) -> RunningCounts:
    """Unfinished incidents of the unit and below that the reader may see."""
    unfinished = (
        select(Incident)
        .options(joinedload(Incident.escalation))
        .where(
            Incident.unit_id.in_(people.subtree_ids(unit_id)),
            Incident.status.in_(states.UNFINISHED),
            access.visible_to(actor, now=now),
        )
    )
    known = selection.look_up()
    found = db.session.scalars(unfinished).all()
    behind = sum(selection.holding_for(each, known).id != each.escalation.policy_id for each in found)
    return RunningCounts(len(found), behind)


def history(unit_id: int, *, before: int | None = None, limit: int = 30) -> list[PolicyVersion]:
    """Every version of the unit's policies, the newest first; of those older than number ``before``."""
    wanted = select(PolicyVersion).options(selectinload(PolicyVersion.steps)).where(PolicyVersion.unit_id == unit_id)
    if before is not None:
        wanted = wanted.where(PolicyVersion.number < before)
    return list(db.session.scalars(wanted.order_by(PolicyVersion.number.desc()).limit(limit)))


def version(unit_id: int, number: int) -> PolicyVersion:
    """Raises ``NotFound``."""
    found = db.session.scalar(select(PolicyVersion).filter_by(unit_id=unit_id, number=number))
    if found is None:
        raise NotFound("policy.unknown")
    return found
