"""44 empty seats on one page: causes on the first screen, seats behind a fold, one button that helps most.

A province of 1,040 people at Tết Đinh Mùi: 38 seats fall to the limit of the month, six to leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from core import clock
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from planning.explain.shortage import explain
from roster.campaigns.services import create_campaign
from roster.importing import services as importer
from roster.reasons import cache
from roster.rulebook import services as rule_settings
from roster.solving import jobs
from roster.solving.models import SolveRun
from roster.solving.services import SolveRequest
from tests.support import short_province as province
from tests.support.at_screen import choose_language, sign_in
from tests.support.factories import ADMIN

NOW = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)
PASSWORD = "hoa-mai-vang-2027"  # noqa: S105
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
TALLEST = {"laptop": 1500, "phone": 3600}
"""Pixels of the folded page."""
ENOUGH_WORK = 60
"""Seconds at most; the search ends by its own proof, however fast the machine is."""


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> SolveRun:
    province.write(tmp_path, alone=True)
    report = importer.import_folder(importer.read_path(tmp_path), dry_run=False, now=NOW, actor=ADMIN)
    assert report.counts["people"].created == 1040
    campaign = create_campaign(
        name="Tết Đinh Mùi",
        tet_year=2027,
        unit="BDX",
        starts_on=province.FIRST,
        ends_on=province.LAST,
        actor=ADMIN,
        now=NOW,
    )
    rule_settings.save(campaign.id, {"hours.month": {"parameters": {"most": province.LIMIT}}}, actor=ADMIN, now=NOW)
    accounts.create_user(
        NewAccount("quanly", "Quản lý", "manager", unit_code="BDX", person_code=None, password=PASSWORD),
        now=NOW,
        actor=ADMIN,
    )
    with clock.travel(NOW):
        return jobs.solve_now(campaign.id, SolveRequest(seconds=ENOUGH_WORK, reproducible=True), actor=ADMIN, now=NOW)


@pytest.fixture
def thoughts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that an explanation is worked out."""
    found: list[int] = []

    def counted(*told: Any, **named: Any) -> Any:
        found.append(1)
        return explain(*told, **named)

    monkeypatch.setattr(cache, "explain", counted)
    return found


@pytest.fixture
def open_page(run: SolveRun, thoughts: list[int], browser: Any, live_url: str) -> Iterator[Callable[..., Any]]:
    """``open_page(english=…, **screen)``: the page of the empty seats, as the province's manager sees it."""
    contexts = []

    def make(*, english: bool = False, **screen: Any) -> Any:
        context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, "quanly", PASSWORD)
        choose_language(page, "en" if english else "vi")
        page.goto(address_of(run))
        return page

    with clock.travel(NOW):
        yield make
    for context in contexts:
        context.close()


def address_of(run: SolveRun) -> str:
    return f"/roster/campaigns/{run.campaign_id}/solve/{run.id}/explanation"


def height(page: Any) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def top(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.bounding_box()["y"])


def shown_first(page: Any, selector: str) -> list[bool]:
    """Of each such element whether it is on the first screen."""
    bottom = page.viewport_size["height"]
    return [each.bounding_box()["y"] < bottom for each in page.locator(selector).all()]


def number_of(page: Any) -> int:
    """The last number of the address."""
    return int(urlsplit(page.url).path.rstrip("/").split("/")[-1])


def causes_on(page: Any) -> list[int]:
    return [int(each) for each in page.locator(".cause .many").all_inner_texts()]


@pytest.mark.rest
def test_from_the_causes_by_one_button_to_a_search_that_lacks_fewer(
    open_page: Callable[..., Any], thoughts: list[int], run: SolveRun
) -> None:
    the_causes_come_first_and_the_seats_are_folded(open_page)
    assert len(thoughts) == 1, "what was worked out for one view serves the others"
    buttons_ask_less_and_raise_the_limit_and_the_next_search_lacks_fewer(open_page, run)


def the_causes_come_first_and_the_seats_are_folded(open_page: Callable[..., Any]) -> None:
    words = {
        False: ("từ 30 giờ lên 40 giờ", "22 chuyến", "phủ 38/38", "Bỏ trống 38 lượt trực bắt buộc ở 12 đơn vị"),
        True: ("from 30 h to 40 h", "trips: 22", "covers 38/38", "Leave 38 seats of obligatory duty empty in 12 units"),
    }
    for english in (False, True):
        page = open_page(english=english, **LAPTOP)
        assert height(page) <= TALLEST["laptop"]
        assert causes_on(page) == [province.LACKING_TO_LIMIT, province.LACKING_TO_LEAVE]
        said = page.locator("main").inner_text()
        assert [each for each in words[english] if each not in said] == []
        assert shown_first(page, "#cause-1, .groups li") == [True, True, True]
        assert top(page, "#cause-1") < top(page, "#cause-2") < top(page, ".fold")
        assert not page.locator(".fold li:visible").count()
        page.locator(".fold > summary").first.click()
        assert page.locator(".fold li:visible a b").count() == province.LACKING_TO_LIMIT
        assert height(page) > TALLEST["laptop"]

        phone = open_page(english=english, **PHONE)
        assert height(phone) <= TALLEST["phone"]
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
        assert shown_first(phone, ".groups li") == [True, True]


def buttons_ask_less_and_raise_the_limit_and_the_next_search_lacks_fewer(
    open_page: Callable[..., Any], run: SolveRun
) -> None:
    page = open_page(**PHONE)
    assert not page.locator("#sum [role=alert]").count()
    assert "Đã chọn sẵn cách giúp nhiều nhất" in page.locator("#preset").inner_text()
    page.locator("[name=r][value*='~limit~']").uncheck()
    page.locator("[name=r][value*='~bare~']").check()
    page.wait_for_selector("#sum [role=alert]")
    assert "38 ca trực bắt buộc" in page.locator("#sum [role=alert]").inner_text()
    page.wait_for_function("() => !document.querySelector('#preset').innerText.includes('chọn sẵn')")  # by hand now
    page.locator("[name=r][value*='~bare~']").uncheck()
    page.locator("[name=r][value*='~less~']").check()
    page.wait_for_selector("#sum [role=alert]", state="detached")
    page.click("#sum button")
    page.wait_for_selector("form[action$='/undo'] button")
    assert causes_on(page) == [province.LACKING_TO_LIMIT]
    page.click("form[action$='/undo'] button")
    page.wait_for_url(lambda url: "/solve/" not in url)

    page.goto(address_of(run))
    assert causes_on(page) == [province.LACKING_TO_LIMIT, province.LACKING_TO_LEAVE]
    page.click("#sum button")
    page.wait_for_url(lambda url: not url.endswith("/explanation"))
    assert jobs.run_queued_solves(NOW) == 1
    page.goto(f"/roster/campaigns/{run.campaign_id}/solve/{number_of(page)}/explanation")
    assert causes_on(page) == [province.LACKING_TO_LEAVE]
