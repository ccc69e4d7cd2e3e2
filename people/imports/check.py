"""Import of units, people and absences: check everything first, then write.

:func:`check` finds every fault and every change and writes nothing; ``people.imports.write`` writes. The whole folder
is put together in ``roster.importing.services``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from core.db import db
from people import queries
from people.columns.absences import ABSENCES
from people.columns.column import Lists
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.imports import addresses
from people.imports.addresses import Shared
from people.imports.job import ImportJob, RowChange
from people.imports.records import Record
from people.models import Absence, Person, Unit

LONGEST_ABSENCE = 366
LONGEST_SHOWN = 12


@dataclass(frozen=True)
class PersonFacts:
    """A person as known after the import."""

    unit: str
    duties: frozenset[str]
    skills: frozenset[str] = frozenset()


@dataclass
class ImportedDirectory:
    """Units and people as they will be when the files are in. ``parents``: unit code → parent's code or ``None``."""

    parents: dict[str, str | None] = field(default_factory=dict)
    people: dict[str, PersonFacts] = field(default_factory=dict)

    def above(self, unit: str, until: Collection[str] = ()) -> list[str]:
        """The unit and its ancestors; ends below a unit of ``until``, and at the first that comes round again."""
        chain: dict[str, None] = {}
        at: str | None = unit
        while at is not None and at in self.parents and at not in chain and at not in until:
            chain[at] = None
            at = self.parents[at]
        return list(chain)


@dataclass
class ImportPlan:
    """What ``people.imports.write.write`` will do."""

    directory: ImportedDirectory = field(default_factory=ImportedDirectory)
    units: list[RowChange] = field(default_factory=list)
    people: list[RowChange] = field(default_factory=list)
    absences: list[RowChange] = field(default_factory=list)
    phones: set[str] = field(default_factory=set)
    """Of units: counters, which are nobody's own."""
    shared: Shared = field(default_factory=Shared)


def lists() -> Lists:
    """Return what the enterprise's own tables list now."""
    return {
        "unit_kinds": [kind.code for kind in queries.unit_kinds()],
        "duty_kinds": [kind.code for kind in queries.duty_kinds()],
        "work_patterns": [pattern.code for pattern in queries.work_patterns()],
    }


def check(job: ImportJob) -> ImportPlan:
    """Read and check the three sheets; faults and counts go to ``job``. Reads the database, writes nothing."""
    plan = ImportPlan()
    _check_units(job, plan)
    _check_people(job, plan)
    _check_absences(job, plan)
    return plan


# --- units ---------------------------------------------------------------------------------------------------------


def _check_units(job: ImportJob, plan: ImportPlan) -> None:
    rows = queries.units()
    codes = {unit.id: unit.code for unit in rows}
    known = {unit.code: _unit_values(unit, codes) for unit in rows}
    records = job.records(UNITS)
    for record in records:
        job.adopt_code(record, known)
    job.refuse_repeated(records, UNITS)
    parents = plan.directory.parents = {code: values["parent_code"] or None for code, values in known.items()}
    parents |= {str(r.values["code"]): None for r in records if "code" in r.values and r.values["code"] not in parents}
    for record in records:
        parent = job.refer(record, "parent_code", parents, "import.unknown_parent")
        if "code" in record.values and "code" not in record.bad and "parent_code" in record.values:
            parents[record.values["code"]] = parent
    _refuse_cycles(job, plan.directory, records)
    _widen_scope(job, {code: parent for code, parent in parents.items() if code not in known})
    for record in records:
        _check_unit_scope(job, record, known)
        record.values["is_demo"] = job.is_demo
    _warn_second_root(job, records, known)
    plan.phones = {values["phone"] for values in (*known.values(), *(r.values for r in records)) if values.get("phone")}
    current = {(code,): values for code, values in known.items()}
    plan.units = job.compare(records, UNITS, current)


def _unit_values(unit: Unit, codes: Mapping[int, str]) -> dict[str, Any]:
    parent = codes[unit.parent_id] if unit.parent_id is not None else ""
    return {**UNITS.known(unit), "parent_code": parent, "is_demo": unit.is_demo}


def _refuse_cycles(job: ImportJob, directory: ImportedDirectory, records: list[Record]) -> None:
    """A unit that is above itself, named on every row that takes part."""
    in_order: set[str] = set()
    for record in records:
        code = record.values.get("code")
        parent = directory.parents.get(code) if code is not None else None
        if parent is None or parent in in_order:
            continue
        path = [str(code), *directory.above(parent, until=in_order)]
        if code in path[1:]:
            loop = path[: path.index(str(code), 1) + 1]
            job.error(record, "parent_code", "import.parent_cycle", path=" → ".join(loop[:LONGEST_SHOWN]))
        elif directory.parents.get(path[-1]) is None or directory.parents[path[-1]] in in_order:
            in_order.update(path)


def _widen_scope(job: ImportJob, new: Mapping[str, str | None]) -> None:
    """New units below the actor's own subtree are the actor's too; existing ones cannot be pulled in."""
    if job.scope is None:
        return
    grown = True
    while grown:
        more = {code for code, parent in new.items() if parent in job.scope} - job.scope
        job.scope |= more
        grown = bool(more)


def _check_unit_scope(job: ImportJob, record: Record, known: Mapping[str, Mapping[str, Any]]) -> None:
    code, parent = record.values.get("code"), record.values.get("parent_code", "")
    before = known.get(code) if isinstance(code, str) else None
    if before is not None and before["parent_code"] == parent:
        job.refuse_outside(record, "code", code)
    elif before is not None:
        job.refuse_outside(record, "parent_code", code, before["parent_code"], parent or "")
    else:
        job.refuse_outside(record, "parent_code", code, parent or "")


def _warn_second_root(job: ImportJob, records: list[Record], known: Mapping[str, Mapping[str, Any]]) -> None:
    """One enterprise has one unit at the top; a second one is usually a forgotten parent_code."""
    roots = [code for code, values in known.items() if not values["parent_code"]]
    for record in records:
        code = record.values.get("code")
        if record.values.get("parent_code") or record.bad or code in roots:
            continue
        if roots and code not in known:
            job.warn(record, "parent_code", "import.second_root", root=roots[0])
        roots.append(str(code))


# --- people --------------------------------------------------------------------------------------------------------


def _check_people(job: ImportJob, plan: ImportPlan) -> None:
    rows = db.session.scalars(queries.with_details(select(Person)))
    known = {person.code: _person_values(person) for person in rows}
    records = job.records(PEOPLE)
    for record in records:
        job.adopt_code(record, known)
    job.refuse_repeated(records, PEOPLE)
    everyone = plan.directory.people
    everyone |= {c: _facts(p["unit_code"], p) for c, p in known.items()}
    for record in records:
        code = record.values.get("code")
        before = known.get(code) if code is not None else None
        unit = job.refer(record, "unit_code", plan.directory.parents, "import.unknown_unit")
        job.refuse_outside(record, "unit_code", unit, before["unit_code"] if before else None)
        record.values["is_demo"] = job.is_demo
        if code is not None:
            everyone[code] = _facts(unit or "", {**(before or {}), **record.values})
        _check_limits(job, record, before or {})
        _warn_unreachable(job, record, before or {})
    plan.shared = addresses.check(job, records, known, plan.phones)
    plan.people = job.compare(records, PEOPLE, {(code,): values for code, values in known.items()})


def _person_values(person: Person) -> dict[str, Any]:
    return {
        **PEOPLE.known(person),
        "unit_code": person.unit.code,
        "email": person.email,
        "phone": person.phone,
        "duties": tuple(sorted(each.duty for each in person.duties)),
        "is_demo": person.is_demo,
    }


def _facts(unit: str, values: Mapping[str, Any]) -> PersonFacts:
    return PersonFacts(unit, frozenset(values.get("duties", ())), frozenset(values.get("skills", ())))


def _check_limits(job: ImportJob, record: Record, before: Mapping[str, Any]) -> None:
    now = {**before, **record.values}
    least, most = now.get("min_shifts"), now.get("max_shifts")
    if least is not None and most is not None and least > most:
        job.error(
            record,
            "min_shifts" if "min_shifts" in record.values else "max_shifts",
            "import.min_above_max",
            least=least,
            most=most,
        )


def _warn_unreachable(job: ImportJob, record: Record, before: Mapping[str, Any]) -> None:
    now = {**before, **record.values}
    if not now.get("active", True):
        return
    for column, problem in (("phone", "import.no_phone"), ("email", "import.no_email"), ("duties", "import.no_duty")):
        if not now.get(column) and column not in record.bad:
            job.warn(record, column, problem)


# --- absences ------------------------------------------------------------------------------------------------------


def _check_absences(job: ImportJob, plan: ImportPlan) -> None:
    if ABSENCES.name not in job.tables.tables:
        return
    rows = db.session.execute(select(Absence, Person.code).join(Person, Person.id == Absence.person_id))
    known = {(code, a.from_on, a.to_on): {**ABSENCES.known(a), "person_code": code} for a, code in rows}
    records = job.records(ABSENCES)
    for record in records:
        check_person(job, record, plan.directory)
        first, last = record.values.get("from"), record.values.get("to")
        if first is None or last is None:
            continue
        if last < first:
            job.error(record, "to", "import.reversed", first=f"{first:%d/%m/%Y}")
        elif (last - first).days >= LONGEST_ABSENCE:
            job.error(record, "to", "import.absence_too_long", days=(last - first).days + 1, limit=LONGEST_ABSENCE)
    job.refuse_repeated(records, ABSENCES)
    _warn_overlaps(job, records, list(known))
    plan.absences = job.compare(records, ABSENCES, known)


def check_person(job: ImportJob, record: Record, directory: ImportedDirectory) -> PersonFacts | None:
    """The person whom ``person_code`` names, whom the actor may touch; else an error on the row."""
    code = job.refer(record, "person_code", directory.people, "import.unknown_person")
    if code is None:
        return None
    facts = directory.people[code]
    job.refuse_outside(record, "person_code", facts.unit or None)
    return facts


def _warn_overlaps(job: ImportJob, records: list[Record], known: list[tuple[str, date, date]]) -> None:
    spans: dict[str, set[tuple[date, date]]] = defaultdict(set)
    for code, first, last in known:
        spans[code].add((first, last))
    for record in records:
        if record.bad or len(record.values.keys() & {"person_code", "from", "to"}) < 3:
            continue
        own = (record.values["from"], record.values["to"])
        others = spans[record.values["person_code"]]
        clash = next((o for o in sorted(others) if o != own and o[0] <= own[1] and own[0] <= o[1]), None)
        if clash is not None:
            job.warn(
                record, "from", "import.overlapping_absence", first=f"{clash[0]:%d/%m/%Y}", last=f"{clash[1]:%d/%m/%Y}"
            )
        others.add(own)
