"""Looking crews up: those of units, one of them, and in which ones people are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from core.db import db
from core.errors import NotFound
from people.models import Person
from roster.crews.filling import Member
from roster.crews.models import Crew, CrewMember


def get_crew(crew_id: int) -> Crew:
    """Raises NotFound."""
    found = db.session.scalar(_whole().where(Crew.id == crew_id).execution_options(populate_existing=True))
    if found is None:
        raise NotFound("crew.unknown", id=crew_id)
    return found


def crews_of(unit_ids: Collection[int]) -> Sequence[Crew]:
    """Return those of these units, by unit and name as people count them."""
    rows = db.session.scalars(_whole().where(Crew.unit_id.in_(unit_ids))).all()
    return sorted(rows, key=lambda each: (each.unit.name, in_order(each.name)))


def in_order(name: str) -> tuple[tuple[int, str], ...]:
    """Kíp 10 comes after Kíp 9."""
    digits, found = "", list[tuple[int, str]]()
    for letter in [*name.casefold(), ""]:
        if letter.isascii() and letter.isdigit():
            digits += letter
            continue
        if digits:
            found.append((int(digits[:9]), ""))
            digits = ""
        if letter:
            found.append((-1, letter))
    return tuple(found)


def members_of(crew: Crew) -> tuple[Member, ...]:
    """Return them in order; those who have left the enterprise serve nowhere."""
    return tuple(Member(each.person_id, frozenset(each.duties)) for each in crew.members if each.person.active)


def names_of_people(person_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """Person id → the names of their crews."""
    wanted = select(CrewMember.person_id, Crew.name).join(Crew, Crew.id == CrewMember.crew_id)
    found = defaultdict[int, list[str]](list)
    for person_id, name in db.session.execute(wanted.where(CrewMember.person_id.in_(person_ids))).tuples():
        found[person_id].append(name)
    return {person_id: tuple(sorted(names, key=in_order)) for person_id, names in found.items()}


def ids_of_people(person_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """Person id → the ids of their crews."""
    wanted = select(CrewMember.person_id, CrewMember.crew_id).where(CrewMember.person_id.in_(person_ids))
    found = defaultdict[int, list[int]](list)
    for person_id, crew_id in db.session.execute(wanted).tuples():
        found[person_id].append(crew_id)
    return {person_id: tuple(ids) for person_id, ids in found.items()}


def others_of(crew: Crew) -> Mapping[int, tuple[str, ...]]:
    """Member's id → the names of the other crews in which they are."""
    ids = [each.person_id for each in crew.members]
    wanted = select(CrewMember.person_id, Crew.name).join(Crew, Crew.id == CrewMember.crew_id)
    rows = db.session.execute(wanted.where(CrewMember.person_id.in_(ids), Crew.id != crew.id)).tuples()
    found = defaultdict[int, list[str]](list)
    for person_id, name in rows:
        found[person_id].append(name)
    return {person_id: tuple(names) for person_id, names in found.items()}


def _whole() -> Select[tuple[Crew]]:
    people = selectinload(Crew.members).joinedload(CrewMember.person).joinedload(Person.unit)
    return select(Crew).options(joinedload(Crew.unit), people)
