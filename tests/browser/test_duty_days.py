"""Kinds of duty × days have the hands of people × days: by keyboard alone, read out; by mouse; without the script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.actor import Actor
from core.db import db
from roster.draft import services as drafts
from roster.draft.edits import SeatEdit
from roster.models import Shift
from tests.support import crew_world, factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.crew_world import NOW, PASSWORD

PASTE = """text => { const data = new DataTransfer(); data.setData('text/plain', text);
document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true})); }"""
COPY = """() => { const data = new DataTransfer();
document.activeElement.dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true}));
return data.getData('text/plain'); }"""


def write() -> int:
    return crew_world.write(crews=False)


@pytest.fixture
def campaign(app: Flask) -> Iterator[int]:
    with clock.travel(NOW):
        yield worlds.begin("a post of sixteen without crews", write)


@pytest.fixture
def grid(campaign: int, page: Any) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "huyen", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=duties&unit=BDA")
    page.wait_for_selector("#hands:not([hidden])", state="attached")
    return page


def cell(grid: Any, name: str, on: str) -> Any:
    return grid.locator(f"#grid-table tr:has(th[data-name='{name}']) td[id$='-{on}']")


def people(grid: Any, name: str, on: str) -> list[str]:
    return [str(text) for text in cell(grid, name, on).locator("a.chip > span:first-child").all_inner_texts()]


def said(grid: Any, text: str, place: str = "grid-said") -> str:
    grid.wait_for_function("([id, text]) => document.getElementById(id).textContent.includes(text)", arg=[place, text])
    return str(grid.evaluate("id => document.getElementById(id).textContent", place))


def press(grid: Any, *keys: str) -> None:
    for key in keys:
        grid.keyboard.press(key)


def read_out(grid: Any) -> str:
    return str(grid.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


MORNING, RESCUE = "Trực điều hành, Sáng", "Trực ứng cứu thông tin, Sáng"
HERE = "Trực điều hành, Sáng, Thứ Năm 23/01, 29 tháng Chạp năm Kỷ Hợi"


def test_a_name_is_typed_by_keyboard_alone_pinned_emptied_and_undone(grid: Any) -> None:
    cell(grid, MORNING, "0123").focus()
    assert read_out(grid) == f"{HERE}, thiếu 2 người."
    grid.keyboard.type("lan")
    grid.locator("#grid-offers li", has_text="Nguyễn Thị Lan").wait_for()
    assert "chỗ còn trống" in grid.locator("#grid-offers li").first.inner_text()
    press(grid, "Tab")
    said(grid, "Đã xếp Nguyễn Thị Lan vào ca sáng 23/01.")
    grid.wait_for_function("document.activeElement.id.endsWith('-0124')")
    press(grid, "ArrowLeft")
    assert read_out(grid) == f"{HERE}, Nguyễn Thị Lan, đã ghim."
    grid.keyboard.type("K12")
    press(grid, "Enter")
    said(grid, "Đã xếp Trần Văn Đức")
    assert people(grid, MORNING, "0123") == ["Lan", "Đức"]
    press(grid, "Control+b")
    said(grid, "Đã bỏ ghim 2 ca.")
    press(grid, "Delete")
    said(grid, "Đã bỏ 2 ca của 2 người.")
    assert people(grid, MORNING, "0123") == []
    press(grid, "Control+z")
    said(grid, "Đã hoàn tác")
    assert people(grid, MORNING, "0123") == ["Lan", "Đức"]


def test_esc_leaves_all_as_it_was_and_what_names_nobody_is_said(grid: Any) -> None:
    cell(grid, MORNING, "0123").focus()
    grid.keyboard.type("lan")
    press(grid, "Escape")
    assert people(grid, MORNING, "0123") == [] and grid.locator(".typing").count() == 0
    grid.keyboard.type("zzz")
    grid.locator("#grid-offers li", has_text="Không có ai tên hay mã như vậy.").wait_for()
    press(grid, "Enter")
    said(grid, "Không có ai tên hay mã như vậy.", "grid-warned")


def test_somebody_who_may_not_is_shown_with_the_reason_and_not_taken(grid: Any, campaign: int) -> None:
    morning = db.session.query(Shift).filter_by(template="Sáng", duty="emergency").order_by(Shift.starts_at).first()
    assert morning is not None
    drafts.edit_seats(campaign, [SeatEdit(morning.seats[0].id, "K23", None)], actor=factories.ADMIN, now=NOW)
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, MORNING, "0123").focus()
    grid.keyboard.type("lan")
    offer = grid.locator("#grid-offers li[aria-disabled=true]", has_text="Nguyễn Thị Lan")
    offer.wait_for()
    assert "đang trực ca khác cùng giờ" in offer.inner_text()
    press(grid, "ArrowDown", "Enter")
    assert people(grid, MORNING, "0123") == []


def test_names_are_pasted_as_text_and_copied_back(grid: Any) -> None:
    cell(grid, MORNING, "0123").focus()
    grid.evaluate(PASTE, "lê thị hoa, K21\tLan; Phan Văn Lộc\r\n\tsiu phuoc")
    said(grid, "Đã sửa 5 ca của 4 người")
    assert people(grid, MORNING, "0123") == ["Hoa", "Lộc"]
    cell(grid, MORNING, "0123").focus()
    press(grid, "Shift+ArrowRight")
    assert grid.evaluate(COPY) == "Lê Thị Hoa, Phan Văn Lộc\tNguyễn Thị Lan, Phan Văn Lộc"


def test_a_name_that_several_bear_is_asked_for_by_code(grid: Any) -> None:
    cell(grid, MORNING, "0123").focus()
    grid.evaluate(PASTE, "Đức")
    panel = grid.locator("#editor-body")
    panel.get_by_text("có 2 người").wait_for()
    assert "Trần Văn Đức (K12)" in panel.inner_text() and people(grid, MORNING, "0123") == []


def test_by_mouse_a_click_opens_what_is_beside_and_a_drag_selects(grid: Any) -> None:
    cell(grid, MORNING, "0123").locator("a.lacks").click()
    grid.locator("#editor-body button[name=put]").first.click()
    cell(grid, MORNING, "0123").locator("a.chip").wait_for()
    first, last = (cell(grid, MORNING, on).bounding_box() for on in ("0123", "0126"))
    grid.mouse.move(first["x"] + 4, first["y"] + first["height"] - 3)
    grid.mouse.down()
    grid.mouse.move(last["x"] + 20, last["y"] + 5, steps=5)
    grid.mouse.up()
    assert grid.locator("#grid-bar [data-count]").inner_text() == "1 người, 3 ô trống"
    grid.locator("#grid-bar button[data-act=drop]").click()
    said(grid, "Đã bỏ")
    assert not faults_in_both_themes(grid)


def test_another_managers_edit_comes_with_their_name(grid: Any, campaign: int) -> None:
    morning = db.session.query(Shift).filter_by(template="Sáng", duty="operations").order_by(Shift.starts_at).first()
    assert morning is not None
    other = Actor(name="Lan", role="admin", via="session", user_id=None)
    drafts.edit_seats(campaign, [SeatEdit(morning.seats[0].id, "K11", None)], actor=other, now=NOW)
    grid.wait_for_selector("td[data-by]", timeout=15000)
    assert people(grid, MORNING, "0123") == ["Hoa"]
    assert cell(grid, MORNING, "0123").get_attribute("data-by")


def test_without_a_script_the_shift_is_a_page(browser: Any, live_url: str, campaign: int) -> None:
    context = browser.new_context(base_url=live_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "huyen", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=duties&unit=BDA&duty=emergency")
    assert page.locator("tbody th[data-name]").count() == 3
    cell(page, RESCUE, "0123").locator("a.lacks").click()
    page.locator("button[name=put]").first.click()
    page.goto(f"/roster/campaigns/{campaign}?view=duties&unit=BDA&duty=emergency")
    assert cell(page, RESCUE, "0123").locator("a.chip").count() == 1
    context.close()
