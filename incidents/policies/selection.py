"""Which escalation policy holds for an incident, and how the pure rules read it. Running incidents keep theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from core import clock
from core.db import db
from core.errors import NotFound
from core.fast_path import shared_cache
from incidents.catalogue.models import IncidentCategory
from incidents.policies import matching
from incidents.policies.matching import IncidentFacts
from incidents.policies.models import SNOOZE_MOST, PolicyStep, PolicyVersion
from incidents.policies.rules import Policy, StepRule, Target, band, beginning_with, climbing
from incidents.record.models import Incident
from people import queries as people
from people.models import Unit
from roster.consents import queries as consent_queries
from roster.models import Rehearsal

_Later = aliased(PolicyVersion)

Wanted = TypeVar("Wanted")


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(PolicyVersion.__tablename__, PolicyStep.__tablename__, Unit.__tablename__)


class PolicyLookUp(Generic[Wanted]):
    """Policies by unit, each read once: for callers that ask about many incidents in one breath.

    ``of``: what is wanted of a policy; no rows, where this is kept for longer than a transaction.
    """

    def __init__(self, of: Callable[[PolicyVersion], Wanted]) -> None:
        self.ancestors = cache(people.ancestor_ids)
        self.offered = cache(lambda unit_id: _offered(unit_id, of))
        self.default = cache(lambda severity: of(default_for(severity)))

    def pick(self, unit_id: int, facts: IncidentFacts) -> Wanted:
        """Return the policy that fits, of the unit itself or its nearest ancestor with one, else the default."""
        for each in self.ancestors(unit_id):
            fitting = matching.pick(self.offered(each), facts)
            if fitting is not None:
                return fitting
        return self.default(facts.severity)


@dataclass(frozen=True)
class Beginning:
    """What a new incident takes from its policy; ``wait``: how long after it was written down the first step calls."""

    id: int
    number: int
    wait: timedelta

    @classmethod
    def from_version(cls, version: PolicyVersion) -> Beginning:
        first = version.steps[0].after_seconds if version.steps else 0
        return cls(version.id, version.number, timedelta(seconds=first))


def policy_for(
    unit_id: int, severity: int, facts: IncidentFacts | None = None, known: PolicyLookUp[PolicyVersion] | None = None
) -> PolicyVersion:
    """The policy that fits, of the unit itself or its nearest ancestor with one, else the enterprise's default.

    Without ``facts`` only the level is known (levels and main policies decide).
    """
    return (known or look_up()).pick(unit_id, facts or IncidentFacts(severity))


def look_up() -> PolicyLookUp[PolicyVersion]:
    """For the policies themselves, each read once."""
    return PolicyLookUp(lambda version: version)


def _offered(unit_id: int, of: Callable[[PolicyVersion], Wanted]) -> list[tuple[Wanted, matching.Conditions]]:
    # Which one holds is asked far more often than what its steps are.
    own = [
        (version, matching.parse_conditions(version.conditions)) for version in own_policies(unit_id, with_steps=False)
    ]
    return [(of(version), conditions) for version, conditions in own]


def main_for(unit_id: int, severity: int) -> PolicyVersion:
    """The policy of the unit or its nearest ancestor that holds when no condition fits, else the default."""
    for each in people.ancestor_ids(unit_id):
        own = own_policy(each)
        if own is not None:
            return own
    return default_for(severity)


def default_for(severity: int) -> PolicyVersion:
    """The enterprise's. Raises ``NotFound``."""
    default = db.session.scalar(_latest(None, band(severity)))
    if default is None:
        raise NotFound("policy.missing")
    return default


def named_in(version: PolicyVersion) -> list[int]:
    """Ids of the people whom its steps name."""
    return [each.person_id for step in version.steps for each in step.targets if each.person_id is not None]


def facts_of(incident: Incident, rehearsal: Rehearsal | None) -> IncidentFacts:
    """Return what conditions ask about; the hour is that at which it was written down (in an exercise: the played
    one)."""
    played_at = incident.created_at + timedelta(seconds=rehearsal.offset_seconds if rehearsal else 0)
    local = clock.local(played_at)
    return IncidentFacts(incident.severity, incident.category, incident.phase, local.hour * 60 + local.minute)


def holding_for(incident: Incident, known: PolicyLookUp[PolicyVersion] | None = None) -> PolicyVersion:
    """The policy that a new incident like this one would get."""
    return policy_for(incident.unit_id, incident.severity, facts_of(incident, incident.rehearsal), known)


def own_policies(unit_id: int, *, with_steps: bool = True) -> list[PolicyVersion]:
    """The unit's own policies in their newest versions, the one without conditions last; none that was withdrawn."""
    found = _CURRENT.options(selectinload(PolicyVersion.steps)) if with_steps else _CURRENT
    return list(db.session.scalars(found, {"unit_id": unit_id}))


def _current() -> Select[tuple[PolicyVersion]]:
    mine = PolicyVersion.unit_id == bindparam("unit_id")
    last = (
        select(PolicyVersion.slot, func.max(PolicyVersion.number).label("number"))
        .where(mine, PolicyVersion.band == "any")
        .group_by(PolicyVersion.slot)
        .subquery()
    )
    newest = (last.c.slot == PolicyVersion.slot) & (last.c.number == PolicyVersion.number)
    in_order = (PolicyVersion.slot == 0, PolicyVersion.position, PolicyVersion.slot)
    return select(PolicyVersion).join(last, newest).where(mine, ~PolicyVersion.withdrawn).order_by(*in_order)


_CURRENT = _current()
"""Asked with every incident: built once."""


def weight(version: PolicyVersion) -> int:
    """How many kinds of condition it has: those with more are tried first."""
    return matching.parse_conditions(version.conditions).weight


def as_tried(versions: list[PolicyVersion]) -> list[PolicyVersion]:
    """Return them in the order in which they are tried: those with more kinds of condition first, the one without
    last."""
    return sorted(versions, key=lambda version: -weight(version))


def own_policy(unit_id: int) -> PolicyVersion | None:
    """The latest version of the unit's own main policy, if it has one."""
    return next((version for version in own_policies(unit_id) if version.slot == 0), None)


def waits(version: PolicyVersion, severity: int = 4) -> Policy:
    """Its times alone, without steps; of an incident of level 1–2 the back-off ends earlier."""
    most, alive = version.repeat_most_seconds, version.alive_seconds
    if most is not None and severity <= 2:
        most = min(most, version.urgent_most_seconds)
    return Policy(
        (),
        timedelta(seconds=version.repeat_after_seconds),
        timedelta(seconds=version.ack_timeout_seconds),
        timedelta(seconds=most) if most is not None else None,
        timedelta(seconds=alive) if alive is not None else None,
    )


def _step_rule(step: PolicyStep) -> StepRule:
    targets = tuple(Target(each.duty, each.person_id, each.head) for each in step.targets)
    return StepRule(targets, timedelta(seconds=step.after_seconds), step.all_must)


def played(version: PolicyVersion, unit_id: int, severity: int, category: str) -> Policy:
    """The version as it runs for an incident of that unit, level and category."""
    steps, kind = tuple(_step_rule(step) for step in version.steps), db.session.get(IncidentCategory, category)
    policy = beginning_with(replace(waits(version, severity), steps=steps), kind.first_duty if kind else None)
    if any(target.head == "each" for step in policy.steps for target in step.targets):
        policy = climbing(policy, len(people.ancestor_ids(unit_id)))
    return policy


def policy_of(incident: Incident) -> Policy:
    """The incident's frozen policy; in a rehearsal with its short waits."""
    policy, rehearsal = unhurried(incident), incident.rehearsal
    return policy.hurried(timedelta(seconds=rehearsal.step_seconds)) if rehearsal else policy


def unhurried(incident: Incident) -> Policy:
    """The incident's frozen policy with its own waits, in a rehearsal too."""
    return played(incident.escalation.policy, incident.unit_id, incident.severity, incident.category)


def snooze_most(incident: Incident) -> timedelta:
    """The longest time that it may be put off."""
    limits = incident.escalation.policy.snooze_most or SNOOZE_MOST
    return timedelta(seconds=limits[incident.severity - 1])


def catch_all(unit_id: int) -> list[int]:
    """Person ids of the last resort: of the nearest policy that names any; a list once emptied stays empty."""
    return catch_alls([unit_id])[unit_id]


def catch_alls(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """The same of many units; of each policy that names any it is asked once who has agreed."""
    above = people.ancestors_of(unit_ids)
    newest = {(each.unit_id, each.band): each for each in db.session.scalars(_newest({*chain(*above.values())}))}
    agreed = cache(lambda owner, band: _agreed(owner, newest[owner, band].catch_all))
    found = dict[int, list[int]]()
    for unit_id, owners in above.items():
        asked = [*((each, "any") for each in owners), (None, "urgent"), (None, "normal")]
        named = (agreed(*each) for each in asked if each in newest and newest[each].catch_all)
        found[unit_id] = next(filter(None, named), [])
    return found


def last_resort_of(version: PolicyVersion) -> list[int]:
    """Person ids that a policy with conditions names itself: they stand for the unit's."""
    return _agreed(version.unit_id, version.catch_all) if version.slot != 0 else []


def _agreed(unit_id: int | None, person_ids: Iterable[Any]) -> list[int]:
    """Without those who were asked whether the unit may call them by name, and have not agreed."""
    waiting = consent_queries.waiting_in_policies(unit_id) if unit_id is not None else frozenset()
    return [int(person_id) for person_id in person_ids if int(person_id) not in waiting]


def apply_newest(incident: Incident) -> bool:
    """Let a running incident follow the policy that holds now; whether that is another one. Caller's transaction."""
    newest = holding_for(incident)
    if newest.id == incident.escalation.policy_id:
        return False
    incident.escalation.policy_id = newest.id
    incident.escalation.policy = newest
    if incident.escalation.step >= len(policy_of(incident).steps):
        incident.escalation.step = 0  # after the pause, in the same turn: none of its own steps has called yet
    return True


def _newest(unit_ids: Collection[int]) -> Select[tuple[PolicyVersion]]:
    """The latest main policies of these units and of the enterprise, without their steps."""
    same = and_(_Later.slot == 0, _Later.band == PolicyVersion.band, _Later.number > PolicyVersion.number)
    replaced = exists().where(same, _Later.unit_id.is_not_distinct_from(PolicyVersion.unit_id))
    owner = or_(PolicyVersion.unit_id.in_(unit_ids), PolicyVersion.unit_id.is_(None))
    return select(PolicyVersion).where(owner, PolicyVersion.slot == 0, ~replaced)


def _latest(unit_id: int | None, band: str) -> Select[tuple[PolicyVersion]]:
    owner = PolicyVersion.unit_id.is_(None) if unit_id is None else PolicyVersion.unit_id == unit_id
    statement = select(PolicyVersion).options(selectinload(PolicyVersion.steps)).where(owner, PolicyVersion.slot == 0)
    return statement.where(PolicyVersion.band == band).order_by(PolicyVersion.number.desc()).limit(1)
