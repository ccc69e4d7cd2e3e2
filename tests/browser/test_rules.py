"""The page of rules by keyboard alone: found by a few letters, tried on the draft, saved; by axe, on a phone."""

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
from roster.rulebook import queries as rules
from tests.support import factories, worlds
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes

NOW = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
PASSWORD = "tet-an-lanh-2027"  # noqa: S105


def write() -> int:
    """One person on two days in a row: twelve hours between them."""
    unit = factories.make_unit("BDA", name="Bưu điện huyện A", kind="district")
    factories.make_person("P1", unit, duties=("operations",), name="Lê Thị Hoa")
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    campaign = factories.make_campaign(unit, first="2020-01-23", last="2020-01-25", now=NOW)
    for shift in db.session.scalars(select(Shift).order_by(Shift.starts_at).limit(2)).all():
        drafts.set_people(shift.id, ["P1"], override_reason="Thử", actor=factories.ADMIN, now=NOW)
    accounts.create_user(NewAccount("huyen", "Quản lý", "admin", password=PASSWORD), now=NOW, actor=factories.ADMIN)
    return campaign.id


@pytest.fixture
def campaign(app: Flask) -> Iterator[int]:
    with clock.travel(NOW):
        yield worlds.begin("two days in a row", write)


def test_a_rule_is_found_tried_and_saved_by_keyboard_alone(campaign: int, page: Any) -> None:
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, "huyen", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign}/rules")
    assert page.locator("details.rule[open]").count() == 0, "all of them are as they come"
    page.focus("#rule-words")
    page.keyboard.type("nghi giua hai")
    page.wait_for_selector("#rule-hits >> text=1 quy tắc")
    assert page.locator("details.rule:visible h3").all_inner_texts() == ["Nghỉ giữa hai ca"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent.includes('Nghỉ giữa hai ca')")
    page.focus("[name='p:rest.between_shifts:minutes']")
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    page.focus("[name=preview]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#otherwise >> text=cần ít nhất 20 giờ")
    assert rules.chosen(campaign) == {}, "nothing is saved"
    assert page.locator("details.rule[open] h3").all_inner_texts() == ["Nghỉ giữa hai ca"]
    assert faults_in_both_themes(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(page) == []
    page.focus("[name='p:rest.between_shifts:minutes']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Đã lưu quy tắc")
    page.fill("#rule-words", "không có quy tắc này")
    page.wait_for_selector("text=Không có quy tắc nào như vậy.")
    assert page.locator("main .panel:visible").count() == 0
    db.session.rollback()
    assert rules.chosen(campaign)["rest.between_shifts"].values == {"minutes": 1200}
