"""From nothing to a campaign with demand that can be solved, on one page and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.models import Seat, Shift
from roster.solving.jobs import solve_now
from roster.solving.services import SolveRequest
from roster.sources.models import Demand, HolidaySet
from tests.support import enterprise, factories
from tests.support.enterprise import sign_in
from tests.support.factories import ADMIN
from tests.support.isolation import IsolatedClient
from tests.support.statements import statements
from tests.support.web_form import WebForm

NOW = enterprise.NOW
PATH = "/roster/campaigns/new"
OFFICIAL = "Thông báo 6150/TB-BLĐTBXH"


@pytest.fixture
def house(app: Flask) -> Iterator[None]:
    """Two districts; BDA has An, Bình and three others, BDC fifty-five people; nobody has any demand."""
    with clock.travel(NOW):
        enterprise.make(NOW)
        small, large = unit_by_code("BDA"), unit_by_code("BDC")
        for n in range(3):
            factories.make_person(f"S{n}", small, duties=("operations", "emergency", "leadership"))
        for n in range(55):
            kinds = ("leadership",) if n < 6 else ("operations", "support") if n < 40 else ("emergency",)
            factories.make_person(f"L{n:02}", large, name=f"Người thứ {n}", duties=kinds)
        yield


def opened(app: Flask, who: str, query: str = "") -> WebForm:
    client = IsolatedClient(app)
    sign_in(client, who)
    return WebForm.open(client, PATH + query, "set-up")


def made() -> Campaign:
    db.session.rollback()
    return db.session.scalars(select(Campaign)).one()


def counted(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def create(form: WebForm) -> FlaskClient:
    form.press("", name="", expect=303)
    return form.client


def test_a_unit_of_five_presses_one_button(app: Flask, house: None) -> None:
    """What is suggested can be solved as it stands: the shifts that five people can bear, of their kinds."""
    form = opened(app, "an1")
    assert "Tết Canh Tý 2020" in form.page and "25/01/2020" in form.page, "the coming Tết and its Mùng 1"
    assert form.sent.getlist("serves") == ["BDA"], "a point without people is not asked to serve"
    assert [form.sent[f"line.{n}.duty"] for n in (1, 2, 3)] == ["leadership", "operations", "emergency"]
    assert "Sẽ có 69 ca." in form.page and "69 lượt trực ở 1 đơn vị, cho 5 người trực được" in form.page
    create(form)
    campaign = made()
    assert (campaign.unit.code, campaign.starts_on, campaign.ends_on) == ("BDA", date(2020, 1, 17), date(2020, 2, 8))
    assert (counted(Shift), counted(Seat), counted(Demand)) == (69, 69, 9), "as it was said"
    run = solve_now(campaign.id, SolveRequest(seconds=10), actor=ADMIN, now=NOW)
    assert run.status in ("optimal", "feasible") and run.conflicts == []


def test_sixty_people_write_their_own_shifts(app: Flask, house: None) -> None:
    form = opened(app, "ch1")
    assert form.sent["line.3.shift"] == "Đêm", "a larger unit has nights"
    form.fill("template", "three")
    form = form.press("1", name="fill")
    assert [form.sent[f"line.{n}.shift"] for n in (2, 3, 4)] == ["Sáng", "Chiều", "Đêm"]
    form = form.press("1", name="more")
    number = int(form.sent["lines"])
    for name, value in {"duty": "support", "shift": "Giao thừa", "start": "18h", "hours": "7,5", "during": "2"}.items():
        form.fill(f"line.{number}.{name}", value)
    form.fill("line.1.before", "")
    with statements() as seen:
        form = form.press("1", name="preview")
    for each in ("FROM holiday_sets", "FROM duty_kinds", "FROM units ORDER BY"):
        assert sum(each in " ".join(sent.split()) for sent in seen) == 1, f"{each}: read once for all of the page"
    assert form.sent[f"line.{number}.hours"] == "7,5" and "chừng" in form.page
    said = form.page.split("Sẽ có ")[1].split()[0]
    create(form)
    assert counted(Shift) == int(said)
    row = db.session.scalars(select(Demand).filter_by(template="Giao thừa")).one()
    assert (row.phase, row.start_minute, row.minutes, row.headcount) == ("during", 18 * 60, 450, 2)
    leaders = db.session.scalars(select(Demand.phase).filter_by(duty="leadership")).all()
    assert sorted(leaders) == ["after", "during"], "an empty field is no shift in that phase"


def test_another_tet_brings_its_days_and_keeps_what_was_typed(app: Flask, house: None) -> None:
    form = opened(app, "an1")
    form.fill("tet_year", "2021")
    form.fill("name", "Trực của chúng tôi")
    form.fill("line.1.during", "3")
    answer = form.client.post(PATH, data=form.sent)
    assert answer.status_code == 422 and "Xem lại rồi bấm Tạo" in answer.text and counted(Campaign) == 0
    form = form.press("1", name="look")
    assert form.sent["starts_on"] == "04/02/2021" and form.sent["name"] == "Trực của chúng tôi"
    assert form.sent["line.1.during"] == "3" and "Mùng 1: Thứ Sáu, 12/02/2021" in form.page
    create(form)
    assert (made().tet_year, made().name) == (2021, "Trực của chúng tôi")


def test_each_fault_names_its_field_and_nothing_is_written(app: Flask, house: None) -> None:
    form = opened(app, "an1")
    wrong = {"line.1.start": "25:00", "line.2.hours": "30", "line.2.shift": "", "line.3.during": "nhiều"}
    for name, value in wrong.items():
        form.fill(name, value)
    form.fill("starts_on", "40/01/2020")
    answer = form.client.post(PATH, data=form.sent)
    assert answer.status_code == 422
    for said in ("Ca 1: ghi giờ bắt đầu", "Ca 2: ghi số giờ", "Ca 2: ghi tên ca", "Ca 3, Trong Tết: ghi số người"):
        assert said in answer.text
    for place in ("line-1-start", "line-2-hours", "line-2-shift", "line-3-during", "starts_on"):
        assert f'href="#{place}"' in answer.text and f'id="{place}"' in answer.text
    kept = WebForm(form.client, PATH, answer.text, "set-up").sent
    assert {name: kept[name] for name in wrong} == wrong and kept["starts_on"] == "40/01/2020"
    assert counted(Campaign) == counted(Demand) == 0


def test_two_shifts_of_one_name_are_refused(app: Flask, house: None) -> None:
    form = opened(app, "ch1")
    form.fill("line.3.shift", "ngày")
    answer = form.client.post(PATH, data=form.sent)
    assert answer.status_code == 422 and "đã có ca tên ngày ở trên" in answer.text


def test_the_decision_on_the_break_is_written_with_the_campaign_or_not_at_all(app: Flask, house: None) -> None:
    form = opened(app, "qt1", "?tet_year=2024")
    form.fill("break_from", "07/02/2024")
    form.fill("break_to", "15/02/2024")
    form.fill("break_status", "official")
    form.fill("break_source", OFFICIAL)
    form.fill("ends_on", "01/01/2024")
    assert form.client.post(PATH, data=form.sent).status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(HolidaySet).filter_by(year=2024, source=OFFICIAL)) is None
    form.fill("ends_on", "20/02/2024")
    form = form.press("1", name="preview")
    assert "07/02 – 15/02, 9 ngày" in form.page, "phases follow the decision before it is written"
    create(form)
    row = db.session.scalars(select(HolidaySet).filter_by(year=2024)).one()
    assert (row.starts_on, row.ends_on, row.status, row.source) == (
        date(2024, 2, 7),
        date(2024, 2, 15),
        "official",
        OFFICIAL,
    )
    during = db.session.scalars(select(Shift.local_on).filter_by(phase="during").distinct()).all()
    assert (min(during), max(during)) == (date(2024, 2, 7), date(2024, 2, 15))


def test_a_break_that_changes_another_campaign_is_looked_at_elsewhere(app: Flask, house: None) -> None:
    factories.make_demand(unit_by_code("BDC"))
    factories.make_campaign(unit_by_code("BDC"), now=NOW)
    form = opened(app, "qt1")
    form.fill("break_from", "24/01/2020")
    answer = form.client.post(PATH, data=form.sent)
    assert answer.status_code == 422 and "còn đổi 1 đợt trực khác (Tết Canh Tý)" in answer.text
    assert 'value="24/01/2020"' in answer.text and "/roster/holidays/?year=2020" in answer.text


def test_who_may_not_decide_on_the_break_is_not_asked(app: Flask, house: None) -> None:
    form = opened(app, "an1")
    assert "break_from" not in form.sent
    sent = form.sent.copy()
    for name, value in {"break_from": "22/01/2020", "break_to": "31/01/2020", "break_status": "official"}.items():
        sent[name] = value
    assert form.client.post(PATH, data=sent).status_code == 403 and counted(Campaign) == 0


def test_units_that_have_demand_keep_it(app: Flask, house: None) -> None:
    factories.make_demand(unit_by_code("BDA"), headcount=2)
    form = opened(app, "qt1")
    assert form.sent.getlist("serves") == [], "where there is demand nothing is asked for unasked"
    assert "1 đơn vị đã có nhu cầu trực" in form.page and "46 lượt trực ở 1 đơn vị" in form.page
    form.tick("serves", "BDC")
    form = form.press("1", name="preview")
    assert "ở 2 đơn vị" in form.page
    sent = form.sent.copy()
    factories.make_demand(unit_by_code("BDC"))
    answer = form.client.post(PATH, data=sent)
    assert answer.status_code == 422 and "Bưu điện huyện C đã có nhu cầu trực: bỏ chọn" in answer.text
    assert counted(Campaign) == 0


def test_kinds_that_nobody_may_serve_are_said_before(app: Flask, house: None) -> None:
    form = opened(app, "an1")
    form.fill("line.1.duty", "support")
    form = form.press("1", name="preview")
    assert "Hỗ trợ khách hàng 24/24: một ca cần 1 người mà mới có 0 người" in form.page


def test_the_ways_to_begin_are_named(app: Flask, house: None) -> None:
    factories.make_demand(unit_by_code("BDA"))
    factories.make_campaign(unit_by_code("BDA"), now=NOW)
    page = opened(app, "an1").page
    assert "/import/" in page and "Nhập, tải bảng người × ngày" in page and "Chép từ Tết Canh Tý" in page


@pytest.mark.parametrize(("field", "value"), [("serves", "BDC"), ("unit", "BDC")])
def test_anothers_unit_is_not_theirs_to_set_up(app: Flask, house: None, field: str, value: str) -> None:
    form = opened(app, "an1")
    sent = form.sent.copy()
    sent[field] = value
    form.client.post(PATH, data=sent)
    assert db.session.scalar(select(Demand.id).filter_by(unit_id=unit_by_code("BDC").id)) is None
