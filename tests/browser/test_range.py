"""A range that is selected in the grid is assigned alone: by keyboard with what is read out, by mouse, by touch."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import db
from roster.campaigns.models import Campaign
from roster.solving.jobs import run_queued_solves
from tests.browser.test_hands import cell, make_draft, opened, press, said, sitting, warned
from tests.support import worlds

NIGHT = "Đêm"


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    return db.session.get_one(Campaign, worlds.begin("a draft for hands", make_draft))


@pytest.fixture
def grid(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    return opened(page, campaign)


def named(grid: Any, words: str) -> Any:
    """The button under the range, once it says how many."""
    button = grid.locator("#grid-bar [data-act=solve]")
    grid.wait_for_function(
        "([text]) => document.querySelector('#grid-bar [data-act=solve]').innerText.includes(text)", arg=[words]
    )
    return button


def every(campaign: Campaign, on: str) -> dict[tuple[str, str], str | None]:
    kinds = ("leadership", "operations", "emergency")
    return {(duty, name): sitting(campaign, on, name, duty) for duty in kinds for name in ("Ngày", NIGHT)}


def test_by_keyboard_a_range_is_said_assigned_and_taken_back(grid: Any, campaign: Campaign, axe: Any) -> None:
    other = every(campaign, "2020-01-26")
    cell(grid, "P1", "2020-01-23").focus()
    press(grid, "Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown")
    said(grid, "Đã chọn 3 người × 2 ngày")
    named(grid, "Xếp phần chọn (11 lượt)")
    rows = "[...document.querySelectorAll('#grid-table tr:has(td[aria-selected])')].map((row) => row.dataset.person)"
    chosen = set(grid.evaluate(rows))
    press(grid, "F9")
    assert "Máy xếp 11 lượt (11 lượt trống họ trực được)" in said(grid, "Máy xếp 11 lượt")
    grid.wait_for_selector("#editor[open] #range")
    assert "người khác, ngày khác và ô đã ghim giữ nguyên" in grid.inner_text("#range")
    assert axe(grid) == []
    assert grid.evaluate("Boolean(document.activeElement.closest('#range'))"), "the form has the focus"
    press(grid, "Escape")
    assert not grid.locator("#editor").is_visible(), "nothing has begun"
    press(grid, "Shift+F10")
    grid.get_by_role("menuitem", name="Xếp phần chọn").press("Enter")
    grid.wait_for_selector("#editor[open] #range")
    grid.get_by_role("button", name="Xếp 11 lượt").press("Enter")
    grid.wait_for_url("**/solve/*")
    assert run_queued_solves(clock.now()) == 1
    grid.reload()
    assert "Chỉ xếp:" in grid.inner_text("main")

    assert sitting(campaign, "2020-01-24", "Ngày") == "P0", "who is not of the range stays"
    assert every(campaign, "2020-01-26") == other and every(campaign, "2020-01-25")[("operations", NIGHT)] is None
    got = [*every(campaign, "2020-01-23").values(), *every(campaign, "2020-01-24").values()]
    assert len(chosen) == 3 and "P1" in got and {each for each in got if each} <= {"P0", *chosen}
    opened(grid, campaign)
    cell(grid, "P1", "2020-01-23").focus()
    press(grid, "Control+z")
    said(grid, "Đã hoàn tác: máy xếp")
    assert [each for each in every(campaign, "2020-01-23").values() if each] == []


def test_by_mouse_the_button_under_the_range_says_how_many(grid: Any, campaign: Campaign) -> None:
    start, end = (middle(cell(grid, *at)) for at in (("P1", "2020-01-25"), ("P2", "2020-01-26")))
    grid.mouse.move(*start)
    grid.mouse.down()
    grid.mouse.move(*end, steps=4)
    grid.mouse.up()
    named(grid, "Xếp phần chọn (12 lượt)").click()
    grid.wait_for_selector("#range button:has-text('Xếp 12 lượt')")
    cell(grid, "S1", "2020-01-25").click()
    grid.wait_for_selector("#grid-bar", state="hidden")
    start = middle(cell(grid, "S1", "2020-01-25"))
    grid.mouse.move(*start)
    grid.mouse.down()
    grid.mouse.move(*middle(cell(grid, "S1", "2020-01-26")), steps=4)
    grid.mouse.up()
    grid.locator("#grid-bar [data-act=solve]").click()
    warned(grid, "Vùng này không có lượt nào để xếp")


def test_by_touch_a_long_press_begins_a_range_and_a_tap_ends_it(
    browser: Any, live_url: str, campaign: Campaign
) -> None:
    """A finger that moves scrolls, so nothing is drawn."""
    tablet = {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "locale": "vi-VN"}
    context = browser.new_context(base_url=live_url, **tablet)
    grid = opened(context.new_page(), campaign)
    x, y = middle(cell(grid, "P1", "2020-01-25"))
    finger = context.new_cdp_session(grid)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    said(grid, "Chạm ô cuối của vùng")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    grid.touchscreen.tap(*middle(cell(grid, "P2", "2020-01-26")))
    named(grid, "Xếp phần chọn (12 lượt)").tap()
    grid.wait_for_selector("#range button:has-text('Xếp 12 lượt')")
    context.close()


def middle(place: Any) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
