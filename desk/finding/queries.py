"""What can be found: every unit and everybody who works there, read anew only after somebody wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from core import text
from core.db import db
from core.fast_path import shared_cache
from desk.finding.matching import SearchEntry
from people.models import Person, Unit


@dataclass(frozen=True)
class UnitSeen:
    id: int
    code: str
    name: str
    phone: str
    parent_id: int | None


@dataclass(frozen=True)
class SearchNames:
    """``units`` by id; ``home``: person id → their unit's id; ``position``: person id → what they are."""

    entries: tuple[SearchEntry, ...]
    units: dict[int, UnitSeen]
    home: dict[int, int]
    position: dict[int, str]


def known(today: date) -> SearchNames:
    """Units that are open on ``today`` (local) and people who work there."""
    memory = shared_cache.kept_now(shared_cache.GROUND)
    key = "desk.finding", today
    if key not in memory:
        memory[key] = _read_names(today)
    found: SearchNames = memory[key]
    return found


def _read_names(today: date) -> SearchNames:
    there = select(Unit.id, Unit.code, Unit.name, Unit.phone, Unit.parent_id).where(
        or_(Unit.valid_to.is_(None), Unit.valid_to >= today), or_(Unit.valid_from.is_(None), Unit.valid_from <= today)
    )
    units = [UnitSeen(*row) for row in db.session.execute(there).tuples()]
    working = select(Person.id, Person.full_name, Person.code, Person.sort_key, Person.unit_id, Person.position).where(
        Person.active
    )
    people = db.session.execute(working).tuples().all()
    entries = (
        *(SearchEntry(each.id, each.name, each.code, order=text.fold(each.name)) for each in units),
        *(SearchEntry(each[0], each[1], each[2], is_person=True, order=each[3]) for each in people),
    )
    return SearchNames(
        entries,
        {each.id: each for each in units},
        {each[0]: each[4] for each in people},
        {each[0]: each[5] for each in people},
    )
