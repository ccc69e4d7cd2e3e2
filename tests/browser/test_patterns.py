"""A small post's roster by a pattern, at a screen: by mouse, by keyboard alone, under a thumb, read by axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import transaction
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence
from people.queries import person_by_code
from tests.support import factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes

NOW = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
PASSWORD = "tet-an-lanh-2027"  # noqa: S105
NAMES = ("Lê Thị Hoa", "Trần Văn Đức", "H’Yam Niê", "Siu Phước", "Phan Văn Lộc", "Nay Đức")

TOO_LOW = """() => [...document.querySelectorAll('main .btn, main label.check')]
  .map(e => e.offsetHeight).filter(height => height && height < 44)"""


def write() -> int:
    """A post of six, one of them ill for two days; the first leads."""
    unit = factories.make_unit("BDA", name="Bưu điện huyện A", kind="district")
    for number, name in enumerate(NAMES, start=1):
        duties = ("leadership", "operations") if number == 1 else ("operations",)
        factories.make_person(f"P{number}", unit, duties=duties, name=name)
    factories.make_demand(unit, "leadership", "24/24", "07:30", 24, form="command")
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    factories.make_demand(unit, "operations", "Đêm", "19:30", 12)
    campaign = factories.make_campaign(unit, first="2020-01-23", last="2020-01-27", now=NOW)
    with transaction() as session:
        ill = person_by_code("P3").id
        session.add(Absence(person_id=ill, from_on=date(2020, 1, 23), to_on=date(2020, 1, 24), kind="sick"))
    accounts.create_user(NewAccount("huyen", "Quản lý", "admin", password=PASSWORD), now=NOW, actor=factories.ADMIN)
    return campaign.id


@pytest.fixture
def campaign(app: Flask) -> Iterator[int]:
    with clock.travel(NOW):
        yield worlds.begin("a post of six", write)


@pytest.fixture
def screen(campaign: int, page: Any) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "huyen", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=people")
    return page


def chosen(page: Any) -> list[str]:
    """What stands under "Sẽ là" of each seat."""
    return [text.strip() for text in page.locator("#preview tbody td:nth-of-type(3)").all_inner_texts()]


def test_from_the_empty_roster_to_turns_and_back_by_mouse(screen: Any) -> None:
    screen.get_by_role("link", name="Ít người: xếp theo mẫu").click()
    screen.get_by_label("Lê Thị Hoa P1").fill("")
    screen.get_by_label("Bắt đầu từ").select_option(label="Phan Văn Lộc")
    screen.get_by_role("button", name="Xem trước").click()
    screen.wait_for_selector("#preview")
    assert chosen(screen)[:4] == ["Phan Văn Lộc", "Nay Đức", "Trần Văn Đức", "Siu Phước"]
    assert "H’Yam Niê: vắng mặt" in screen.locator("#preview").inner_text()
    assert not faults_in_both_themes(screen)
    screen.get_by_role("button", name="Xếp 10 chỗ").click()
    screen.wait_for_url("**/roster/campaigns/*?view=people&unit=BDA**")
    assert "Đã xếp: Xoay vòng Bưu điện huyện A: 10 ca." in screen.locator("main").inner_text()
    assert screen.locator("#grid-table [data-shift]").count() or screen.locator("#grid-table a").count()


def test_the_director_of_all_days_by_keyboard_alone(screen: Any, campaign: int) -> None:
    screen.goto(f"/roster/campaigns/{campaign}/patterns?unit=BDA")
    keys = screen.keyboard
    screen.locator("input[name=pattern]:checked").focus()
    keys.press("ArrowRight")
    assert screen.evaluate("document.activeElement.value") == "leader"
    keys.press("Tab")
    keys.press("ArrowDown")
    screen.get_by_role("button", name="Xem trước").focus()
    keys.press("Enter")
    screen.wait_for_selector("#preview")
    assert chosen(screen) == ["Lê Thị Hoa"] * 5
    screen.get_by_role("button", name="Xếp 5 chỗ").focus()
    keys.press("Enter")
    screen.wait_for_url("**view=people**")
    assert "Giám đốc cả đợt Bưu điện huyện A: 5 ca" in screen.locator("main").inner_text()


def test_under_a_thumb_it_fits_and_says_why(campaign: int, browser: Any, live_url: str) -> None:
    with browser.new_context(
        base_url=live_url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    ) as phone:
        sign_in(phone, "huyen", PASSWORD)
        page = phone.new_page()
        page.goto(f"/roster/campaigns/{campaign}/patterns?unit=BDA")
        page.get_by_role("button", name="Xem trước").tap()
        page.wait_for_selector("#preview")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert "vắng mặt" in page.locator("#preview").inner_text()
        assert not page.evaluate(TOO_LOW)
