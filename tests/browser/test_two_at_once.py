"""Two people have the same incident open: what one does is on the other's screen, and no press does a thing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.db import db
from incidents.escalation import engine
from incidents.record import queries
from tests.support.tet_night import NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}


def log(night: Night, title: str = "Mất điện bưu cục") -> str:
    made = night.log(title, severity=2)
    engine.escalate_due(NIGHT)
    db.session.rollback()
    return made.code


def kinds(code: str) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [entry.kind for entry in queries.timeline(queries.by_code(code).id)]


def test_what_one_takes_is_taken_on_the_others_screen_too(
    night: Night, open_page: Callable[..., Any], axe: Any
) -> None:
    code = log(night)
    binh, chief = (
        open_page("bi1", f"/incidents/{code}", **PHONE),
        open_page("qt1", f"/incidents/{code}", english=True, **LAPTOP),
    )
    chief.wait_for_selector(".state >> text=Not acknowledged")
    chief.fill("#note", "Ringing the power company")
    binh.tap("main button >> text=Tôi nhận")
    binh.wait_for_selector("main button.huge >> text=Đã tới nơi")

    chief.wait_for_selector(".state.held >> text=Held by Trần Thị Bình")
    chief.wait_for_selector("#incident-holder >> text=Trần Thị Bình")
    assert chief.locator("main button >> text=I acknowledge").count() == 0, "nobody is offered what somebody has"
    assert "Not acknowledged" not in chief.inner_text("main")
    assert chief.input_value("#note") == "Ringing the power company", "what was being typed stays"
    assert axe(chief) == []

    chief.click("main button >> text=Resolved")
    binh.wait_for_selector(".state >> text=Đã xử lý xong")
    assert binh.inner_text(".thumb").strip() == "Đóng sự cố"
    assert binh.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_second_click_does_nothing_twice(night: Night, open_page: Callable[..., Any]) -> None:
    code = log(night)
    chief = open_page("qt1", f"/incidents/{code}", **LAPTOP)
    chief.fill("#note", "Đã gọi điện lực")
    twice(chief, "Ghi vào diễn biến")
    twice(chief, "Gọi bước tiếp theo ngay")
    twice(chief, "Tôi nhận")
    twice(chief, "Đã xử lý xong")
    twice(chief, "Mở lại")
    done = kinds(code)
    once = ("note", "escalated", "acknowledged", "resolved", "reopened")
    assert {kind: done.count(kind) for kind in once} == dict.fromkeys(once, 1)


def twice(page: Any, button: str) -> None:
    """An impatient hand."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).first.dblclick(no_wait_after=True)
    page.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")
