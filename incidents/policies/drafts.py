"""An escalation policy as somebody typed it, checked and made a version of, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.db import db
from core.errors import Invalid, NotFound
from incidents.catalogue.models import IncidentCategory
from incidents.policies import matching
from incidents.policies.models import HEADS, URGENT_MOST, PolicyStep, PolicyTarget, PolicyVersion
from people import queries as people
from people.models import DutyKind
from roster.sources.models import PHASES

LONGEST_WAIT = 7 * 24 * 3600
MOST_STEPS = 20
MOST_TARGETS = 10
LONGEST_NAME = 80
COPIED = (
    "unit_id",
    "band",
    "slot",
    "name",
    "position",
    "conditions",
    "repeat_after_seconds",
    "repeat_most_seconds",
    "urgent_most_seconds",
    "ack_timeout_seconds",
    "alive_seconds",
    "snooze_most",
    "tells_end",
    "catch_all",
)


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


@dataclass(frozen=True)
class PolicySpec:
    """A policy as typed. ``conditions``: for all but a unit's main one."""

    steps: Sequence[StepSpec]
    repeat_after_seconds: int
    ack_timeout_seconds: int
    catch_all: Sequence[str] = ()
    name: str = ""
    conditions: Mapping[str, Any] | None = None
    position: int = 0
    repeat_most_seconds: int | None = None
    urgent_most_seconds: int = URGENT_MOST
    alive_seconds: int | None = None
    snooze_most: Sequence[int] = ()
    tells_end: bool = True


def draft(spec: PolicySpec, slot: int | None) -> PolicyVersion:
    """The version that would be written, of no unit and kept nowhere: to be looked at. Raises as :func:`write`."""
    place = 1 if slot is None else slot
    rows = [_step(position, each) for position, each in enumerate(spec.steps)]
    waits = {
        "repeat_after_seconds": spec.repeat_after_seconds,
        "ack_timeout_seconds": spec.ack_timeout_seconds,
        "repeat_most_seconds": spec.repeat_most_seconds,
        "urgent_most_seconds": spec.urgent_most_seconds,
        "alive_seconds": spec.alive_seconds,
    }
    _check(spec.steps, waits, spec.snooze_most)
    if spec.repeat_most_seconds is not None and spec.repeat_most_seconds < spec.repeat_after_seconds:
        raise Invalid("policy.back_off", field="repeat_most_seconds")
    return PolicyVersion(
        band="any",
        number=0,
        slot=place,
        name=_name(spec.name, place),
        position=spec.position,
        withdrawn=False,
        conditions=_conditions(spec.conditions or {}, place),
        snooze_most=list(spec.snooze_most),
        tells_end=spec.tells_end,
        steps=rows,
        catch_all=[people.person_by_code(code).id for code in spec.catch_all],
        **waits,
    )


def copy(version: PolicyVersion, **changed: Any) -> PolicyVersion:
    """The next version of its slot, the same but for ``changed``; the caller numbers and writes it."""
    kept = {name: getattr(version, name) for name in COPIED}
    steps = [
        PolicyStep(
            position=step.position,
            after_seconds=step.after_seconds,
            all_must=step.all_must,
            targets=[
                PolicyTarget(place=each.place, duty=each.duty, person_id=each.person_id, head=each.head)
                for each in step.targets
            ],
        )
        for step in version.steps
    ]
    return PolicyVersion(**(kept | {"steps": steps, "withdrawn": False} | changed))


def _name(name: str, slot: int) -> str:
    words = " ".join(name.split())
    if len(words) > LONGEST_NAME or (slot != 0 and not words):
        raise Invalid("policy.name", field="name", most=LONGEST_NAME)
    return words


def _conditions(given: Mapping[str, Any], slot: int) -> dict[str, Any]:
    """Return what is stored: only what is set, sorted; a main policy has none."""
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
            matching.parse_conditions(found)
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
