"""One incident on a cheap phone at 02:10: what to know and to do is on the first screen, also after fifty calls.

When the line is gone, nothing says that it was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db, transaction
from incidents.escalation import engine
from incidents.front import looks
from incidents.front.models import IncidentLook
from incidents.record import queries
from incidents.record.models import Page
from incidents.response import lifecycle
from notify.models import Message
from people.models import Unit
from tests.support.axe import faults_in_both_themes
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import ADMIN, NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
IPHONE = PHONE | {"viewport": {"width": 390, "height": 844}}
STEP = "#incident-primary .btn.huge"
MOST = 1600


def log(night: Night, **facts: Any) -> str:
    made = night.log("Xe thư 81C-0123 hỏng ở đèo Mang Yang, có bưu gửi KT1", "vehicle", severity=2, **facts)
    engine.escalate_due(NIGHT)
    db.session.rollback()
    return made.code


def bottom(page: Any, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return float(box["y"] + box["height"])


def height(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def clean(page: Any) -> None:
    """Nothing beside the screen, nothing too small for a thumb, nothing that axe minds with every fold open."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.evaluate("document.querySelectorAll('.folds details').forEach(each => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert faults_in_both_themes(page) == []
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelectorAll('.folds details').forEach(each => { each.open = false; })")


@pytest.mark.parametrize("screen", [PHONE, IPHONE], ids=["360", "390"])
def test_from_the_title_to_the_step_fits_one_screen(
    night: Night, open_page: Callable[..., Any], screen: dict[str, Any]
) -> None:
    page = open_page("bi1", f"/incidents/{log(night)}", **screen)
    assert page.locator("h1").bounding_box()["y"] >= 0
    assert bottom(page, ".who") < page.locator(STEP).bounding_box()["y"], "who is called stands above the button"
    assert bottom(page, STEP) <= screen["viewport"]["height"]
    assert page.inner_text(".ladder .now .name") == "Đang gọi đồng chí"
    assert page.inner_text(STEP).strip() == "Tôi nhận"
    assert not page.locator(".tabbar").is_visible(), "the foot holds the step or the menu, never both"
    assert height(page) <= MOST
    clean(page)


def test_after_fifty_calls_the_page_is_as_long_as_before(night: Night, open_page: Callable[..., Any]) -> None:
    code = log(night)
    minutes = 0
    while db.session.query(Page).count() < 50:
        minutes += 1
        engine.escalate_due(NIGHT + timedelta(minutes=minutes))
        db.session.rollback()
    with clock.travel(NIGHT + timedelta(minutes=minutes)):
        lifecycle.acknowledge(queries.by_code(code).id, actor=night.actor("BI1"), now=clock.now())
        db.session.rollback()
        page = open_page("bi1", f"/incidents/{code}", **PHONE)
        assert page.inner_text(".state.held span").strip() == "Đồng chí đang giữ"
        assert f"sau {db.session.query(Page).count()} lần gọi" in page.inner_text(".state small")
        assert height(page) <= MOST
        assert bottom(page, STEP) <= 740 and page.inner_text(STEP).strip() == "Đã tới nơi"
        page.tap("summary:has(#called-answer)")
        assert page.locator("#called .turns > li").count() < 10, "turns that were alike are one line"
        clean(page)
        for step, then in (("Đã tới nơi", "Đã xử lý xong"), ("Đã xử lý xong", None)):
            page.tap(f"{STEP} >> text={step}")
            if then:
                page.wait_for_selector(f"{STEP} >> text={then}")
        page.wait_for_selector(".state.held >> text=Đã xử lý xong")


def test_what_did_not_arrive_is_not_done_and_goes_as_soon_as_there_is_a_line(
    night: Night, open_page: Callable[..., Any]
) -> None:
    code = log(night)
    page = open_page("bi1", f"/incidents/{code}", **PHONE)
    page.context.set_offline(True)
    page.tap(STEP)
    page.wait_for_selector(".unsent[role=alert] >> text=Chưa gửi được: chưa tính là đã nhận")
    assert page.locator(".state.none").is_visible(), "nothing says that it was taken"
    assert page.inner_text(STEP).strip() == "Gửi lại"
    assert bottom(page, STEP) <= 740
    page.context.set_offline(False)
    page.wait_for_selector(".state.held >> text=Đồng chí đang giữ")
    db.session.rollback()
    db.session.expire_all()
    assert queries.by_code(code).acknowledged_by == "Trần Thị Bình"


def test_what_is_new_since_i_looked_is_marked_once(
    night: Night, open_page: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "READ_AFTER", 0.3)
    code = log(night)
    incident_id = queries.by_code(code).id
    lifecycle.acknowledge(incident_id, actor=night.actor("BI1"), now=NIGHT)
    db.session.rollback()

    def marked() -> bool:
        db.session.rollback()
        mark = db.session.query(IncidentLook).one_or_none()
        return mark is not None and mark.entry_id == queries.timeline(incident_id)[-1].id

    page = open_page("bi1", f"/incidents/{code}", **PHONE)
    wait_until(marked, what="that it was looked at")
    assert page.locator(".fresh").count() == 0, "the first time nothing is newer than anything"
    page.goto("/incidents/")
    lifecycle.add_note(incident_id, note="Công an xã giữ hiện trường", actor=ADMIN, now=NIGHT)
    binh = replace(night.actor("BI1"), name="Trần Thị Bình")
    lifecycle.add_note(incident_id, note="Tôi đang trên đường", actor=binh, now=NIGHT)
    db.session.rollback()

    page.goto(f"/incidents/{code}")
    assert "Công an xã giữ hiện trường" in page.inner_text(".fresh .log")
    assert "Tôi đang trên đường" not in page.inner_text(".fresh"), "my own doings are never new"
    wait_until(marked, what="that it was read")
    assert page.locator(".fresh").is_visible(), "it stays as long as one stays"
    page.goto("/incidents/")
    page.goto(f"/incidents/{code}")
    assert page.locator(".who").is_visible() and page.locator(".fresh").count() == 0


def test_a_fold_that_is_open_stays_open_when_something_happens(night: Night, open_page: Callable[..., Any]) -> None:
    code = log(night)
    page = open_page("bi1", f"/incidents/{code}", **PHONE)
    page.tap("summary:has(#log-answer)")
    lifecycle.add_note(queries.by_code(code).id, note="Xe thay đã rời bến", actor=ADMIN, now=NIGHT)
    db.session.rollback()
    page.wait_for_selector("#log >> text=Xe thay đã rời bến")
    assert page.locator("details:has(> #log)").get_attribute("open") is not None


def test_what_the_page_learns_meanwhile_does_not_end_the_sending(night: Night, open_page: Callable[..., Any]) -> None:
    with transaction() as session:
        session.get_one(Unit, night.ids["BDA"]).phone = "02693824999"
    code = log(night)
    page = open_page("bi1", f"/incidents/{code}", **PHONE)
    page.route("**/acknowledge", lambda route: route.fulfill(status=502))
    page.tap(STEP)
    page.wait_for_selector(".unsent")
    ring = page.locator("#incident-primary a[href='tel:02693824999']")
    assert ring.inner_text().strip() == "Gọi Bưu điện", "the foot offers to ring as well"
    page.evaluate("document.querySelector('.unsent').dataset.old = '1'")
    engine.escalate_due(NIGHT + timedelta(minutes=3))
    lifecycle.add_note(queries.by_code(code).id, note="Xe thay đã rời bến", actor=ADMIN, now=NIGHT)
    db.session.rollback()
    page.wait_for_function("() => !document.querySelector('.unsent[data-old]')")
    page.wait_for_selector(".unsent >> text=chưa tính là đã nhận")
    page.unroute("**/acknowledge")
    page.wait_for_selector(".state.held >> text=Đồng chí đang giữ")


def test_a_form_of_yesterday_is_shown_anew_and_a_session_that_ended_asks_to_sign_in(
    night: Night, open_page: Callable[..., Any]
) -> None:
    code = log(night)
    page = open_page("bi1", f"/incidents/{code}", **PHONE)
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => { each.value = 'x'; })")
    page.evaluate("window.sameDocument = true")
    page.tap(STEP)
    page.wait_for_function("() => !window.sameDocument")
    assert page.locator(".state.none").is_visible() and page.inner_text(STEP).strip() == "Tôi nhận"
    page.route("**/*live=1*", lambda route: route.abort())
    page.route("**/banner*", lambda route: route.abort())
    page.context.clear_cookies()
    page.tap(STEP)
    page.wait_for_url("**/login**")


def test_the_button_behind_a_link_waits_for_one_page_and_its_style(night: Night, browser: Any, live_url: str) -> None:
    log(night)
    mail = db.session.query(Message).filter(Message.body.contains("/a/")).one()
    db.session.rollback()
    asked: list[str] = []
    context = browser.new_context(base_url=live_url, locale="vi-VN", **PHONE)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url.removeprefix(live_url).split("?")[0]))
    page.goto(re.search(r"/a/[\w-]+", mail.body).group(), wait_until="networkidle")  # type: ignore[union-attr]
    assert page.locator(STEP).is_visible()
    files = sorted(each.removeprefix("/static/") for each in asked if each.startswith("/static/"))
    assert [each for each in files if each.endswith(".css")] == ["css/app.css", "css/night.css"]
    assert [each for each in files if each.endswith(".js")] == [
        f"js/{name}.js" for name in ("act", "countdown", "folds", "form", "linked", "seen", "theme")
    ]
    context.close()
