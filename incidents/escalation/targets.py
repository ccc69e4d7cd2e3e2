"""Whom a step means at this minute: the roster's resolver, or the one person that the step names.

Who is recorded absent at this minute is meant, too, but nobody waits for them: see ``TargetDirectory.away``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from core.errors import Unavailable
from incidents.escalation.decide import EMPTY_RULES, HEAD_RULE, PERSON_RULE, StepCallees, combine, together
from incidents.escalation.lookups import EscalationLookups
from incidents.policies.rules import StepRule, Target
from incidents.record.models import Incident
from people.models import Person
from roster.resolver import absent, numbers, resolver
from roster.resolver.resolution import DutyPerson

Circle = Literal["steps", "chain", "others"]
CIRCLES: tuple[Circle, ...] = ("steps", "chain", "others")
"""Whom an incident calls, and whom it falls back on, in that order."""
UNTIL_AGREED = "leadership"
"""The duty that a step calls while the person whom it names from outside has not agreed to it."""


@dataclass(frozen=True)
class TargetPeople:
    """The people of a target, and by which rule of the resolver."""

    rule: str
    people: tuple[DutyPerson, ...]
    all_away: bool = False
    """Everybody whom the incident could call (steps, chain, last resort, administrators) is recorded absent."""

    @property
    def there(self) -> tuple[DutyPerson, ...]:
        return tuple(person for person in self.people if person.away_until is None)

    @property
    def away(self) -> tuple[DutyPerson, ...]:
        """Those who are recorded absent."""
        return tuple(person for person in self.people if person.away_until is not None)


@dataclass
class TargetDirectory:
    """Asks once per target; one directory per decision. ``steps``: all that it will be asked about."""

    incident: Incident
    at: datetime
    steps: Sequence[StepRule] = ()
    known: EscalationLookups = field(default_factory=EscalationLookups)
    """Look-ups shared with others of the same transaction."""
    _meant: dict[Target, TargetPeople] = field(default_factory=dict)
    _all_met: bool = False

    def who(self, step: StepRule) -> StepCallees:
        """Return what the pure rules ask for."""
        return combine([self._answer(self.meant(target)) for target in step.targets])

    def _answer(self, meant: TargetPeople) -> StepCallees:
        ids = tuple(person.person_id for person in meant.there)
        if not self._all_met:  # looked up for everybody of ``steps`` together
            self.known.ladders(self.everybody())
            self._all_met = True
        return StepCallees(meant.rule, ids, reachable=any(self.known.reached(ids)))

    def everybody(self) -> set[int]:
        """Person ids of all whom ``steps`` mean."""
        return {person.person_id for person in self._people_of_steps()}

    def duties(self) -> set[tuple[int, str]]:
        """(unit id, duty) of all duties that ``steps`` call."""
        targets = (target for step in self.steps for target in step.targets)
        return {(self.incident.unit_id, target.duty) for target in targets if target.duty is not None}

    def called(self, step: StepRule) -> list[tuple[Target, TargetPeople]]:
        """Whom a step calls when it fires, target by target, each person once."""
        meant = [self.meant(target) for target in step.targets]
        seen: set[int] = set()
        found: list[tuple[Target, TargetPeople]] = []
        for index in together([self._answer(each) for each in meant]):
            new = tuple(person for person in meant[index].there if person.person_id not in seen)
            seen |= {person.person_id for person in new}
            if new or not found:
                found.append((step.targets[index], replace(meant[index], people=new)))
        return found

    def away(self, step: StepRule, *, chain: bool = False) -> list[tuple[Target, TargetPeople]]:
        """Who of a step is recorded absent, target by target, each once; ``chain``: of the chain that it falls to."""
        seen: set[int] = set()
        found: list[tuple[Target, TargetPeople]] = []
        for target in step.targets:
            meant = self.meant(target)
            new = tuple(person for person in meant.away if person.person_id not in seen)
            if new and (chain or meant.rule not in EMPTY_RULES):
                seen |= {person.person_id for person in new}
                found.append((target, replace(meant, people=new)))
        return found

    def vacant(self, step: StepRule) -> list[Target]:
        """The targets of a step that mean nobody: no roster for that duty, no head of that unit, a person who left."""
        answers = ((target, self.meant(target)) for target in step.targets)
        return [target for target, meant in answers if meant.rule in EMPTY_RULES or not meant.people]

    def meant(self, target: Target) -> TargetPeople:
        if target not in self._meant:
            self._meant[target] = self._look_up(target)
        return self._meant[target]

    def _look_up(self, target: Target) -> TargetPeople:
        if target.duty is not None:
            return self._duty(target.duty)
        if target.head is not None:
            return self._heads(target.head)
        unit_id = self.incident.escalation.policy.unit_id
        if unit_id is not None and target.person_id in self.known.waiting(unit_id):
            return self._duty(UNTIL_AGREED)
        person = self.known.named(target.person_id or 0)
        return TargetPeople(PERSON_RULE, self._marked([person] if person is not None and person.active else []))

    def _heads(self, head: str) -> TargetPeople:
        above = self.known.ancestors(self.incident.unit_id)
        level = {"own": 0, "parent": 1}.get(head, head)
        units = above if level == "all" else above[int(level) : int(level) + 1]
        return TargetPeople(HEAD_RULE, self._marked(self.known.heads(tuple(units))))

    def _marked(self, persons: Sequence[Person]) -> tuple[DutyPerson, ...]:
        return self._absent(tuple(as_duty_person(person) for person in persons))

    def _absent(self, persons: Sequence[DutyPerson]) -> tuple[DutyPerson, ...]:
        """With what is recorded of their absence; exercises know of none."""
        return tuple(persons) if self.incident.rehearsal_id is not None else self.known.marked(persons, self.at)

    def last_resort(self) -> TargetPeople:
        """People with an address: the standing chain, else the catch-all and the administrators together.

        Where nobody of those is there, everybody who is recorded absent hears of it, and of the others whoever is
        there is rung by hand, unless somebody of the steps is (they have their own call).
        """
        chain = TargetPeople("standing_chain", self._absent(self.known.standing_chain(self.incident.unit_id)))
        if self._with_a_way(chain.there):
            return replace(chain, people=self._with_a_way(chain.people))
        others = TargetPeople("catch_all", self._others())
        if self._with_a_way(others.there):
            return replace(others, people=self._with_a_way((*chain.away, *others.people)))
        steps, rest = TargetPeople("catch_all", self._people_of_steps()), (*chain.people, *others.people)
        away = TargetPeople("catch_all", (*steps.people, *rest)).away
        absent = self._with_a_way(away)
        on_hand = TargetPeople("catch_all", rest).there
        there = () if steps.there or not absent else on_hand
        everybody = {person.person_id: person for person in (*there, *absent)}
        return replace(others, people=tuple(everybody.values()), all_away=bool(away) and not (steps.there or on_hand))

    def named_last(self) -> Sequence[int]:
        """Person ids of the last resort that the policy names, else of the enterprise's catch-all."""
        own = self.known.own_last_resort(self.incident.escalation.policy)
        return own or self.known.catch_all(self.incident.unit_id)

    def _others(self) -> tuple[DutyPerson, ...]:
        """The last resort without the chain: whom a policy names, and the administrators."""
        return self._absent(self._active([*self.named_last(), *self.known.administrators()]))

    def nobody_there(self, circle: Circle) -> bool:
        """Whether none of those whom the incident could call of ``circle`` is there; also when it means nobody."""
        return not TargetPeople("catch_all", self._circle(circle)).there

    def anybody_meant(self) -> bool:
        return any(self._circle(each) for each in CIRCLES)

    def _circle(self, circle: Circle) -> tuple[DutyPerson, ...]:
        if circle == "steps":
            return self._people_of_steps()
        return self._absent(self.known.standing_chain(self.incident.unit_id)) if circle == "chain" else self._others()

    def _people_of_steps(self) -> tuple[DutyPerson, ...]:
        targets = dict.fromkeys(target for step in self.steps for target in step.targets)
        return tuple(person for target in targets for person in self.meant(target).people)

    def _with_a_way(self, persons: Sequence[DutyPerson]) -> tuple[DutyPerson, ...]:
        ways = self.known.reached([person.person_id for person in persons])
        return tuple(person for person, way in zip(persons, ways, strict=True) if way)

    def _duty(self, duty: str) -> TargetPeople:
        try:
            found = resolver.who_is_on(self.incident.unit_id, duty, self.at, rehearsal=self.incident.rehearsal)
        except Unavailable:  # an enterprise without one active person: nobody to call, and the timer must live on
            return TargetPeople("catch_all", ())
        if found.rule != "catch_all":
            return TargetPeople(found.rule, found.people)
        own = self._active(self.known.own_last_resort(self.incident.escalation.policy))
        return TargetPeople(found.rule, self._absent(own) or found.people)

    def _active(self, person_ids: Sequence[int]) -> tuple[DutyPerson, ...]:
        """Each once, in their order; without those who have left."""
        self.known.meet_named(person_ids)
        found = [self.known.named(each) for each in dict.fromkeys(person_ids)]
        return tuple(as_duty_person(person) for person in found if person is not None and person.active)


def on_duty_to_ring(incident: Incident, at: datetime, *, reader: int) -> DutyPerson | None:
    """Return whom to ring where no desk has a telephone: who of operations is there and can be rung. Nobody is asked to
    ring themselves (``reader``: person id)."""
    meant = TargetDirectory(incident, at).meant(Target(duty=numbers.OPERATIONS))
    return next((person for person in meant.there if person.phone and person.person_id != reader), None)


def marked(incident: Incident, person: Person, at: datetime) -> DutyPerson:
    """Somebody named, with what is recorded of their absence at ``at``; exercises know of none."""
    named = as_duty_person(person)
    return named if incident.rehearsal_id is not None else absent.named([named], at)[0]


def as_duty_person(person: Person) -> DutyPerson:
    """Somebody named, not rostered."""
    return DutyPerson(person.id, person.code, person.full_name, person.position, person.phone, person.email)
