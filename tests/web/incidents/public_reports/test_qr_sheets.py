"""Which sheets a unit has, and which of them are to be printed anew."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.actor import Actor
from core.db import db, transaction
from core.errors import Forbidden
from core.models import AuditEntry
from incidents.public_reports import codes, counter_codes, sheets
from people import queries as people
from people.access import guard
from people.models import Unit
from tests.support.enterprise import sign_in
from tests.support.service_point import ServicePoint
from tests.support.statements import statements
from tests.support.tet_night import ADMIN


@pytest.fixture
def office_desk(client: FlaskClient, point: ServicePoint) -> FlaskClient:
    sign_in(client, "qt1")
    return client


def printed(office_desk: FlaskClient, **asked: str) -> str:
    return str(office_desk.get("/incidents/qr/print", query_string=asked).get_data(as_text=True))


def mark(office_desk: FlaskClient, kind: str = "both") -> None:
    tags = re.findall(r'name="sheet" value="(\w+)"', printed(office_desk, kind=kind))
    assert office_desk.post("/incidents/qr/printed", data={"sheet": tags, "kind": kind}).status_code == 303


def sheet(point: ServicePoint, code: str = "BDA-1") -> sheets.PrintableSheet:
    return sheets.sheets_for([people.unit_by_id(point.night.ids[code])])[0]


def test_only_a_unit_with_a_counter_has_a_sheet_behind_it(office_desk: FlaskClient, point: ServicePoint) -> None:
    assert "/diem/" in printed(office_desk, unit="BDA-1")
    office = printed(office_desk, unit="BDT")
    assert "/bao/" in office and "/diem/" not in office
    assert "/diem/" not in printed(office_desk, unit="BDT", kind="counter")
    mark(office_desk)
    assert sheet(point).counter is not None
    assert sheet(point, "BDT").counter is None, "nobody printed one there"
    counter_codes.rotate(point.night.ids["BDT"], actor=ADMIN, now=point.now)
    assert not sheet(point, "BDT").is_counter_due
    counter_codes.rotate(point.unit_id, actor=ADMIN, now=point.now)
    assert sheet(point).is_counter_due


def test_a_withdrawn_sheet_outside_leaves_the_counters_alone(office_desk: FlaskClient, point: ServicePoint) -> None:
    point.has_old_sheets()
    codes.revoke(point.unit_id, actor=ADMIN, now=point.now)
    assert sheet(point).is_counter_due
    page = printed(office_desk, unit="BDA-1", again="1")
    assert "/diem/" in page and "/bao/" not in page
    mark(office_desk, "counter")
    assert not sheet(point).is_counter_due
    assert sheet(point).printed is None, "what is withdrawn was not printed"


@pytest.mark.both_dbs
def test_when_the_key_is_lost_every_sheet_is_to_be_printed_anew(office_desk: FlaskClient, point: ServicePoint) -> None:
    mark(office_desk)
    assert "Phải in lại" not in office_desk.get("/incidents/qr/").get_data(as_text=True)
    assert not sheet(point).is_counter_due
    sheets.void(actor=ADMIN, now=point.now)
    listed = office_desk.get("/incidents/qr/").get_data(as_text=True)
    assert "Phải in lại" in listed and "Chưa in tờ của quầy" in listed
    assert sheet(point).changed == ["generation"] and sheet(point).is_counter_due
    mark(office_desk)
    assert sheet(point).changed == [] and not sheet(point).is_counter_due


@pytest.mark.both_dbs("rows of many units in one statement, and held in one order")
def test_the_sheets_of_hundreds_are_marked_with_as_many_statements_as_a_few(
    office_desk: FlaskClient, point: ServicePoint
) -> None:
    few = [people.unit_by_id(point.night.ids[code]) for code in ("BDA", "BDA-1", "BDC")]
    many = few + new_points(point.night.ids["BDA"], 300)

    def may(actor: Actor, unit: Unit) -> bool:
        return bool(guard.allowed(actor, "report.manage", unit.id, now=point.now))

    def marked(units: list[Unit], actor: Actor) -> int:
        ids = [each.id for each in units]
        with statements() as sent:
            assert sheets.mark_printed(ids, actor=actor, now=point.now) == len(units)
        return len(sent)

    for actor in (ADMIN, point.night.actor("AN1", "manager")):
        some, all_of_them = ([each for each in units if may(actor, each)] for units in (few, many))
        marked(all_of_them, actor)  # the first time, and what is read once and kept
        assert marked(all_of_them, actor) == marked(some, actor)
    assert {each.counter_generation for each in sheets.sheets_for(many)} == {1}
    assert all(
        each.printed and each.printed.edition == 1 and not each.is_counter_due for each in sheets.sheets_for(many)
    )


def test_one_unit_of_others_among_ones_own_refuses_them_all(office_desk: FlaskClient, point: ServicePoint) -> None:
    ids = [point.night.ids[code] for code in ("BDA", "BDA-1", "BDC")]
    with pytest.raises(Forbidden):
        sheets.mark_printed(ids, actor=point.night.actor("AN1", "manager"), now=point.now)
    assert [each.printed for each in sheets.sheets_for(people.units(ids))] == [None] * 3


@pytest.mark.both_dbs("rows of many units in one statement, and held in one order")
def test_each_unit_has_its_own_entry_of_what_was_printed(office_desk: FlaskClient, point: ServicePoint) -> None:
    units = new_points(point.night.ids["BDA"], 2) + [people.unit_by_id(point.night.ids["BDT"])]
    counter_codes.rotate(units[1].id, actor=ADMIN, now=point.now)
    assert sheets.mark_printed([each.id for each in units], actor=ADMIN, now=point.now) == 3
    told = {
        (each.action, each.thing_id): each.detail
        for each in db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("%.printed")))
    }
    ids = [str(each.id) for each in units]
    assert {action: detail for (action, unit), detail in told.items() if unit == ids[1]} == {
        "counter_sheet.printed": {"generation": 2},
        "report_sheet.printed": {"edition": 1, "phone": sheets.sheets_for([units[1]])[0].number.phone},
    }
    assert told.keys() == {
        *(("report_sheet.printed", each) for each in ids),
        *(("counter_sheet.printed", each) for each in ids[:2]),
    }
    units[1].name = "Điểm phục vụ đổi tên"
    db.session.commit()
    sheets.mark_printed([each.id for each in units[:2]], actor=ADMIN, now=point.now)
    assert [(each.printed.edition, each.printed.name) for each in sheets.sheets_for(units[1:2]) if each.printed] == [
        (2, "Điểm phục vụ đổi tên")
    ]


def new_points(parent_id: int, count: int) -> list[Unit]:
    with transaction() as session:
        made = [
            Unit(code=f"QUAY{n}", name=f"Quầy {n}", kind="service_point", parent_id=parent_id) for n in range(count)
        ]
        session.add_all(made)
    return made
