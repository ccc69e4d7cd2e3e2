"""A column is said once: what a new one needs besides is the row that keeps it, and what uses it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pydantic import ValidationError
from sqlalchemy import select
from wtforms import IntegerField

from core import text
from core.actor import Actor
from core.api.types import ApiModel
from core.forms import choices
from people import forms as people_forms, services as people_services
from people.columns import bodies, form_fields, kinds
from people.columns.absences import ABSENCES
from people.columns.column import FormField, SheetColumn, SheetFormat
from people.columns.people import PEOPLE
from people.columns.units import UNITS
from people.models import Absence, Person, Unit
from roster.fairness.models import LedgerEntry
from roster.importing import services as importer
from roster.sources import columns, forms as roster_forms, services
from roster.sources.models import Demand, PersonPair, Wish
from tests.support import factories

NOW = datetime(2020, 1, 10, 2, 0, tzinfo=UTC)
ADMIN = Actor(name="Quản trị", role="admin", via="cli")
DEMAND = "duty,unit_code,phase,shift,start,hours,headcount,form,Mong có\noperations,T,during,Đêm,22:00,8,2,onsite,"
MODELS = [
    (UNITS, Unit),
    (PEOPLE, Person),
    (ABSENCES, Absence),
    (columns.WISHES, Wish),
    (columns.HISTORY, LedgerEntry),
    (columns.DEMAND, Demand),
    (columns.PAIRS, PersonPair),
]


def hoped(stored: str) -> SheetColumn:
    """A column that the product has not."""
    return SheetColumn(
        "hoped",
        "Mong có",
        kinds.whole(1, 5),
        "How many it hopes for.",
        default=None,
        example="3",
        stored=stored,
        asked=FormField(IntegerField("Mong có")),
    )


def with_hoped(sheet: SheetFormat, instead_of: str) -> SheetFormat:
    """The column is kept where another one was, so that the database is what it is."""
    others = tuple(column for column in sheet.columns if column.name != instead_of)
    return replace(sheet, columns=(*others, hoped(instead_of)))


@pytest.fixture
def demand(db: Any, monkeypatch: pytest.MonkeyPatch) -> SheetFormat:
    sheet = with_hoped(columns.DEMAND, "wanted")
    monkeypatch.setattr(columns, "DEMAND", sheet)
    monkeypatch.setattr(services, "DEMAND", sheet)
    factories.make_unit("T")
    return sheet


def run(**files: str) -> importer.ImportReport:
    given = importer.read_uploads([(f"{name}.csv", text.encode()) for name, text in files.items()])
    return importer.import_folder(given, dry_run=False, now=NOW, actor=ADMIN)


def test_a_new_column_is_checked_written_and_compared(db: Any, demand: SheetFormat) -> None:
    wrong = run(demand=f"{DEMAND}9\n")
    assert [(each.column, each.code) for each in wrong.errors] == [("hoped", "import.out_of_range")]
    written = run(demand=f"{DEMAND}3\n")
    assert written.applied and db.session.scalars(select(Demand.wanted)).all() == [3]
    assert run(demand=f"{DEMAND}3\n").counts["demand"].unchanged == 1
    assert run(demand=f"{DEMAND}\n").applied and db.session.scalars(select(Demand.wanted)).all() == [None]


def test_a_new_column_is_in_the_template(demand: SheetFormat) -> None:
    book = load_workbook(io.BytesIO(importer.export_template()))
    assert [cell.value for cell in book["demand"][1]][-1] == "Mong có (hoped)"
    told = [row for row in book["Hướng dẫn"].iter_rows(values_only=True) if row[:2] == ("demand", "Mong có (hoped)")]
    assert told == [("demand", "Mong có (hoped)", None, "How many it hopes for.", "3")]


def test_a_new_column_is_in_bodies_and_answers_and_is_saved(demand: SheetFormat) -> None:
    body: type[ApiModel] = bodies.taking(demand)
    said = {"duty": "operations", "unit_code": "T", "phase": "during", "shift": "Đêm", "start": "22:00", "hours": 8}
    said |= {"headcount": 2, "form": "onsite"}
    with pytest.raises(ValidationError):
        body.model_validate({**said, "hoped": 9})
    read = body.model_validate({**said, "hoped": 4}).model_dump()
    row, is_new = services.save_demand(demand.taken(read), actor=ADMIN, now=NOW)
    assert is_new and (row.start_minute, row.minutes, row.wanted) == (1320, 480, 4)
    answer = bodies.giving(demand).model_validate(demand.given(row, {"unit_code": "T"})).model_dump()
    assert answer == {**said, "hoped": 4, "replaces_work": False, "skills": {}, "legal_ground": ""}


def test_a_new_column_is_asked_by_the_form_and_saved(app: Flask, demand: SheetFormat) -> None:
    typed = {"duty": "operations", "unit": "T", "phase": "during", "template": "Đêm", "start": "22:00"}
    typed |= {"minutes": "480", "headcount": "2", "form": "onsite", "hoped": "5"}
    with app.test_request_context(method="POST", data=typed):
        form = form_fields.form_of(demand)()
        form.unit.choices, form.duty.choices = choices([("T", "T")]), choices([("operations", "operations")])
        assert form.validate(), form.errors
        row, _is_new = services.save_demand(form_fields.said(demand, form), actor=ADMIN, now=NOW)
    assert (row.template, row.wanted) == ("Đêm", 5)


def test_a_new_column_of_people_as_well(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = with_hoped(PEOPLE, "max_shifts")
    for module in ("people.imports.check", "people.imports.write", "people.services", "roster.importing.services"):
        monkeypatch.setattr(f"{module}.PEOPLE", sheet)
    factories.make_unit("T")
    report = run(people="code,full_name,unit_code,hoped\nN1,Ksor H’Nhung,T,3\n")
    assert report.applied and db.session.scalars(select(Person.max_shifts)).all() == [3]
    person, _is_new = people_services.save_person("N1", {"hoped": 5}, now=NOW, actor=ADMIN)
    assert person.max_shifts == 5
    elsewhere = {"unit_code": "T", "email": "", "phone": "", "duties": []}
    assert sheet.given(person, elsewhere)["hoped"] == 5


@pytest.mark.parametrize(("sheet", "model"), MODELS, ids=lambda each: getattr(each, "name", ""))
def test_what_a_column_says_is_so(sheet: SheetFormat, model: Any) -> None:
    names = [column.name for column in sheet.columns]
    assert len(set(names)) == len(names) and set(sheet.key) <= set(names)
    stored = [column.attribute for column in sheet.columns if column.attribute is not None]
    assert [name for name in stored if name not in model.__table__.columns] == []
    headings = ["_".join(text.fold(column.title).replace("-", " ").split()) for column in sheet.columns]
    assert [sheet.meant(heading) for heading in headings] == names, "each Vietnamese heading means one column"


@pytest.mark.parametrize(
    ("sheet", "page"),
    [
        (UNITS, people_forms.UNIT_PAGE),
        (PEOPLE, people_forms.PERSON_PAGE),
        (columns.DEMAND, roster_forms.DEMAND_PAGE),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_pages_name_columns_that_are_asked_for(sheet: SheetFormat, page: str) -> None:
    assert [name for name in page.split() if sheet[name].asked is None] == []
