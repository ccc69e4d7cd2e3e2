"""Checking demand, wishes and history of an import folder. Reads the database, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core import text
from core.db import db
from people.imports.check import ImportedDirectory, check_person
from people.imports.job import ImportJob, RowChange
from people.imports.records import Record
from people.models import Person, Unit
from roster.fairness.models import LedgerEntry
from roster.importing.people_checks import check_pairs, check_people_of
from roster.snapshot.people import YEARS_CARRIED
from roster.sources import columns
from roster.sources.columns import ANY
from roster.sources.long_duty import Limits
from roster.sources.models import Demand, Wish

IMPORTED = "import"


@dataclass
class InputPlan:
    """What ``roster.importing.writer.write`` will do."""

    demand: list[RowChange] = field(default_factory=list)
    pairs: list[RowChange] = field(default_factory=list)
    wishes: list[RowChange] = field(default_factory=list)
    history: list[RowChange] = field(default_factory=list)


def check(job: ImportJob, directory: ImportedDirectory) -> InputPlan:
    """Faults and counts go to ``job``; ``directory`` holds units and people as they will be."""
    plan = InputPlan()
    templates = _check_demand(job, directory, plan)
    _check_wishes(job, directory, plan, templates)
    _check_history(job, directory, plan)
    plan.pairs = check_pairs(job, directory)
    return plan


Templates = dict[tuple[str, str], set[str]]


def _check_demand(job: ImportJob, directory: ImportedDirectory, plan: InputPlan) -> Templates:
    """Answers the names of shifts by (unit, duty), old and new."""
    sheet = columns.DEMAND
    rows = db.session.execute(select(Demand, Unit.code).join(Unit, Unit.id == Demand.unit_id)).all()
    current = {(unit, row.duty, row.phase, row.template): {**sheet.known(row), "unit_code": unit} for row, unit in rows}
    templates: Templates = defaultdict(set)
    for row, unit in rows:
        templates[unit, row.duty].add(row.template)
    records, limits = job.records(sheet), Limits(job.now)
    for record in records:
        unit_code = job.refer(record, "unit_code", directory.parents, "import.unknown_unit")
        job.refuse_outside(record, "unit_code", unit_code)
        if unit_code and {"duty", "shift"} <= record.values.keys():
            templates[unit_code, record.values["duty"]].add(record.values["shift"])
        check_people_of(job, record, directory, current, limits=limits)
    job.refuse_repeated(records, sheet)
    plan.demand = job.compare(records, sheet, current)
    return templates


def _check_wishes(job: ImportJob, directory: ImportedDirectory, plan: InputPlan, templates: Templates) -> None:
    sheet = columns.WISHES
    if sheet.name not in job.tables.tables:
        return
    rows = db.session.execute(select(Wish, Person.code).join(Person, Person.id == Wish.person_id))
    current = {(code, wish.on_date, wish.template): {**sheet.known(wish), "person_code": code} for wish, code in rows}
    everywhere = {name for names in templates.values() for name in names}
    records = job.records(sheet)
    for record in records:
        record.values.setdefault("shift", ANY)
        person = check_person(job, record, directory)
        if person is None:
            continue
        units = set(directory.above(person.unit))
        own = {n for (unit, duty), names in templates.items() if unit in units and duty in person.duties for n in names}
        _check_template(job, record, own, everywhere)
    plan.wishes = job.compare(_last_words(job, records), sheet, current)


def _last_words(job: ImportJob, records: list[Record]) -> list[Record]:
    """One wish for one thing: of two rows the later one is meant. Never an error."""
    last: dict[tuple[Any, ...], Record] = {}
    for record in records:
        key = tuple(record.values.get(name) for name in ("person_code", "date", "shift"))
        if None in key or record.bad:
            continue
        if (before := last.get(key)) is not None:
            agrees = before.values["want"] == record.values["want"]
            job.warn(record, "want", "import.wish_repeated" if agrees else "import.wish_contradicts", row=before.number)
        last[key] = record
    return list(last.values())


def _check_template(job: ImportJob, record: Record, own: set[str], everywhere: set[str]) -> None:
    """A wish for a shift that this person never has is kept but cannot count; spelling is taken from the demand."""
    by_folded = {text.fold(name): name for name in (*sorted(everywhere), *sorted(own), ANY)}
    typed = record.values["shift"]
    name = by_folded.get(text.fold(typed), typed)
    record.values["shift"] = name
    if name == ANY or name in own:
        return
    known = sorted({*own, ANY})
    problem = "import.wish_not_own" if name in everywhere else "import.wish_unknown_shift"
    job.warn(record, "shift", problem, known=", ".join(known), near=text.nearest(typed, known))


def _check_history(job: ImportJob, directory: ImportedDirectory, plan: InputPlan) -> None:
    sheet = columns.HISTORY
    if sheet.name not in job.tables.tables:
        return
    rows = db.session.execute(select(LedgerEntry, Person.code).join(Person, Person.id == LedgerEntry.person_id)).all()
    current = {
        (code, entry.tet_year): {**sheet.known(entry), "person_code": code}
        for entry, code in rows
        if entry.source == IMPORTED
    }
    own = {(code, e.tet_year) for e, code in rows if e.source != IMPORTED}
    records = job.records(sheet)
    newest = max((r.values["tet_year"] for r in records if "tet_year" in r.values), default=0)
    for record in records:
        check_person(job, record, directory)
        year = record.values.get("tet_year")
        if year is None:
            continue
        if (record.values.get("person_code"), year) in own:
            job.warn(record, "tet_year", "import.history_counted_twice", year=year)
        elif year <= newest - YEARS_CARRIED:
            job.warn(record, "tet_year", "import.history_old", years=YEARS_CARRIED)
    job.refuse_repeated(records, sheet)
    plan.history = job.compare(records, sheet, current)
