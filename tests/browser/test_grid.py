"""The grid in a real browser: by keyboard, an edit that shows at once, and nothing that axe minds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.solving import jobs
from roster.solving.services import SolveRequest
from tests.support import enterprise, factories, worlds
from tests.support.at_screen import choose_language, sign_in
from tests.support.enterprise import NOW, PASSWORD, ROOT


def make_team() -> Any:
    """The district BDA with six more people, and somebody needed day and night."""
    enterprise.make(clock.now())
    unit = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_round_the_clock(unit)
    return unit


def sign_in_and_open(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "an1", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign.id}")
    return page


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    """A solved draft of three days whose first operations shift is open."""

    def make() -> int:
        made = factories.make_campaign(make_team(), first="2020-01-23", last="2020-01-25")
        jobs.solve_now(made.id, SolveRequest(seconds=1), actor=ROOT, now=NOW)
        return made.id

    return db.session.get_one(Campaign, worlds.begin("the solved draft of the grid", make))


@pytest.fixture
def grid_page(page: Any, campaign: Campaign) -> Any:
    return sign_in_and_open(page, campaign)


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.id"))


def wait_for_focus(page: Any, cell: str | None) -> None:
    """A dialog tells that it closed a moment after it did."""
    page.wait_for_function("id => document.activeElement.id === id", arg=cell)


def test_arrows_enter_and_escape(grid_page: Any) -> None:
    first = grid_page.locator("#grid-table tbody tr:first-child td").first
    first.focus()
    start = focused(grid_page)
    grid_page.keyboard.press("ArrowRight")
    right = focused(grid_page)
    grid_page.keyboard.press("ArrowDown")
    below = focused(grid_page)
    assert len({start, right, below}) == 3 and right.endswith("-0124") and below.endswith("-0124")
    grid_page.keyboard.press("End")
    assert focused(grid_page).endswith("-0125")
    here = focused(grid_page)
    grid_page.keyboard.press("Enter")
    grid_page.wait_for_selector("#editor[open] h2")
    grid_page.keyboard.press("Escape")
    wait_for_focus(grid_page, here)
    assert grid_page.locator("#grid-table [tabindex='0']").count() == 1


def test_a_change_shows_in_the_grid_without_leaving_it(grid_page: Any, campaign: Campaign) -> None:
    chip = grid_page.locator("#grid-table a.chip.dh").first
    cell = chip.locator("xpath=ancestor::td").get_attribute("id")
    chip.click()
    grid_page.wait_for_selector("#editor[open] button[name=put]")
    grid_page.locator("#editor-body li:not(.breaks) button[name=put], #editor-body button[name=put]").first.click()
    grid_page.wait_for_selector("#editor-body .flash.ok, #editor-body #reason")
    if grid_page.locator("#reason").count():
        grid_page.fill("#reason", "Tăng cường đêm Giao thừa")
        grid_page.click("#editor-body .errors button.go")
        grid_page.wait_for_selector("#editor-body .flash.ok")
    assert grid_page.locator("#grid-table .chip.pin").count() == 1
    grid_page.keyboard.press("Escape")
    wait_for_focus(grid_page, cell)
    assert "/campaigns/" in grid_page.url
    grid_page.click("#side .steps button[aria-label^='Hoàn tác:']")
    grid_page.wait_for_selector("#grid-said:has-text('Đã hoàn tác')", state="attached")
    assert "/campaigns/" in grid_page.url
    assert grid_page.locator(f"#{cell} a.chip.dh").count() == 1
    grid_page.click("#side .steps button[aria-label^='Làm lại:']")
    grid_page.wait_for_selector("#grid-said:has-text('Đã làm lại')", state="attached")
    assert grid_page.locator("#grid-table .chip.pin").count() == 1


@pytest.fixture
def published(app: Flask, page: Any) -> Any:
    """The grid of a published campaign that is still to come, with one person on duty."""
    unit = make_team()
    made = factories.make_campaign(unit, first="2099-01-23", last="2099-01-24")
    wanted = select(Shift.id).filter_by(campaign_id=made.id, duty="operations").order_by(Shift.starts_at)
    drafts.set_people(db.session.scalars(wanted).first() or 0, ["P0"], actor=ROOT, now=clock.now())
    publishing.publish(made.id, PublishTerms(accept_gaps="thử"), actor=ROOT, now=clock.now())
    return sign_in_and_open(page, made)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_head_tells_of_a_change_at_once(published: Any, language: str) -> None:
    if language == "en":
        with published.expect_navigation():
            published.evaluate('document.querySelector("button[name=language]").click()')
    stands, differs, button = {
        "vi": ("Đã ban hành · bản 1", "Dự thảo khác bản 1: 1 ca", "Ban hành bản 2"),
        "en": ("Published · revision 1", "Draft differs from revision 1, shifts changed: 1", "Publish revision 2"),
    }[language]
    head = published.locator("#campaign-head")
    assert stands in head.inner_text() and button not in head.inner_text()
    published.locator("#grid-table a.chip.dh").first.click()
    published.locator("#editor[open] .seats button[name=drop]").click()
    published.wait_for_selector("#editor-body .flash.ok")
    published.keyboard.press("Escape")
    assert differs in head.inner_text() and stands not in head.inner_text()
    assert head.get_by_role("link", name=button).is_visible(), "without a reload"


def test_an_empty_cell_offers_that_day(grid_page: Any) -> None:
    grid_page.locator("#grid-table tbody td:not(:has(a))").first.click()
    grid_page.wait_for_selector("#editor[open] h2")
    assert grid_page.locator("#editor-body .choices-list li").count() >= 1


def test_a_phone_sees_days_and_not_the_grid(grid_page: Any) -> None:
    grid_page.set_viewport_size({"width": 360, "height": 740})
    assert not grid_page.locator("#grid-table").is_visible()
    assert grid_page.locator("#agenda section").count() == 3
    assert grid_page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_month_is_reached_read_and_edited_by_mouse_keyboard_and_touch(
    grid_page: Any, browser: Any, live_url: str, campaign: Campaign, axe: Any
) -> None:
    grid_page.locator(".views summary").click()
    grid_page.get_by_role("link", name="Theo tháng").click()
    grid_page.wait_for_selector("table.month")
    shift = grid_page.locator("td:has(a[href*='on=2020-01-24']) a.turn.dh").first
    who = shift.locator(".who").inner_text()
    shift.click()
    grid_page.wait_for_selector("#editor[open] button[name=drop]")
    grid_page.click("#editor-body button[name=drop]")
    grid_page.wait_for_selector("#editor-body .flash.ok")
    grid_page.keyboard.press("Escape")
    grid_page.wait_for_function("() => document.activeElement.closest('td')?.id === 'm2020-01-24'")
    day = grid_page.locator("td:has(a.on[href*='on=2020-01-24'])")
    assert day.locator("a.turn.dh .mark.miss").count() == 1 and who not in day.locator("a.turn.dh").first.inner_text()
    day.locator("a.on").focus()
    grid_page.keyboard.press("Enter")
    grid_page.wait_for_selector("#agenda #d2020-01-24")
    without_scripts = {"has_touch": True, "color_scheme": "dark", "java_script_enabled": False}
    with browser.new_context(base_url=live_url, viewport={"width": 360, "height": 740}, **without_scripts) as phone:
        page = phone.new_page()
        sign_in(page, "an1", PASSWORD)
        page.goto(f"/roster/campaigns/{campaign.id}?view=month")
        cell = page.locator("a.on[href*='on=2020-01-24']")
        box = cell.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44 and "−1" in cell.inner_text()
        cell.tap()
        page.wait_for_selector("#agenda #d2020-01-24")
    grid_page.go_back()
    for width in (360, 1366):
        grid_page.set_viewport_size({"width": width, "height": 740})
        assert grid_page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe(grid_page) == []


def paths_of(campaign: Campaign) -> tuple[str, ...]:
    """The pages of a campaign and those around it."""
    base = f"/roster/campaigns/{campaign.id}"
    return (
        base,
        f"{base}?view=duties",
        f"{base}?view=days",
        f"{base}?view=month",
        f"{base}/publish",
        f"{base}/print",
        "/roster/",
        f"{base}/solve/1",
        "/roster/campaigns/new",
        "/roster/holidays/?year=2020",
        "/roster/demand/",
        "/roster/duty-kinds/",
        f"/roster/shifts/{campaign_shift(campaign)}",
    )


LOOKS = [("light", "vi"), ("dark", "en"), ("dark", "vi"), ("light", "en")]
"""The colours and the language of a page."""
EDITOR = "the open editor"


def faults_of(page: Any, campaign: Campaign, axe: Any, of_path: Callable[[int], tuple[str, str]]) -> dict[str, Any]:
    """What axe minds of each page and of the open editor, in the look that ``of_path`` gives to its number."""
    found: dict[str, Any] = {}
    paths = paths_of(campaign)
    for number, path in enumerate((*paths, EDITOR)):
        scheme, language = of_path(number)
        page.emulate_media(color_scheme=scheme)
        choose_language(page, language)
        page.goto(paths[0] if path == EDITOR else path)
        if path == EDITOR:
            page.locator("#grid-table a.chip").first.click()
            page.wait_for_selector("#editor[open] h2")
        assert page.get_attribute("html", "lang") == language
        found[path] = axe(page)
    return {path: faults for path, faults in found.items() if faults}


def test_axe_finds_nothing(grid_page: Any, campaign: Campaign, axe: Any) -> None:
    """Each page in one look; in the other three with the rest."""
    assert faults_of(grid_page, campaign, axe, lambda number: LOOKS[number % len(LOOKS)]) == {}


@pytest.mark.rest
@pytest.mark.parametrize(("scheme", "language"), LOOKS)
def test_axe_finds_nothing_in_any_look(
    grid_page: Any, campaign: Campaign, axe: Any, scheme: str, language: str
) -> None:
    assert faults_of(grid_page, campaign, axe, lambda _number: (scheme, language)) == {}


def campaign_shift(campaign: Campaign) -> int:
    found = db.session.scalar(select(Shift.id).filter_by(campaign_id=campaign.id).limit(1))
    assert found is not None
    return int(found)
