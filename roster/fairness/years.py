"""The ledger of earlier Tết, read by year: what was imported, closed and corrected, added up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.db import batched, db
from people.models import Person
from roster.fairness import turns
from roster.fairness.models import LedgerEntry
from roster.snapshot.people import YEARS_CARRIED

PEAKS = ("giao_thua", "mung_1")
SHOWN = 6
"""Latest Tết that are shown beside each other."""


@dataclass(frozen=True)
class Year:
    """What one person carried at one Tết; points in hundredths, the rest how many times."""

    points: int
    giao_thua: int
    mung_1: int
    nights: int


@dataclass(frozen=True)
class TetYears:
    """``years``: the Tết that are shown, oldest first; ``of``: person id → Tết → what they carried; ``turns``: whose
    turn Giao thừa is, the next first; ``people`` by name."""

    people: Sequence[Person]
    years: Sequence[int]
    of: Mapping[int, Mapping[int, Year]]
    turns: Sequence[turns.EveTurn]

    def points(self) -> dict[int, dict[int, int]]:
        """Tết → person id → hundredths of a point."""
        return {
            year: {person_id: known[year].points for person_id, known in self.of.items() if year in known}
            for year in self.years
        }


def sheet(group: Sequence[Person], *, until: int | None = None) -> TetYears:
    """The ledger of these people; ``until``: the last Tết that is looked at, else the latest that anybody has."""
    found = years_of_people([person.id for person in group], until=until)
    years = sorted({year for known in found.values() for year in known})[-SHOWN:]
    standing = [_standing(person.id, found.get(person.id, {}), years[-1] if years else 0) for person in group]
    return TetYears(sorted(group, key=lambda each: (each.sort_key, each.id)), years, found, turns.order(standing))


def years_of_people(person_ids: Collection[int], *, until: int | None = None) -> dict[int, dict[int, Year]]:
    """Person id → Tết → what they carried, corrections added; people of whom nothing is known are left out."""
    sums = (func.sum(getattr(LedgerEntry, name)) for name in ("points", "giao_thua", "mung_1", "nights"))
    wanted = select(LedgerEntry.person_id, LedgerEntry.tet_year, *sums)
    if until is not None:
        wanted = wanted.where(LedgerEntry.tet_year <= until)
    wanted = wanted.group_by(LedgerEntry.person_id, LedgerEntry.tet_year)
    found: dict[int, dict[int, Year]] = {}
    for some in batched(sorted(person_ids)):
        for person_id, year, *values in db.session.execute(wanted.where(LedgerEntry.person_id.in_(some))):
            found.setdefault(person_id, {})[year] = Year(*(int(value) for value in values))
    return found


def last_stood(person_ids: Collection[int], *, before: int) -> dict[int, dict[str, int]]:
    """Person id → peak → the latest Tết before that year at which they stood it; what is not known is left out."""
    found: dict[int, dict[str, int]] = {}
    for person_id, known in years_of_people(person_ids, until=before - 1).items():
        for peak in PEAKS:
            stood = [year for year, each in known.items() if getattr(each, peak) > 0]
            if stood:
                found.setdefault(person_id, {})[peak] = max(stood)
    return found


def corrections(person_ids: Collection[int], year: int | None = None) -> Sequence[LedgerEntry]:
    """The corrections of these people, the latest first; ``year``: of one Tết."""
    wanted = select(LedgerEntry).options(joinedload(LedgerEntry.person)).where(LedgerEntry.reason != "")
    if year is not None:
        wanted = wanted.where(LedgerEntry.tet_year == year)
    found = [
        row
        for some in batched(sorted(person_ids))
        for row in db.session.scalars(wanted.where(LedgerEntry.person_id.in_(some)))
    ]
    return sorted(found, key=lambda row: row.id, reverse=True)


def _standing(person_id: int, known: Mapping[int, Year], latest: int) -> turns.EveTurn:
    stood = [year for year, each in known.items() if each.giao_thua > 0]
    load = sum(each.points for year, each in known.items() if year > latest - YEARS_CARRIED)
    return turns.EveTurn(person_id, max(stood, default=None), load)
