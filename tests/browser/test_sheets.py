"""A sheet comes into the draft by keyboard alone; a unit fills in its list on a small phone, behind its link."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.lists import queries, services as lists
from tests.support import enterprise
from tests.support.districts import NOW, Districts
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def both(night: Night) -> Iterator[Districts]:
    with clock.travel(NOW):
        yield Districts(night.ids)


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drafted(both: Districts, letter: str, turn: int) -> str:
    """As the server has written it meanwhile."""
    db.session.rollback()
    db.session.expire_all()
    return both.drafted(letter, turn)


def test_a_sheet_is_taken_by_keyboard_and_undone(both: Districts, open_page: Callable[..., Any], axe: Any) -> None:
    content = workbook(["LỊCH TRỰC TẾT"], [], ["Họ và tên", "24/1", "30 Tết"], ["TRUC A3", "TRỰC", ""])
    page = open_page("an1", f"/roster/campaigns/{both.campaign_id}/sheet")
    assert axe(page) == []
    page.set_input_files("#file", {"name": "truc.xlsx", "mimeType": "", "buffer": content})
    page.focus("#send button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sheet/*")
    assert axe(page) == []
    assert "chưa biết “TRỰC” là ca gì" in page.inner_text("#troubles")
    assert "trùng hoặc mâu thuẫn" in page.inner_text("#layout"), "two columns are one day: neither is silently taken"
    page.select_option("select[name=code-0]", "operations|Ngày")
    page.check("input[name=blank][value=shift]")
    page.focus("#take button[value=read]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#take button[value=take]")
    assert "1 lượt xếp thêm" in page.inner_text("#take")
    assert drafted(both, "A", 2) == "A1"
    page.focus("#take button[value=take]")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=people**")
    assert "thành một lần sửa" in page.inner_text("main")
    assert drafted(both, "A", 2) == "A3"
    page.click("form[action*='/undo'] button:visible")
    page.get_by_label("Làm lại: nhập 1 lượt từ truc.xlsx").first.wait_for(state="attached")
    assert drafted(both, "A", 2) == "A1"


def test_a_unit_fills_in_its_list_on_a_small_phone(
    both: Districts, open_page: Callable[..., Any], browser: Any, live_url: str, axe: Any
) -> None:
    collection, _told = lists.collect(
        both.campaign_id,
        units=[both.ids["BDA"], both.ids["BDC"]],
        due_at=NOW + timedelta(days=3),
        message="Ghi đủ ca đêm",
        actor=enterprise.ROOT,
        now=NOW,
    )
    row = next(each for each in queries.lists(collection) if each.unit_id == unit_by_code("BDA").id)
    path = "/l/u/" + queries.url(row).rpartition("/")[2]
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
    page = context.new_page()
    page.goto(path)
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    first = page.locator("select[name^=seat-]").first
    first.select_option("Trực A4 · A4")
    page.tap("button[value=send]")
    page.wait_for_selector(".errors >> text=Ghi họ tên người lập danh sách")
    kept = page.locator("select[name^=seat-]").first.input_value()
    assert kept == "Trực A4 · A4", "what was chosen is still there"
    assert axe(page) == []
    page.fill("#name", "Văn thư An")
    page.tap("button[value=send]")
    page.wait_for_selector("text=Văn thư An đã gửi lúc")
    context.close()
    province = open_page("qt1", f"/roster/campaigns/{both.campaign_id}/lists")
    assert axe(province) == []
    province.click("#units a")
    province.wait_for_selector("#merge")
    assert axe(province) == [] and "Trực A4" in province.inner_text("#differing")
    province.click("#merge button")
    province.wait_for_url("**/lists")
    assert drafted(both, "A", 0) == "A4"
