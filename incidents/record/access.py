"""Who may act on an incident: by role and unit, by duty (grants), or because the incident called them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import aliased

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from incidents.record.models import Incident, Page
from people import queries as people
from people.access import guard

_Joined = aliased(Incident)


def was_called(incident: Incident, person_id: int | None) -> bool:
    """Whether the incident, or one that was joined to it, has called this person: then it is theirs to answer."""
    if person_id is None:
        return False
    same = select(Incident.id).where(Incident.joined_to_id == incident.id)
    called = select(Page.id).where(
        or_(Page.incident_id == incident.id, Page.incident_id.in_(same)), Page.person_id == person_id
    )
    return db.session.scalar(called.limit(1)) is not None


def ensure_log(actor: Actor, unit_id: int, *, now: datetime) -> None:
    """Report. The QR sheet of a unit is enough for that unit."""
    if actor.via != "report" or actor.unit_id != unit_id:
        guard.ensure(actor, "incident.log", unit_id, now=now)


def ensure_act(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Acknowledge for oneself, note, resolve. A link was made for one person and one incident: it is enough."""
    if actor.via not in ("link", "system") and not was_called(incident, actor.person_id):
        guard.ensure(actor, "incident.act", incident.unit_id, now=now)


def ensure_dispatch(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Act for others, call the next step now, record calls made by hand."""
    if actor.via != "system":
        guard.ensure(actor, "incident.dispatch", incident.unit_id, now=now)


def ensure_close(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Put it away for good."""
    if actor.via != "system":
        guard.ensure(actor, "incident.close", incident.unit_id, now=now)


def ensure_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """Ensure for the API that the actor may do ``action`` to the incident that an address names at all."""
    incident = db.session.scalar(select(Incident).where(Incident.code == str(parts.get("code", ""))))
    if incident is None:
        raise NotFound("incident.unknown")
    ensure_visible(actor, incident, now=now)
    if action != "incident.act" or not was_called(incident, actor.person_id):
        guard.ensure(actor, action, incident.unit_id, now=now)


def ensure_policy_place(parts: Mapping[str, Any], action: str, actor: Actor, now: datetime) -> None:
    """The same for a policy of a unit."""
    guard.ensure(actor, action, people.unit_by_code(str(parts["unit"])).id, now=now)


def may(actor: Actor, action: str, incident: Incident, *, now: datetime) -> bool:
    """Whether pages offer it. ``incident.act`` also by having been called."""
    if action == "incident.act" and was_called(incident, actor.person_id):
        return True
    return bool(guard.allowed(actor, action, incident.unit_id, now=now))


def visible_to(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """The condition under which an incident is shown to ``actor`` at all: for lists, searches, counts and exports.

    Restricted ones are for those whom they called, who have them or wrote them down, and for those who may close them
    (managers of the unit, its leadership on duty, administrators).
    """
    if actor.via == "system":
        return true()
    closing = guard.reach(actor, "incident.close", now=now)
    if closing is None:
        return true()
    mine: list[ColumnElement[bool]] = [Incident.unit_id.in_(closing)] if closing else []
    return or_(~Incident.restricted, *mine, concerns(actor))


def concerns(actor: Actor) -> ColumnElement[bool]:
    """The condition under which an incident is the actor's own business, whatever they may close: it called them, they
    have it or wrote it down."""
    mine: list[ColumnElement[bool]] = []
    if actor.person_id is not None:
        called = select(Page.incident_id).where(Page.person_id == actor.person_id)
        # Called by a report that turned out to be this incident.
        same = select(_Joined.joined_to_id).where(_Joined.id.in_(called), _Joined.joined_to_id.is_not(None))
        mine += [Incident.id.in_(called), Incident.id.in_(same), Incident.acknowledged_by_id == actor.person_id]
    if actor.user_id is not None:
        mine.append(Incident.logged_by_id == actor.user_id)
    return or_(*(mine or [false()]))


def ensure_visible(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Raise ``NotFound`` as if a restricted incident did not exist: that it exists is part of the secret."""
    if actor.via != "link" and not sees(actor, incident, now=now):
        raise NotFound("incident.unknown")


def sees(actor: Actor, incident: Incident, *, now: datetime) -> bool:
    """Whether the incident is shown to the actor at all."""
    if not incident.restricted:
        return True
    seen = select(Incident.id).where(Incident.id == incident.id, visible_to(actor, now=now))
    return db.session.scalar(seen) is not None
