"""Writing the units, people and absences of a checked import. Runs inside the importer's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core import text
from core.actor import Actor
from core.db import db
from people import accounts, import_addresses, queries
from people.import_job import Change
from people.importer import Plan
from people.models import Absence, Person, PersonDuty, Unit

# column of the file → attribute of the row
_UNIT = ("name", "kind", "phone", "address", "serves_party_state", "is_demo")
_PERSON = {
    "full_name": "full_name", "position": "position", "max_shifts": "max_shifts", "no_night": "no_night",
    "active": "active", "work_pattern": "work_pattern", "overtime_month": "overtime_month_minutes",
    "overtime_year": "overtime_year_minutes", "is_demo": "is_demo", "share": "share", "no_overtime": "no_overtime",
    "min_shifts": "min_shifts", "limits": "limits",
}  # fmt: skip


def write(plan: Plan, *, now: datetime, actor: Actor) -> list[Person]:
    """Write all changes; answers the people who were created or changed. Whoever left loses the account at once.

    Raises ``Forbidden`` or ``Conflict`` when an account may not be closed (higher role, last administrator).
    """
    _write_units(plan.units)
    changed, left = _write_people(plan, now, actor)
    for person in left:
        accounts.close_for(person, now=now, actor=actor)
    _write_absences(plan.absences)
    return changed


def _write_units(changes: Sequence[Change]) -> None:
    rows = {unit.code: unit for unit in queries.units()}
    for change in changes:
        code = change.key[0]
        unit = rows.get(code)
        if unit is None:
            unit = rows[code] = Unit(code=code)
            db.session.add(unit)
        for name in _UNIT:
            if name in change.values:
                setattr(unit, name, change.values[name])
        unit.search_key = text.fold(f"{unit.name} {unit.code}")
    for change in changes:
        if "parent_code" in change.values:
            parent = change.values["parent_code"]
            rows[change.key[0]].parent = rows[parent] if parent else None
    db.session.flush()


def _write_people(plan: Plan, now: datetime, actor: Actor) -> tuple[list[Person], list[Person]]:
    """Answers everybody written, and those of them who were here until now and have left."""
    changes = plan.people
    codes = [change.key[0] for change in changes]
    rows = {person.code: person for person in _people(codes)}
    before = [person for person in rows.values() if person.active]
    units = {unit.code: unit for unit in queries.units()}
    for change in changes:
        code, values = change.key[0], change.values
        person = rows.get(code)
        if person is None:
            person = rows[code] = Person(code=code, contacts=[], duties=[])
            db.session.add(person)
        for name, attribute in _PERSON.items():
            if name in values:
                setattr(person, attribute, values[name])
        person.unit = units[values["unit_code"]]
        if "duties" in values:
            _set_duties(person, values["duties"])
        if "skills" in values:
            person.skills = list(values["skills"])
        person.sort_key = text.name_sort_key(person.full_name)
    db.session.flush()
    import_addresses.write(rows, changes, plan.shared, now=now, actor=actor)
    for code in codes:
        phones = [each.address for each in rows[code].contacts if each.channel == "phone"]
        rows[code].search_key = queries.search_key(rows[code].full_name, code, phones)
    db.session.flush()
    return [rows[code] for code in codes], [person for person in before if not person.active]


def _people(codes: Sequence[str]) -> list[Person]:
    found: list[Person] = []
    for start in range(0, len(codes), 500):  # SQLite takes a limited number of parameters
        wanted = queries.with_details(select(Person).where(Person.code.in_(codes[start : start + 500])))
        found += db.session.scalars(wanted)
    return found


def _set_duties(person: Person, duties: Sequence[str]) -> None:
    kept = [each for each in person.duties if each.duty in duties]
    have = {each.duty for each in kept}
    person.duties = kept + [PersonDuty(duty=duty) for duty in duties if duty not in have]


def _write_absences(changes: Sequence[Change]) -> None:
    ids = person_ids()
    rows = {(a.person_id, a.from_on, a.to_on): a for a in db.session.scalars(select(Absence))} if changes else {}
    for change in changes:
        code, first, last = change.key
        absence = rows.get((ids[code], first, last))
        if absence is None:
            absence = Absence(person_id=ids[code], from_on=first, to_on=last)
            db.session.add(absence)
        for name, default in (("kind", "other"), ("note", "")):
            if change.is_new or name in change.values:
                setattr(absence, name, change.values.get(name, default))
    db.session.flush()


def person_ids() -> dict[str, int]:
    """Code → id of everybody."""
    return {row.code: row.id for row in db.session.execute(select(Person.code, Person.id))}
