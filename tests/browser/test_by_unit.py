"""Units × days at a screen: walked by keyboard alone, by mouse, under a thumb, and read by axe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock, text
from core.db import db, transaction
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, Unit
from people.queries import person_by_code, unit_by_code
from roster.draft import services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from tests.support import factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes

NOW = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
PASSWORD = "tet-an-lanh-2027"  # noqa: S105
NAMES = {"1": "Ia Drăng", "2": "Đèo Gió", "3": "Cầu Treo"}
POSTS = {"A": "Bưu cục chính", "B": "Điểm văn hóa"}


TOO_SMALL = """() => [...document.querySelectorAll('.bu-fold, .bu-name, .bu-fl')]
  .map(e => Math.round(e.getBoundingClientRect().height)).filter(height => height && height < 40)"""


def write() -> int:
    """Three districts of two posts; one lacks somebody, one waits for answers, one has no list. Dates of Canh Tý."""
    with transaction() as session:
        top = Unit(code="T", name="Bưu điện tỉnh", kind="province", search_key="buu dien tinh t")
        session.add(top)
        session.flush()
        for number, name in NAMES.items():
            district = _unit(f"T{number}", f"Khu vực {name}", top.id)
            session.add(district)
            session.flush()
            session.add_all(_unit(f"T{number}{post}", f"{what} {name}", district.id) for post, what in POSTS.items())
        session.add(_unit("T9", "Điểm không trực", top.id))
    for number in NAMES:
        for post in POSTS:
            unit = unit_by_code(f"T{number}{post}")
            factories.make_person(
                f"P{number}{post}", unit, name=f"Siu {number}{post}", phone=f"09000003{number}{'AB'.index(post)}"
            )
            factories.make_demand(unit)
    campaign = factories.make_campaign(unit_by_code("T"), now=NOW)
    for shift in db.session.scalars(select(Shift).order_by(Shift.starts_at, Shift.id)).all():
        code = shift.unit.code
        if code[1] != "3" and (code, shift.local_on) != ("T1B", date(2020, 1, 24)):
            drafts.set_people(shift.id, [code.replace("T", "P")], override_reason="Thử", actor=factories.ADMIN, now=NOW)
    publishing.publish(campaign.id, PublishTerms(accept_gaps="Đã biết"), actor=factories.ADMIN, now=NOW)
    accounts.create_user(NewAccount("tinh", "Quản lý", "admin", password=PASSWORD), now=NOW, actor=factories.ADMIN)
    return campaign.id


def _unit(code: str, name: str, above: int) -> Unit:
    return Unit(code=code, name=name, kind="district", parent_id=above, search_key=text.fold(f"{name} {code}"))


@pytest.fixture
def campaign(app: Flask) -> Iterator[int]:
    with clock.travel(NOW):
        yield worlds.begin("a province by unit", write)


@pytest.fixture
def laptop(campaign: int, page: Any) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "tinh", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=units&source=published")
    return page


def row(page: Any, key: str) -> Any:
    return page.locator(f"#units-grid tr[data-key='{key}']")


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.dataset.key"))


def told(page: Any, name: str) -> None:
    page.wait_for_function("name => document.querySelector('#beside h2')?.textContent === name", arg=name)


def test_walked_by_keyboard_from_the_worst_to_its_grid_and_back(laptop: Any, campaign: int) -> None:
    keys = laptop.keyboard
    row(laptop, "T1").focus()
    assert row(laptop, "T1").get_attribute("aria-label") == (
        "Khu vực Ia Drăng, 2 đơn vị, thiếu 1, chưa xác nhận 3, 0 trên 5 lượt đã xác nhận; "
        "23/01 chưa xác nhận 2; 24/01 thiếu 1, chưa xác nhận 1"
    )
    assert laptop.locator("#units-grid tr[tabindex='0']").count() == 1
    keys.press("ArrowRight")
    assert focused(laptop) == "T1B", "what lacks somebody stands first"
    told(laptop, "Điểm văn hóa Ia Drăng")
    keys.press("ArrowDown")
    assert focused(laptop) == "T1A"
    keys.press("ArrowLeft")
    assert focused(laptop) == "T1"
    keys.press("ArrowLeft")
    assert row(laptop, "T1").get_attribute("aria-expanded") == "false"
    assert not row(laptop, "T1A").is_visible() and not row(laptop, "T1B").is_visible()
    keys.press("Control+.")
    assert focused(laptop) == "T3A", "no list is worse than no answer, and what is open is looked into"
    keys.press("Control+,")
    assert focused(laptop) == "T1"
    keys.press("End")
    keys.press("Home")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.press("Enter")
    laptop.wait_for_url(f"**/roster/campaigns/{campaign}?view=people&source=published&unit=T1B")
    keys.press("Backspace")
    laptop.wait_for_url("**view=units**")
    laptop.wait_for_function("() => document.activeElement.dataset.key === 'T1B'")
    told(laptop, "Điểm văn hóa Ia Drăng")
    keys.press("F6")
    assert laptop.evaluate("document.activeElement.id") == "beside"
    keys.press("Escape")
    assert focused(laptop) == "T1B"


def test_what_is_folded_stays_folded_on_the_way_back(laptop: Any) -> None:
    row(laptop, "T3").focus()
    laptop.keyboard.press("ArrowLeft")
    assert row(laptop, "T3").get_attribute("aria-expanded") == "false"
    laptop.reload()
    assert row(laptop, "T3").get_attribute("aria-expanded") == "false" and focused(laptop) == "T3"
    assert row(laptop, "T1").get_attribute("aria-expanded") == "true"


def test_by_mouse_a_row_is_chosen_folded_and_mended(laptop: Any) -> None:
    row(laptop, "T1").locator(".bu-fold").click()
    assert not row(laptop, "T1B").is_visible()
    row(laptop, "T1").locator(".bu-fold").click()
    row(laptop, "T1B").locator("td").nth(5).click()
    told(laptop, "Điểm văn hóa Ia Drăng")
    with laptop.expect_navigation():
        laptop.locator("#beside .bu-todo a", has_text="Chọn người").click()
    assert "/roster/shifts/" in laptop.url
    laptop.go_back()
    row(laptop, "T3A").locator("td").nth(5).dblclick()
    laptop.wait_for_url("**unit=T3A**")


def test_the_cell_turns_when_somebody_falls_ill(laptop: Any) -> None:
    cells = row(laptop, "T2A").locator("td[aria-label]")
    assert cells.first.get_attribute("aria-label") == "chưa xác nhận 1"
    with transaction() as session:
        who = person_by_code("P2A").id
        session.add(Absence(person_id=who, from_on=date(2020, 1, 23), to_on=date(2020, 1, 23), kind="sick"))
    laptop.reload()
    assert cells.first.get_attribute("aria-label") == "không chắc 1, chưa xác nhận 1"
    assert cells.first.inner_text().strip() == "?1"
    row(laptop, "T2").focus()
    laptop.keyboard.press("Control+.")
    told(laptop, "Bưu cục chính Đèo Gió")
    assert "vắng ngày 23/01" in laptop.locator("#beside").inner_text()
    assert laptop.locator("#beside a", has_text="Người thay").count() == 1


def test_found_without_marks_from_anywhere_on_the_page(laptop: Any) -> None:
    row(laptop, "T1").focus()
    laptop.keyboard.press("/")
    laptop.keyboard.type("van hoa deo")
    laptop.keyboard.press("Enter")
    laptop.wait_for_function("() => document.activeElement.dataset.key === 'T2B'")
    assert row(laptop, "T2").get_attribute("aria-expanded") == "true"
    laptop.keyboard.press("/")
    laptop.locator("#bu-find").fill("khong truc")
    laptop.keyboard.press("Enter")
    laptop.wait_for_selector("text=Không có nhu cầu trực trong đợt này: Điểm không trực.")


def test_the_four_counts_are_toggles_in_the_address(laptop: Any) -> None:
    with laptop.expect_navigation():
        laptop.click("#only-unlisted")
    assert "only=unlisted" in laptop.url and laptop.get_attribute("#only-unlisted", "aria-pressed") == "true"
    assert row(laptop, "T3A").is_visible() and row(laptop, "T1").count() == 0
    with laptop.expect_navigation():
        laptop.click("#only-unlisted")
    assert row(laptop, "T1").is_visible()


def test_the_page_stands_still_and_axe_minds_nothing(laptop: Any) -> None:
    assert laptop.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    assert laptop.evaluate("document.querySelector('.bu-head').offsetHeight") <= 60
    assert faults_in_both_themes(laptop) == []


def test_under_a_thumb_a_name_leads_to_what_is_to_be_done(campaign: int, browser: Any, live_url: str) -> None:
    phone = browser.new_context(
        base_url=live_url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    sign_in(page, "tinh", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=units&source=published")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    row(page, "T1B").locator(".bu-name").tap()
    told(page, "Điểm văn hóa Ia Drăng")
    page.wait_for_function("() => document.getElementById('beside').getBoundingClientRect().top < innerHeight / 2")
    assert page.evaluate(TOO_SMALL) == [], "for a thumb"
    assert faults_in_both_themes(page) == []
    phone.close()


def test_without_a_script_links_do_it(campaign: int, browser: Any, live_url: str) -> None:
    plain = browser.new_context(base_url=live_url, java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, "tinh", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}?view=units&source=published")
    row(page, "T1").locator(".bu-fold").click()
    page.wait_for_url("**open=**")
    assert not row(page, "T1A").is_visible() and row(page, "T3A").is_visible()
    row(page, "T3A").locator(".bu-name").click()
    page.wait_for_selector("#beside h2:has-text('Bưu cục chính Cầu Treo')")
    page.locator("#beside a.go").click()
    page.wait_for_url("**unit=T3A**")
    plain.close()
