"""Writing a new version of a unit's escalation policy; what it replaces is kept, for running incidents and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, NotFound
from incidents import matching
from incidents.models import IncidentCategory
from incidents.models_policy import HEADS, URGENT_MOST, PolicyStep, PolicyTarget, PolicyVersion
from people import guard, queries as people
from people.models import DutyKind, Unit
from roster.models import PHASES

LONGEST_WAIT = 7 * 24 * 3600
MOST_STEPS = 20
MOST_TARGETS = 10
LONGEST_NAME = 80


@dataclass(frozen=True)
class TargetSpec:
    """Whom a step calls, as typed: a duty kind's code, a person's code, or heads (own, parent, all, each)."""

    duty: str | None = None
    person: str | None = None
    head: str | None = None


@dataclass(frozen=True)
class StepSpec:
    """One step as typed; ``after_seconds`` since the call before. ``duty`` or ``person`` alone is the common case."""

    after_seconds: int
    duty: str | None = None
    person: str | None = None
    targets: tuple[TargetSpec, ...] = ()
    all_must: bool = False

    @property
    def called(self) -> tuple[TargetSpec, ...]:
        if self.targets and self.duty is None and self.person is None:
            return self.targets
        return (TargetSpec(self.duty, self.person), *self.targets)


def set_policy(
    unit_id: int,
    steps: Sequence[StepSpec],
    *,
    repeat_after_seconds: int,
    ack_timeout_seconds: int,
    catch_all: Sequence[str] = (),
    slot: int | None = 0,
    name: str = "",
    conditions: Mapping[str, Any] | None = None,
    position: int = 0,
    repeat_most_seconds: int | None = None,
    urgent_most_seconds: int = URGENT_MOST,
    alive_seconds: int | None = None,
    snooze_most: Sequence[int] = (),
    actor: Actor,
    now: datetime,
) -> PolicyVersion:
    """Write a new version for the unit; incidents that run keep the one they started with.

    ``slot`` 0 is the unit's main policy, which holds whenever no other fits; ``None`` opens a new slot, for which (as
    for any but 0) ``conditions`` are needed. Raises ``NotFound`` for an unknown duty, person, category or slot,
    ``Invalid`` for waits, conditions or steps that cannot be used.
    """
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        session.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())  # versions are numbered in turn
        rows = [_step(position, spec) for position, spec in enumerate(steps)]
        last_resort = [people.person_by_code(code).id for code in catch_all]
        waits = {"repeat_after_seconds": repeat_after_seconds, "ack_timeout_seconds": ack_timeout_seconds,
                 "repeat_most_seconds": repeat_most_seconds, "urgent_most_seconds": urgent_most_seconds,
                 "alive_seconds": alive_seconds}  # fmt: skip
        _check(steps, waits, snooze_most)
        if repeat_most_seconds is not None and repeat_most_seconds < repeat_after_seconds:
            raise Invalid("policy.back_off", field="repeat_most_seconds")
        place = _slot(unit_id, slot)
        stored = _conditions(conditions or {}, place)
        version = PolicyVersion(
            unit_id=unit_id, band="any", number=_next_number(unit_id), slot=place, name=_name(name, place),
            position=position, conditions=stored, snooze_most=list(snooze_most), catch_all=last_resort, steps=rows,
            created_at=now, created_by=actor.name, **waits,
        )  # fmt: skip
        session.add(version)
        session.flush()
        audit.record(actor, "policy.write", "unit", unit_id, now=now, number=version.number, slot=place)
        return version


def withdraw(unit_id: int, slot: int, *, actor: Actor, now: datetime) -> PolicyVersion:
    """A policy of the unit holds no more (slot 0: the unit then follows its ancestors). Raises ``NotFound``."""
    with transaction() as session:
        guard.ensure(actor, "policy.write", unit_id, now=now)
        last = _newest(unit_id, slot)
        if last is None or last.withdrawn:
            raise NotFound("policy.unknown")
        gone = PolicyVersion(
            unit_id=unit_id, band="any", number=_next_number(unit_id), slot=slot, name=last.name,
            position=last.position, conditions=last.conditions, withdrawn=True, created_at=now, created_by=actor.name,
            repeat_after_seconds=last.repeat_after_seconds, ack_timeout_seconds=last.ack_timeout_seconds, catch_all=[],
            steps=[],
        )  # fmt: skip
        session.add(gone)
        session.flush()
        audit.record(actor, "policy.withdraw", "unit", unit_id, now=now, number=gone.number, slot=slot)
        return gone


def _next_number(unit_id: int) -> int:
    last = db.session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.unit_id == unit_id))
    return (last or 0) + 1


def _newest(unit_id: int, slot: int) -> PolicyVersion | None:
    mine = select(PolicyVersion).where(PolicyVersion.unit_id == unit_id, PolicyVersion.slot == slot)
    return db.session.scalar(mine.order_by(PolicyVersion.number.desc()).limit(1))


def _slot(unit_id: int, slot: int | None) -> int:
    if slot is None:
        last = db.session.scalar(select(func.max(PolicyVersion.slot)).where(PolicyVersion.unit_id == unit_id))
        return (last or 0) + 1
    if slot != 0 and _newest(unit_id, slot) is None:
        raise NotFound("policy.unknown", field="slot")
    return slot


def _name(name: str, slot: int) -> str:
    words = " ".join(name.split())
    if len(words) > LONGEST_NAME or (slot != 0 and not words):
        raise Invalid("policy.name", field="name", most=LONGEST_NAME)
    return words


def _conditions(given: Mapping[str, Any], slot: int) -> dict[str, Any]:
    """What is stored: only what is set, sorted; a main policy has none."""
    found: dict[str, Any] = {}
    if given.get("severities"):
        found["severities"] = sorted({int(level) for level in given["severities"]})
        if not set(found["severities"]) <= {1, 2, 3, 4}:
            raise Invalid("policy.conditions", field="conditions.severities")
    if given.get("categories"):
        found["categories"] = sorted(set(given["categories"]))
        for code in found["categories"]:
            if db.session.get(IncidentCategory, code) is None:
                raise NotFound("category.unknown", field="conditions.categories", category=code)
    if given.get("phases"):
        found["phases"] = sorted(set(given["phases"]))
        if not set(found["phases"]) <= set(PHASES):
            raise Invalid("policy.conditions", field="conditions.phases")
    if given.get("hours"):
        found["hours"] = list(given["hours"])
        try:
            matching.read(found)
        except (ValueError, IndexError, AttributeError):
            raise Invalid("policy.hours", field="conditions.hours") from None
    if bool(found) != (slot != 0):
        raise Invalid("policy.condition_needed" if slot else "policy.main_has_none", field="conditions")
    return found


def _step(position: int, spec: StepSpec) -> PolicyStep:
    if len(spec.called) > MOST_TARGETS:
        raise Invalid("policy.targets", field=f"steps.{position}", most=MOST_TARGETS)
    targets = [_target(f"steps.{position}", place, each) for place, each in enumerate(dict.fromkeys(spec.called))]
    return PolicyStep(position=position, after_seconds=spec.after_seconds, all_must=spec.all_must, targets=targets)


def _target(field: str, place: int, spec: TargetSpec) -> PolicyTarget:
    if sum(each is not None for each in (spec.duty, spec.person, spec.head)) != 1:
        raise Invalid("policy.one_target", field=field)
    if spec.duty is not None and db.session.get(DutyKind, spec.duty) is None:
        raise NotFound("duty.unknown", field=f"{field}.duty", duty=spec.duty)
    if spec.head is not None and spec.head not in HEADS:
        raise Invalid("policy.head", field=f"{field}.head")
    person_id = people.person_by_code(spec.person).id if spec.person is not None else None
    return PolicyTarget(place=place, duty=spec.duty, person_id=person_id, head=spec.head)


def _check(steps: Sequence[StepSpec], waits: Mapping[str, int | None], snooze_most: Sequence[int]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid("policy.steps", field="steps", most=MOST_STEPS)
    for position, spec in enumerate(steps):
        if not 0 <= spec.after_seconds <= LONGEST_WAIT:
            raise Invalid("policy.wait", field=f"steps.{position}.after_seconds", least=0, most=LONGEST_WAIT)
    for field, wait in waits.items():
        if wait is not None and not 1 <= wait <= LONGEST_WAIT:
            raise Invalid("policy.wait", field=field, least=1, most=LONGEST_WAIT)
    if snooze_most and (len(snooze_most) != 4 or not all(0 <= each <= LONGEST_WAIT for each in snooze_most)):
        raise Invalid("policy.snooze_most", field="snooze_most", most=LONGEST_WAIT)
