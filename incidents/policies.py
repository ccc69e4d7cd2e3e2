"""Which escalation policy holds for a unit, and how a new version of it is made. Running incidents keep theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from incidents import states
from incidents.escalation import Policy, Step
from incidents.models import Incident, PolicyStep, PolicyVersion
from people import guard, queries as people
from people.models import DutyKind
from roster.models import Rehearsal

LONGEST_WAIT = 7 * 24 * 3600
MOST_STEPS = 20


@dataclass(frozen=True)
class StepSpec:
    """One step as typed: either a duty kind's code or a person's code; ``after_seconds`` since the call before."""

    after_seconds: int
    duty: str | None = None
    person: str | None = None


def policy_for(unit_id: int, severity: int) -> PolicyVersion:
    """The latest version of the unit's own or nearest ancestor's policy, else the enterprise's default."""
    for each in people.ancestor_ids(unit_id):
        own = db.session.scalar(_latest(each, "any"))
        if own is not None:
            return own
    default = db.session.scalar(_latest(None, states.band(severity)))
    if default is None:
        raise NotFound("policy.missing")
    return default


def own_policy(unit_id: int) -> PolicyVersion | None:
    """The unit's own latest version, if it has one."""
    return db.session.scalar(_latest(unit_id, "any"))


def frozen(version: PolicyVersion) -> Policy:
    """The version as the pure rules read it."""
    steps = tuple(Step(step.duty, step.person_id, timedelta(seconds=step.after_seconds)) for step in version.steps)
    return Policy(
        steps, timedelta(seconds=version.repeat_after_seconds), timedelta(seconds=version.ack_timeout_seconds)
    )


def of(incident: Incident) -> Policy:
    """The incident's frozen policy; in a rehearsal with its short waits."""
    rehearsal, policy = rehearsal_of(incident), frozen(incident.escalation.policy)
    return policy.hurried(timedelta(seconds=rehearsal.step_seconds)) if rehearsal else policy


def rehearsal_of(incident: Incident) -> Rehearsal | None:
    """The exercise that the incident belongs to."""
    return db.session.get(Rehearsal, incident.rehearsal_id) if incident.rehearsal_id is not None else None


def rehearsal_over(incident: Incident, now: datetime) -> bool:
    """Whether the exercise that it belongs to has ended; never for a real incident."""
    rehearsal = rehearsal_of(incident)
    if rehearsal is None:
        return incident.rehearsal_id is not None
    return rehearsal.ended_at is not None or rehearsal.ends_at <= now


def catch_all(unit_id: int) -> list[int]:
    """Person ids of the last resort: of the nearest policy that names any; a list once emptied stays empty."""
    owners = [(each, "any") for each in people.ancestor_ids(unit_id)]
    for owner, band in [*owners, (None, "urgent"), (None, "normal")]:
        version = db.session.scalar(_latest(owner, band))
        if version is not None and version.catch_all:
            return [int(person_id) for person_id in version.catch_all]
    return []


def set_policy(
    unit_id: int,
    steps: Sequence[StepSpec],
    *,
    repeat_after_seconds: int,
    ack_timeout_seconds: int,
    catch_all: Sequence[str] = (),
    actor: Actor,
    now: datetime,
) -> PolicyVersion:
    """Write a new version for the unit; incidents that run keep the one they started with.

    Raises ``NotFound`` for an unknown duty or person, ``Invalid`` for waits or steps that cannot be used.
    """
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        rows = [_step(position, spec) for position, spec in enumerate(steps)]
        last_resort = [people.person_by_code(code).id for code in catch_all]
        _check(steps, repeat_after_seconds, ack_timeout_seconds)
        number = session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.unit_id == unit_id)) or 0
        version = PolicyVersion(
            unit_id=unit_id, band="any", number=number + 1, repeat_after_seconds=repeat_after_seconds,
            ack_timeout_seconds=ack_timeout_seconds, catch_all=last_resort, created_at=now, created_by=actor.name,
            steps=rows,
        )  # fmt: skip
        session.add(version)
        session.flush()
        audit.record(actor, "policy.write", "unit", unit_id, now=now, number=version.number)
        return version


def apply_newest(incident: Incident) -> bool:
    """Let a running incident follow the policy that holds now; whether that is another one. Caller's transaction."""
    newest = policy_for(incident.unit_id, incident.severity)
    if newest.id == incident.escalation.policy_id:
        return False
    incident.escalation.policy_id = newest.id
    incident.escalation.policy = newest
    if incident.escalation.step >= len(newest.steps):
        incident.escalation.step = 0
    return True


def _latest(unit_id: int | None, band: str) -> Select[tuple[PolicyVersion]]:
    owner = PolicyVersion.unit_id.is_(None) if unit_id is None else PolicyVersion.unit_id == unit_id
    statement = select(PolicyVersion).options(selectinload(PolicyVersion.steps))
    return statement.where(owner, PolicyVersion.band == band).order_by(PolicyVersion.number.desc()).limit(1)


def _step(position: int, spec: StepSpec) -> PolicyStep:
    if (spec.duty is None) == (spec.person is None):
        raise Invalid("policy.one_target", field=f"steps.{position}")
    if spec.duty is not None and db.session.get(DutyKind, spec.duty) is None:
        raise NotFound("duty.unknown", field=f"steps.{position}.duty", duty=spec.duty)
    person_id = people.person_by_code(spec.person).id if spec.person is not None else None
    return PolicyStep(position=position, duty=spec.duty, person_id=person_id, after_seconds=spec.after_seconds)


def _check(steps: Sequence[StepSpec], repeat_after: int, ack_timeout: int) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid("policy.steps", field="steps", most=MOST_STEPS)
    for position, spec in enumerate(steps):
        if not 0 <= spec.after_seconds <= LONGEST_WAIT:
            raise Invalid("policy.wait", field=f"steps.{position}.after_seconds", least=0, most=LONGEST_WAIT)
    for field, wait in (("repeat_after_seconds", repeat_after), ("ack_timeout_seconds", ack_timeout)):
        if not 1 <= wait <= LONGEST_WAIT:
            raise Invalid("policy.wait", field=field, least=1, most=LONGEST_WAIT)
