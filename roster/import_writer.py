"""Writing demand, wishes and history of a checked import. Existing campaigns and their shifts are never touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.db import db
from people.import_job import Change
from people.import_writer import person_ids
from people.models import Unit
from roster.import_checks import IMPORTED, Plan
from roster.models import Demand, LedgerEntry, PersonPair, Wish

_DEMAND = {"start": "start_minute", "hours": "minutes", "headcount": "headcount", "form": "form",
           "replaces_work": "replaces_work", "skills": "skills", "wanted": "wanted"}  # fmt: skip
_WISH = {"want": "want", "weight": "weight"}
_HISTORY = {"points": "points", "giao_thua": "giao_thua", "mung_1": "mung_1", "nights": "nights"}


def write(plan: Plan) -> None:
    """Write all changes, in the importer's transaction."""
    people = person_ids()
    _write_demand(plan.demand)
    _write_wishes(plan.wishes, people)
    _write_history(plan.history, people)
    _write_pairs(plan.pairs, people)
    db.session.flush()


def _set(row: Any, values: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
    for name, attribute in attributes.items():
        if name in values:
            setattr(row, attribute, values[name])


def _write_demand(changes: Sequence[Change]) -> None:
    units = {row.code: row.id for row in db.session.execute(select(Unit.code, Unit.id))}
    rows = {(d.unit_id, d.duty, d.phase, d.template): d for d in db.session.scalars(select(Demand))} if changes else {}
    for change in changes:
        unit, duty, phase, template = change.key
        row = rows.get((units[unit], duty, phase, template))
        if row is None:
            row = Demand(unit_id=units[unit], duty=duty, phase=phase, template=template)
            db.session.add(row)
        _set(row, change.values, _DEMAND)


def _write_wishes(changes: Sequence[Change], people: Mapping[str, int]) -> None:
    rows = {(w.person_id, w.on_date, w.template): w for w in db.session.scalars(select(Wish))} if changes else {}
    for change in changes:
        code, on_date, template = change.key
        row = rows.get((people[code], on_date, template))
        if row is None:
            row = Wish(person_id=people[code], on_date=on_date, template=template)
            db.session.add(row)
        _set(row, change.values, _WISH)


def _write_history(changes: Sequence[Change], people: Mapping[str, int]) -> None:
    imported = select(LedgerEntry).where(LedgerEntry.source == IMPORTED)
    rows = {(e.person_id, e.tet_year): e for e in db.session.scalars(imported)} if changes else {}
    for change in changes:
        code, year = change.key
        row = rows.get((people[code], year))
        if row is None:
            row = LedgerEntry(person_id=people[code], tet_year=year, source=IMPORTED)
            db.session.add(row)
        _set(row, change.values, _HISTORY)


def _write_pairs(changes: Sequence[Change], people: Mapping[str, int]) -> None:
    rows = {(p.first_id, p.second_id): p for p in db.session.scalars(select(PersonPair))} if changes else {}
    for change in changes:
        first, second = sorted(people[code] for code in change.key)
        row = rows.get((first, second)) or PersonPair(first_id=first, second_id=second)
        row.kind = change.values["kind"]
        db.session.add(row)
