"""Letter 77 from the day it came to the summary after Tết, on the screens of those who did it: a chief at a laptop, An
who leads the district and a teller on telephones. Thirty-one units are asked, three counters tell of their days, and
every figure of every report is counted a second time by plain SQL."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from compliance.parcel_checks import queries as parcels
from compliance.posting import services as posting
from compliance.posting.parts import PARTS
from compliance.posting.services import PostingReport
from compliance.register.models import Directive
from compliance.reports import queries as reports, requesting, sending, services as drafting
from compliance.reports.models import Report
from compliance.today import services as today
from compliance.today.services import CounterReport
from core import clock
from core.db import db, transaction
from core.files import content as files
from incidents.public_reports import counter_codes, services as sheet
from incidents.record.models import Incident
from people import queries as people
from people.models import Unit
from tests.support import factories, papers, reporting, service_point
from tests.support.at_screen import sign_in
from tests.support.cast import ADMIN
from tests.support.enterprise import PASSWORD
from tests.support.reporting import FIRST, LAST, at
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 860}}
COUNTERS = ("BDA-1", "BDA-2", "BDA-3")
SO = "Sở Thông tin và Truyền thông"


class Walk:
    """The clock goes where the story is; ``chief``, ``an`` and ``teller`` are tabs."""

    def __init__(self, night: Night, browser: Any, url: str) -> None:
        self.night, self._browser, self._url = night, browser, url
        self._travel: Any = None
        self.at(17, 9)
        self.units = self._thirty_one()
        papers.settle(at(10, 8))
        self._contexts: list[Any] = []
        self.chief, self.an = self._tab(LAPTOP, "qt1"), self._tab(PHONE, "an1")
        self.teller = self._tab(PHONE)

    def _thirty_one(self) -> list[Unit]:
        """Two more counters of the district, and offices of the other one: all in all thirty-one."""
        district, other = (people.unit_by_code(code) for code in ("BDA", "BDC"))
        for code in COUNTERS[1:]:
            factories.make_unit(code, parent=district, name=f"Điểm phục vụ {code[-3:]}", kind="service_point")
        for number in range(31 - len(people.unit_ids())):
            factories.make_unit(f"BDC-{number}", parent=other, kind="commune")
        with transaction() as session:  # the district is no counter: it asks its points
            session.query(Unit).filter_by(code="BDA").one().kind = "branch"
        return [people.unit_by_code(code) for code in COUNTERS]

    def _tab(self, screen: dict[str, Any], login: str = "") -> Any:
        context = self._browser.new_context(
            base_url=self._url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen
        )
        context.set_default_timeout(60_000)
        self._contexts.append(context)
        page = context.new_page()
        if login:
            sign_in(page, login, PASSWORD)
        return page

    def at(self, day: int, hour: int, minute: int = 0, month: int = 1) -> None:
        if self._travel is not None:
            self._travel.__exit__(None, None, None)
        self._travel = clock.travel(at(day, hour, minute, month))
        self._travel.__enter__()

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self._travel.__exit__(None, None, None)

    def sheet_of(self, unit: Unit) -> str:
        return f"/diem/{counter_codes.token_of(unit, 1)}"


@pytest.fixture
def walk(night: Night, browser: Any, live_url: str) -> Iterator[Walk]:
    told = Walk(night, browser, live_url)
    yield told
    told.close()


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def number_in(url: str) -> int:
    """Of the report whose page that is."""
    found = re.search(r"/letter/reports/(\d+)", url)
    assert found is not None, url
    return int(found[1])


def fresh(report_id: int) -> Report:
    db.session.rollback()  # see what was written since
    return reports.report_by_id(report_id)


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_the_letter_from_the_day_it_came_to_the_summary(walk: Walk, tmp_path: Path) -> None:
    letter = it_comes_and_is_handed_to_thirty_one_units(walk)
    posters_are_printed_and_photographed_at_three_points(walk, tmp_path)
    asked, by_phone = the_department_asks(walk)
    found = a_week_passes(walk)
    somebody_rings_on_the_27th(walk, by_phone)
    everything_was_answered(asked, by_phone)
    the_dossier_tells_what_was_done(walk, letter, found)
    the_summary_counts_it_all(walk)


def it_comes_and_is_handed_to_thirty_one_units(walk: Walk) -> int:
    with transaction() as session:
        row = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        row.season_from, row.season_to = date(2020, 1, 17), date(2020, 2, 8)
    chief = walk.chief
    chief.goto(f"/letter/{row.id}")
    press(chief, "Đã nhận văn bản này")
    assert "Đã báo nhận văn bản." in chief.content()
    chief.locator("summary", has_text="Giao cho các đơn vị").click()
    press(chief, "Giao cho các đơn vị")
    assert "/matrix" in chief.url and "0 trong 31" in chief.inner_text("main")
    db.session.rollback()  # see what was written since
    row = db.session.get_one(Directive, row.id, populate_existing=True)
    assert row.acknowledged_at is not None and row.received_on == date(2020, 1, 17)
    return row.id


def posters_are_printed_and_photographed_at_three_points(walk: Walk, tmp_path: Path) -> None:
    walk.at(20, 9)
    top = walk.night.ids["BDT"]
    said = {part: {"vi": f"Nội dung {part}", "en": ""} for part in PARTS["conditions"] if part != "other"}
    posting.save(top, "conditions", said, upon=0, actor=ADMIN, now=clock.now())
    posting.save(top, "prohibited", {"examples": {"vi": "Pháo", "en": ""}}, upon=0, actor=ADMIN, now=clock.now())
    poster = walk.an.request.get("/documents/about/point:BDA-1/compliance.poster/draft.pdf?o-what=prohibited")
    assert poster.ok and "Pháo" in words(poster.body())
    picture = tmp_path / "niem-yet.jpg"
    picture.write_bytes(service_point.photo())
    teller = walk.teller
    teller.goto(walk.sheet_of(walk.units[0]))
    for _text in range(2):  # the list, then the conditions: what is still owed is offered
        teller.locator("summary", has_text="Ảnh niêm yết").click()
        teller.set_input_files("#photos", picture)
        with teller.expect_navigation():
            teller.get_by_role("button", name="Gửi ảnh niêm yết").click()
    for unit in walk.units[1:]:
        for what in ("prohibited", "conditions"):
            shot = files.read_file(service_point.photo("navy"), "niem-yet.jpg")
            posting.post(unit.id, PostingReport(what, what, photo=shot), actor=sheet.reporter(unit.id), now=clock.now())
    walk.an.goto("/letter/points/waiting?unit=BDA")
    for box in walk.an.locator("input[name=photo]").all():
        box.check()
    with walk.an.expect_navigation():
        walk.an.get_by_role("button", name="Duyệt các mục đã chọn").click()
    walk.an.goto("/letter/points?unit=BDA")
    assert re.search(r"3\s+điểm niêm yết đủ 2 bản, có ảnh", walk.an.inner_text("main"))


def the_department_asks(walk: Walk) -> tuple[int, int]:
    """In writing for a report each day; on the 27th by telephone."""
    asked = []
    for form, first, last in (("report", FIRST, LAST), ("phone", date(2020, 1, 27), date(2020, 1, 27))):
        walk.at(22 if form == "report" else 23, 8)
        given = reporting.asked("BDA", form, SO, first, last)
        asked.append(requesting.add(given, actor=ADMIN, now=clock.now()).id)
    return asked[0], asked[1]


def a_week_passes(walk: Walk) -> Incident:
    """A tap at each counter each evening, incidents as they come, and at 15:20 the report of the day."""
    night, found = walk.night, None
    happened = {23: ("Xe thư hỏng ở đèo An Khê", "vehicle"), 24: ("Mất điện", "power"), 25: ("Túi KT1 chậm", "kt1")}
    for day in range(FIRST.day, LAST.day + 1):
        for duty, code in (("leadership", "AN1"), ("operations", "BI1"), ("emergency", "EM1")):
            night.publish(duty, code, hours=24, start=at(day, 7, 30))
        if day in happened:
            title, category = happened[day]
            night.log(title, category, now=at(day, 9), party_state=category == "kt1")
        if day == 24:
            a_parcel_is_refused(walk)
        if day == 25:
            found = a_parcel_is_found_after_acceptance(walk)
        if day == 28:
            an_inspector_comes(walk)
        the_report_of(walk, day)
        walk.at(day, 17)
        for place, unit in enumerate(walk.units):
            if (day, place) != (24, 0):  # told on the screen
                told = CounterReport(f"tap-{day}", date(2020, 1, day), 30 + day + place, "quay-1")
                today.tell(unit.id, told, actor=sheet.reporter(unit.id), now=clock.now())
    assert found is not None
    ids = [unit.id for unit in walk.units]
    assert parcels.missing(ids, FIRST, LAST) == []
    return found


def a_parcel_is_refused(walk: Walk) -> None:
    """And the evening's one tap, with the parcels counted through the day."""
    walk.at(24, 10)
    teller, unit = walk.teller, walk.units[0]
    teller.goto(walk.sheet_of(unit))
    _find(teller, "Trước khi nhận gửi", informed="Công an xã")
    assert "Đã ghi: từ chối nhận" in teller.inner_text("main")
    walk.at(24, 17)
    for _parcel in range(3):
        teller.tap("[data-more]")
    with teller.expect_navigation():
        teller.get_by_role("button", name="Hôm nay bình thường").tap()
    assert "3 gói, kiện đã kiểm tra" in teller.inner_text("main")
    db.session.rollback()
    [numbers] = parcels.by_day([unit.id], date(2020, 1, 24), date(2020, 1, 24)).values()
    assert (numbers.checked, numbers.refused, numbers.referred, numbers.found_after) == (3, 1, 1, 0)


def a_parcel_is_found_after_acceptance(walk: Walk) -> Incident:
    walk.at(25, 10)
    teller = walk.teller
    teller.goto(walk.sheet_of(walk.units[1]))
    _find(teller, "Sau khi đã nhận", stopped="Trần Thị Bình")
    teller.wait_for_selector("text=Đã ghi sự cố")
    db.session.rollback()
    incident = db.session.scalars(select(Incident).filter_by(category="prohibited_item")).one()
    assert incident.unit.code == "BDA-2" and incident.code in teller.inner_text("main")
    return incident


def _find(teller: Any, moment: str, **typed: str) -> None:
    teller.locator("summary", has_text="Phát hiện hàng cấm gửi").click()
    teller.locator("label", has_text=moment).click()
    for name, text in {"goods": "pháo", **typed}.items():
        teller.fill(f"#{name}", text)
    with teller.expect_navigation():
        teller.get_by_role("button", name="Ghi phát hiện này").click()


def an_inspector_comes(walk: Walk) -> None:
    walk.at(28, 9)
    an = walk.an
    an.goto("/letter/visits/")
    an.select_option("select[name=unit]", "BDA-1")
    for name, text in (
        ("body", "Thanh tra Sở"),
        ("decision", "05/QĐ-TTr"),
        ("subject", "Niêm yết, kiểm tra gói kiện"),
        ("members", "Bà Nguyễn Thị Lan, trưởng đoàn"),
    ):
        an.fill(f"[name={name}]", text)
    press(an, "Lưu")
    assert "Thanh tra Sở" in an.inner_text("main")


def the_report_of(walk: Walk, day: int) -> None:
    """On Mùng 1 An does it on the telephone, the other days the same is done without looking."""
    walk.at(day, 15, 20)
    on = date(2020, 1, day)
    if day == 25:
        row = fresh(_on_the_phone(walk))
    else:
        actor, now = walk.night.actor("AN1", "manager"), clock.now()
        row = drafting.draft(drafting.ReportRange("daily", "BDA", on, on), actor=actor, now=now)
        drafting.approve(row.id, row.version, actor=actor, now=now)
        sending.issue(row.id, actor=actor, now=now)
        sending.send(row.id, actor=actor, now=now)
    assert reporting.wrong_figures(row) == {}
    said = " ".join(next(each["lines"] for each in row.sections if each["code"] == "incidents"))
    assert ("Trong ngày không có sự cố." in said) is (day == 26 or not reporting.figures(row)["incidents.all"])
    if day == 26:
        assert reporting.figures(row)["incidents.all"] == 0


def _on_the_phone(walk: Walk) -> int:
    an = walk.an
    an.goto("/letter/reports/")
    press(an, "Lập từ số liệu")
    for name in ("Duyệt", "Cấp số và ban hành", "Gửi thư điện tử"):
        press(an, name)
    assert "bcvt@stttt.example" in an.inner_text("main")
    return number_in(an.url)


def somebody_rings_on_the_27th(walk: Walk, by_phone: int) -> None:
    walk.at(27, 15, 40)
    an = walk.an
    an.goto(f"/letter/reports/requests/{by_phone}")
    an.fill("[name=heard_by]", "Ông Lê Văn Tám")
    press(an, "Ghi đã báo")
    assert "Ông Lê Văn Tám" in an.inner_text("main") and "15:40 27/01/2020" in an.inner_text("main")


def everything_was_answered(asked: int, by_phone: int) -> None:
    db.session.rollback()  # see what was written since
    rows = [reports.request_by_id(each) for each in (asked, by_phone)]
    dues = reports.dues(rows, FIRST, LAST, at(30, 8))
    assert [(each.day.day, each.state) for each in dues] == [(day, "done") for day in (23, 24, 25, 26, 27, 27, 28, 29)]


def the_dossier_tells_what_was_done(walk: Walk, letter: int, found: Incident) -> None:
    walk.at(30, 9)
    chief = walk.chief
    chief.goto(f"/letter/{letter}/units/BDA-1")
    link = chief.locator("a", has_text="Hồ sơ").first.get_attribute("href")
    assert link
    dossier = chief.request.get(f"/documents/about/register:{letter}-BDT/compliance.dossier/draft.pdf?o-unit=BDA-1")
    assert dossier.ok, dossier.text()[:600]
    told = words(dossier.body())
    assert "77/STTTT-BCVT" in told and "Điểm phục vụ A1" in told and found.code not in told


def the_summary_counts_it_all(walk: Walk) -> None:
    """Of every incident since the campaign began, day by day the same as the reports told."""
    walk.at(5, 15, month=2)
    an = walk.an
    an.goto("/letter/reports/")
    an.select_option("[name=kind]", "summary")
    for name, day in (("starts_on", "2020-01-16"), ("ends_on", "2020-02-05")):
        an.fill(f"[name={name}]", day)
    press(an, "Lập từ số liệu")
    row = fresh(number_in(an.url))
    assert reporting.wrong_figures(row) == {}
    found = reporting.figures(row)
    assert (found["incidents.all"], found["prohibited.incidents"], found["visits.unannounced"]) == (4, 1, 1)
    assert (found["parcels.refused"], found["posting.complete"]) == (1, 3)
    shown = an.locator(".figures a", has_text="Tổng số sự cố")
    assert shown.inner_text().endswith(": 4")
    with an.expect_navigation():
        shown.click()
    assert an.locator("main ul.plain li").count() == 4
