"""11:00 of Mùng 1: An takes over from Bình on a phone in the dark, signs the diary, prints it; the wall is beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db
from incidents.diary import services as diary
from incidents.handovers import services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.record.models import Incident
from incidents.response import lifecycle, responders
from roster.models import Duty
from tests.support.axe import faults_in_both_themes
from tests.support.cast import ADMIN, NIGHT, PASSWORD
from tests.support.tet_night import Night

CHANGE = NIGHT + timedelta(hours=9)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
TITLES = ("Xe thư hỏng ở đèo An Khê, có bưu gửi KT1", "Mất điện bưu cục", "Mất đường truyền", "Ùn ứ ở băng chuyền")


@pytest.fixture
def night(night: Night) -> Iterator[Night]:
    """Bình has four incidents and has signed; An follows."""
    night.publish("operations", "AN1", start=CHANGE)
    for title in TITLES:
        lifecycle.acknowledge(night.log(title, "vehicle").id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    binh, at = night.actor("BI1"), CHANGE - timedelta(minutes=15)
    first = db.session.query(Incident).order_by(Incident.id).first()
    assert first is not None
    responders.leave_handover_note(first.id, note="Đã sang túi, xe chờ kéo.", actor=binh, now=at)
    for words in ("Nhận 3 túi chuyến 04:30.", "Đã chạy thử máy nổ.", "Bảo vệ đổi ca lúc 06:00."):
        diary.write(night.ids["BDA"], text=words, actor=binh, now=at)
    seat = db.session.get_one(Duty, night.duty("operations")).seat_id
    items = ChecklistItem("Tiền mặt", "fine"), ChecklistItem("Máy phát điện", "attention", "dầu còn 1 phần 3")
    handovers.write_and_sign(seat, TypedMinutes(items), actor=binh, now=at)
    with clock.travel(CHANGE - timedelta(minutes=5)):
        yield night


def test_a_shift_changes_hands_on_a_phone_and_its_diary_is_one_page(open_page: Callable[..., Any]) -> None:
    page = open_page("an1", "/incidents/handovers/1", locked=True, **PHONE)
    button = page.get_by_role("button", name="Tôi nhận ca và 4 sự cố")
    box = button.bounding_box()
    assert box["height"] >= 60 and box["y"] + box["height"] <= 740, "at the foot, above everything"
    assert page.get_by_text("“Đã sang túi, xe chờ kéo.”").count() == 1
    assert page.get_by_role("link", name=re.compile("^Gọi Trần Thị Bình")).count() == 1
    assert page.get_by_role("link", name=re.compile("^Gọi Nguyễn Văn An")).count() == 0, "that is the reader"
    assert faults_in_both_themes(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    button.tap()
    page.get_by_text("Nguyễn Văn An đã nhận ca").wait_for()
    day = "/incidents/diary/BDA{}?day=2020-01-24&shift=23:10"
    page.goto(day.format(""))
    page.fill("#secret", PASSWORD)
    page.get_by_role("button", name="Ký giao ca").tap()
    page.get_by_text("Đã ký sổ nhật ký trực.").wait_for()
    assert faults_in_both_themes(page) == []
    page.goto(day.format("/print"))
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1, "a normal shift is one page of A4"
    page.set_viewport_size({"width": 1280, "height": 800})
    for path in ("/me/", "/incidents/handovers/1"):
        page.goto(path)
        assert page.locator("header.top").bounding_box()["height"] < 80, f"{path}: the bar is a bar"
    for width, height in ((1920, 1080), (1080, 1920)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/?unit=BDA&wall=1")
        assert page.evaluate("document.documentElement.scrollHeight") <= height, "nobody scrolls a wall"
        strip = page.locator(".wall-today > svg").bounding_box()
        assert strip["x"] + strip["width"] <= width and strip["y"] + strip["height"] <= height
        assert page.locator(".wall-today g.dh text").all_text_contents()[1:] == ["Bình", "An"], "one bar a shift"
        shown = "[...document.querySelectorAll(':is(.wall-duties, .wall-open) *')].filter(each => each.innerText)"
        sizes = page.evaluate(f"{shown}.map(each => parseFloat(getComputedStyle(each).fontSize))")
        assert min(sizes) >= 20, "read from five metres"
