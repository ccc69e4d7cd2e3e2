"""Who would be called when, if an incident came: the same forecast as that of a real one, for one that nobody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.escalation import forecast
from incidents.escalation.forecast import NextCall
from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.targets import TargetDirectory
from incidents.policies import selection
from incidents.policies.models import PolicyVersion
from incidents.policies.rules import StepRule, Target
from incidents.record.models import Escalation, Incident
from people.notification_rules import ladders
from roster.days import phases
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson

MOST_CALLS = 6


@dataclass(frozen=True)
class Scenario:
    """What is supposed to happen, and when."""

    unit_id: int
    severity: int
    category: str
    at: datetime


@dataclass(frozen=True)
class PreviewedCall:
    """One line: ``targets`` are those of the step, ``unheard`` the ids of people without any address."""

    made: NextCall
    targets: tuple[Target, ...]
    unheard: frozenset[int]


@dataclass(frozen=True)
class Preview:
    """``empty``: steps (with their number, from 1) for which nobody is rostered or named then; ``vacant``: targets of
    other steps that mean nobody; ``last_resort``: who is called as well when nobody of a whole turn can be reached."""

    policy: PolicyVersion
    calls: tuple[PreviewedCall, ...]
    empty: tuple[tuple[int, StepRule], ...]
    vacant: tuple[tuple[int, Target], ...]
    last_resort: tuple[DutyPerson, ...]
    silent: tuple[DutyPerson, ...] = ()
    """Of everybody whom the steps mean then, those whom no message reaches: they are rung by hand."""
    absent: tuple[DutyPerson, ...] = ()
    """Those who are recorded absent then."""


def preview(case: Scenario, version: PolicyVersion | None = None) -> Preview:
    """Return it by the policy that holds, or by ``version``, which may be one that nobody has saved."""
    with resolver.asking_once():
        return _previewed(imagined(case, version), case)


def _previewed(incident: Incident, case: Scenario) -> Preview:
    known = EscalationLookups()
    policy, at = selection.policy_of(incident), TargetDirectory(incident, case.at, known=known)
    made = forecast.next_calls(incident, case.at, lines=MOST_CALLS, known=known)
    meant = {
        person.person_id: person
        for step in policy.steps
        for target in step.targets
        for person in at.meant(target).people
    }
    heard = ladders.reachable_ids({*meant, *(person.person_id for each in made for person in each.people)})
    calls = tuple(
        PreviewedCall(
            each,
            policy.steps[each.step].targets,
            frozenset(person.person_id for person in each.people if person.person_id not in heard),
        )
        for each in made
    )
    steps = [(n, step, at.vacant(step)) for n, step in enumerate(policy.steps, start=1)]
    empty = tuple((n, step) for n, step, vacant in steps if len(vacant) == len(step.targets))
    vacant = tuple((n, target) for n, step, found in steps if len(found) < len(step.targets) for target in found)
    others = {person.person_id: person for each in made for person in each.others}
    silent = tuple(person for person in meant.values() if person.person_id not in heard)
    absent = tuple(person for person in meant.values() if person.away_until is not None)
    return Preview(incident.escalation.policy, calls, empty, vacant, tuple(others.values()), silent, absent)


def imagined(case: Scenario, version: PolicyVersion | None = None) -> Incident:
    """Never added to a session."""
    incident = Incident(
        unit_id=case.unit_id,
        severity=case.severity,
        category=case.category,
        status="open",
        rehearsal_id=None,
        phase=phases.phase_at(case.unit_id, case.at, None),
        created_at=case.at,
    )
    policy = version or selection.holding_for(incident)
    begins = case.at + selection.Beginning.from_version(policy).wait
    incident.escalation = Escalation(step=0, cycle=1, since=1, fired_at=None, next_at=begins)
    incident.escalation.policy = policy
    return incident
