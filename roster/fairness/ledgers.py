"""Whose ledger is looked at: the people of a unit and below, or of those the ones who may take one kind of duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, spreadsheets
from core.actor import Actor
from core.db import db, transaction
from people import queries as people
from people.models import Person, PersonDuty, Unit
from roster.fairness.years import TetYears

COLUMNS = ("person_code", "full_name", "unit_code", "tet_year", "points", "giao_thua", "mung_1", "nights")
"""Of the files: those of ``history.csv``, with names."""
Row = tuple[str | int | float, ...]


def unit_of(code: str | None, actor: Actor) -> Unit | None:
    """The unit that is asked for, else the actor's, else the whole enterprise. Raises NotFound."""
    if code:
        return people.unit_by_code(code)
    if actor.unit_id is not None:
        return people.unit_by_id(actor.unit_id)
    return next(iter(people.root_units()), None)


def group(unit: Unit | None, duty: str | None = None) -> Sequence[Person]:
    """Active people of the unit and below, by name; ``duty``: the code of a kind that they may take."""
    wanted = select(Person).where(Person.active).options(joinedload(Person.unit))
    if unit is not None:
        wanted = wanted.where(Person.unit_id.in_(people.subtree_ids(unit.id)))
    if duty:
        wanted = wanted.where(Person.id.in_(select(PersonDuty.person_id).where(PersonDuty.duty == duty)))
    return db.session.scalars(wanted.order_by(Person.sort_key, Person.id)).all()


def rows(sheet: TetYears, *, only: int | None = None) -> list[Row]:
    """The values of ``COLUMNS``, by name and Tết; ``only``: the id of whom alone."""
    return [
        (
            person.code,
            person.full_name,
            person.unit.code,
            year,
            known.points / 100,
            known.giao_thua,
            known.mung_1,
            known.nights,
        )
        for person in sheet.people
        if only is None or person.id == only
        for year, known in sorted(sheet.of.get(person.id, {}).items())
    ]


def as_csv(found: Sequence[Row]) -> bytes:
    return spreadsheets.csv_file([COLUMNS, *found])


def as_xlsx(found: Sequence[Row]) -> bytes:
    from openpyxl import Workbook  # only here: it costs every process a tenth of its start

    book = Workbook()
    for each in (COLUMNS, *found):
        spreadsheets.append(book.active, each)
    return spreadsheets.saved(book)


def note_download(unit: Unit | None, form: str, *, actor: Actor, now: datetime) -> None:
    """Who took the ledger of whom as a file is written down."""
    with transaction():
        audit.record(actor, "ledger.download", "unit", unit.id if unit else "", now=now, form=form)
