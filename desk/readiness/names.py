"""Names and codes of the people and units that items speak of, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.db import batched, db
from desk.readiness.judging import ReadinessItem, ReadinessTrouble
from people import queries as people
from people.models import Unit


@dataclass(frozen=True)
class Named:
    code: str
    name: str


@dataclass(frozen=True)
class ReadinessNames:
    """By id; what was removed meanwhile is not there."""

    people: Mapping[int, Named]
    units: Mapping[int, Named]

    def people_named(self, item: ReadinessItem) -> list[Named]:
        """Each once, in the order of the item's troubles."""
        ids = dict.fromkeys(each.person_id for each in item.troubles)
        return [self.people[each] for each in ids if each is not None and each in self.people]

    def units_named(self, item: ReadinessItem) -> list[Named]:
        ids = dict.fromkeys(unit_id for each in item.troubles for unit_id in sorted(each.units))
        return [self.units[each] for each in ids if each in self.units]


def read_names(troubles: Iterable[ReadinessTrouble]) -> ReadinessNames:
    troubles = list(troubles)
    person_ids = {each.person_id for each in troubles if each.person_id is not None}
    unit_ids = {unit_id for each in troubles for unit_id in each.units}
    found = {row.id: Named(row.code, row.full_name) for row in people.brief(person_ids).values()} if person_ids else {}
    units = select(Unit.id, Unit.code, Unit.name)
    rows = (row for some in batched(sorted(unit_ids)) for row in db.session.execute(units.where(Unit.id.in_(some))))
    return ReadinessNames(found, {row.id: Named(row.code, row.name) for row in rows})
