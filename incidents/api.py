"""JSON API of incidents and escalation policies (contract: /api/v1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api import Page, api_blueprint, api_call, paginate
from core.errors import Conflict, NotFound
from incidents import policies, queries, rights, services
from incidents.api_models import (
    Act,
    IncidentDetail,
    IncidentIn,
    IncidentOut,
    IncidentQuery,
    NoteIn,
    PolicyIn,
    PolicyOut,
    detail,
    summary,
)
from incidents.models import Incident, PolicyVersion
from people import guard, queries as people
from people.models import Person, Unit

bp = api_blueprint("incidents_api")
INCIDENTS, POLICIES = ["incidents"], ["escalation policies"]
Service = Callable[..., Incident]


@api_call(bp, "POST", "/incidents", body=IncidentIn, returns={201: IncidentOut, 200: IncidentOut},
          action="incident.log", tags=INCIDENTS, idempotent=True, summary="Log an incident")  # fmt: skip
def log_incident(*, body: IncidentIn, actor: Actor, now: datetime) -> Any:
    """201 with the new incident, whose first step is due at once; 200 with the one whose ``dedup_key`` is open."""
    unit = _unit(body.unit, actor)
    incident, created = services.log(
        title=body.title, description=body.description, category=body.category, severity=body.severity,
        unit_id=unit.id, detected_at=body.detected_at, party_state=body.party_state, dedup_key=body.dedup_key,
        actor=actor, now=now,
    )  # fmt: skip
    return summary(incident), 201 if created else 200


@api_call(bp, "GET", "/incidents", query=IncidentQuery, returns={200: Page[IncidentOut]}, action="incident.read",
          tags=INCIDENTS, summary="Incidents, the newest first")  # fmt: skip
def list_incidents(*, query: IncidentQuery, actor: Actor, now: datetime) -> Any:
    statement = queries.board(
        statuses=(query.status,) if query.status else (), severity=query.severity, q=query.q or "", actor=actor,
        now=now, unit_id=people.unit_by_code(query.unit).id if query.unit else None,
    )  # fmt: skip
    keys = [Incident.created_at.desc(), Incident.id.desc()]
    items, following = paginate(statement, keys, limit=query.limit, cursor=query.cursor)
    return {"items": [summary(each) for each in items], "next": following}


@api_call(bp, "GET", "/incidents/<code>", returns={200: IncidentDetail}, action="incident.read", tags=INCIDENTS,
          summary="One incident with its timeline and calls")  # fmt: skip
def get_incident(code: str, *, actor: Actor, now: datetime) -> Any:
    incident = queries.by_code(code)
    guard.ensure(actor, "incident.read", incident.unit_id, now=now)
    rights.ensure_visible(actor, incident, now=now)
    return detail(incident)


@api_call(bp, "POST", "/incidents/<code>/acknowledge", body=Act, returns={200: IncidentDetail}, action="incident.act",
          tags=INCIDENTS, summary="Somebody has it")  # fmt: skip
def acknowledge_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    """409 with who and when if another one already has it."""
    incident_id = queries.by_code(code).id
    person_id = _person(body.person).id if body.person else None
    return detail(services.acknowledge(incident_id, person_id=person_id, note=body.note, actor=actor, now=now))


@api_call(bp, "POST", "/incidents/<code>/resolve", body=Act, returns={200: IncidentDetail}, action="incident.act",
          tags=INCIDENTS, summary="It is done")  # fmt: skip
def resolve_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(services.resolve, code, body, actor, now)


@api_call(bp, "POST", "/incidents/<code>/close", body=Act, returns={200: IncidentDetail}, action="incident.close",
          tags=INCIDENTS, summary="Put a resolved incident away")  # fmt: skip
def close_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(services.close, code, body, actor, now)


@api_call(bp, "POST", "/incidents/<code>/reopen", body=Act, returns={200: IncidentDetail}, action="incident.act",
          tags=INCIDENTS, summary="Not over after all: call again from the first step")  # fmt: skip
def reopen_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(services.reopen, code, body, actor, now)


@api_call(bp, "POST", "/incidents/<code>/escalate", body=Act, returns={200: IncidentDetail}, action="incident.act",
          tags=INCIDENTS, summary="Call the next step now")  # fmt: skip
def escalate_incident(code: str, *, body: Act, actor: Actor, now: datetime) -> Any:
    return _act(services.escalate_now, code, body, actor, now)


@api_call(bp, "POST", "/incidents/<code>/notes", body=NoteIn, returns={201: IncidentDetail}, action="incident.act",
          tags=INCIDENTS, idempotent=True, summary="Add a line to the timeline")  # fmt: skip
def add_incident_note(code: str, *, body: NoteIn, actor: Actor, now: datetime) -> Any:
    return _act(services.add_note, code, body, actor, now)


@api_call(bp, "GET", "/escalation-policies/<unit>", returns={200: PolicyOut}, action="policy.read", tags=POLICIES,
          summary="The policy that holds for a unit (levels 3 and 4 when it is the default)")  # fmt: skip
def get_policy(unit: str, *, actor: Actor, now: datetime) -> Any:
    found = people.unit_by_code(unit)
    guard.ensure(actor, "policy.read", found.id, now=now)
    return _policy(policies.policy_for(found.id, 3))


@api_call(bp, "PUT", "/escalation-policies/<unit>", body=PolicyIn, returns={200: PolicyOut}, action="policy.write",
          tags=POLICIES, summary="Write a new version; incidents that run keep theirs")  # fmt: skip
def put_policy(unit: str, *, body: PolicyIn, actor: Actor, now: datetime) -> Any:
    version = services.set_policy(
        people.unit_by_code(unit).id, [services.StepSpec(**step.model_dump()) for step in body.steps],
        repeat_after_seconds=body.repeat_after_seconds, ack_timeout_seconds=body.ack_timeout_seconds,
        catch_all=body.catch_all, actor=actor, now=now,
    )  # fmt: skip
    return _policy(version)


def _act(service: Service, code: str, body: Act | NoteIn, actor: Actor, now: datetime) -> Any:
    if body.person is not None:
        actor = _standing_for(body.person, queries.by_code(code), actor, now)
    return detail(service(queries.by_code(code).id, note=body.note, actor=actor, now=now))


def _standing_for(code: str, incident: Incident, actor: Actor, now: datetime) -> Actor:
    """The key speaks for a person: it needs the right to, and that person's name stands in the timeline."""
    person = _person(code)
    if person.id != actor.person_id:
        guard.ensure(actor, "incident.dispatch", incident.unit_id, now=now)
    return replace(actor, name=person.full_name)


def _person(code: str) -> Person:
    # The address was right and only the name in the body is not: 404 would say that the incident is gone.
    try:
        return people.person_by_code(code)
    except NotFound as unknown:
        raise Conflict(unknown.code, field="person", **unknown.params) from None


def _unit(code: str | None, actor: Actor) -> Unit:
    if code is not None:
        return people.unit_by_code(code)
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id)
    root = next(iter(people.root_units()), None)
    if root is None:
        raise NotFound("unit.none", field="unit")
    return root


def _policy(version: PolicyVersion) -> dict[str, Any]:
    wanted = [step.person_id for step in version.steps if step.person_id is not None] + list(version.catch_all)
    codes = {person.id: person.code for person in people.people_by_ids(wanted).values()}
    return {
        "steps": [
            {"duty": s.duty, "person": codes.get(s.person_id or 0), "after_seconds": s.after_seconds}
            for s in version.steps
        ],
        "repeat_after_seconds": version.repeat_after_seconds, "ack_timeout_seconds": version.ack_timeout_seconds,
        "catch_all": [codes[each] for each in version.catch_all if each in codes],
        "unit": people.unit_by_id(version.unit_id).code if version.unit_id is not None else None,
        "number": version.number,
    }  # fmt: skip
