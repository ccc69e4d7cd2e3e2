"""Units and duty kinds as plain facts for calls that come all the time: read anew only after somebody wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.errors import NotFound
from core.fast_path import shared_cache
from people import queries
from people.models import DutyKind, Unit


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(Unit.__tablename__, DutyKind.__tablename__)


@dataclass(frozen=True)
class UnitFact:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class KindFact:
    code: str
    name_vi: str
    name_en: str
    letter: str
    colour: str
    obligatory: bool = False
    check_in_since: datetime | None = None
    ready_since: datetime | None = None


def find_unit(code: str) -> UnitFact | None:
    return shared_cache.remember("unit.code", lambda wanted: _unit(queries.find_unit(wanted)), code)


def unit_by_code(code: str) -> UnitFact:
    """Raises ``NotFound("unit.unknown")``."""
    found = find_unit(code)
    if found is None:
        raise NotFound("unit.unknown", field="unit", unit=code)
    return found


def unit_by_id(unit_id: int) -> UnitFact:
    """Raises ``NotFound("unit.unknown")``."""
    return shared_cache.remember("unit.id", lambda wanted: _known(queries.unit_by_id(wanted)), unit_id)


def first_root() -> UnitFact | None:
    """The top of the enterprise (of several, the first by code); ``None`` while there are no units."""
    return shared_cache.remember("unit.root", lambda: _unit(next(iter(queries.root_units()), None)))


def ancestors_of(unit_ids: frozenset[int]) -> dict[int, list[int]]:
    """Each unit with what is above it, itself first."""
    return shared_cache.remember("unit.ancestors_of", queries.ancestors_of, unit_ids)


def duty_kinds() -> tuple[KindFact, ...]:
    """Return them in the order in which they are shown."""
    return shared_cache.remember("duty_kinds", lambda: tuple(_kind(row) for row in queries.duty_kinds()))


def _kind(row: DutyKind) -> KindFact:
    return KindFact(
        row.code,
        row.name_vi,
        row.name_en,
        row.letter,
        row.colour,
        row.obligatory,
        check_in_since=row.check_in_since,
        ready_since=row.ready_since,
    )


def _unit(row: Unit | None) -> UnitFact | None:
    return _known(row) if row is not None else None


def _known(row: Unit) -> UnitFact:
    return UnitFact(row.id, row.code, row.name)
