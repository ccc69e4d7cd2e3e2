"""What is too long is refused at its field and stays on the page; an answer to a call counts all the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compliance.register import letters, queries as register
from compliance.register.models import Directive, Evidence
from core import clock
from core.db import db as database, transaction
from incidents.escalation import engine
from incidents.record.models import Incident, TimelineEntry
from incidents.response import lifecycle
from notify.models import Message
from people.queries import person_by_code, unit_by_code
from roster.crews import services as crews
from roster.crews.models import Crew
from roster.crews.services import Joining
from tests.support import enterprise, factories
from tests.support.cast import ADMIN, NIGHT
from tests.support.enterprise import NOW, ROOT, sign_in
from tests.support.html_form import form_of
from tests.support.tet_night import Night

END = "và câu cuối cùng"


def long(most: int) -> str:
    """One character more than ``most``."""
    return ("Điện lực báo " * (most // 13 + 1))[: most + 1 - len(END)] + END


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def refused(answer: Any, what: str, most: int) -> str:
    """The page, which names the field, how long it is, its limit; and holds all of it."""
    page = html.unescape(answer.text)
    assert answer.status_code == 422, answer.status_code
    assert f"{what}: {grouped(most + 1)} ký tự, nhiều nhất {grouped(most)}. Viết ngắn lại" in page
    assert END in page, "what was typed stays"
    return page


# Incidents ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def incident(night: Night) -> Incident:
    made = night.log("Mất điện")
    engine.escalate_due(NIGHT)
    return made


@pytest.mark.parametrize(
    ("verb", "field", "what", "most", "more"),
    [
        ("note", "note", "Ghi chú", 4000, {}),
        ("resolve", "note", "Ghi chú", 4000, {}),
        ("handover-note", "note", "Ghi chú", 4000, {}),
        ("snooze", "reason", "Lý do", 500, {"until": "02:20"}),
        ("restrict", "reason", "Lý do", 1000, {"restricted": "yes"}),
        ("leadership", "whom", "Đã báo cho", 200, {}),
    ],
)
def test_what_is_written_on_an_incident_is_whole_or_refused(
    incident: Incident, client: FlaskClient, verb: str, field: str, what: str, most: int, more: dict[str, str]
) -> None:
    lifecycle.acknowledge(incident.id, actor=ADMIN, person_id=_bi1(), now=NIGHT)
    sign_in(client, "qt1")
    before = _entries()
    page = refused(client.post(f"/incidents/{incident.code}/{verb}", data={field: long(most), **more}), what, most)
    assert _entries() == before
    assert re.search(rf'name="{field}"[^>]*maxlength="{most}"', page)
    fits = long(most)[1:]
    assert client.post(f"/incidents/{incident.code}/{verb}", data={field: fits, **more}).status_code == 303


def _bi1() -> int:
    return person_by_code("BI1").id


def _entries() -> int:
    database.session.rollback()
    return len(database.session.scalars(select(TimelineEntry.id)).all())


def test_several_joined_or_put_off_keep_what_was_typed(incident: Incident, night: Night, client: FlaskClient) -> None:
    other = night.log("Mất điện lần nữa")
    for each in (incident, other):
        lifecycle.acknowledge(each.id, actor=ADMIN, person_id=_bi1(), now=NIGHT)
    sign_in(client, "qt1")
    both = {"code": [incident.code, other.code], "main": incident.code, "until": "02:20"}
    refused(client.post("/incidents/picked/join", data=both | {"note": long(1000)}), "Ghi chú", 1000)
    refused(client.post("/incidents/picked/snooze", data=both | {"reason": long(500)}), "Lý do", 500)


def test_a_line_break_is_one_character_as_the_page_counts_it(incident: Incident, client: FlaskClient) -> None:
    sign_in(client, "qt1")
    typed = "\r\n".join("a" * 39 for _line in range(100))
    assert len(typed) > 4000 >= len(typed.replace("\r\n", "\n"))
    assert client.post(f"/incidents/{incident.code}/note", data={"note": typed}).status_code == 303
    kept = database.session.scalars(select(TimelineEntry.note).where(TimelineEntry.kind == "note")).one()
    assert kept == typed.replace("\r\n", "\n")


@pytest.mark.parametrize("by_link", [True, False])
def test_whoever_takes_a_call_has_taken_it_however_much_they_wrote(
    incident: Incident, client: FlaskClient, by_link: bool
) -> None:
    if by_link:
        body = database.session.scalars(select(Message.body).where(Message.recipient == "Trần Thị Bình")).first()
        address, sent = re.search(r"/a/[\w-]+", body or "")[0], {"do": "take"}  # type: ignore[index]
    else:
        sign_in(client, "bi1")
        address, sent = f"/incidents/{incident.code}/acknowledge", {}
    assert client.post(address, data=sent | {"note": long(4000)}).status_code in (200, 303)
    database.session.rollback()
    assert database.session.get_one(Incident, incident.id, populate_existing=True).status == "acknowledged"
    note = database.session.scalars(select(TimelineEntry.note).where(TimelineEntry.kind == "acknowledged")).one()
    assert len(note) <= 4000 and note.endswith("…"), "cut, and it shows"


# Planning -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def an(db: Any, client: FlaskClient) -> Iterator[FlaskClient]:
    """Four days of BDA by day and by night, a crew of two; its manager."""
    with clock.travel(NOW):
        enterprise.make()
        unit = unit_by_code("BDA")
        for code in ("H1", "H2"):
            factories.make_person(code, unit, duties=("operations",))
        for name, start in (("Ngày", "07:30"), ("Đêm", "19:30")):
            factories.make_demand(unit, "operations", name, start, 12, form="standby")
        factories.make_campaign(unit, first="2020-01-23", last="2020-01-26")
        crews.make_crew("BDA", "Kíp 1", [Joining("H1"), Joining("H2")], actor=ROOT, now=NOW)
        sign_in(client, "an1")
        yield client


def test_a_roster_from_a_pattern_or_of_crews_asks_for_a_shorter_reason(an: FlaskClient) -> None:
    here = "/roster/campaigns/1"
    for page, holding in (("patterns", "pattern"), ("rotation", "days")):
        form = form_of(an.get(f"{here}/{page}?unit=BDA").text, holding) | {"replaces": "1", "preview": "1"}
        more: dict[str, Any] = {"cycle": ["Ngày", "Đêm"]} if page == "rotation" else {}
        shown = refused(an.post(f"{here}/{page}", data=form | more | {"reason": long(500)}), "Lý do", 500)
        assert 'name="replaces" checked' in shown


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("crew.1", "hai", "“hai” không phải số thứ tự"),
        ("days", "40", "Mỗi lượt từ 1 đến 31 ngày"),
        ("days", "ba", "Mỗi lượt từ 1 đến 31 ngày"),
        ("cycle", ["Ngày"] * 13, "nhiều nhất 12 kíp, 12 ca; đã chọn 13"),
    ],
)
def test_nothing_of_a_rotation_is_put_right_without_a_word(an: FlaskClient, field: str, typed: Any, says: str) -> None:
    form: dict[str, Any] = form_of(an.get("/roster/campaigns/1/rotation?unit=BDA").text, "days")
    answer = an.post("/roster/campaigns/1/rotation", data=form | {"cycle": ["Ngày"], "preview": "1", field: typed})
    assert answer.status_code == 422 and says in answer.text
    assert isinstance(typed, list) or f'value="{typed}"' in answer.text


def test_a_crew_keeps_its_name_and_its_people_as_they_were_typed(an: FlaskClient) -> None:
    sent = {"unit": "BDA", "order.H1": "1", "order.H2": "2", "name": long(80)}
    page = refused(an.post("/roster/campaigns/1/crews/save", data=sent), "Tên kíp", 80)
    assert 'maxlength="80"' in page
    answer = an.post("/roster/campaigns/1/crews/save", data=sent | {"name": "Kíp 2", "order.H2": "hai"})
    assert answer.status_code == 422 and 'value="hai"' in answer.text
    database.session.rollback()
    assert database.session.scalars(select(Crew.name)).all() == ["Kíp 1"], "nobody was left out of another"


def test_why_a_crew_serves_all_the_same_is_asked_again(an: FlaskClient) -> None:
    cell = "/roster/campaigns/1/crew-cell?crew=1&on=2020-01-24"
    page = refused(an.post(cell, data={"text": "Ngày", "reason": long(500)}), "Lý do", 500)
    assert 'maxlength="500"' in page


def test_pasted_cells_are_read_whole_or_not_at_all(an: FlaskClient) -> None:
    here, head = "/roster/campaigns/1/sheet", "Tên\t23/1\n"
    typed = (head + "Người nào đó\t\n" * 150_000)[: 2_000_000 - len(END)] + " " + END
    sent = an.post(here, data={"cells": typed}, content_type="multipart/form-data")
    refused(sent, "Các ô đã dán", 2_000_000)


def test_why_a_sheet_is_taken_all_the_same_is_asked_again(an: FlaskClient) -> None:
    sent = an.post("/roster/campaigns/1/sheet", data={"cells": "Tên\t23/1\t24/1\nH1\tĐH N\tĐH N\n"})
    page = an.post(sent.headers["Location"], data={"act": "take", "reason": long(500)})
    assert page.status_code == 422 and "Lý do: 501 ký tự, nhiều nhất 500" in page.text
    assert "501 ký tự" not in an.get(sent.headers["Location"]).text


# The register of letters ----------------------------------------------------------------------------------------------


@pytest.fixture
def demand(app: Flask, client: FlaskClient) -> Iterator[str]:
    """Where An says how the district stands to the first requirement of letter 77."""
    enterprise.make()
    with clock.travel(NIGHT):
        with transaction() as session:
            row = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
            row.season_from, row.season_to = date(2020, 1, 17), date(2020, 2, 8)
        letters.spread(row.id, actor=ADMIN, now=NIGHT)
        sign_in(client, "qt1")
        yield f"/letter/requirements/{register.requirements(row.id)[0].id}/units/BDA"


@pytest.mark.parametrize(
    ("path", "field", "what", "most", "more"),
    [
        ("/state", "reason", "Lý do", 1000, {"state": "not_applicable"}),
        ("/remark", "remark", "Ý kiến", 1000, {}),
        ("/evidence", "note", "Ghi chú", 500, {"url": "https://example.vn/a"}),
    ],
)
def test_what_is_said_of_a_requirement_is_whole_or_refused(
    demand: str, client: FlaskClient, path: str, field: str, what: str, most: int, more: dict[str, str]
) -> None:
    page = refused(client.post(demand + path, data={field: long(most), **more}), what, most)
    assert re.search(rf'name="{field}"[^>]*maxlength="{most}"', page)
    assert database.session.scalars(select(Evidence)).all() == []


def test_a_link_for_inspectors_is_not_made_for_half_a_name(demand: str, client: FlaskClient) -> None:
    letter = database.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
    sent = {"made_for": long(120), "unit": "BDA", "days": "3"}
    refused(client.post(f"/letter/{letter.id}/inspectors", data=sent), "Cấp cho", 120)


# The desk, documents --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "what", "most"), [("name", "Tên cổng", 80), ("success", "Mục này", 2000)])
def test_a_gateway_is_kept_as_it_was_written(app: Flask, client: FlaskClient, field: str, what: str, most: int) -> None:
    enterprise.make()
    sign_in(client, "qt1")
    form = form_of(client.get("/gateways/new?recipe=esms").text, "url")
    page = refused(client.post("/gateways/new?recipe=esms", data=form | {field: long(most)}), what, most)
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"[^>]*maxlength="{most}"', page)


def test_a_series_of_documents_is_not_another_one(app: Flask, client: FlaskClient) -> None:
    enterprise.make()
    sign_in(client, "qt1")
    sent = {"act": "first", "series": long(20), "first": "9"}
    refused(client.post("/documents/agencies/BDA", data=sent), "Loại", 20)


def test_a_form_of_a_million_fields_is_refused_before_it_is_read(client: FlaskClient) -> None:
    form = "application/x-www-form-urlencoded"
    assert client.post("/login", data="a&" * 20_000, content_type=form).status_code == 413
    assert client.post("/login", data="a&" * 100, content_type=form).status_code == 422
