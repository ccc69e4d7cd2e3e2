"""Whom a step means at this minute: the roster's resolver, or the one person that the step names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from core.db import db
from core.errors import Unavailable
from incidents import policies
from incidents.escalation import PERSON_RULE, Answer, Step
from incidents.models import Incident
from people import queries as people
from people.models import Person, User
from roster import resolver
from roster.duty import DutyPerson


@dataclass(frozen=True)
class Meant:
    """The people of a step, by which rule of the resolver, and the telephone of their desk."""

    rule: str
    people: tuple[DutyPerson, ...]
    desk_phone: str = ""

    @property
    def answer(self) -> Answer:
        return Answer(
            self.rule,
            tuple(person.person_id for person in self.people),
            reachable=any(person.email for person in self.people),
        )


@dataclass
class Directory:
    """Asks once per step; one directory per decision."""

    incident: Incident
    at: datetime
    _known: dict[tuple[str | None, int | None], Meant] = field(default_factory=dict)

    def who(self, step: Step) -> Answer:
        """What the pure rules ask for."""
        return self.meant(step).answer

    def meant(self, step: Step) -> Meant:
        key = step.duty, step.person_id
        if key not in self._known:
            self._known[key] = self._duty(step.duty) if step.duty is not None else _named(step.person_id or 0)
        return self._known[key]

    def last_resort(self) -> Meant:
        """People with an address: the standing chain, else the catch-all and the administrators together."""
        unit_id = self.incident.unit_id
        chain = tuple(person for person in resolver.standing_chain(unit_id) if person.email)
        if chain:
            return Meant("standing_chain", chain)
        wanted = dict.fromkeys([*policies.catch_all(unit_id), *_admins()])
        found = people.people_by_ids(wanted)
        rows = [found[each] for each in wanted if each in found and found[each].active]
        return Meant("catch_all", tuple(_as_duty_person(each) for each in rows if each.email))

    def _duty(self, duty: str) -> Meant:
        try:
            found = resolver.who_is_on(
                self.incident.unit_id, duty, self.at, rehearsal=policies.rehearsal_of(self.incident)
            )
        except Unavailable:  # an enterprise without one active person: nobody to call, and the timer must live on
            return Meant("catch_all", ())
        return Meant(found.rule, found.people, found.desk_phone)


def operations_phone(incident: Incident, at: datetime) -> tuple[str, str]:
    """(name, number) that "Gọi điều hành" dials: the desk's phone, else the phone of whoever is on duty there."""
    meant = Directory(incident, at)._duty("operations")
    person = next((person for person in meant.people if person.phone), None)
    name = person.name if person else ""
    return name, meant.desk_phone or (person.phone if person else "") or incident.unit.phone


def _named(person_id: int) -> Meant:
    person = people.people_by_ids([person_id]).get(person_id)
    if person is None or not person.active:
        return Meant(PERSON_RULE, ())
    return Meant(PERSON_RULE, (_as_duty_person(person),))


def _as_duty_person(person: Person) -> DutyPerson:
    return DutyPerson(person.id, person.code, person.full_name, person.position, person.phone, person.email)


def _admins() -> list[int]:
    """Person ids of the administrators, by code."""
    return list(
        db.session.scalars(
            select(Person.id)
            .join(User, User.person_id == Person.id)
            .where(User.role == "admin", User.active, Person.active)
            .order_by(Person.code)
        )
    )
