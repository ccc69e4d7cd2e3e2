"""JSON API of incidents and escalation policies (contract: /api/v1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, g

from core.actor import Actor
from core.api.call import ItemPage, api_call
from core.errors import NotFound
from incidents.api import listing
from incidents.api.schemas import (
    Act,
    HeldOut,
    IncidentDetail,
    IncidentIn,
    IncidentOut,
    IncidentQuery,
    NoteIn,
    detail,
    summary,
)
from incidents.api_blueprint import INCIDENTS, bp, person_named
from incidents.catalogue import queries as catalogue
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.maintenance import programs
from incidents.record import access, queries
from incidents.record.models import Incident
from incidents.record.queries import IncidentFilter
from incidents.response import lifecycle
from people import queries as people
from people.access import guard
from people.models import Unit

Service = Callable[..., Incident]


@api_call(
    bp,
    "POST",
    "/incidents",
    operation_id="log_incident",
    body=IncidentIn,
    returns={201: IncidentOut, 200: IncidentOut, 202: HeldOut},
    action="incident.log",
    tags=INCIDENTS,
    idempotent=True,
    refused=409,
    summary="Log an incident",
)
def log_incident(*, body: IncidentIn, actor: Actor, now: datetime) -> Any:
    """201 with the new incident, whose first step is due at once; 200 with the one whose ``dedup_key`` is open; 202
    when a program reports it during maintenance, and nobody is called."""
    unit = _unit(body.unit, actor)
    report = IncidentReport(
        title=body.title,
        description=body.description,
        category=body.category,
        severity=body.severity,
        unit_id=unit.id,
        detected_at=body.detected_at,
        party_state=body.party_state,
        dedup_key=body.dedup_key,
        answers=body.answers,
        restricted=body.restricted,
        names_confirmed=None if actor.is_machine else body.names_confirmed,
        actor=actor,
    )
    window_id = programs.hold(report, now=now, stamp=g.standing)
    if window_id is not None:
        return {"held_by": window_id}, 202
    incident, created = creation.log(report, now=now)
    return summary(incident, seen=created or access.sees(actor, incident, now=now)), 201 if created else 200


@api_call(
    bp,
    "GET",
    "/incidents",
    operation_id="list_incidents",
    query=IncidentQuery,
    returns={200: ItemPage[IncidentOut]},
    action="incident.read",
    tags=INCIDENTS,
    summary="Incidents, the newest first",
)
def list_incidents(*, query: IncidentQuery, actor: Actor, now: datetime) -> Any:
    rows, following = listing.newest(
        IncidentFilter(
            (query.status,) if query.status else (),
            severity=query.severity,
            unit_id=people.unit_by_code(query.unit).id if query.unit else None,
            q=query.q or "",
        ),
        limit=query.limit,
        cursor=query.cursor,
        actor=actor,
        now=now,
    )
    targets = catalogue.standing_targets(g.standing)
    return Response(listing.as_json(rows, following, now, targets), content_type="application/json")


@api_call(
    bp,
    "GET",
    "/incidents/<code>",
    operation_id="get_incident",
    returns={200: IncidentDetail},
    action="incident.read",
    tags=INCIDENTS,
    summary="One incident with its timeline and calls",
)
def get_incident(code: str, *, actor: Actor, now: datetime) -> Any:
    return detail(queries.readable(code, actor, now))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/acknowledge",
    operation_id="acknowledge_incident",
    body=Act,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    summary="Somebody has it",
)
def acknowledge_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    """409 with who and when if another one already has it."""
    incident_id = queries.by_code(code).id
    person_id = person_named(body.person).id if body.person else None
    return detail(lifecycle.acknowledge(incident_id, person_id=person_id, note=body.note, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/incidents/<code>/resolve",
    operation_id="resolve_incident",
    body=Act,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    summary="It is done",
)
def resolve_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(lifecycle.resolve, code, body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/close",
    operation_id="close_incident",
    body=Act,
    returns={200: IncidentDetail},
    action="incident.close",
    tags=INCIDENTS,
    summary="Put a resolved incident away",
)
def close_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(lifecycle.close, code, body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/reopen",
    operation_id="reopen_incident",
    body=Act,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    summary="Not over after all: call again from the first step",
)
def reopen_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(lifecycle.reopen, code, body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/escalate",
    operation_id="escalate_incident",
    body=Act,
    returns={200: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    summary="Call the next step now",
)
def escalate_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(lifecycle.escalate_now, code, body, actor, now=now)


@api_call(
    bp,
    "POST",
    "/incidents/<code>/notes",
    operation_id="add_incident_note",
    body=NoteIn,
    returns={201: IncidentDetail},
    action="incident.act",
    tags=INCIDENTS,
    idempotent=True,
    summary="Add a line to the timeline",
)
def add_incident_note(code: str, *, body: NoteIn, actor: Actor, now: datetime) -> Any:
    return _act(lifecycle.add_note, code, body, actor, now=now)


def _act(service: Service, code: str, body: Act | NoteIn, actor: Actor, *, now: datetime) -> Any:
    if body.person is not None:
        actor = _standing_for(body.person, queries.by_code(code), actor, now)
    return detail(service(queries.by_code(code).id, note=body.note, actor=actor, now=now))


def _standing_for(code: str, incident: Incident, actor: Actor, now: datetime) -> Actor:
    """The key speaks for a person: it needs the right to, and that person's name stands in the timeline."""
    person = person_named(code)
    if person.id != actor.person_id:
        guard.ensure(actor, "incident.dispatch", incident.unit_id, now=now)
    return replace(actor, name=person.full_name)


def _unit(code: str | None, actor: Actor) -> Unit:
    if code is not None:
        return people.unit_by_code(code)
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id)
    root = next(iter(people.root_units()), None)
    if root is None:
        raise NotFound("unit.none", field="unit")
    return root
