"""A campaign on one page at a screen: another Tết brings its days, all is counted anew, a phone holds the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from tests.support import enterprise, factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.enterprise import NOW, PASSWORD

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def write() -> None:
    enterprise.make(NOW)
    for n in range(3):
        factories.make_person(f"S{n}", unit_by_code("BDA"), duties=("operations", "emergency", "leadership"))


@pytest.fixture
def house(app: Flask) -> Iterator[None]:
    with clock.travel(NOW):
        worlds.begin("a house without demand", write)
        yield


def opened(page: Any) -> Any:
    sign_in(page, "an1", PASSWORD)
    page.goto("/roster/campaigns/new")
    return page


def counted(page: Any, words: str) -> None:
    page.wait_for_function("([text]) => document.querySelector('#preview').innerText.includes(text)", arg=[words])


def test_by_keyboard_alone_from_nothing_to_a_campaign(house: None, page: Any) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})
    page = opened(page)
    counted(page, "Sẽ có 69 ca.")
    assert not faults_in_both_themes(page)
    page.focus("#tet_year")
    with page.expect_response("**/campaigns/new"):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("() => document.querySelector('#tet').innerText.includes('12/02/2021')")
    assert page.input_value("#name") == "Tết Tân Sửu 2021"
    assert page.evaluate("document.activeElement.id") == "tet_year", "the focus stays"
    page.focus("#line-2-during")
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    counted(page, "76 lượt trực")
    page.focus("#line-1-start")
    page.keyboard.press("Control+a")
    page.keyboard.type("25:00")
    page.keyboard.press("Enter")
    page.wait_for_selector("#errors")
    assert page.input_value("#line-1-start") == "25:00" and page.input_value("#line-2-during") == "2"
    page.focus('#errors a[href="#line-1-start"]')
    page.keyboard.press("Enter")
    page.focus("#line-1-start")
    page.keyboard.press("Control+a")
    page.keyboard.type("07:30")
    page.focus("#set-up button.go")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/campaigns/\d+"))
    db.session.rollback()
    assert db.session.query(Campaign).one().tet_year == 2021


def test_under_a_thumb_lines_are_cards(house: None, browser: Any, live_url: str) -> None:
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
    page = opened(context.new_page())
    assert page.evaluate(FITS)
    page.locator("#line-1-during").fill("2")
    page.locator("#line-1-during").blur()
    counted(page, "76 lượt trực")
    page.get_by_role("button", name="Thêm dòng").tap()
    page.wait_for_selector("#line-5-shift")
    assert page.evaluate(FITS)
    page.locator("#set-up button.go").tap()
    page.wait_for_url(re.compile(r"/campaigns/\d+"))
    context.close()
