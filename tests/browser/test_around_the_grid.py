"""What stands above and beside the grid follows an edit: once for several, and after all when the line was dead.

Whoever is in it stays there.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core.db import db
from roster.campaigns.models import Campaign
from tests.browser.test_hands import cell, make_draft, opened, press, said
from tests.support import worlds
from tests.support.cast import name_of


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    return db.session.get_one(Campaign, worlds.begin("a draft for hands", make_draft))


@pytest.fixture
def grid(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    return opened(page, campaign)


def put(grid: Any, person: str, on: str) -> None:
    cell(grid, person, on).focus()
    press(grid, "d", "h", "Space", "n")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    press(grid, "Enter")
    said(grid, f"Đã xếp {name_of(person)} ")


def test_the_panel_comes_after_all_when_its_first_answer_was_lost(grid: Any) -> None:
    lost = list[str]()

    def lose(route: Any) -> None:
        lost.append(route.request.url)
        if len(lost) == 1:
            route.abort()
        else:
            route.continue_()

    grid.route("**/edits/around*", lose)
    put(grid, "P1", "2020-01-25")
    grid.locator(".steps li", has_text=name_of("P1")).wait_for(timeout=15_000)
    assert len(lost) == 2


def test_an_answer_that_was_overtaken_changes_nothing(grid: Any) -> None:
    """The first look at what stands beside comes back last: it tells of one step, and there are two."""
    held = list[Any]()

    def hold(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    grid.route("**/edits/around*", hold)
    with grid.expect_request(lambda asked: "/edits/around" in asked.url):
        put(grid, "P1", "2020-01-25")
    put(grid, "P2", "2020-01-26")
    grid.locator(".steps li", has_text=name_of("P2")).wait_for()
    with grid.expect_response(lambda answer: "/edits/around" in answer.url):
        held[0].fulfill(json={"title": "", "acts": "", "side": "", "undo": ""})
    grid.wait_for_timeout(200)
    assert grid.locator(".steps li", has_text=name_of("P2")).count() == 1


def test_whoever_undoes_from_the_list_stays_in_it(grid: Any) -> None:
    put(grid, "P1", "2020-01-25")
    button = grid.locator(".steps li", has_text=name_of("P1")).locator("button")
    button.focus()
    press(grid, "Enter")
    said(grid, "Đã hoàn tác: ")
    grid.wait_for_selector(".steps li.undone")
    grid.wait_for_timeout(600)
    assert grid.evaluate("Boolean(document.activeElement.closest('#side'))")
