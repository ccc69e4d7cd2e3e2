"""Whom an incident will call when, if nobody acts. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.escalation.decide import EMPTY_RULES, EscalationPosition, Forecast, forecast as look_ahead
from incidents.escalation.lookups import EscalationLookups
from incidents.escalation.targets import TargetDirectory, marked
from incidents.policies.rules import StepRule, Target
from incidents.record import states
from incidents.record.models import Incident
from people.models import DutyKind
from roster.resolver import resolver
from roster.resolver.resolution import DutyPerson

HOLDER_RULE = "holder"


@dataclass(frozen=True)
class NextCall:
    """One line of "who is called when, if nobody acts". ``duty`` is None when the step names a person or a head.

    ``rule`` is "holder" when the holder is asked for a sign of life before the steps begin again. ``others``: whom
    the last resort calls as well; ``away``: who is recorded absent and gets the one message; ``passed``: who has had it
    and is passed over; ``vacant``: targets of the step that mean nobody then.
    """

    at: datetime
    step: int
    cycle: int
    duty: DutyKind | None
    rule: str
    people: tuple[DutyPerson, ...]
    others: tuple[DutyPerson, ...] = ()
    away: tuple[DutyPerson, ...] = ()
    passed: tuple[DutyPerson, ...] = ()
    vacant: tuple[Target, ...] = ()


def next_calls(
    incident: Incident, now: datetime, lines: int = 4, *, known: EscalationLookups | None = None
) -> list[NextCall]:
    """Who is called when if nobody acts, with the people whom the roster names now; empty when it is finished.

    ``known``: look-ups shared with other incidents.
    """
    starts_at = incident.escalation.next_at
    if incident.status not in states.UNFINISHED or starts_at is None:
        return []
    with resolver.asking_once():
        return _foreseen(incident, starts_at, now, lines, known=known or EscalationLookups())


def _foreseen(
    incident: Incident, starts_at: datetime, now: datetime, lines: int, *, known: EscalationLookups
) -> list[NextCall]:
    policy, directories = known.policy(incident), dict[datetime, TargetDirectory]()
    escalation = incident.escalation

    def at(moment: datetime) -> TargetDirectory:
        if moment not in directories:
            directories[moment] = TargetDirectory(incident, max(moment, now), policy.steps, known)
            if incident.rehearsal_id is None and (duties := directories[moment].duties()):
                resolver.ask_together(duties, directories[moment].at, with_chains=True)
        return directories[moment]

    found: list[NextCall] = []
    position = EscalationPosition(escalation.step, escalation.cycle, escalation.fired_at, escalation.since)
    if incident.status == "acknowledged":
        holder = incident.acknowledged_person
        if escalation.waits_for in ("alive", "snooze") and holder is not None and holder.active:
            person = marked(incident, holder, max(starts_at, now))
            if person.away_until is None:  # else nobody waits for them
                found.append(NextCall(starts_at, 0, position.cycle, None, HOLDER_RULE, (person,)))
                starts_at += policy.grace
        following = position.cycle + 1
        position = EscalationPosition(0, following, position.fired_at, since=following)
    calls = look_ahead(policy, position, starts_at, who_at=lambda moment: at(moment).who, lines=lines - len(found))
    kinds, told = known.duty_kinds(), set[int]()
    for each in calls:
        called = _ForecastCall(incident, policy.steps, each, at(each.at))
        found.append(called.line(kinds, told))
        told |= {person.person_id for person in found[-1].away}
    return found


@dataclass(frozen=True)
class _ForecastCall:
    """One call to come, and who is there then."""

    incident: Incident
    steps: Sequence[StepRule]
    call: Forecast
    directory: TargetDirectory

    def line(self, kinds: Mapping[str, DutyKind], told: Collection[int]) -> NextCall:
        """``told``: who is absent and has had the one message by then."""
        call, step = self.call, self.steps[self.call.step]
        called = self.directory.called(step)
        there = tuple(person for _target, meant in called for person in meant.people)
        resort = self.directory.last_resort() if call.last_resort else None
        alone = {person.person_id for person in resort.people} if resort and resort.all_away else set()
        absent = {person.person_id: person for person in (*self._absent(), *(resort.away if resort else ()))}
        if absent and self.incident.id is not None:
            told = {*told, *self.directory.known.told(self.incident)}
        passed = {person_id for person_id in absent if person_id in told and person_id not in alone}
        return NextCall(
            call.at,
            call.step,
            call.cycle,
            kinds.get(called[0][0].duty or ""),
            call.answer.rule,
            there,
            others=tuple(person for person in (resort.there if resort else ()) if person not in there),
            away=tuple(person for person_id, person in absent.items() if person_id not in passed),
            passed=tuple(absent[person_id] for person_id in absent if person_id in passed),
            vacant=() if call.answer.empty else tuple(self.directory.vacant(step)),
        )

    def _absent(self) -> list[DutyPerson]:
        """Return who is absent of the steps that are passed over before it, and of its own."""
        steps = [(self.steps[index], False) for index in self.call.skipped]
        steps.append((self.steps[self.call.step], self.call.answer.rule in EMPTY_RULES))
        groups = [meant.people for step, chain in steps for _t, meant in self.directory.away(step, chain=chain)]
        return [person for group in groups for person in group]
