"""Which units a requirement is asked of. As plain columns: there may be a thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from compliance.register.models import Requirement, RequirementUnit
from core.db import batched, db
from people.models import Unit


@dataclass(frozen=True)
class RegisterPlace:
    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None


def open_on(day: date) -> list[RegisterPlace]:
    """Units that are there on that local day, by code. Whoever was closed before is asked nothing more."""
    wanted = select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent_id).where(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day), or_(Unit.valid_to.is_(None), Unit.valid_to >= day)
    )
    return [RegisterPlace(*row) for row in db.session.execute(wanted.order_by(Unit.code)).tuples()]


def chosen(requirement_ids: Sequence[int]) -> dict[int, set[int]]:
    """Requirement id → ids of the units that it names, of those that are asked of some."""
    found = defaultdict[int, set[int]](set)
    for some in batched(requirement_ids):
        wanted = select(RequirementUnit.requirement_id, RequirementUnit.unit_id)
        for requirement_id, unit_id in db.session.execute(
            wanted.where(RequirementUnit.requirement_id.in_(some))
        ).tuples():
            found[requirement_id].add(unit_id)
    return found


def asked(
    requirement: Requirement, places: Iterable[RegisterPlace], named: Mapping[int, Collection[int]]
) -> list[RegisterPlace]:
    """``named``: of ``chosen``."""
    off = frozenset(requirement.off_kinds)
    if requirement.scope == "all":
        return [each for each in places if each.kind not in off]
    mine = named.get(requirement.id, ())
    return [each for each in places if each.id in mine and each.kind not in off]


def is_asked(requirement: Requirement, unit: Unit, day: date) -> bool:
    """Whether it is asked of the unit on that local day."""
    there = (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or unit.valid_to >= day)
    if not there or unit.kind in requirement.off_kinds:
        return False
    if requirement.scope == "all":
        return True
    return db.session.get(RequirementUnit, (requirement.id, unit.id)) is not None


def asked_of_unit(rows: Iterable[Requirement], unit: Unit, answered: Collection[int], day: date) -> list[Requirement]:
    """Return those asked of it on that local day, and those (ids) that it ``answered`` while it was there."""
    return [each for each in rows if each.id in answered or is_asked(each, unit, day)]


def below(places: Sequence[RegisterPlace], top_id: int) -> list[RegisterPlace]:
    """The unit and all that hangs below it, through units that are closed as well as open ones."""
    parents = dict(db.session.execute(select(Unit.id, Unit.parent_id)).tuples().all())
    inside: dict[int | None, bool] = {None: False, top_id: True}
    return [each for each in places if _is_inside(each.id, parents, inside)]


def _is_inside(unit_id: int, parents: Mapping[int, int | None], known: dict[int | None, bool]) -> bool:
    walked: list[int] = []
    here: int | None = unit_id
    while here not in known:
        walked.append(here)  # type: ignore[arg-type]
        here = parents.get(here)  # type: ignore[arg-type]
    for each in walked:
        known[each] = known[here]
    return known[unit_id]
