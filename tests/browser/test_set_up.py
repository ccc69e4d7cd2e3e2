"""A break decided late and a demand edited in place, at a screen: mouse, keyboard alone, under a thumb, with axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from roster.draft import services as drafts
from roster.models import Shift
from tests.support import factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes

NOW = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
PASSWORD = "tet-an-lanh-2027"  # noqa: S105
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def write() -> int:
    """Four days around the end of the break; two serve by day in it, one after it; the 29th is taken."""
    unit = factories.make_unit("BDA", name="Bưu điện huyện A", kind="district")
    for number, name in enumerate(("Lê Thị Hoa", "Trần Văn Đức", "H’Yam Niê"), start=1):
        factories.make_person(f"P{number}", unit, name=name)
    factories.make_demand(unit, headcount=2, phases=("during",))
    factories.make_demand(unit, headcount=1, phases=("after",))
    factories.make_demand(unit, template="Đêm", start="19:30", phases=("during", "after"))
    campaign = factories.make_campaign(unit, first="2020-01-28", last="2020-01-31", now=NOW)
    shift = next(row for row in db.session.scalars(select(Shift)) if (row.local_on.day, row.template) == (29, "Ngày"))
    drafts.set_people(shift.id, ["P1", "P2"], override_reason="Thử", actor=factories.ADMIN, now=NOW)
    accounts.create_user(NewAccount("huyen", "Quản lý", "admin", password=PASSWORD), now=NOW, actor=factories.ADMIN)
    return campaign.id


@pytest.fixture
def campaign(app: Flask) -> Iterator[int]:
    with clock.travel(NOW):
        yield worlds.begin("around the end of the break", write)


@pytest.fixture
def screen(campaign: int, page: Any) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "huyen", PASSWORD)
    return page


def shorten(page: Any) -> None:
    page.goto("/roster/holidays/?year=2020")
    page.locator("#ends_on").fill(
        "2020-01-28" if page.locator("#ends_on").get_attribute("type") == "date" else "28/01/2020"
    )
    page.get_by_role("button", name="Lưu kỳ nghỉ").click()
    page.wait_for_selector("input[name=stamp]", state="attached")


def test_a_day_less_of_the_break_is_read_chosen_and_saved(screen: Any, campaign: int) -> None:
    shorten(screen)
    said = screen.locator("main").inner_text()
    assert "29/01 M5: Trong Tết → Sau Tết, Nghỉ bù → Ngày thường" in said and "giữ 1 chỗ đang có người: " in said
    assert not faults_in_both_themes(screen)
    screen.get_by_label("Bớt cả chỗ đang có người").check()
    screen.get_by_role("button", name="Xem lại theo lựa chọn").click()
    screen.wait_for_selector("text=đang có")
    assert "đang có Trần Văn Đức" in screen.locator("main").inner_text()
    screen.get_by_role("button", name="Lưu ngày nghỉ, đổi").click()
    screen.wait_for_url("**/roster/holidays/?year=2020")
    assert "1 đợt trực đã đổi theo" in screen.locator("main").inner_text()
    screen.goto(f"/roster/campaigns/{campaign}?view=people")
    assert "Ngày nghỉ vừa đổi" in screen.locator("main").inner_text()
    assert not faults_in_both_themes(screen)
    screen.get_by_role("button", name="Đã xem lại").click()
    screen.wait_for_selector("text=dự thảo đã được xem lại")
    assert "Ngày nghỉ vừa đổi" not in screen.locator("main").inner_text()


def test_numbers_are_typed_in_the_table_by_keyboard_alone(screen: Any) -> None:
    screen.goto("/roster/demand/table?unit=BDA")
    keys = screen.keyboard
    screen.locator("#n-1-during").focus()
    keys.press("Tab")
    assert screen.evaluate("document.activeElement.id") == "n-1-after"
    assert screen.locator("#n-1-after").input_value() == "1"
    keys.press("Control+a")
    keys.type("3")
    keys.press("Enter")
    screen.wait_for_selector("#preview")
    assert "thêm 4 chỗ, bớt 0 chỗ" in screen.locator("#preview").inner_text()
    assert not faults_in_both_themes(screen)
    screen.get_by_role("button", name="Lưu 1 ô nhu cầu").focus()
    keys.press("Enter")
    screen.wait_for_url("**/roster/demand/table?unit=BDA")
    assert "1 đợt trực đổi theo: thêm 4 chỗ, bớt 0 chỗ." in screen.locator("main").inner_text()
    assert screen.locator("#n-1-after").input_value() == "3"


def test_both_fit_a_phone(campaign: int, browser: Any, live_url: str) -> None:
    with browser.new_context(base_url=live_url, **PHONE) as phone:
        sign_in(phone, "huyen", PASSWORD)
        page = phone.new_page()
        shorten(page)
        assert page.evaluate(FITS)
        page.goto("/roster/demand/table?unit=BDA")
        page.locator("#n-1-during").fill("1")
        page.get_by_role("button", name="Xem điều sẽ đổi").tap()
        page.wait_for_selector("#preview")
        assert page.evaluate(FITS) and "giữ 1 chỗ đang có người: " in page.locator("#preview").inner_text()


def test_an_imported_demand_is_followed_where_it_is_ticked_by_keyboard_or_thumb(
    screen: Any, campaign: int, browser: Any, live_url: str
) -> None:
    def sent(page: Any, people: int) -> None:
        rows = "duty,unit_code,phase,shift,start,hours,headcount,form\n"
        rows += f"operations,BDA,after,Ngày,07:30,12,{people},onsite\n"
        page.goto("/import/")
        page.set_input_files("#files", {"name": "demand.csv", "mimeType": "text/csv", "buffer": rows.encode()})
        page.click("main form .go")
        page.wait_for_selector(".follows")

    sent(screen, 3)
    tick = screen.get_by_role("checkbox", name="thêm 4 lượt, bớt 0 lượt")
    assert not tick.is_checked() and not faults_in_both_themes(screen)
    tick.focus()
    screen.keyboard.press("Space")
    screen.get_by_role("button", name="Ghi vào hệ thống").focus()
    screen.keyboard.press("Enter")
    screen.wait_for_selector("text=1 đợt trực đổi theo: thêm 4 chỗ, bớt 0 chỗ.")
    screen.goto(f"/roster/campaigns/{campaign}?view=people")
    assert "Nhu cầu trực vừa đổi" in screen.locator("main").inner_text()
    with browser.new_context(base_url=live_url, **PHONE) as phone:
        sign_in(phone, "huyen", PASSWORD)
        page = phone.new_page()
        sent(page, 1)
        page.locator(".follows summary").tap()
        assert page.evaluate(FITS) and "Chỗ trực bớt" in page.locator(".follows").inner_text()
        page.locator("[name=follow]").tap()
        page.get_by_role("button", name="Ghi vào hệ thống").tap()
        page.wait_for_selector("text=1 đợt trực đổi theo: thêm 0 chỗ, bớt 4 chỗ.")
