"""Writing the units, people and absences of a checked import. Runs inside the importer's transaction.

What is new, which is everything at the first import, goes in by a few statements for all rows: nobody waits for long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_sqlalchemy.model import Model
from sqlalchemy import ColumnElement, Select, insert, select, update

from core import text
from core.actor import Actor
from core.db import batched, db
from people import queries
from people.accounts import services as accounts
from people.columns.absences import ABSENCES
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.imports import addresses
from people.imports.check import ImportPlan
from people.imports.job import RowChange
from people.models import Absence, ContactMethod, Person, PersonDuty, Unit


def write(plan: ImportPlan, *, now: datetime, actor: Actor) -> list[Person]:
    """Write all changes; answers the people who were created or changed. People who left lose their account at once.

    Raises ``Forbidden`` or ``Conflict`` when an account may not be closed (higher role, last administrator).
    """
    _write_units(plan.units)
    changed, left = _write_people(plan, now, actor)
    for person in left:
        accounts.close_for(person, now=now, actor=actor)
    _write_absences(plan.absences, now)
    return changed


def _write_units(changes: Sequence[RowChange]) -> None:
    new = [_unit_row(change) for change in changes if change.is_new]
    if new:
        db.session.execute(insert(Unit), new)
    changed = [change for change in changes if not change.is_new]
    rows = {unit.code: unit for unit in queries.units()} if changed else {}
    for change in changed:
        unit = rows[change.key[0]]
        UNITS.put(unit, change.values)
        unit.is_demo = change.values["is_demo"]
        unit.search_key = text.fold(f"{unit.name} {unit.code}")
    db.session.flush()
    _place_units([change for change in changes if "parent_code" in change.values])


def _unit_row(change: RowChange) -> dict[str, Any]:
    code, values = change.key[0], change.values
    search_key = text.fold(f"{values.get('name', '')} {code}")
    return {**UNITS.kept(values), "is_demo": values["is_demo"], "code": code, "search_key": search_key}


def _place_units(changes: Sequence[RowChange]) -> None:
    """Where each belongs, once all are there: a parent may stand below its children in the file."""
    ids = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))} if changes else {}
    places = [
        {"id": ids[change.key[0]], "parent_id": ids[parent] if (parent := change.values["parent_code"]) else None}
        for change in changes
    ]
    if places:
        db.session.execute(update(Unit), places)
        db.session.expire_all()


def _write_people(plan: ImportPlan, now: datetime, actor: Actor) -> tuple[list[Person], list[Person]]:
    """Answers everybody written, and those of them who were here until now and have left."""
    changes = plan.people
    units = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))} if changes else {}
    given = _add_people([change for change in changes if change.is_new], units)
    left = _change_people(plan, [change for change in changes if not change.is_new], units, now, actor=actor)
    addresses.own(given, plan.shared)
    return _people([change.key[0] for change in changes], select(Person).order_by(Person.id)), left


def _add_people(changes: Sequence[RowChange], units: Mapping[str, int]) -> list[tuple[int, str]]:
    """Answers (person id, address) of what they bring: for the moment an office's addresses."""
    if not changes:
        return []
    db.session.execute(insert(Person), [_person_row(change, units) for change in changes])
    ids = person_ids()
    contacts = [row for change in changes for row in _contact_rows(ids[change.key[0]], change.values, units)]
    duties = [
        {"person_id": ids[change.key[0]], "duty": duty}
        for change in changes
        for duty in change.values.get("duties") or ()
    ]
    for model, rows in ((ContactMethod, contacts), (PersonDuty, duties)):
        if rows:
            db.session.execute(insert(model), rows)
    return [(row["person_id"], row["address"]) for row in contacts]


def _person_row(change: RowChange, units: Mapping[str, int]) -> dict[str, Any]:
    code, values = change.key[0], change.values
    phones = [values["phone"]] if values.get("phone") else []
    return {
        **PEOPLE.kept(values),
        "is_demo": values["is_demo"],
        "code": code,
        "unit_id": units[values["unit_code"]],
        "sort_key": text.name_sort_key(values["full_name"]),
        "search_key": queries.search_key(values["full_name"], code, phones),
    }


def _contact_rows(person_id: int, values: Mapping[str, Any], units: Mapping[str, int]) -> list[dict[str, Any]]:
    """Letters first, as everywhere."""
    given = [(channel, values[channel]) for channel in ("email", "phone") if values.get(channel)]
    office = {"person_id": person_id, "unit_id": units[values["unit_code"]]}
    return [
        {**office, "channel": channel, "address": address, "position": position}
        for position, (channel, address) in enumerate(given)
    ]


def _change_people(
    plan: ImportPlan, changes: list[RowChange], units: Mapping[str, int], now: datetime, *, actor: Actor
) -> list[Person]:
    """Answers who has left by it."""
    codes = [change.key[0] for change in changes]
    rows = {person.code: person for person in _people(codes)}
    before = [person for person in rows.values() if person.active]
    for change in changes:
        person, values = rows[change.key[0]], change.values
        PEOPLE.put(person, values)
        person.is_demo = values["is_demo"]
        person.unit_id = units[values["unit_code"]]
        if "duties" in values:
            _set_duties(person, values["duties"])
        person.sort_key = text.name_sort_key(person.full_name)
    db.session.flush()
    addresses.write(rows, changes, plan.shared, now=now, actor=actor)
    for code in codes:
        phones = [each.address for each in rows[code].contacts if each.channel == "phone"]
        rows[code].search_key = queries.search_key(rows[code].full_name, code, phones)
    db.session.flush()
    for person in rows.values():
        db.session.expire(person, ["unit"])
    return [person for person in before if not person.active]


def _people(codes: Sequence[str], wanted: Select[tuple[Person]] | None = None) -> list[Person]:
    """Return those people, with contacts and duties unless something else is ``wanted``."""
    query = queries.with_details(select(Person)) if wanted is None else wanted
    return [person for some in batched(codes) for person in db.session.scalars(query.where(Person.code.in_(some)))]


def _set_duties(person: Person, duties: Sequence[str]) -> None:
    kept = [each for each in person.duties if each.duty in duties]
    have = {each.duty for each in kept}
    person.duties = kept + [PersonDuty(duty=duty) for duty in duties if duty not in have]


def _write_absences(changes: Sequence[RowChange], now: datetime) -> None:
    ids = person_ids() if changes else {}
    keys = ("person_id", "from_on", "to_on")
    rows = [WrittenRow((ids[change.key[0]], *change.key[1:]), _absence(change, now)) for change in changes]
    upsert(Absence, keys, rows)


def _absence(change: RowChange, now: datetime) -> dict[str, Any]:
    values = ABSENCES.kept(change.values)
    return {**ABSENCES.blank(), "recorded_at": now, **values} if change.is_new else values


@dataclass(frozen=True)
class WrittenRow:
    """One row to write: which one by its key, and what it shall be."""

    key: tuple[Any, ...]
    values: Mapping[str, Any]


def upsert(
    model: type[Model],
    keys: Sequence[str],
    rows: Sequence[WrittenRow],
    *,
    among: ColumnElement[bool] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> None:
    """Change the rows of ``model`` (``among`` them) that have such a key, and add the others with what is ``fixed``.

    A handful of statements, however many rows there are.
    """
    if not rows:
        return
    columns = [getattr(model, name) for name in keys]
    known = select(model.id, *columns)  # type: ignore[attr-defined]
    found = db.session.execute(known if among is None else known.where(among))
    ids = {tuple(each): number for number, *each in found}
    changed, new = defaultdict[Any, list[Any]](list), defaultdict[Any, list[Any]](list)
    for row in rows:
        if row.key in ids:
            changed[tuple(row.values)].append({"id": ids[row.key], **row.values})
        else:
            new[tuple(row.values)].append({**dict(zip(keys, row.key, strict=True)), **row.values, **(fixed or {})})
    for some in new.values():
        db.session.execute(insert(model), some)
    for some in changed.values():
        if len(some[0]) > 1:
            db.session.execute(update(model), some)


def person_ids() -> dict[str, int]:
    """Code → id of everybody."""
    return {row.code: row.id for row in db.session.execute(select(Person.code, Person.id))}
