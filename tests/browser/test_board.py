"""The board by keys alone at a laptop, and by a thumb on a phone in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.db import db
from incidents.escalation import engine
from incidents.record.models import Incident
from tests.support.tet_night import NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def holder(incident: Incident) -> str:
    db.session.rollback()
    return db.session.get_one(Incident, incident.id, populate_existing=True).acknowledged_by


def test_three_are_picked_and_taken_without_a_mouse_and_put_off_by_a_thumb(
    night: Night, open_page: Callable[..., Any], axe: Any
) -> None:
    made = [night.log(title, severity=3) for title in ("Mất điện", "Mất mạng", "Xe muộn")]
    engine.escalate_due(NIGHT)
    db.session.rollback()
    board = open_page("an1", "/incidents/", **LAPTOP)

    def press(*keys: str) -> None:
        for key in keys:
            board.keyboard.press(key)

    assert not board.locator("#picks").is_visible(), "nothing is picked"
    press("j", "x", "j", "x")
    board.wait_for_selector("#picks >> text=2 đã chọn")
    # Another alarm: the rows come anew, what was picked stays picked, and the row that has the focus keeps it.
    where = focused(board)
    night.log("Kho ngập", severity=3)
    board.wait_for_selector("main .inc >> nth=3")
    assert board.locator("[data-pick]:checked").count() == 2 and focused(board) == where
    assert board.locator("#picks").is_visible()
    press("a")
    board.wait_for_url(re.compile("/incidents/picked"))
    board.wait_for_selector("button:focus >> text=Tôi nhận cả 2 sự cố")
    assert axe(board) == []
    assert [holder(each) for each in made] == ["", "", ""], "a key alone takes nothing"
    press("Enter")
    board.wait_for_selector("main >> text=Đồng chí đã nhận")
    assert sorted(holder(each) for each in made) == ["", "Nguyễn Văn An", "Nguyễn Văn An"]
    for key, says in (("r", "Đã xử lý xong"), ("e", "Gọi bước tiếp theo ngay")):
        board.goto("/incidents/")
        board.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")
        press("k", key)
        board.wait_for_selector(f"button:focus >> text={says}")

    phone = open_page("an1", "/incidents/?status=acknowledged", **PHONE)
    phone.locator(".pick").first.tap()
    phone.wait_for_selector("#picks >> text=1 đã chọn")
    assert axe(phone) == []
    phone.locator("#picks button.yes").tap()
    phone.fill("#until", "02:30")
    phone.fill("#reason", "Chờ thợ điện")
    phone.locator("#snooze button").tap()
    phone.wait_for_selector("main .inc >> text=nhắc lại lúc 02:30")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360 and axe(phone) == []
