"""Reading units and people. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from core import text
from core.db import db
from core.errors import NotFound
from core.fast_path import shared_cache
from core.form_values import whole_number
from people.models import (
    ApiKey,
    DutyKind,
    Person,
    PersonDuty,
    Unit,
    UnitHead,
    UnitKind,
    User,
    WorkPattern,
)
from people.unit_trees import ANCESTORS, ANCESTORS_OF, SUBTREE, climb

FROM_THE_TOP = ("enterprise", "province", "hub", "district", "commune", "branch", "department", "service_point")
"""Kinds of units as lists and forms name them."""

# --- units ---------------------------------------------------------------------------------------------------------


def find_unit(code: str) -> Unit | None:
    return db.session.scalar(select(Unit).where(Unit.code == code))


def unit_by_code(code: str) -> Unit:
    """Raises ``NotFound("unit.unknown")``."""
    unit = find_unit(code)
    if unit is None:
        raise NotFound("unit.unknown", field="unit", unit=code)
    return unit


def unit_by_id(unit_id: int) -> Unit:
    """Raises ``NotFound("unit.unknown")``."""
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise NotFound("unit.unknown", field="unit", unit=unit_id)
    return unit


def subtree_ids(unit_id: int) -> list[int]:
    """The unit and everything below it, itself first."""
    return list(shared_cache.remember("unit.subtree", _subtree_ids, unit_id))


def _subtree_ids(unit_id: int) -> tuple[int, ...]:
    return unit_id, *sorted(set(db.session.scalars(SUBTREE, {"unit_id": unit_id})) - {unit_id})


def ancestor_ids(unit_id: int) -> list[int]:
    """The unit, its parent, and so on up to the root."""
    return list(shared_cache.remember("unit.ancestors", _ancestor_ids, unit_id))


def _ancestor_ids(unit_id: int) -> tuple[int, ...]:
    return tuple(db.session.scalars(ANCESTORS, {"unit_id": unit_id}))


def ancestors_of(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """``ancestor_ids`` of each of many, in one statement of those that are not remembered."""
    known = shared_cache.remember("unit.above", dict[int, tuple[int, ...]])
    unknown = [each for each in unit_ids if each not in known]
    if unknown:
        above = dict(db.session.execute(ANCESTORS_OF, {"unit_ids": unknown}).tuples().all())
        known |= {each: tuple(climb(each, above)) for each in unknown}
    return {each: list(known[each]) for each in unit_ids}


def is_within(unit_id: int, top_id: int) -> bool:
    """Whether ``unit_id`` is ``top_id`` or below it."""
    return top_id in ancestor_ids(unit_id)


def root_units() -> list[Unit]:
    """Units without a parent, by code; usually one."""
    return list(db.session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.code)))


def units(unit_ids: Collection[int] | None = None) -> list[Unit]:
    """Every unit (or those of ``unit_ids``), by code."""
    wanted = select(Unit).order_by(Unit.code)
    if unit_ids is not None:
        wanted = wanted.where(Unit.id.in_(unit_ids))
    return list(db.session.scalars(wanted))


def unit_ids() -> dict[str, int]:
    """Code → id of every unit. Plain columns: there may be a thousand, and most pages need them."""
    return dict(shared_cache.remember("unit.ids", _unit_ids))


def _unit_ids() -> dict[str, int]:
    return dict(db.session.execute(select(Unit.code, Unit.id)).tuples().all())


def unit_tree() -> list[tuple[int, Unit]]:
    """(depth, unit) from the roots down, siblings by code."""
    children: dict[int | None, list[Unit]] = {}
    for unit in units():
        children.setdefault(unit.parent_id, []).append(unit)
    walked: list[tuple[int, Unit]] = []
    waiting = [(0, unit) for unit in reversed(children.get(None, []))]
    while waiting:
        depth, unit = waiting.pop()
        walked.append((depth, unit))
        waiting += [(depth + 1, child) for child in reversed(children.get(unit.id, []))]
    return walked


def headcounts() -> dict[int, int]:
    """Active people directly in each unit."""
    rows = db.session.execute(select(Person.unit_id, func.count()).where(Person.active).group_by(Person.unit_id))
    return {row[0]: row[1] for row in rows}


def unit_kinds() -> list[UnitKind]:
    """Return them from the top down; kinds of one's own follow by code."""
    place = {code: number for number, code in enumerate(FROM_THE_TOP)}
    found = db.session.scalars(select(UnitKind))
    return sorted(found, key=lambda kind: (place.get(kind.code, len(place)), kind.code))


def duty_kinds() -> list[DutyKind]:
    """Return them in the order in which they are shown."""
    return list(db.session.scalars(select(DutyKind).order_by(DutyKind.position, DutyKind.code)))


def work_patterns() -> list[WorkPattern]:
    return list(db.session.scalars(select(WorkPattern).order_by(WorkPattern.code)))


# --- people --------------------------------------------------------------------------------------------------------


def with_details(wanted: Select[tuple[Person]]) -> Select[tuple[Person]]:
    """Load unit, contacts and duties along with the people."""
    return wanted.options(joinedload(Person.unit), selectinload(Person.contacts), selectinload(Person.duties))


@cache
def _one(column: str) -> Select[tuple[Person]]:
    """Who has this ``code`` or ``id``: asked many times a second, so it is built once."""
    return with_details(select(Person).where(getattr(Person, column) == bindparam("value")))


def find_person(code: str) -> Person | None:
    return db.session.scalar(_one("code"), {"value": code})


def person_by_code(code: str) -> Person:
    """Raises ``NotFound("person.unknown")``."""
    person = find_person(code)
    if person is None:
        raise NotFound("person.unknown", field="person", person=code)
    return person


def person_by_id(person_id: int) -> Person:
    """Raises ``NotFound("person.unknown")``."""
    person = db.session.scalar(_one("id"), {"value": person_id})
    if person is None:
        raise NotFound("person.unknown", field="person", person=person_id)
    return person


def people_by_ids(person_ids: Collection[int]) -> dict[int, Person]:
    """Return those who exist among ``person_ids``, with unit, contacts and duties loaded."""
    if not person_ids:
        return {}
    found = db.session.scalars(with_details(select(Person).where(Person.id.in_(set(person_ids)))))
    return {person.id: person for person in found}


def named(names: Iterable[str]) -> set[str]:
    """Return which of these are the full names of active people, in lower case; as typed, or in capitals alone."""
    plain = {" ".join(each.split()) for each in names}
    wanted = select(Person.full_name).where(Person.active, Person.full_name.in_({*plain, *(n.title() for n in plain)}))
    return {each.casefold() for each in db.session.scalars(wanted)} if plain else set()


def brief(person_ids: Collection[int]) -> dict[int, Row[Any]]:
    """id → row of ``id``, ``code``, ``full_name``, ``sort_key``, ``position``, ``active``: quick for thousands."""
    wanted = select(Person.id, Person.code, Person.full_name, Person.sort_key, Person.position, Person.active)
    return {row.id: row for row in db.session.execute(wanted.where(Person.id.in_(set(person_ids))))}


def homes_of(person_ids: Collection[int]) -> dict[int, int]:
    """id → the unit that they belong to, of those who exist."""
    found = db.session.execute(select(Person.id, Person.unit_id).where(Person.id.in_(set(person_ids))))
    return dict(found.tuples().all())


def ids_of(codes: Collection[str]) -> dict[str, int]:
    """code → id. Raises ``NotFound("person.unknown")`` where there is no such person."""
    found = dict(db.session.execute(select(Person.code, Person.id).where(Person.code.in_(set(codes)))).tuples().all())
    if unknown := next((code for code in codes if code not in found), None):
        raise NotFound("person.unknown", field="person", person=unknown)
    return found


def codes_of(person_ids: Collection[int]) -> dict[int, str]:
    """id → code of those who exist."""
    return dict(db.session.execute(select(Person.id, Person.code).where(Person.id.in_(set(person_ids)))).tuples().all())


def heads_of(unit_ids: Sequence[int]) -> list[Person]:
    """The active heads of these units, in their order, each once; units without one are passed over."""
    return list(dict.fromkeys(heads_by_unit(unit_ids).values()))


def heads_by_unit(unit_ids: Collection[int]) -> dict[int, Person]:
    """Unit id → its active head, in the order of ``unit_ids``; units without one are left out."""
    wanted = select(UnitHead.unit_id, UnitHead.person_id).where(UnitHead.unit_id.in_(unit_ids))
    by_unit = dict(db.session.execute(wanted).tuples().all())
    found = people_by_ids(by_unit.values())
    heads = {each: found.get(by_unit.get(each, 0)) for each in unit_ids}
    return {each: head for each, head in heads.items() if head is not None and head.active}


def head_codes(unit_ids: Collection[int]) -> dict[int, str]:
    """Unit id → code of its head, also of one who has left; units without one are left out."""
    wanted = select(UnitHead.unit_id, Person.code).join(Person, Person.id == UnitHead.person_id)
    return dict(db.session.execute(wanted.where(UnitHead.unit_id.in_(unit_ids))).tuples().all())


def people_statement(
    q: str = "", unit_id: int | None = None, active: bool | None = True, duty: str | None = None
) -> Select[tuple[Person]]:
    """People of a unit and below whose name, code or phone contains every word of ``q`` (no diacritics needed)."""
    wanted = with_details(select(Person))
    if active is not None:
        wanted = wanted.where(Person.active == active)
    if unit_id is not None:
        wanted = wanted.where(Person.unit_id.in_(subtree_ids(unit_id)))
    if duty:
        wanted = wanted.where(Person.id.in_(select(PersonDuty.person_id).where(PersonDuty.duty == duty)))
    for word in search_words(q):
        wanted = wanted.where(Person.search_key.contains(word, autoescape=True))
    return wanted


def search_words(q: str) -> list[str]:
    """Folded words; a phone number typed with spaces or dots counts as one word of digits."""
    bare = "".join(c for c in q if c not in " .-()+")
    if len(bare) >= 3 and bare.isascii() and bare.isdigit():
        return [bare.removeprefix("84") if q.strip().startswith("+84") else bare]
    return text.fold(q).split()


def find_people(
    q: str = "", unit_id: int | None = None, active: bool | None = True, duty: str | None = None, *, limit: int = 500
) -> list[Person]:
    """By given name in the Vietnamese order; see :func:`people_statement`."""
    ordered = people_statement(q, unit_id, active, duty).order_by(Person.sort_key, Person.code).limit(limit)
    return list(db.session.scalars(ordered))


def search_key(full_name: str, code: str, phones: Collection[str]) -> str:
    """Return what :func:`find_people` searches: folded name, code and the digits of the phones."""
    return text.fold(" ".join([full_name, code, *phones]))


def page_of(statement: Select[tuple[Person]], page: int, size: int) -> tuple[list[Person], int]:
    """One numbered page (from 1) by given name, and how many there are in all."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    ordered = statement.order_by(Person.sort_key, Person.code).limit(size).offset((page - 1) * size)
    return list(db.session.scalars(ordered)), total


def actor_names(refs: Collection[str]) -> dict[str, str]:
    """Names for stored ``Actor.ref``s: of accounts, keys and people; what is no row keeps its own word (``cli``)."""
    found = {ref: ref.partition(":")[2] or ref for ref in refs}
    for kind, key, name in (
        ("user", User.id, User.name),
        ("key", ApiKey.id, ApiKey.name),
        ("person", Person.id, Person.full_name),
    ):
        of_kind = (ref.partition(":")[2] for ref in refs if ref.startswith(f"{kind}:"))
        ids = {number for each in of_kind if (number := whole_number(each)) is not None}
        rows = db.session.execute(select(key, name).where(key.in_(ids))) if ids else ()
        found |= {f"{kind}:{row[0]}": row[1] for row in rows}
    return found
