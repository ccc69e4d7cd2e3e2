"""Fires among alarms, on a telephone of 360 points: read, taken or left, the next; at the desk and behind the link of a
letter, where a title shows after a tap."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core import clock
from core.db import db
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.record.models import Incident, Page
from notify.models import Message
from tests.support.axe import faults_in_both_themes
from tests.support.tet_night import NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NEXT = ".act.thumb button"


def storm(night: Night) -> list[str]:
    """Four alarms and three fires about which Bình is called; the codes of the fires."""
    for number in range(4):
        night.log(f"Mất kết nối trạm {number}", "connectivity", severity=3)
    fires = [night.log(f"Cháy kho số {number}, khói dày ở cửa sau", "fire", severity=1) for number in range(1, 4)]
    engine.escalate_due(NIGHT)
    db.session.rollback()
    return [each.code for each in fires]


def clean(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(page) == []


def holder(code: str) -> str:
    db.session.rollback()
    return db.session.query(Incident).filter_by(code=code).populate_existing().one().acknowledged_by


def test_at_the_desk_a_thumb_goes_through_them(night: Night, open_page: Callable[..., Any]) -> None:
    fires = storm(night)
    page = open_page("an1", "/incidents/take-all", **PHONE)
    assert "3 sự cố phải nhận riêng" in page.inner_text("main")
    clean(page)
    page.tap(".apart .btn")
    page.wait_for_selector(f"{NEXT}:has-text('Nhận, xem việc tiếp · 1/3')")
    assert page.locator("a:has-text('Gộp vào một việc')").is_visible()
    box = page.locator(NEXT).bounding_box()
    assert box["y"] + box["height"] <= 740 and box["height"] >= 44, "under the thumb"
    clean(page)
    page.tap(NEXT)
    page.wait_for_selector(f"{NEXT}:has-text('Nhận, xem việc tiếp · 2/3')")
    assert "Đồng chí đang giữ một việc mức 1" in page.inner_text("main")
    clean(page)
    page.tap("a:has-text('Để lại, xem việc tiếp')")
    page.wait_for_selector(f"{NEXT}:has-text('Nhận · 3/3')")
    page.tap(NEXT)
    page.wait_for_selector("h1:has-text('Đã xem hết')")
    assert "Còn 1 việc đồng chí để lại: máy vẫn gọi." in page.inner_text("main")
    clean(page)
    assert sorted(map(holder, fires)) == ["", "Nguyễn Văn An", "Nguyễn Văn An"]


def test_behind_the_link_of_a_letter_too_and_a_title_shows_after_a_tap(
    night: Night, open_page: Callable[..., Any]
) -> None:
    storm(night)
    state = night.log("Rơi túi đỏ ở cầu Ba Na", "power", severity=2, party_state=True)
    engine.escalate_due(NIGHT)
    db.session.rollback()
    binh = night.ids["BI1"]
    page = open_page("bi1", f"/b/{bundle.token_for(binh, clock.now())}", locked=True, **PHONE)
    assert "Ba Na" not in page.content() and "Sự cố phải mở để xem" in page.inner_text("main")
    clean(page)
    page.tap("button:has-text('Xem và nhận từng việc · 1/4')")
    for number in range(1, 4):
        page.wait_for_selector(f"{NEXT}:has-text('Nhận, xem việc tiếp · {number}/4')")
        clean(page)
        page.tap(NEXT)
    page.wait_for_selector(f"{NEXT}:has-text('Nhận · 4/4')")
    assert page.inner_text("h1") == "Rơi túi đỏ ở cầu Ba Na" and "đang giữ 3 việc mức 1" in page.inner_text("main")
    page.tap("button:has-text('Để lại, không nhận')")
    page.wait_for_selector(f"button:has-text('Mở xem {state.code}')")
    assert "Ba Na" not in page.content() and holder(state.code) == ""


def test_the_page_behind_a_call_is_covered_until_a_tap(night: Night, open_page: Callable[..., Any]) -> None:
    incident = night.log("Rơi túi đỏ ở cầu Ba Na", "power", severity=2, party_state=True)
    engine.escalate_due(NIGHT)
    db.session.rollback()
    letter = db.session.query(Message).filter_by(channel="email").first()
    assert letter is not None
    page = open_page("bi1", re.search(r"/a/[\w-]+", letter.body)[0], locked=True, **PHONE)  # type: ignore[index]
    assert "Ba Na" not in page.content() and incident.code in page.inner_text("main")
    clean(page)
    page.wait_for_timeout(1500)  # as long as a page that is looked at needs to say that it was seen
    db.session.rollback()
    assert db.session.query(Page).filter(Page.opened_at.is_not(None)).count() == 0
    page.tap(NEXT)
    page.wait_for_selector("h1:has-text('Rơi túi đỏ ở cầu Ba Na')")
    clean(page)
