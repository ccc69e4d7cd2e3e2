"""Two managers at one grid, the list of steps with its choice, finding somebody, and how much is seen at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.observability import heartbeat
from people.absences.services import add_absence
from people.models import User
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Shift
from tests.browser.test_hands import (
    cell,
    make_draft,
    middle,
    opened,
    press,
    read_out,
    said,
    shift,
    sitting,
    warned,
)
from tests.support import enterprise, factories, worlds
from tests.support.at_screen import sign_in
from tests.support.cast import name_of
from tests.support.enterprise import NOW, PASSWORD, ROOT

AN, QT = "Nguyễn Văn An", "Lê Quản Trị"


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    return db.session.get_one(Campaign, worlds.begin("a draft for hands", make_draft))


@pytest.fixture
def grid(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    return opened(page, campaign)


@pytest.fixture
def other(browser: Any, live_url: str, campaign: Campaign) -> Iterator[Any]:
    """The administrator of the province at the same grid, in a browser of their own."""
    context = browser.new_context(base_url=live_url, viewport={"width": 1366, "height": 650})
    page = context.new_page()
    sign_in(page, "qt1", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign.id}?view=people")
    page.wait_for_selector("#hands:not([hidden])", state="attached")
    yield page
    context.close()


def hears(grid: Any) -> None:
    """Looks at the page again: it asks at once, as it does every few seconds."""
    with grid.expect_response(lambda answer: "/edits/since" in answer.url):
        grid.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def changed_by_admin(campaign: Campaign, seat: int, person: str | None, was: str | None) -> None:
    row = db.session.scalars(select(User).filter_by(login="qt1")).one()
    actor = Actor(name=row.name, role="admin", via="web", user_id=row.id)
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seat, person, was)], actor=actor, now=clock.now())


def test_each_sees_within_a_poll_what_the_other_did_and_who_it_was(grid: Any, other: Any, axe: Any) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    cell(other, "P2", "2020-01-25").focus()
    press(grid, "Delete")
    said(grid, "Đã bỏ ")
    other.wait_for_selector("td[data-by]", timeout=9000)
    mark = cell(other, "P0", "2020-01-24")
    assert mark.get_attribute("data-by") == AN and mark.locator("a.chip").count() == 0
    assert said(other, f"{AN} vừa sửa 1 ô.") and "25/01" in read_out(other), "the focus stays where it was"
    assert mark.evaluate("cell => getComputedStyle(cell).outlineStyle") == "dashed"
    mark.focus()
    assert read_out(other).endswith(f"trống, {AN} vừa sửa.")
    assert axe(other) == []
    press(other, "d", "h", "Space", "d")
    other.wait_for_selector("#grid-offers [role=option] strong")
    press(other, "Enter")
    said(other, "Đã xếp ")
    hears(grid)
    grid.wait_for_selector("td[data-by]")
    assert "Quản Trị" in str(cell(grid, "P0", "2020-01-24").get_attribute("data-by"))


def test_a_phone_hears_of_it_too(page: Any, campaign: Campaign) -> None:
    """The days that a phone shows are made anew where they stand."""
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, campaign)
    slot = shift(campaign.id, "2020-01-24", "Ngày")
    link = page.locator(f'#agenda a.slot[href$="/shifts/{slot.id}"]')
    link.focus()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    untouched = page.locator("#agenda #d2020-01-25")
    untouched.evaluate("day => { day.dataset.stands = 'here' }")
    changed_by_admin(campaign, slot.seats[0].id, None, sitting(campaign, "2020-01-24", "Ngày"))
    hears(page)
    link.get_by_text("thiếu 1 người").wait_for()
    assert link.evaluate("link => link === document.activeElement"), "what has the focus keeps it"
    said(page, f"{QT} vừa sửa 1 ô.")
    assert page.locator("#steps-title").count() == 1
    of_roster = {url.partition("/roster/")[2].partition("?")[0] for url in asked if "/roster/" in url}
    assert of_roster == {f"campaigns/{campaign.id}/edits/since"}, "the page itself is not fetched again"
    assert untouched.get_attribute("data-stands") == "here", "nor is a day made anew on which nothing changed"
    assert page.locator("#agenda section").count() == 4


def test_who_falls_ill_is_unsure_in_an_open_grid_where_the_focus_stays(grid: Any, campaign: Campaign) -> None:
    """Nobody touched the roster: what is known of its people has changed."""
    at = cell(grid, "P0", "2020-01-24")
    at.focus()
    day = date(2020, 1, 24)
    add_absence("P0", day, day, "sick", now=NOW, actor=ROOT)
    hears(grid)
    at.locator("a.chip", has_text="không chắc").wait_for()
    grid.locator("#side", has_text="không chắc").wait_for()
    assert at.evaluate("cell => cell === document.activeElement") and read_out(grid).endswith("không chắc, vắng.")


def test_what_is_typed_or_held_stays_while_the_others_cells_come(grid: Any, campaign: Campaign) -> None:
    night, day = (shift(campaign.id, "2020-01-25", name).seats[0].id for name in ("Đêm", "Ngày"))
    cell(grid, "P1", "2020-01-25").focus()
    press(grid, "d", "h")
    changed_by_admin(campaign, night, "P1", None)
    hears(grid)
    field = grid.locator("input[role=combobox]")
    assert field.input_value() == "dh" and field.evaluate("field => field === document.activeElement")
    assert cell(grid, "P1", "2020-01-25").locator("a.chip").count() == 0, "what is typed there is in nobody's way"
    press(grid, "Escape")
    hears(grid)
    grid.wait_for_function("() => document.activeElement.querySelector('a.chip')")
    assert "25/01" in read_out(grid) and "vừa sửa" in read_out(grid)

    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Space")
    grid.wait_for_selector("#grid-table .in-hand, table.in-hand")
    press(grid, "ArrowDown")
    here = grid.evaluate("document.activeElement.id")
    changed_by_admin(campaign, day, "P4", None)
    hears(grid)
    grid.wait_for_function("() => document.querySelectorAll('td[data-by]').length > 1")
    assert grid.locator("[data-mode=hand]").count() == 1 and grid.evaluate("document.activeElement.id") == here
    assert cell(grid, "P4", "2020-01-25").locator("a.chip").count() == 1
    press(grid, "Escape")
    said(grid, "Đã trả lại")


def test_the_mark_is_gone_after_half_a_minute(page: Any, campaign: Campaign) -> None:
    page.clock.install()
    page.set_viewport_size({"width": 1366, "height": 650})
    grid = opened(page, campaign)
    changed_by_admin(campaign, shift(campaign.id, "2020-01-25", "Đêm").seats[0].id, "P1", None)
    hears(grid)
    grid.wait_for_selector("td[data-by]")
    grid.clock.fast_forward(25_000)
    assert grid.locator("td[data-by]").count() == 1
    grid.clock.fast_forward(6_000)
    grid.wait_for_selector("td[data-by]", state="detached")
    assert cell(grid, "P1", "2020-01-25").locator("a.chip").count() == 1


def overtaken(grid: Any, campaign: Campaign) -> int:
    """An fills two seats, one step each; the administrator gives the first to P3."""
    cell(grid, "P1", "2020-01-24").focus()
    for person, on in (("P1", "2020-01-25"), ("P2", "2020-01-26")):
        cell(grid, person, on).focus()
        press(grid, "d", "h", "Space", "n")
        grid.wait_for_selector("#grid-offers [role=option] strong")
        press(grid, "Enter")
        said(grid, f"Đã xếp {name_of(person)} ")
    seat = shift(campaign.id, "2020-01-25", "Ngày").seats[0].id
    changed_by_admin(campaign, seat, "P3", "P1")
    hears(grid)
    grid.wait_for_selector(".steps li.touched")
    return seat


def test_a_step_says_beforehand_that_it_was_touched_and_both_versions_when_tried(
    grid: Any, campaign: Campaign, axe: Any
) -> None:
    """By keyboard alone: F6 into the list, the second button of ours, what stands is kept."""
    overtaken(grid, campaign)
    listed = grid.locator(".steps li")
    assert "4 bước" in grid.locator("#steps-title").inner_text()
    assert "đã sửa lại: sẽ hỏi giữ của ai" in grid.locator(".steps li.touched:has(form)").inner_text()
    assert name_of("P3") in listed.first.inner_text() and listed.first.locator("button").count() == 0
    press(grid, "F6")
    assert grid.evaluate("Boolean(document.activeElement.closest('.steps'))")
    press(grid, "Tab", "Enter")
    told = warned(grid, QT)
    assert f"Ô giờ là {name_of('P3')} (đã ghim). Trước đó là trống." in told
    panel = grid.locator("#editor-body")
    assert f"Ô giờ là {name_of('P3')}" in panel.inner_text() and "Trước đó là trống." in panel.inner_text()
    assert axe(grid) == []
    assert grid.evaluate("document.activeElement.textContent.trim()") == "Giữ như bây giờ"
    press(grid, "Enter")
    said(grid, "Giữ như bây giờ: không đổi ô nào.")
    assert sitting(campaign, "2020-01-25", "Ngày") == "P3"
    # It is set aside: the next undo is another one.
    grid.locator(".steps li.touched:has(form)").wait_for(state="detached")
    press(grid, "Control+z")
    said(grid, f"Đã hoàn tác: xếp {name_of('P2')}")
    assert sitting(campaign, "2020-01-26", "Ngày") is None
    grid.wait_for_selector(".steps li:first-child.undone")  # on top, to be done again


def test_what_was_mine_is_put_back_by_mouse_as_a_step_with_a_name(grid: Any, campaign: Campaign) -> None:
    overtaken(grid, campaign)
    grid.locator(".steps li.touched form button").click()
    grid.locator("#editor button:has-text('Đặt lại của tôi')").click()
    said(grid, "Đã hoàn tác: ")
    assert sitting(campaign, "2020-01-25", "Ngày") is None
    grid.locator(".steps li:first-child", has_text=f"Bỏ {name_of('P3')}").wait_for()
    press(grid, "Control+z")
    said(grid, f"Đã hoàn tác: bỏ {name_of('P3')}")
    assert sitting(campaign, "2020-01-25", "Ngày") == "P3"


def test_a_step_further_down_is_undone_and_done_again_by_mouse(grid: Any, campaign: Campaign) -> None:
    for on in ("2020-01-25", "2020-01-26"):
        cell(grid, "P1", on).focus()
        press(grid, "d", "h", "Space", "n")
        grid.wait_for_selector("#grid-offers [role=option] strong")
        press(grid, "Enter")
        said(grid, f"Đã xếp {name_of('P1')} vào ca ngày {on[8:]}")
    grid.locator(".steps li:has-text('25/01') button").click()
    said(grid, "Đã hoàn tác: ")
    assert (sitting(campaign, "2020-01-25", "Ngày"), sitting(campaign, "2020-01-26", "Ngày")) == (None, "P1")
    grid.locator(".steps li.undone button").click()
    said(grid, "Đã làm lại: ")
    assert sitting(campaign, "2020-01-25", "Ngày") == "P1"


def test_f2_and_enter_alone_change_nothing(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P1", "2020-01-24").focus()
    for close in ("Enter", "Tab"):
        press(grid, "F2")
        grid.wait_for_selector("#grid-offers [role=option] strong")
        press(grid, close)
        assert grid.locator("input[role=combobox]").count() == 0
    assert "25/01" in read_out(grid), "Tab goes on all the same"
    assert sitting(campaign, "2020-01-24", "Đêm") is None and grid.locator("tr[data-person='P1'] a.chip").count() == 0
    cell(grid, "P1", "2020-01-24").focus()
    press(grid, "F2")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    press(grid, "ArrowDown", "ArrowUp", "Enter")
    said(grid, "Đã ")
    assert grid.locator("tr[data-person='P1'] a.chip").count() == 1, "whoever chose from the list means it"


def make_many() -> int:
    """Twenty people and twenty-three days, as a post office plans its Tết."""
    enterprise.make(clock.now())
    unit = unit_by_code("BDA")
    for number in range(20):
        factories.make_person(f"P{number}", unit, duties=("operations",))
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    made = factories.make_campaign(unit, first="2020-01-17", last="2020-02-08")
    seat = db.session.scalars(select(Shift).filter_by(campaign_id=made.id)).first().seats[0].id
    drafts.edit_seats(made.id, [drafts.SeatEdit(seat, "P1", None)], actor=ROOT, now=NOW)
    return made.id


def test_sixteen_people_and_twenty_three_days_are_seen_at_once(page: Any, app: Flask) -> None:
    campaign = db.session.get_one(Campaign, worlds.begin("a draft of many days", make_many))
    heartbeat.beat("worker", now=clock.now())  # else a banner says that the alarm is dead
    db.session.commit()
    page.set_viewport_size({"width": 1366, "height": 650})
    grid = opened(page, campaign)
    seen = grid.evaluate(
        """() => {
          const box = (what) => what.getBoundingClientRect();
          const top = box(document.querySelector('#grid-table thead tr:last-child th')).bottom;
          const bottom = box(document.querySelector('#grid-table tfoot td')).top;
          const right = box(document.querySelector('.grid')).right;
          const rows = [...document.querySelectorAll('#grid-table tbody tr')].map(box);
          const days = [...document.querySelectorAll('#grid-table thead th[data-on]')].map(box);
          return [rows.filter((row) => row.top >= top - 1 && row.bottom <= bottom + 1).length,
                  days.filter((day) => day.right <= right + 1).length];
        }"""
    )
    assert seen[0] >= 16 and seen[1] == 23, seen
    assert grid.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_is_looked_for_is_found_without_marks_and_one_is_there(grid: Any, campaign: Campaign, axe: Any) -> None:
    cell(grid, "P0", "2020-01-25").focus()
    press(grid, "/")
    assert grid.evaluate("document.activeElement.id") == "grid-find"
    grid.keyboard.type("bich")
    assert name_of("P5") in said(grid, "1 khớp: ")
    assert axe(grid) == []
    press(grid, "Enter")
    assert read_out(grid).startswith(f"{name_of('P5')}, Thứ Bảy 25/01"), "the same day, their row"
    press(grid, "/")
    grid.keyboard.type("chẳng ai")
    said(grid, "Không có ai tên chẳng ai")
    press(grid, "Escape")
    assert read_out(grid).startswith(name_of("P5"))
    press(grid, "/")
    grid.keyboard.type("dien huyen")
    press(grid, "Enter")
    grid.wait_for_url("**unit=BDA**")


def test_filters_are_in_the_head_and_in_the_address(grid: Any, campaign: Campaign) -> None:
    x, y = middle(grid.locator(".looking .narrow summary"))
    grid.mouse.click(x, y)
    grid.select_option("#duty", "operations")
    grid.wait_for_url("**duty=operations**")
    assert grid.locator(".looking .narrow summary").inner_text().endswith("1")
    head, table = grid.locator("#campaign-head").bounding_box(), grid.locator(".grid").bounding_box()
    assert table["y"] - (head["y"] + head["height"]) < 12, "no second line of buttons"
