"""The desk on a telephone, in the dark, by thumb: found by two letters, taken from its card, all at once in a storm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.db import db
from incidents.escalation import engine
from incidents.record.models import Incident
from tests.browser.test_phone_night import PHONE, clean
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import NIGHT, Night

DARK = {**PHONE, "color_scheme": "dark"}
IPHONE = """
Object.defineProperty(Navigator.prototype, 'standalone', {get: () => false});
window.badges = [];
Navigator.prototype.setAppBadge = (number) => { window.badges.push(number); return Promise.resolve(); };
Navigator.prototype.clearAppBadge = () => { window.badges.push(0); return Promise.resolve(); };
"""


def top(page: Any, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return float(box["y"] + box["height"])


def test_what_a_manager_does_with_one_thumb(night: Night, open_page: Callable[..., Any]) -> None:
    code = night.log("Xe thư hỏng ở đèo An Khê", "vehicle", severity=2).code
    engine.escalate_due(NIGHT)
    phone = open_page("an1", "/", **DARK)
    assert top(phone, ".one .do .yes") < 740 - 60, "the first incident with its button is in the first screen"
    assert phone.locator(".tabbar .count").inner_text() == "1"
    clean(phone)

    phone.locator("#find").press_sequentially("a1")
    phone.wait_for_selector("#found mark")
    assert phone.locator("#found a[href='tel:0900000102']").is_visible()
    clean(phone)
    phone.fill("#find", "")
    phone.wait_for_selector("#found mark", state="detached")

    phone.tap(".menu.account > summary")
    assert phone.locator(".menu.account .others a[href='/people/']").is_visible()
    clean(phone)
    phone.tap(".menu.account > summary")

    for number in range(3):
        night.log(f"Mất kết nối trạm {number}", "connectivity")
    phone.wait_for_selector("text=Nhận tất cả…")
    wait_until(lambda: phone.locator(".tabbar .count").inner_text() == "4")
    phone.tap("text=Nhận tất cả…")
    phone.tap("text=Xem 4 sự cố")
    clean(phone)
    phone.locator(".check", has_text="An Khê").tap()
    phone.tap("button >> text=Tôi nhận 3 sự cố")
    phone.wait_for_selector(".flash >> text=Máy không gọi ai khác về những sự cố này nữa")
    db.session.rollback()
    assert {each.code for each in db.session.query(Incident).filter_by(status="open")} == {code}
    phone.tap(".one.untaken .do .yes")
    phone.wait_for_selector(".state.held")


def test_an_iphone_is_told_once_and_the_icon_counts(night: Night, browser: Any, open_page: Callable[..., Any]) -> None:
    night.log("Mất điện bưu cục", "power")
    phone = open_page("bi1", "/me/", **PHONE)
    phone.context.add_init_script(IPHONE)
    phone.goto("/")
    phone.wait_for_selector("#install >> text=Chỉ sau khi thêm như vậy, iPhone mới nhận được thông báo đẩy")
    assert phone.evaluate("badges") == [1]
    clean(phone)
    phone.tap("[data-install-no]")
    phone.goto("/")
    phone.wait_for_function("() => badges.length === 1")
    assert not phone.locator("#install").is_visible()
    made = phone.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())")
    for icon in made["icons"]:
        found = phone.request.get(icon["src"])
        assert found.ok and found.headers["content-type"].startswith(icon["type"])
    assert {each["url"] for each in made["shortcuts"]} == {"/incidents/new", "/tonight"}
