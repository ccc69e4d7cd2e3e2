"""Incidents of which everybody whom they could call is recorded absent: the desk has to find somebody.

However many incidents are asked about, their people are looked up together: first those of the steps, then the chains
of those whose steps call nobody who is there, then the last resort of what is left. Of each policy that names people
it is asked once which of them have agreed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.targets import CIRCLES, Circle, TargetDirectory, as_duty_person
from incidents.record.models import Incident
from people.models import Person
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson


def among(incidents: Collection[Incident], now: datetime) -> set[int]:
    """Ids of those of ``incidents`` of which that holds at ``now`` (aware)."""
    if not incidents:
        return set()
    known = EscalationLookups()
    with resolver.asking_once():
        known.meet_policies(incidents)
        left = [TargetDirectory(each, now, known.policy(each).steps, known) for each in incidents]
        for circle in CIRCLES:
            _meet(circle, left, known, now)
            left = [each for each in left if each.nobody_there(circle)]
        return {each.incident.id for each in left if each.anybody_meant()}


def _meet(circle: Circle, directories: Collection[TargetDirectory], known: EscalationLookups, now: datetime) -> None:
    """Look up in a few statements whom ``nobody_there`` will ask for."""
    units = {each.incident.unit_id for each in directories}
    if circle == "steps":
        _meet_steps(directories, known, now)
    elif circle == "chain":
        known.meet_chains(units)
        known.marked([person for each in units for person in known.standing_chain(each)], now)
    elif directories:
        known.meet_catch_alls(units)
        last = {person_id for each in directories for person_id in (*each.named_last(), *known.administrators())}
        known.meet_named(last)
        known.marked(_duty_persons(map(known.named, last)), now)


def _meet_steps(directories: Collection[TargetDirectory], known: EscalationLookups, now: datetime) -> None:
    real = [each for each in directories if each.incident.rehearsal_id is None]
    resolver.ask_together({pair for each in real for pair in each.duties()}, now, with_chains=True)
    targets = [(each, target) for each in directories for step in each.steps for target in step.targets]
    known.meet_units(each.incident.unit_id for each, target in targets if target.head is not None)
    above = {unit for each, target in targets if target.head for unit in known.ancestors(each.incident.unit_id)}
    named = {target.person_id for _each, target in targets if target.person_id is not None}
    known.meet_heads(above)
    known.meet_named(named)
    known.marked(_duty_persons([*known.heads(above), *map(known.named, named)]), now)


def _duty_persons(people: Iterable[Person | None]) -> list[DutyPerson]:
    return [as_duty_person(each) for each in people if each is not None]


def is_everybody_absent(incident: Incident, now: datetime) -> bool:
    """Whether all whom it could call at ``now`` are recorded absent: the desk has to find somebody."""
    return incident.id in among([incident], now)
