"""Among 886 units nobody scrolls: every long choice can be searched, without accents and by initials."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import transaction
from people import queries
from people.models import Unit, User
from tests.support import enterprise
from tests.support.at_screen import sign_in

NAMES = ("Chư Mang", "Đèo Gió", "Ia Drăng", "Suối Đá")


NOTHING = {"vi": "Không có gì khớp", "en": "Nothing found"}


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def manager(app: Flask, page: Any, language: str) -> Any:
    """An, above 40 post offices, four of which have names; reads ``language``."""
    ids = enterprise.make(clock.now())
    with transaction() as session:
        session.get_one(User, ids["user:an1"]).locale = language
        for number in range(40):
            name = f"Bưu cục {NAMES[number] if number < len(NAMES) else number}"
            session.add(Unit(code=f"BC{number:02}", name=name, kind="service_point", parent_id=ids["BDA"]))
    sign_in(page, "an1", enterprise.PASSWORD)
    return page


@pytest.mark.parametrize(
    ("typed", "found"), [("deo gio", "BC01"), ("cm", "BC00"), ("ĐÁ", "BC03"), ("bc37", "BC37"), ("drăng", "BC02")]
)
def test_a_unit_is_found_by_a_few_letters(manager: Any, axe: Any, typed: str, found: str) -> None:
    manager.goto("/people/new")
    box = manager.locator("input.find").first
    box.press_sequentially(typed)
    assert manager.locator("select[name=unit_code]").input_value() == found
    assert axe(manager) == []


def test_searching_sends_no_form_and_what_is_chosen_is_saved(manager: Any) -> None:
    manager.goto("/people/new")
    manager.fill("[name=code]", "MOI1")
    manager.fill("[name=full_name]", "Rơ Châm Mới")
    box = manager.locator("input.find").first
    box.fill("ia drang")
    box.press("Enter")
    assert manager.url.endswith("/people/new")
    manager.click("main form button.go")
    manager.wait_for_url("**/people/person/MOI1")
    assert queries.person_by_code("MOI1").unit.code == "BC02"


def test_nothing_found_keeps_what_was_chosen_and_says_so(manager: Any, language: str) -> None:
    manager.goto("/people/new")
    before = manager.locator("select[name=unit_code]").input_value()
    manager.locator("input.find").first.fill("khong co that")
    assert manager.locator("select[name=unit_code]").input_value() == before
    assert manager.get_by_text(NOTHING[language]).is_visible()


def test_a_filter_follows_at_once(manager: Any) -> None:
    manager.goto("/incidents/")
    box = manager.locator("input.find").first
    box.fill("suoi da")
    box.press("Enter")
    manager.wait_for_url("**unit=BC03**")
