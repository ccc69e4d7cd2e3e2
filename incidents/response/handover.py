"""Duty changes hands and open incidents go with it: the incoming person is called and must accept.

The holder keeps it until then. Looking changes nothing when nothing has changed, and what one change of
duty asks is unique in the database: any number of workers may look, as often as they like.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from core.db import db, transaction
from core.errors import Unavailable
from incidents.endings import services as endings
from incidents.escalation import calling, requests
from incidents.escalation.models import Ask
from incidents.escalation.requests import NewAsk
from incidents.escalation.targets import TargetPeople
from incidents.policies import selection
from incidents.record import timeline, transitions
from incidents.record.models import Escalation, Incident, Page
from incidents.response.assignment import ON_DUTY
from roster.models import Duty
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson, OnDuty

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200
"""At one look, drawn by lot: what waits for an answer stays among them, and must keep no other out."""
NOW: BindParameter[datetime] = bindparam("now")


def look(now: datetime) -> int:
    """Ask those who come on duty about what those who left have, and call them about what nobody has; how many."""
    moved = 0
    for find, move in ((_held, hand_over), (_open, tell_incomer)):
        for incident_id, duty in find(now):
            try:
                moved += move(incident_id, duty, now)
            except Exception:  # one incident's fault must not keep the others
                db.session.rollback()
                log.exception("incident %s could not be handed over", incident_id)
    return moved


def _serves(person_id: ColumnElement[int], duty: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a person serves a duty kind at ``now`` by a published roster."""
    return exists().where(
        Duty.person_id == person_id,
        Duty.duty == duty,
        Duty.cancelled_at.is_(None),
        Duty.starts_at <= NOW,
        Duty.ends_at > NOW,
    )


def _held(now: datetime) -> list[tuple[int, str]]:
    """(incident, duty) of those whose holder does not serve that duty any more, the worst first; of exercises all."""
    return _worst_first(_all_held(), now)


@cache
def _all_held() -> Select[Any]:
    """Built once, as ``_all_open``: the worker looks every second, and to build it costs more than to run it."""
    gone = ~_serves(Incident.acknowledged_by_id, Escalation.held_duty)  # type: ignore[arg-type]
    return (
        select(Incident.severity, Incident.id, Escalation.held_duty)
        .join(Escalation, Escalation.incident_id == Incident.id)
        .where(Incident.status == "acknowledged", Incident.acknowledged_by_id.is_not(None))
        .where(Escalation.held_duty.is_not(None), gone | Incident.rehearsal_id.is_not(None))
        .order_by(func.random())
        .limit(MOST_AT_ONCE)
    )


def _open(now: datetime) -> list[tuple[int, str]]:
    """(incident, duty), the worst first, of those that called somebody who has left since, and nobody of that duty
    later."""
    return _worst_first(_all_open(), now)


@cache
def _all_open() -> Select[Any]:
    later = aliased(Page)
    told = exists().where(
        later.incident_id == Page.incident_id,
        later.duty == Page.duty,
        later.fired > Page.fired,
        _serves(later.person_id, later.duty),  # type: ignore[arg-type]
    )
    gone = ~_serves(Page.person_id, Page.duty) & ~told  # type: ignore[arg-type]
    return (
        select(Incident.severity, Page.incident_id, Page.duty)
        .join(Incident, Incident.id == Page.incident_id)
        .where(Incident.status == "open", Page.duty.is_not(None), Page.rule.in_(ON_DUTY))
        .where(gone | Incident.rehearsal_id.is_not(None))
        .group_by(Incident.severity, Page.incident_id, Page.duty)
        .order_by(func.random())
        .limit(MOST_AT_ONCE)
    )


def _worst_first(statement: Select[Any], now: datetime) -> list[tuple[int, str]]:
    return [(incident_id, duty) for _severity, incident_id, duty in sorted(db.session.execute(statement, {"now": now}))]


def hand_over(incident_id: int, duty: str, now: datetime) -> bool:
    """Ask those who serve ``duty`` now to take over from the holder; whether that is news."""
    if _known(incident_id, duty, now):
        return False
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        found = _incoming(incident, duty, now)
        if found is None or incident.escalation.held_duty != duty:
            return False
        occasion = _occasion(incident, found)
        if _asked(session, incident, occasion):
            return False
        before = transitions.end_asks(incident, "handover", now=now)
        endings.asked_no_more(session, incident, before - {each.person_id for each in found.people}, now=now)
        timeline.write(
            session,
            incident,
            "handover_asked",
            "worker",
            now=now,
            person=incident.acknowledged_by,
            duty=duty,
            people=[person.name for person in found.people],
        )
        asked = requests.put(
            session,
            incident,
            NewAsk("handover", occasion, rule=found.rule, by=incident.acknowledged_by, duty=duty),
            persons=found.people,
            now=now,
        )
        if all(person.away_until is not None for person in found.people):
            requests.ask_further(session, incident, asked, now=now)
        return True


def _known(incident_id: int, duty: str, now: datetime) -> bool:
    """Looked at without a lock: most of the time everybody has been asked already."""
    incident = db.session.get_one(Incident, incident_id, populate_existing=True, options=[transitions.EXERCISE])
    found = _incoming(incident, duty, now)
    return found is None or _asked(db.session(), incident, _occasion(incident, found))


def _incoming(incident: Incident, duty: str, now: datetime) -> OnDuty | None:
    """Who serves ``duty`` now, unless the holder of the incident is among them, or nobody does."""
    if incident.status != "acknowledged" or incident.is_exercise_over(now):
        return None
    found = _on_duty(incident, duty, now)
    if found is None or any(person.person_id == incident.acknowledged_by_id for person in found.people):
        return None
    return found


def _on_duty(incident: Incident, duty: str, now: datetime) -> OnDuty | None:
    try:
        found = resolver.who_is_on(incident.unit_id, duty, now, rehearsal=incident.rehearsal)
    except Unavailable:
        return None
    return found if found.is_assigned else None


def _occasion(incident: Incident, found: OnDuty) -> str:
    """This change: from whom (since when) to whom."""
    people = "+".join(str(each) for each in sorted(person.person_id for person in found.people))
    since = incident.acknowledged_at.isoformat() if incident.acknowledged_at else ""
    return f"{found.duty}/{incident.acknowledged_by_id}@{since}/{people}"


def _asked(session: Session, incident: Incident, occasion: str) -> bool:
    known = select(Ask.id).where(Ask.incident_id == incident.id, Ask.kind == "handover", Ask.occasion == occasion)
    return session.scalar(known.limit(1)) is not None


def tell_incomer(incident_id: int, duty: str, now: datetime) -> bool:
    """Call those who have come on duty since this incident called for it; whether there was anybody. Its steps stay."""
    with transaction() as session:
        incident = transitions.exclusively(session, incident_id)
        if incident.status != "open" or incident.escalation.next_at is None:
            return False
        if incident.escalation.snoozed_until is not None:
            return False
        if incident.is_exercise_over(now):
            return False
        found = _on_duty(incident, duty, now)
        if found is None:
            return False
        called = select(Page.person_id, func.max(Page.created_at)).where(Page.incident_id == incident.id)
        known = {row[0]: row[1] for row in session.execute(called.where(Page.duty == duty).group_by(Page.person_id))}
        new = tuple(each for each in found.people if not _called_in_this_shift(each, known.get(each.person_id)))
        new = calling.to_call(incident, new)
        if not new:
            return False
        steps = selection.policy_of(incident).steps
        step = next((n for n, each in enumerate(steps) if any(t.duty == duty for t in each.targets)), 0)
        calling.put(
            session, incident, TargetPeople(found.rule, new), calling.ExtraCall("call", duty, step=step), now=now
        )
        return True


def _called_in_this_shift(person: DutyPerson, called_at: datetime | None) -> bool:
    return called_at is not None and (person.starts_at is None or called_at >= person.starts_at)
