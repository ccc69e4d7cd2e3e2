"""Checking what an import folder says of people together: skills that shifts ask for, and pairs. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from core.i18n import duration
from people.imports.check import ImportedDirectory, check_person
from people.imports.job import ImportJob, Key, RowChange
from people.imports.records import Record
from roster.sources import columns
from roster.sources.long_duty import Limits
from roster.sources.models import PersonPair


def check_people_of(
    job: ImportJob,
    record: Record,
    directory: ImportedDirectory,
    current: Mapping[Key, Mapping[str, Any]],
    *,
    limits: Limits,
) -> None:
    """Whether a row of demand can get the people it asks for: numbers that contradict, skills that nobody has, and
    longer on site than the rules let anybody be."""
    given = record.values
    key = tuple(given.get(name) for name in ("unit_code", "duty", "phase", "shift"))
    now = {**current.get(key, {}), **given}
    if now.get("form") == "onsite" and not now.get("legal_ground"):
        _check_length(job, record, directory, limits, row=now)
    needed, wanted, skills = now.get("headcount"), now.get("wanted"), now.get("skills") or {}
    if needed is None or record.bad & {"headcount", "wanted", "skills"}:
        return
    if given.get("wanted") is not None and wanted <= needed:
        job.warn(record, "wanted", "import.wanted_no_effect", headcount=needed)
    for skill, number in skills.items():
        if number > needed:
            job.error(record, "skills", "import.skill_too_many", skill=skill, number=number, people=needed)
        elif given.get("skills") and not _anybody(directory, now.get("unit_code"), now.get("duty"), skill):
            job.warn(record, "skills", "import.skill_nobody", skill=skill)


def _check_length(
    job: ImportJob, record: Record, directory: ImportedDirectory, limits: Limits, *, row: Mapping[str, Any]
) -> None:
    unit = row.get("unit_code")
    limit = limits.limit_for(directory.above(unit)) if unit in directory.parents else None
    minutes = row.get("hours", 0)
    if limit is not None and minutes > limit.minutes:
        told = {"length": duration(60 * minutes), "limit": duration(60 * limit.minutes), "source": limit.source}
        job.warn(record, "legal_ground", "import.long_duty", **told)


def _anybody(directory: ImportedDirectory, unit: str | None, duty: str | None, skill: str) -> bool:
    return any(
        skill in person.skills and duty in person.duties and unit in directory.above(person.unit)
        for person in directory.people.values()
    )


def check_pairs(job: ImportJob, directory: ImportedDirectory) -> list[RowChange]:
    """The pairs to write; two people are one pair whichever is named first."""
    sheet = columns.PAIRS
    if sheet.name not in job.tables.tables:
        return []
    rows = db.session.scalars(select(PersonPair).options(joinedload(PersonPair.first), joinedload(PersonPair.second)))
    current: dict[Key, dict[str, Any]] = {}
    for row in rows:
        key = tuple(sorted((row.first.code, row.second.code)))
        current[key] = {**sheet.known(row), "person_code": key[0], "other_code": key[1]}
    records = job.records(sheet)
    for record in records:
        check_person(job, record, directory)
        other = job.refer(record, "other_code", directory.people, "import.unknown_person")
        if other is not None:
            job.refuse_outside(record, "other_code", directory.people[other].unit or None)
        _order(job, record)
    job.refuse_repeated(records, sheet)
    return job.compare(records, sheet, current)


def _order(job: ImportJob, record: Record) -> None:
    codes = [record.values.get(name) for name in ("person_code", "other_code")]
    if None in codes or record.bad:
        return
    if codes[0] == codes[1]:
        job.error(record, "other_code", "import.pair_same")
        return
    record.values["person_code"], record.values["other_code"] = sorted(map(str, codes))
