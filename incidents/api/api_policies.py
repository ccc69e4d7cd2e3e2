"""JSON API of escalation policies: a unit's main one, and those that hold under conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.api.call import ApiModel, ItemPage, api_call
from incidents.api_blueprint import bp
from incidents.policies import selection, versions
from incidents.policies.drafts import PolicySpec, StepSpec, TargetSpec
from incidents.policies.models import SNOOZE_MOST, PolicyStep, PolicyVersion
from incidents.policies.schemas import ConditionalIn, ConditionalOut, PolicyIn, PolicyOut
from incidents.response import lifecycle
from people import queries as people
from people.access import guard

TAGS = ["escalation policies"]


@api_call(
    bp,
    "GET",
    "/escalation-policies/<unit>",
    operation_id="get_policy",
    returns={200: PolicyOut},
    action="policy.read",
    tags=TAGS,
    summary="The policy that holds for a unit (levels 3 and 4 when it is the default)",
)
def get_policy(unit: str, *, actor: Actor, now: datetime) -> Any:
    """The main one; those that hold under conditions are at ``/conditional``."""
    found = people.unit_by_code(unit)
    guard.ensure(actor, "policy.read", found.id, now=now)
    return _policy(selection.main_for(found.id, 3))


@api_call(
    bp,
    "PUT",
    "/escalation-policies/<unit>",
    operation_id="put_policy",
    body=PolicyIn,
    returns={200: PolicyOut},
    action="policy.write",
    tags=TAGS,
    refused=409,
    summary="Write a new version; incidents that run keep theirs",
)
def put_policy(unit: str, *, body: PolicyIn, actor: Actor, now: datetime) -> Any:
    return _policy(versions.write(people.unit_by_code(unit).id, _spec(body), actor=actor, now=now))


class PolicyAppliedOut(ApiModel, title="Applied"):
    applied: int
    """How many running incidents follow another policy now."""


@api_call(
    bp,
    "POST",
    "/escalation-policies/<unit>/apply",
    operation_id="apply_policies",
    returns={200: PolicyAppliedOut},
    action="policy.apply",
    tags=TAGS,
    refused=409,
    summary="Let everything that runs in the unit follow the policies that hold now",
)
def apply_policies(unit: str, *, actor: Actor, now: datetime) -> Any:
    return {"applied": lifecycle.apply_to_running(people.unit_by_code(unit).id, actor=actor, now=now)}


@api_call(
    bp,
    "GET",
    "/escalation-policies/<unit>/conditional",
    operation_id="list_conditional",
    returns={200: ItemPage[ConditionalOut]},
    action="policy.read",
    tags=TAGS,
    summary="A unit's own policies that hold under conditions",
)
def list_conditional(unit: str, *, actor: Actor, now: datetime) -> Any:
    found = people.unit_by_code(unit)
    guard.ensure(actor, "policy.read", found.id, now=now)
    return {"items": [_conditional(each) for each in selection.own_policies(found.id) if each.slot != 0], "next": None}


@api_call(
    bp,
    "POST",
    "/escalation-policies/<unit>/conditional",
    operation_id="add_conditional",
    body=ConditionalIn,
    returns={201: ConditionalOut},
    action="policy.write",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Add a policy that holds under conditions",
)
def add_conditional(unit: str, *, body: ConditionalIn, actor: Actor, now: datetime) -> Any:
    return _conditional(_write(unit, None, body, actor, now=now)), 201


@api_call(
    bp,
    "PUT",
    "/escalation-policies/<unit>/conditional/<int:slot>",
    operation_id="put_conditional",
    body=ConditionalIn,
    returns={200: ConditionalOut},
    action="policy.write",
    tags=TAGS,
    refused=409,
    summary="Write a new version of a policy that holds under conditions",
)
def put_conditional(unit: str, slot: int, *, body: ConditionalIn, actor: Actor, now: datetime) -> Any:
    return _conditional(_write(unit, slot, body, actor, now=now))


@api_call(
    bp,
    "DELETE",
    "/escalation-policies/<unit>/conditional/<int:slot>",
    operation_id="delete_conditional",
    returns={204: None},
    action="policy.write",
    tags=TAGS,
    summary="Withdraw a policy that holds under conditions",
)
def delete_conditional(unit: str, slot: int, *, actor: Actor, now: datetime) -> Any:
    """Incidents that run under it keep it."""
    versions.withdraw(people.unit_by_code(unit).id, slot, actor=actor, now=now)
    return None, 204


def _write(unit: str, slot: int | None, body: ConditionalIn, actor: Actor, *, now: datetime) -> PolicyVersion:
    conditions = body.conditions.model_dump(exclude_defaults=True)
    spec = replace(_spec(body), name=body.name, position=body.position, conditions=conditions)
    return versions.write(people.unit_by_code(unit).id, spec, slot=slot, actor=actor, now=now)


def _spec(body: PolicyIn) -> PolicySpec:
    steps = [
        StepSpec(
            step.after_seconds,
            step.duty,
            step.person,
            tuple(TargetSpec(**each.model_dump()) for each in step.targets),
            step.all_must_acknowledge,
        )
        for step in body.steps
    ]
    return PolicySpec(
        steps,
        repeat_after_seconds=body.repeat_after_seconds,
        catch_all=body.catch_all,
        ack_timeout_seconds=body.ack_timeout_seconds,
        repeat_most_seconds=body.repeat_most_seconds,
        urgent_most_seconds=body.urgent_most_seconds,
        alive_seconds=body.alive_seconds,
        snooze_most=body.snooze_most_seconds or (),
        tells_end=body.tells_end,
    )


def _policy(version: PolicyVersion) -> dict[str, Any]:
    codes = people.codes_of([*selection.named_in(version), *version.catch_all])
    return {
        "steps": [_step(step, codes) for step in version.steps],
        "repeat_after_seconds": version.repeat_after_seconds,
        "ack_timeout_seconds": version.ack_timeout_seconds,
        "catch_all": [codes[each] for each in version.catch_all if each in codes],
        "unit": people.unit_by_id(version.unit_id).code if version.unit_id is not None else None,
        "number": version.number,
        "repeat_most_seconds": version.repeat_most_seconds,
        "urgent_most_seconds": version.urgent_most_seconds,
        "alive_seconds": version.alive_seconds,
        "snooze_most_seconds": list(version.snooze_most or SNOOZE_MOST),
        "tells_end": version.tells_end,
    }


def _conditional(version: PolicyVersion) -> dict[str, Any]:
    return _policy(version) | {
        "slot": version.slot,
        "name": version.name,
        "conditions": version.conditions,
        "position": version.position,
    }


def _step(step: PolicyStep, codes: dict[int, str]) -> dict[str, Any]:
    """``duty`` or ``person`` says it all when the step calls nobody else."""
    alone = step.targets[0] if len(step.targets) == 1 and step.targets[0].head is None else None
    listed = [{"duty": each.duty, "person": codes.get(each.person_id or 0), "head": each.head} for each in step.targets]
    return {
        "duty": alone.duty if alone else None,
        "person": codes.get(alone.person_id or 0) if alone else None,
        "after_seconds": step.after_seconds,
        "all_must_acknowledge": step.all_must,
        "targets": [] if alone else listed,
    }
