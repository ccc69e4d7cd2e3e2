"""Crews are made, changed and taken away. What they serve already stays: seats belong to people, not to crews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.form_values import fitting
from core.text import nfc
from people import queries as people
from people.access.guard import ensure
from people.models import Person, Unit
from roster.crews.models import Crew, CrewMember
from roster.crews.queries import get_crew

MOST = 60
"""People of a crew: more are several crews."""
LONGEST = 80


@dataclass(frozen=True)
class Joining:
    """Somebody who is to be in a crew, by code; ``duties``: codes, empty: every kind that they serve."""

    person: str
    duties: tuple[str, ...] = ()


def make_crew(unit_code: str, name: str, members: Sequence[Joining], *, actor: Actor, now: datetime) -> Crew:
    """Raises NotFound, Forbidden, Invalid, Conflict (the name, or somebody named twice)."""
    unit = people.unit_by_code(unit_code)
    with transaction() as session:
        ensure(actor, "campaign.write", unit.id, now=now)
        made = Crew(unit_id=unit.id, name=_free_name(unit, name), updated_at=now, updated_by=actor.ref)
        session.add(made)
        _flush(unit, made.name)
        made.members = _members(members)
        session.flush()
        audit.record(actor, "crew.make", "crew", made.id, now=now, name=made.name, people=_codes(members))
        made_id = made.id
    return get_crew(made_id)


def change_crew(
    crew_id: int, name: str, members: Sequence[Joining], *, version: int | None = None, actor: Actor, now: datetime
) -> Crew:
    """Name and members exactly as given; ``version``: of the crew that was looked at.

    Raises NotFound, Forbidden, Invalid, Conflict (``crew.changed`` where somebody changed it since).
    """
    with transaction():
        crew = _theirs(crew_id, actor, now)
        _claim(crew, version)
        was, before = crew.name, [each.person.code for each in crew.members]
        crew.name = _free_name(crew.unit, name, besides=crew.id)
        wanted = _members(members)
        known = {each.person_id: each for each in crew.members}
        for each in wanted:
            if (old := known.get(each.person_id)) is not None:
                old.position, old.duties = each.position, each.duties
        crew.members = [known.get(each.person_id, each) for each in wanted]
        crew.updated_at, crew.updated_by = now, actor.ref
        _flush(crew.unit, crew.name)
        detail = {"name": crew.name, "was": was, "people": _codes(members), "before": before}
        audit.record(actor, "crew.change", "crew", crew.id, now=now, **detail)
    return get_crew(crew_id)


def delete_crew(crew_id: int, *, actor: Actor, now: datetime) -> str:
    """Answers its name. Raises NotFound, Forbidden."""
    with transaction() as session:
        crew = _theirs(crew_id, actor, now)
        _claim(crew, None)
        name, codes = crew.name, [each.person.code for each in crew.members]
        audit.record(actor, "crew.delete", "crew", crew.id, now=now, name=name, people=codes)
        session.delete(crew)
    return name


def _theirs(crew_id: int, actor: Actor, now: datetime) -> Crew:
    crew = get_crew(crew_id)
    ensure(actor, "campaign.write", crew.unit_id, now=now)
    return crew


def _claim(crew: Crew, version: int | None) -> None:
    """The crew, as it was looked at, is this transaction's: whoever else writes it now is refused."""
    seen = crew.version if version is None else version
    mine = update(Crew).where(Crew.id == crew.id, Crew.version == seen).values(version=seen + 1)
    if db.session.execute(mine.returning(Crew.id)).scalar() is None:
        raise Conflict("crew.changed", state={"version": crew.version})
    db.session.refresh(crew, ["version"])


def _flush(unit: Unit, name: str) -> None:
    """Two may give the same name in the same moment: the database has the last word."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("crew.name_taken", field="name", unit=unit.name, name=name) from error


def _free_name(unit: Unit, name: str, besides: int | None = None) -> str:
    """Tidied. Names that differ in case alone are one."""
    tidy = fitting(" ".join(nfc(name).split()), LONGEST, "name", _("Tên kíp"))
    if not tidy:
        raise Invalid("crew.name_blank", field="name")
    taken = db.session.execute(select(Crew.id, Crew.name).where(Crew.unit_id == unit.id)).tuples()
    if any(other != besides and known.casefold() == tidy.casefold() for other, known in taken):
        raise Conflict("crew.name_taken", field="name", unit=unit.name, name=tidy)
    return tidy


def _members(members: Sequence[Joining]) -> list[CrewMember]:
    if len(members) > MOST:
        raise Invalid("crew.too_many", field="members", most=MOST, n=len(members))
    kinds = {kind.code for kind in people.duty_kinds()}
    found = list[CrewMember]()
    for position, each in enumerate(members):
        person: Person = people.person_by_code(each.person)
        if any(other.person_id == person.id for other in found):
            raise Conflict("crew.twice", field="members", person=person.full_name)
        if unknown := [code for code in each.duties if code not in kinds]:
            raise NotFound("duty_kind.unknown", field="members", duty=unknown[0])
        duties = list(dict.fromkeys(each.duties))
        found.append(CrewMember(person_id=person.id, position=position, duties=duties))
    return found


def _codes(members: Sequence[Joining]) -> list[str]:
    return [each.person for each in members]


def make_crews(unit_code: str, crews: Sequence[tuple[str, Sequence[Joining]]], *, actor: Actor, now: datetime) -> int:
    """Several at once, (name, members) each; all of them or none. Raises as ``make_crew``."""
    with transaction():
        for name, members in crews:
            make_crew(unit_code, name, members, actor=actor, now=now)
    return len(crews)
