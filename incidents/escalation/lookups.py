"""What the calls of one transaction share: each look-up is made once, and for everybody together where all are known.

Only for the length of one transaction, and only of what firing does not change: people, their ways, policies, rosters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core import clock
from core.db import db
from incidents.catalogue.models import IncidentCategory
from incidents.escalation import page_words
from incidents.policies import selection
from incidents.policies.models import PolicyVersion
from incidents.policies.rules import Policy
from incidents.record.models import Escalation, Incident, Page
from incidents.record.queries import duty_kinds_by_code
from notify.models import Message
from notify.outbox import Carriers
from people import queries as people
from people.accounts import queries as account_queries
from people.models import DutyKind, Person
from people.notification_rules import ladders as reach, rules as rungs
from people.notification_rules.ladders import Rung
from roster.consents import queries as consent_queries
from roster.days import phases
from roster.models import Rehearsal
from roster.resolver import absent, numbers, resolver
from roster.resolver.resolution import DutyPerson

NEVER_LEFT = ("cancelled", "superseded")
"""States of messages that were taken back, or replaced by a newer one, before they were sent."""


@dataclass(frozen=True)
class CalledPerson:
    """That a person was called, in which turn and for what."""

    person_id: int
    cycle: int
    purpose: str
    ask_id: int | None


class EscalationLookups:
    """Look-ups of one transaction."""

    def __init__(self) -> None:
        self.carriers = Carriers()
        self.waiting = cache(consent_queries.waiting_in_policies)
        self.own_last_resort = cache(selection.last_resort_of)
        self.administrators = cache(account_queries.administrator_person_ids)
        self.duty_kinds = cache(duty_kinds_by_code)
        self._above: dict[int, list[int]] = {}
        self._heads: dict[int, Person | None] = {}
        self._named: dict[int, Person | None] = {}
        self._chains: dict[int, list[DutyPerson]] = {}
        self._catch_alls: dict[int, list[int]] = {}
        self._policies: dict[tuple[int, int, str, int], Policy] = {}
        self._ladders: dict[int, tuple[Rung, ...]] = {}
        self._people: dict[int, Person] = {}
        self._languages: dict[int, str] = {}
        self._projected: dict[tuple[int, date], bool] = {}
        self._called: dict[int, list[CalledPerson]] = {}
        self._told: dict[int, set[int]] = {}
        self._marked: dict[tuple[int, datetime], DutyPerson] = {}
        self._numbers: dict[int, numbers.DialNumber] = {}
        self._held: list[Any] = []
        """A session forgets rows that nobody holds."""

    def meet_all(self, incidents: Collection[Incident]) -> None:
        """Rows that will be asked for, in a few statements."""
        self.meet_policies(incidents)
        self._meet_calls([incident.id for incident in incidents])
        self._projected |= phases.phases_are_projected({_phase(each) for each in incidents if each.phase})
        self._numbers |= numbers.numbers_for_incidents({incident.unit_id for incident in incidents})

    def meet_policies(self, incidents: Collection[Incident]) -> None:
        """Those of these rows that say whom they call."""
        versions = {incident.escalation.policy_id for incident in incidents}
        with_steps = select(PolicyVersion).options(selectinload(PolicyVersion.steps))
        self._held += db.session.scalars(with_steps.where(PolicyVersion.id.in_(versions)))
        named = {incident.category for incident in incidents}
        self._held += db.session.scalars(select(IncidentCategory).where(IncidentCategory.code.in_(named)))
        self._held += db.session.scalars(select(DutyKind))
        played = {incident.rehearsal_id for incident in incidents} - {None}
        self._held += db.session.scalars(select(Rehearsal).where(Rehearsal.id.in_(played))) if played else ()

    def ancestors(self, unit_id: int) -> list[int]:
        """The unit and those above it."""
        self.meet_units([unit_id])
        return self._above[unit_id]

    def meet_units(self, unit_ids: Iterable[int]) -> None:
        asked = set(unit_ids) - self._above.keys()
        if asked:
            self._above |= people.ancestors_of(asked)

    def heads(self, unit_ids: Collection[int]) -> list[Person]:
        """Return them as ``people.heads_of``."""
        self.meet_heads(unit_ids)
        found = [head for each in unit_ids if (head := self._heads[each]) is not None]
        return list({head.id: head for head in found}.values())

    def meet_heads(self, unit_ids: Iterable[int]) -> None:
        asked = set(unit_ids) - self._heads.keys()
        if asked:
            self._heads |= dict.fromkeys(asked) | people.heads_by_unit(asked)

    def named(self, person_id: int) -> Person | None:
        self.meet_named([person_id])
        return self._named[person_id]

    def meet_named(self, person_ids: Iterable[int]) -> None:
        asked = set(person_ids) - self._named.keys()
        if asked:
            self._named |= dict.fromkeys(asked) | people.people_by_ids(asked)

    def standing_chain(self, unit_id: int) -> list[DutyPerson]:
        """Return them as ``resolver.standing_chain``."""
        self.meet_chains([unit_id])
        return self._chains[unit_id]

    def meet_chains(self, unit_ids: Iterable[int]) -> None:
        asked = set(unit_ids) - self._chains.keys()
        if asked:
            self._chains |= resolver.standing_chains(asked)

    def catch_all(self, unit_id: int) -> list[int]:
        """Return them as ``selection.catch_all``."""
        self.meet_catch_alls([unit_id])
        return self._catch_alls[unit_id]

    def meet_catch_alls(self, unit_ids: Iterable[int]) -> None:
        asked = set(unit_ids) - self._catch_alls.keys()
        if asked:
            self._catch_alls |= selection.catch_alls(asked)

    def called(self, incident: Incident) -> list[CalledPerson]:
        """Whom it has called by a message lately, since nobody has it: in this turn and the one before."""
        if incident.id not in self._called:
            self._meet_calls([incident.id])
        return [each for each in self._called[incident.id] if each.cycle >= incident.escalation.since]

    def told(self, incident: Incident) -> set[int]:
        """Person ids of everybody to whom it has ever written, but for what never left; whoever writes to one more
        adds it."""
        if incident.id not in self._told:
            asked = {*self._called, incident.id} - self._told.keys()  # those of the same transaction, together
            self._told |= {each: set() for each in asked}
            rows = select(Page.incident_id, Page.person_id).join(Message, Message.id == Page.message_id).distinct()
            rows = rows.where(Page.incident_id.in_(asked), Message.state.not_in(NEVER_LEFT))
            for incident_id, person_id in db.session.execute(rows):
                self._told[incident_id].add(person_id)
        return self._told[incident.id]

    def marked(self, persons: Iterable[DutyPerson], at: datetime) -> tuple[DutyPerson, ...]:
        """Return those who are named, not rostered, with what is recorded of their absence at ``at``."""
        listed = tuple(persons)
        new = {each.person_id: each for each in listed if (each.person_id, at) not in self._marked}
        for person in absent.named(tuple(new.values()), at):
            self._marked[person.person_id, at] = person
        return tuple(self._marked[each.person_id, at] for each in listed)

    def _meet_calls(self, incident_ids: Collection[int]) -> None:
        self._called |= {each: [] for each in incident_ids}
        rows = db.session.execute(
            select(Page.incident_id, Page.person_id, func.max(Page.cycle), Page.purpose, Page.ask_id)
            .join(Escalation, Escalation.incident_id == Page.incident_id)
            .where(Page.incident_id.in_(incident_ids), Page.cycle >= Escalation.cycle - 1, Page.message_id.is_not(None))
            .where(~Page.away)
            .group_by(Page.incident_id, Page.person_id, Page.purpose, Page.ask_id)
        )
        for incident_id, *called in rows:
            self._called[incident_id].append(CalledPerson(*called))

    def policy(self, incident: Incident) -> Policy:
        """Return it as ``selection.policy_of``."""
        version = incident.escalation.policy
        climbs = any(target.head == "each" for step in version.steps for target in step.targets)
        key = version.id, incident.severity, incident.category, incident.unit_id if climbs else 0
        if key not in self._policies:
            self._policies[key] = selection.played(version, incident.unit_id, incident.severity, incident.category)
        step = timedelta(seconds=incident.rehearsal.step_seconds) if incident.rehearsal else None
        return self._policies[key].hurried(step) if step else self._policies[key]

    def projected(self, incident: Incident) -> bool:
        """Whether the holiday on which its phase rests is not decided yet."""
        asked = _phase(incident)
        if incident.phase and asked not in self._projected:
            self._projected |= phases.phases_are_projected([asked])
        return bool(incident.phase) and self._projected[asked]

    def number(self, unit_id: int) -> numbers.DialNumber:
        """Return it as ``numbers.number_for_incidents``."""
        if unit_id not in self._numbers:
            self._numbers |= numbers.numbers_for_incidents({unit_id})
        return self._numbers[unit_id]

    def ladders(self, person_ids: Collection[int]) -> dict[int, tuple[Rung, ...]]:
        """Return them as ``reach.ladders_of``."""
        asked = set(person_ids) - self._ladders.keys()
        if asked:
            self._ladders |= reach.ladders_of(asked)
        return {each: self._ladders[each] for each in person_ids}

    def reached(self, person_ids: Collection[int]) -> list[bool]:
        """Whether there is a way to each of them that is not known to fail."""
        ladders = self.ladders(person_ids)
        return [rungs.is_reached(ladders[each]) for each in person_ids]

    def person(self, person_id: int) -> Person:
        self.meet_people([person_id])
        return self._people[person_id]

    def language(self, person_id: int) -> str:
        self.meet_people([person_id])
        return self._languages[person_id]

    def meet_people(self, person_ids: Iterable[int]) -> None:
        """The people, and in which language they read."""
        asked = set(person_ids) - self._people.keys()
        if asked:
            self._people |= {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(asked)))}
            self._languages |= page_words.languages_of(asked)


def _phase(incident: Incident) -> tuple[int, date]:
    return incident.unit_id, clock.local_date(incident.detected_at)
