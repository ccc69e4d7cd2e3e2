"""What others change while one is at the grid: told once, named anew, laid beside once one has left; what is warned of
is seen; who is called alike is found."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from people.models import User
from people.queries import person_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.draft.edits import SeatEdit
from tests.browser.test_hands import cell, make_draft, opened, press, read_out, said, shift, sitting, warned
from tests.browser.test_two_managers import QT, changed_by_admin, hears, overtaken
from tests.support import worlds
from tests.support.enterprise import NOW, ROOT


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    return db.session.get_one(Campaign, worlds.begin("a draft for hands", make_draft))


@pytest.fixture
def grid(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    return opened(page, campaign)


def test_what_is_in_the_way_of_typing_is_told_once(grid: Any, campaign: Campaign) -> None:
    """It comes with every poll until one is done typing."""
    cell(grid, "P1", "2020-01-25").focus()
    press(grid, "F2")
    changed_by_admin(campaign, shift(campaign.id, "2020-01-25", "Đêm").seats[0].id, "P1", None)
    hears(grid)
    said(grid, f"{QT} vừa sửa 1 ô.")
    grid.evaluate("document.getElementById('grid-said').textContent = ''")
    for _ in range(2):
        hears(grid)
    grid.wait_for_timeout(200)  # as long as the same sentence takes to be said once more, and more
    assert grid.locator("#grid-said").inner_text() == ""
    press(grid, "Escape")
    hears(grid)
    grid.wait_for_function("() => document.activeElement.querySelector('a.chip')")


def test_a_cell_that_one_was_in_is_not_called_what_it_was(grid: Any, campaign: Campaign) -> None:
    """A screen reader that reads the table without walking in it hears what stands there now."""
    cell(grid, "P1", "2020-01-25").focus()
    assert read_out(grid).endswith("trống.")
    cell(grid, "P4", "2020-01-24").focus()
    changed_by_admin(campaign, shift(campaign.id, "2020-01-25", "Đêm").seats[0].id, "P1", None)
    hears(grid)
    here = cell(grid, "P1", "2020-01-25")
    here.locator("a.chip").wait_for()
    assert here.get_attribute("aria-label") is None
    here.focus()
    assert "Đêm" in read_out(grid) and read_out(grid).endswith("vừa sửa.")


def test_the_list_of_steps_waits_while_one_is_in_it_and_is_new_as_soon_as_one_leaves(
    grid: Any, campaign: Campaign
) -> None:
    overtaken(grid, campaign)
    press(grid, "F6")
    assert grid.evaluate("Boolean(document.activeElement.closest('.steps'))")
    changed_by_admin(campaign, shift(campaign.id, "2020-01-26", "Đêm").seats[0].id, "P4", None)
    hears(grid)
    grid.wait_for_function("() => document.querySelectorAll('td[data-by]').length > 1")
    assert "4 bước" in grid.locator("#steps-title").inner_text(), "nothing moves under the hand"
    press(grid, "F6")
    grid.wait_for_function("() => document.getElementById('steps-title').textContent.includes('5 bước')")
    assert grid.evaluate("document.activeElement.matches('#grid-table td')")


def test_a_warning_is_seen_until_the_next_act(grid: Any, page: Any) -> None:
    cell(grid, "P1", "2020-01-24").focus()
    press(grid, "Delete")
    warned(grid, "Ở đây không có ca nào.")
    place = grid.locator("#grid-warned")
    box, foot = place.bounding_box(), grid.locator(".grid-foot").bounding_box()
    assert box["width"] > 80 and box["y"] + box["height"] <= foot["y"] + 1, "over the line that says how one works"
    press(grid, "ArrowDown")
    assert place.inner_text() == ""
    page.context.set_offline(True)
    press(grid, "Control+z")
    warned(grid, "Không nghe máy chủ trả lời")
    assert place.bounding_box()["width"] > 80
    page.context.set_offline(False)


def test_all_who_are_called_so_are_reached_by_arrows(grid: Any, campaign: Campaign) -> None:
    """Two of one name are told apart by their codes; an apostrophe is any apostrophe."""
    db.session.rollback()
    with transaction():
        for code in ("P2", "P3"):
            person_by_code(code).full_name = "Nguyễn H’Yam"
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, "P0", "2020-01-25").focus()
    press(grid, "/")
    grid.keyboard.type("h'yam")
    first = said(grid, "2 khớp: Nguyễn H’Yam (P")
    press(grid, "ArrowDown")
    grid.wait_for_function(
        "text => document.getElementById('grid-said').textContent.trim() && "
        "document.getElementById('grid-said').textContent !== text",
        arg=first,
    )
    second = said(grid, "2 khớp: Nguyễn H’Yam (P")
    press(grid, "Enter")
    assert grid.evaluate("document.activeElement.parentElement.dataset.person") == second[-3:-1]


def test_steps_are_undone_and_chosen_by_touch(browser: Any, live_url: str, campaign: Campaign) -> None:
    """On a tablet: a step of ours, done again; then one that was changed since, of which what stands is kept."""
    tablet = browser.new_context(base_url=live_url, viewport={"width": 1180, "height": 760}, has_touch=True)
    grid = opened(tablet.new_page(), campaign)
    overtaken(grid, campaign)
    grid.locator(".steps li:has-text('26/01') form button").tap()
    said(grid, "Đã hoàn tác: ")
    assert sitting(campaign, "2020-01-26", "Ngày") is None
    grid.locator(".steps li.undone form button").tap()
    said(grid, "Đã làm lại: ")
    assert sitting(campaign, "2020-01-26", "Ngày") == "P2"
    grid.locator(".steps li.touched form button").tap()
    warned(grid, QT)
    grid.locator("#editor button:has-text('Đặt lại của tôi')").tap()
    said(grid, "Đã hoàn tác: ")
    assert sitting(campaign, "2020-01-25", "Ngày") is None
    for button in grid.locator(".steps form button").all():
        box = button.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 24
    tablet.close()


def test_whose_draft_it_is_no_longer_is_told_once(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P1", "2020-01-24").focus()
    db.session.rollback()
    with transaction():
        db.session.scalars(select(User).filter_by(login="an1")).one().role = "staff"
    hears(grid)
    assert warned(grid, "Đồng chí không có quyền")
    asked = []
    grid.on("request", lambda request: asked.append(request.url) if "/edits/since" in request.url else None)
    grid.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    grid.wait_for_timeout(5500)
    assert asked == []


def test_whoever_enters_a_filtered_grid_by_anothers_edit_has_a_row(grid: Any, campaign: Campaign) -> None:
    """They only support: of operations they are shown as soon as somebody puts them there, where their name stands."""
    grid.goto(f"/roster/campaigns/{campaign.id}?view=people&duty=operations")
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    names = grid.locator("#grid-table tbody tr")
    before = names.evaluate_all("rows => rows.map(row => row.dataset.person)")
    assert "S1" not in before
    seat = shift(campaign.id, "2020-01-25", "Đêm").seats[0].id
    drafts.edit_seats(campaign.id, [SeatEdit(seat, "S1", None)], reason="Thiếu người", actor=ROOT, now=NOW)
    hears(grid)
    grid.locator("#grid-table tr[data-person=S1] a.chip").wait_for()
    after = names.evaluate_all("rows => rows.map(row => row.dataset.person)")
    grid.reload()
    assert after == names.evaluate_all("rows => rows.map(row => row.dataset.person)")
    assert [each for each in after if each != "S1"] == before
