"""Alarms that are acknowledged or go away: a group is acknowledged, and over, when the last of its alarms is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import Conflict
from incidents.alarms.models import IncidentAlarm
from incidents.creation import dedup
from incidents.grouping.services import known_alarms
from incidents.intake.models import Intake
from incidents.record import states, timeline, transitions
from incidents.record.models import Incident
from incidents.response import lifecycle


@dataclass(frozen=True)
class ClearedAlarm:
    """What a source says of an alarm of its own that it raised before."""

    intake: Intake
    key: str
    action: Literal["acknowledge", "resolve"]
    actor: Actor
    kept: str
    """The key as an incident of its own has it."""


Outcome = tuple[str, Incident]
"""As in ``IntakeEvent``, and the incident."""


def answer(session: Session, heard: Sequence[ClearedAlarm], *, now: datetime) -> dict[int, Outcome]:
    """Return what became of those that belong to a group and to no incident of their own, by their place; the caller
    holds the sources."""
    asked = [(each.intake.id, each.key) for each in heard if each.intake.group_minutes is not None]
    known = known_alarms(session, asked) if asked else {}
    held = transitions.all_exclusively(session, {target for _row, target in known.values()})
    mine = {pair: row for pair, (row, target) in known.items() if held[target].status in states.UNFINISHED}
    places = {place: each for place, each in enumerate(heard) if (each.intake.id, each.key) in mine}
    gone = list[tuple[Incident, Actor, str]]()
    for each in places.values():
        row = mine[each.intake.id, each.key]
        if each.action == "acknowledge":
            row.acknowledged_at = row.acknowledged_at or now
        elif row.cleared_at is None:
            row.cleared_at = now
            gone.append((held[known[each.intake.id, each.key][1]], each.actor, row.title))
    if not places:
        return {}
    if gone:
        timeline.count(session, "alarm_cleared", gone, now=now)
    session.flush()
    left = _left(session, {row.incident_id for row in mine.values()})
    done = dict[int, Outcome]()
    for place, each in places.items():
        row, target = known[each.intake.id, each.key]
        firing, unheard = left.get(row.incident_id, (0, 0))
        done[place] = _follow(each, held[target], row, firing, unheard=unheard, now=now)
    own = dedup.open_with(session, {heard[place].kept for place in done})
    return {place: told for place, told in done.items() if own.get(heard[place].kept, told[1].id) == told[1].id}


def _follow(
    each: ClearedAlarm, incident: Incident, row: IncidentAlarm, firing: int, *, unheard: int, now: datetime
) -> Outcome:
    """``firing``: how many alarms of the group still do; ``unheard``: how many of these nobody has acknowledged."""
    is_own = row.incident_id == incident.id  # else it was joined to another, which ends by itself
    try:
        if each.action == "resolve":
            if firing or not is_own:
                return "cleared", incident
            return "resolved", lifecycle.resolve(incident.id, actor=each.actor, now=now)
        if firing and not unheard and is_own:
            return "acknowledged", lifecycle.acknowledge(incident.id, actor=each.actor, now=now)
    except Conflict:  # the one before did so, or somebody has it
        return ("cleared" if each.action == "resolve" else "known"), incident
    return "known", incident


def _left(session: Session, incident_ids: set[int]) -> dict[int, tuple[int, int]]:
    unheard = func.count().filter(IncidentAlarm.acknowledged_at.is_(None))
    firing = select(IncidentAlarm.incident_id, func.count(), unheard)
    firing = firing.where(IncidentAlarm.incident_id.in_(incident_ids), IncidentAlarm.cleared_at.is_(None))
    return {each: (all_of, new) for each, all_of, new in session.execute(firing.group_by(IncidentAlarm.incident_id))}
