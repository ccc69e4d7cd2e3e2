"""The list of whom to ring, on a phone: a district found in two keys, the same without a line, and how old it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import transaction
from duty.on_duty import who_serves
from people import queries as people
from people.models import Unit
from tests.support import enterprise
from tests.support.axe import faults_in_both_themes
from tests.support.browser import WITH_WORKER
from tests.support.cut_line import Line
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}


@pytest.fixture
def line(app: Flask) -> Iterator[Line]:
    """The night, now; the service point has an emergency shift of its own."""
    before = app.wsgi_app
    app.wsgi_app = between = Line(before)  # type: ignore[assignment,method-assign]
    night, begins = Night(), clock.now() - timedelta(hours=1)
    night.withdraw("operations", "emergency", "leadership")
    for duty, code, unit in (
        ("operations", "BI1", "BDA"),
        ("leadership", "QT1", "BDT"),
        ("emergency", "EM1", "BDA"),
        ("emergency", "PH1", "BDA-1"),
    ):
        night.publish(duty, code, unit, start=begins, hours=20)
    yield between
    app.wsgi_app = before  # type: ignore[method-assign]


def shown(page: Any) -> set[str]:
    return set(page.locator("[data-people] .name:not(.no)").all_inner_texts()) - {""}


def serving(code: str) -> set[str]:
    answers = who_serves.at(people.unit_by_code(code), clock.now()).answers
    return {person.name for _kind, answer in answers if answer.is_assigned for person in answer.people}


def test_whom_to_ring_is_found_in_two_keys_and_the_same_without_a_line(line: Line, browser: Any, live_url: str) -> None:
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **PHONE, **WITH_WORKER)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/login?next=/tonight")
    page.fill("[name=identifier]", "an1")
    page.fill("[name=password]", enterprise.PASSWORD)
    page.click("main button.go")
    page.wait_for_selector("html[data-offline-ready]", state="attached")
    page.goto("/tonight")
    page.wait_for_selector("[data-seek]:visible")
    assert page.get_by_placeholder("Tìm trong 2 đơn vị").is_visible(), "his district and what is below it"
    line.gone(page)
    page.goto("/tonight")
    page.wait_for_selector("[data-kept-note] >> text=Không có mạng: danh sách lưu lúc")
    page.wait_for_selector("[data-age-more] >> text=trước · bản lịch số 1")
    assert shown(page) == serving("BDA")
    assert page.locator("[data-people] a[href='sms:0900000102']").count() == 1
    # Two keys, and the point's own shift is there beside those who answer for it from further up.
    page.fill("[data-seek] input", "a1")
    assert page.inner_text("[data-said]") == "1 đơn vị, 0 người"
    assert "Điểm phục vụ A1" in page.inner_text("[data-shown]")
    assert shown(page) == serving("BDA-1") and "Kpă Phong" in shown(page)
    # Somebody by name, without marks.
    page.fill("[data-seek] input", "kpa")
    assert page.locator("[data-people] .name:not(.no)").first.inner_text() == "Kpă Phong"
    page.fill("[data-seek] input", "")
    assert page.locator("[data-halves] button").count() == 4
    page.click("#chain >> xpath=..")
    assert page.locator("[data-chain] li").count() >= 2, "leaders of the district, then of the province"
    assert page.locator("[data-people] a[href='tel:0900000101']").count() == 0, "he does not ring himself"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(page) == []
    page.goto("/tonight")
    assert page.locator("text=Ghi sự cố, gửi khi có mạng").bounding_box()["y"] < 740
    # There is a line, but the desk is down: the list stays one that is kept, and says so.
    page.evaluate("""() => {
        window.asked = window.fetch;
        window.fetch = async () => new Response("", { status: 502 });
        dispatchEvent(new Event("online"));
    }""")
    page.fill("[data-seek] input", "a1")
    assert page.evaluate("document.documentElement.dataset.kept") and page.locator("[data-kept-note]").is_visible()
    page.evaluate("() => { window.fetch = window.asked; }")
    # Then the desk is back, with a unit more before the one that is shown: it is still that one.
    with transaction() as session:
        above = people.unit_by_code("BDA").id
        session.add(
            Unit(code="BDA-0", name="Điểm phục vụ Mới", kind="service_point", parent_id=above, search_key="diem")
        )
    line.back(page)
    page.wait_for_selector("html:not([data-kept])", state="attached")
    assert page.get_by_placeholder("Tìm trong 3 đơn vị").is_visible()
    assert "Điểm phục vụ A1" in page.inner_text("[data-shown]") and shown(page) == serving("BDA-1")
    line.gone(page)
    # A list of the day before yesterday says so before anything else.
    page.clock.install(time=clock.now() + timedelta(hours=31))
    page.goto("/tonight")
    page.wait_for_selector("[data-kept-note] >> text=Danh sách cũ 31 giờ: gọi bàn trực để hỏi lại")
    context.close()
