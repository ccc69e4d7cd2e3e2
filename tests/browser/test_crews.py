"""Crews at a screen: made, rotated and edited as one row, by mouse, by keyboard alone, under a thumb; read by axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.actor import Actor
from core.db import db, transaction
from people.models import Absence
from people.queries import person_by_code
from roster.draft import services as drafts
from roster.draft.edits import SeatEdit
from roster.models import Shift
from tests.support import crew_world, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.crew_world import NOW, PASSWORD

CHIPS = "cells => cells.map(c => [...c.querySelectorAll('a.chip span:first-child')].map(e => e.textContent).join(' '))"
TOO_SMALL = """() => [...document.querySelectorAll('main :is(.btn, input.input, select.input, label.check)')]
  .filter(e => e.checkVisibility() && e.offsetHeight < 44).map(e => e.outerHTML.slice(0, 80))"""


def without_crews() -> int:
    return crew_world.write(crews=False)


def with_crews() -> int:
    """One of the second crew is ill on the second day."""
    campaign = crew_world.write()
    with transaction() as session:
        ill = person_by_code("K21").id
        session.add(Absence(person_id=ill, from_on=date(2020, 1, 24), to_on=date(2020, 1, 24), kind="sick"))
    return campaign


@pytest.fixture(autouse=True)
def _before_tet(app: Flask) -> Iterator[None]:
    with clock.travel(NOW):
        yield


def at_desk(page: Any) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "huyen", PASSWORD)
    return page


def at_crews(page: Any) -> Any:
    campaign = worlds.begin("a post of sixteen", with_crews)
    return opened(at_desk(page), campaign)


def opened(page: Any, campaign: int, view: str = "crews") -> Any:
    page.goto(f"/roster/campaigns/{campaign}?view={view}")
    page.wait_for_selector("#hands:not([hidden])", state="attached")
    return page


def row(page: Any, crew: str) -> Any:
    return page.locator("#grid-table tbody tr").filter(has=page.get_by_role("link", name=crew, exact=True))


def cell(page: Any, crew: str, on: str) -> Any:
    return row(page, crew).locator(f"td[id$='-{on}']")


def shown(page: Any, crew: str) -> list[str]:
    """What stands in each cell of the crew."""
    return [str(text).strip() for text in row(page, crew).locator("td").evaluate_all(CHIPS)]


def said(page: Any, text: str, place: str = "grid-said") -> str:
    page.wait_for_function("([id, text]) => document.getElementById(id).textContent.includes(text)", arg=[place, text])
    return str(page.evaluate("id => document.getElementById(id).textContent", place))


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def read_out(page: Any) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


def test_from_no_crews_to_a_rotation_and_back_by_mouse(page: Any) -> None:
    campaign = worlds.begin("a post of sixteen without crews", without_crews)
    screen = at_desk(page)
    screen.goto(f"/roster/campaigns/{campaign}?view=crews")
    screen.get_by_role("link", name="Lập kíp").click()
    screen.get_by_role("button", name="Chia thành kíp").click()
    screen.wait_for_selector("text=Đã chia thành 4 kíp")
    assert not faults_in_both_themes(screen)
    screen.get_by_role("link", name="Xoay kíp").click()
    screen.get_by_role("button", name="Xem trước").click()
    screen.wait_for_selector("#preview")
    assert "Chỗ có người: 0 → 72 trên 72" in screen.locator("#preview").inner_text()
    assert not faults_in_both_themes(screen)
    screen.get_by_role("button", name="Xếp 72 chỗ").click()
    screen.wait_for_url("**view=crews**")
    assert "Đã xếp: Xoay kíp Bưu điện huyện A" in screen.locator("main").inner_text()
    assert shown(screen, "Kíp 1") == ["S3/4", "C3/4", "Đ3/4", "", "S3/4", "C3/4", "Đ3/4", ""]
    assert not faults_in_both_themes(screen)
    screen.locator("[data-undo-line] button").click()
    said(screen, "Đã hoàn tác: Xoay kíp Bưu điện huyện A (Kíp 1, Kíp 2, Kíp 3, Kíp 4): 72 lượt")
    assert shown(screen, "Kíp 1") == [""] * 8


def test_a_crew_is_edited_as_one_row_by_keyboard_alone(page: Any) -> None:
    screen = at_crews(page)
    cell(screen, "Kíp 2", "0123").focus()
    assert read_out(screen).startswith("Kíp 2, Thứ Năm 23/01")
    screen.keyboard.type("s")
    screen.wait_for_selector("#grid-offers li:has-text('3 người vào ca')")
    press(screen, "Tab")
    said(screen, "đủ chỗ rồi, dự bị: Rơ Châm Khoa")
    assert shown(screen, "Kíp 2")[0] == "S3/4"
    screen.wait_for_function("document.activeElement.id.endsWith('-0124')")
    screen.keyboard.type("d")
    press(screen, "Enter")
    said(screen, "không trực được: Phan Văn Lộc: vắng mặt")
    assert "Phan Văn Lộc: vắng mặt" in screen.locator("#editor-body").inner_text()
    assert shown(screen, "Kíp 2")[1] == "Đ3/4"
    press(screen, "Delete")
    said(screen, "Đã bỏ 3 ca của 3 người")
    press(screen, "Control+z")
    said(screen, "Đã hoàn tác: Kíp 2: nghỉ 24/01")
    assert shown(screen, "Kíp 2")[1] == "Đ3/4"
    press(screen, "Control+z", "Control+z")
    said(screen, "Đã hoàn tác: Kíp 2: ca Sáng 23/01")
    assert shown(screen, "Kíp 2") == [""] * 8


def test_a_full_shift_says_so_and_offers_to_change_with_the_crew_that_has_it(page: Any) -> None:
    screen = at_crews(page)
    for crew, letter in (("Kíp 1", "s"), ("Kíp 2", "c")):
        cell(screen, crew, "0123").focus()
        screen.keyboard.type(letter)
        press(screen, "Enter")
        cell(screen, crew, "0123").locator("a.chip").wait_for()
    cell(screen, "Kíp 1", "0123").focus()
    press(screen, "F2")
    screen.keyboard.type("chiều")
    offers = screen.locator("#grid-offers")
    offers.locator("li", has_text="Chiều, đổi với Kíp 2").wait_for()
    assert "không được: ca đã đủ người" in offers.inner_text()
    press(screen, "Enter")
    said(screen, "Đã sửa 6 ca của 6 người")
    assert (shown(screen, "Kíp 1")[0], shown(screen, "Kíp 2")[0]) == ("C3/4", "S3/4")


def test_two_days_are_copied_to_another_crew_and_emptied(page: Any) -> None:
    screen = at_crews(page)
    clip = "Sáng\tChiều"
    cell(screen, "Kíp 3", "0125").focus()
    screen.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true})); }""",
        clip,
    )
    said(screen, "Đã sửa 6 ca")
    assert shown(screen, "Kíp 3")[2:4] == ["S3/4", "C3/4"]
    cell(screen, "Kíp 3", "0125").focus()
    press(screen, "Shift+ArrowRight", "Delete")
    said(screen, "Đã bỏ 6 ca")
    assert shown(screen, "Kíp 3")[2:4] == ["", ""]


def test_another_managers_edit_comes_by_itself_with_their_name(page: Any) -> None:
    campaign = worlds.begin("a post of sixteen", with_crews)
    screen = opened(at_desk(page), campaign)
    shift = db.session.query(Shift).filter_by(template="Sáng", duty="emergency").order_by(Shift.starts_at).first()
    assert shift is not None
    other = Actor(name="Lan", role="admin", via="session", user_id=None)
    drafts.edit_seats(campaign, [SeatEdit(shift.seats[0].id, "K11", None)], actor=other, now=NOW)
    screen.wait_for_selector("td[data-by]", timeout=15000)
    assert shown(screen, "Kíp 1")[0] == "S1/4"


def test_a_crew_is_made_and_its_day_given_under_a_thumb(browser: Any, live_url: str) -> None:
    campaign = worlds.begin("a post of sixteen", with_crews)
    small = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "vi-VN"}
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **small)
    phone = context.new_page()
    sign_in(phone, "huyen", PASSWORD)
    phone.goto(f"/roster/campaigns/{campaign}/crews/new")
    phone.get_by_label("Tên kíp").fill("Kíp Tết")
    phone.get_by_label("Lê Thị Hoa K11").fill("1")
    assert phone.evaluate(TOO_SMALL) == []
    phone.get_by_role("button", name="Lưu kíp").tap()
    phone.wait_for_selector("text=Đã lưu Kíp Tết: 1 người.")
    opened(phone, campaign)
    cell(phone, "Kíp Tết", "0123").tap()
    phone.get_by_role("button", name="Cả kíp: Sáng", exact=True).tap()
    said(phone, "Đã xếp Lê Thị Hoa vào ca sáng 23/01")
    assert shown(phone, "Kíp Tết")[0] == "S"
    assert not faults_in_both_themes(phone)
    context.close()


def test_without_a_script_a_crews_day_is_a_page(browser: Any, live_url: str) -> None:
    campaign = worlds.begin("a post of sixteen", with_crews)
    context = browser.new_context(base_url=live_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "huyen", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=crews&unit=BDA")
    page.goto(
        page.url.split("?")[0]
        + "/"
        + str(row(page, "Kíp 1").locator("td").first.get_attribute("data-open")).rsplit("/", 1)[1]
    )
    page.get_by_role("button", name="Cả kíp: Đêm", exact=True).click()
    assert "Đã ghi Kíp 1 ngày 23/01: Đêm." in page.locator("main").inner_text()
    page.get_by_role("link", name="Về lưới theo kíp").click()
    assert row(page, "Kíp 1").locator("td a.chip").count() == 1
    context.close()


def test_people_see_their_crew_beside_their_name(page: Any) -> None:
    campaign = worlds.begin("a post of sixteen", with_crews)
    screen = opened(at_desk(page), campaign, "people")
    assert screen.locator("tr[data-person=K31] .crew").inner_text() == "Kíp 3"
