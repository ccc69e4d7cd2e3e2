"""A list on paper at two screens: photographed on a phone under a thumb, typed over with the picture beside by keys."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.lists import queries, services as lists
from roster.lists.models import UnitList
from tests.support import worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.enterprise import NOW, PASSWORD, ROOT
from tests.web.roster.lists.test_unit_lists import make_draft

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def write() -> tuple[int, int]:
    campaign_id = make_draft()
    collection, _told = lists.collect(
        campaign_id,
        units=[unit_by_code("BDA").id],
        due_at=NOW + timedelta(days=3),
        message="",
        actor=ROOT,
        now=NOW,
    )
    return campaign_id, collection.lists[0].id


@pytest.fixture
def asked(app: Flask) -> Iterator[tuple[int, int]]:
    with clock.travel(NOW):
        yield worlds.begin("a list asked for", write)


def the_list(list_id: int) -> UnitList:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(UnitList, list_id)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2400, 3200), "ivory").save(out, "JPEG")
    return out.getvalue()


def test_a_photo_from_a_phone_is_typed_over_at_a_desk(
    asked: tuple[int, int], browser: Any, live_url: str, page: Any
) -> None:
    campaign_id, list_id = asked
    phone = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
    unit = phone.new_page()
    unit.goto("/l/u/" + queries.url(the_list(list_id)).rpartition("/")[2])
    unit.get_by_text("Có sẵn bảng giấy?").tap()
    heic = {"name": "IMG_7.HEIC", "mimeType": "image/heic", "buffer": b"\x00\x00\x00\x18ftypheic"}
    unit.set_input_files("#paper", [heic])
    unit.wait_for_selector("[data-photo-said]:not([hidden])")
    assert "IMG_7.HEIC" in unit.inner_text("[data-photo-said]"), "said before anything is sent"
    unit.set_input_files("#paper", [{"name": "bảng.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    unit.fill("#name", "Chị Lan")
    assert unit.evaluate(FITS)
    unit.get_by_role("button", name="Gửi danh sách").tap()
    unit.wait_for_selector("text=Chị Lan đã gửi ảnh lúc")
    assert not faults_in_both_themes(unit)
    phone.close()

    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "qt1", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign_id}/lists/{list_id}")
    page.get_by_role("link", name="Nhập theo ảnh").press("Enter")
    page.wait_for_url("**/type")
    picture = page.locator(".paper-side img")
    page.wait_for_function("() => document.querySelector('.paper-side img').naturalWidth > 0")
    beside = picture.bounding_box(), page.locator("#list select").first.bounding_box()
    assert beside[0]["x"] + beside[0]["width"] <= beside[1]["x"], "the picture is beside the form"
    assert not faults_in_both_themes(page)
    field = page.locator("#list select").first
    field.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Lưu danh sách đã nhập").press("Enter")
    page.wait_for_selector("text=Đã nhập 1 lượt theo ảnh")
    assert len(the_list(list_id).picks) == 1 and the_list(list_id).typed_by == "Lê Quản Trị"
    page.goto(f"/roster/campaigns/{campaign_id}/lists/{list_id}/type")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(FITS)
