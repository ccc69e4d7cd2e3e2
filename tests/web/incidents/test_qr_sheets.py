"""Which sheets a unit has, and which of them are to be printed anew."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from incidents.public_reports import codes, counter_codes, sheets
from people import queries as people
from tests.support.enterprise import sign_in
from tests.support.service_point import ServicePoint
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


def sheet(point: ServicePoint, code: str = "BDA-1") -> sheets.Sheet:
    return sheets.of([people.unit_by_id(point.night.ids[code])])[0]


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
