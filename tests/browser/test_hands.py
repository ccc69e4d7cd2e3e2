"""The hands of the grid in a real browser: by keyboard alone with what is read out, by mouse, and by touch."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from people.models import User
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import DraftAssignment, Shift
from tests.support import enterprise, factories, worlds
from tests.support.at_screen import sign_in
from tests.support.cast import name_of
from tests.support.enterprise import NOW, PASSWORD, ROOT

DAYS = ("2020-01-23", "2020-01-24", "2020-01-25", "2020-01-26")


def make_draft() -> int:
    """Four days by day and by night; P0 to P5 may lead, run operations and go out, S1 only supports."""
    enterprise.make(clock.now())
    unit = unit_by_code("BDA")
    for number in range(6):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_person("S1", unit, duties=("support",))
    factories.make_round_the_clock(unit)
    made = factories.make_campaign(unit, first=DAYS[0], last=DAYS[-1])
    day = shift(made.id, "2020-01-24", "Ngày")
    drafts.edit_seats(made.id, [drafts.SeatEdit(day.seats[0].id, "P0", None, pin=False)], actor=ROOT, now=NOW)
    return made.id


def shift(campaign_id: int, on: str, name: str, duty: str = "operations") -> Shift:
    found = select(Shift).filter_by(campaign_id=campaign_id, duty=duty, template=name)
    return next(each for each in db.session.scalars(found) if each.local_on.isoformat() == on)


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    return db.session.get_one(Campaign, worlds.begin("a draft for hands", make_draft))


@pytest.fixture
def grid(page: Any, campaign: Campaign) -> Any:
    page.set_viewport_size({"width": 1366, "height": 650})
    return opened(page, campaign)


def opened(page: Any, campaign: Campaign) -> Any:
    sign_in(page, "an1", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign.id}")
    page.wait_for_selector("#hands:not([hidden])", state="attached")
    return page


def cell(grid: Any, person: str, on: str) -> Any:
    return grid.locator(f"#grid-table tr[data-person='{person}'] td[id$='-{on[5:7]}{on[8:]}']")


def read_out(grid: Any) -> str:
    """The name of what has the focus: what a screen reader says on the way there."""
    return str(grid.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


def said(grid: Any, begins: str, place: str = "grid-said") -> str:
    """Waits for a sentence in the polite place, or in that for warnings."""
    script = "([id, text]) => document.getElementById(id).textContent.startsWith(text)"
    grid.wait_for_function(script, arg=[place, begins])
    return str(grid.evaluate("id => document.getElementById(id).textContent", place))


def warned(grid: Any, begins: str) -> str:
    return said(grid, begins, "grid-warned")


def sitting(campaign: Campaign, on: str, name: str, duty: str = "operations") -> str | None:
    db.session.rollback()
    db.session.expire_all()
    row = db.session.get(DraftAssignment, shift(campaign.id, on, name, duty).seats[0].id)
    return row.person.code if row else None


def press(grid: Any, *keys: str) -> None:
    for key in keys:
        grid.keyboard.press(key)


def test_walking_reads_each_cell_and_the_panel_is_beside(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P0", "2020-01-23").focus()
    press(grid, "ArrowRight")
    assert "Thứ Sáu 24/01" in read_out(grid) and "Trực điều hành, Ngày" in read_out(grid)
    press(grid, "ArrowRight")
    assert "Thứ Bảy 25/01, Mùng 1 tháng Giêng" in read_out(grid) and read_out(grid).endswith("trống.")
    press(grid, "Home")
    assert "23/01" in read_out(grid)
    press(grid, "Control+End")
    assert "26/01" in read_out(grid)
    press(grid, "Control+Home")
    first = read_out(grid)
    press(grid, "ArrowLeft", "ArrowRight")
    assert read_out(grid) == first
    assert grid.locator("#grid-table [tabindex='0']").count() == 1, "one tab stop"
    assert grid.locator("#grid-table a:not([tabindex='-1'])").count() == 0

    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Enter")
    grid.wait_for_selector("#editor[open] h2 >> text=Ngày")
    assert "24/01" in read_out(grid), "the focus stays on the cell"
    press(grid, "ArrowRight")
    grid.wait_for_selector(f'#editor[open] h2:has-text("{name_of("P0")}")')
    press(grid, "F6")
    assert grid.evaluate("Boolean(document.activeElement.closest('#editor'))")
    press(grid, "Escape")
    assert "25/01" in read_out(grid) and not grid.locator("#editor").is_visible()


def test_letters_type_and_the_list_says_what_each_shift_changes(grid: Any, campaign: Campaign, axe: Any) -> None:
    cell(grid, "P1", "2020-01-24").focus()
    press(grid, "d")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    field = grid.locator("input[role=combobox]")
    assert field.input_value() == "d" and "gõ ca" in read_out(grid)
    assert grid.locator("[data-mode-name]").inner_text().startswith("Gõ ca cho ")
    first = grid.locator("#grid-offers [role=option]").first
    assert "Đêm" in first.inner_text() and "chỗ còn trống" in first.inner_text(), "marks of letters do not matter"
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert axe(grid) == []
    press(grid, "Escape")
    assert sitting(campaign, "2020-01-24", "Đêm") is None and "24/01" in read_out(grid)

    field_text = "dh d"
    for letter in field_text:
        press(grid, "Space" if letter == " " else letter)
    press(grid, "Enter")
    assert said(grid, "Đã xếp ").endswith("Ctrl Z để hoàn tác.")
    assert sitting(campaign, "2020-01-24", "Đêm") == "P1"
    assert "Trực điều hành, Đêm" in read_out(grid) and "đã ghim" in read_out(grid)


def test_tab_takes_and_goes_right_and_what_is_forbidden_is_not_taken(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "ArrowRight", "d", "h", "Space", "d", "Tab")
    said(grid, "Đã xếp ")
    assert sitting(campaign, "2020-01-25", "Đêm") == "P0" and "26/01" in read_out(grid)
    press(grid, "d", "h", "Space", "n")
    grid.wait_for_selector("#grid-offers [aria-disabled=true] strong")
    grid.wait_for_function("() => document.querySelector('#grid-offers [aria-selected=true]')?.ariaDisabled === 'true'")
    press(grid, "Enter")
    assert "không có giờ nghỉ nào" in warned(grid, f"{name_of('P0')}: không được, ")
    assert sitting(campaign, "2020-01-26", "Ngày") is None
    assert grid.locator("input[role=combobox]").input_value() == "dh n", "what was typed is still there"


def test_a_range_is_pinned_copied_filled_moved_and_emptied_by_keys(grid: Any, campaign: Campaign, axe: Any) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Shift+ArrowRight", "Shift+ArrowDown")
    assert said(grid, "Đã chọn") == "Đã chọn 2 người × 2 ngày, 1 ca."
    assert grid.locator("#grid-table td[aria-selected=true]").count() == 4
    bar = grid.locator("#grid-bar")
    assert "1 ca, 3 ô trống" in bar.inner_text() and "Ghim 1 ca đang chọn" in bar.inner_text()
    assert "Bỏ 1 ca" in bar.inner_text()
    assert axe(grid) == []
    press(grid, "Control+b")
    said(grid, "Đã ghim ca ngày 24/01")
    assert grid.locator("#grid-table .chip.pin").count() == 1 and "Bỏ ghim 1 ca đang chọn" in bar.inner_text()
    press(grid, "Escape")
    assert not bar.is_visible()

    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Alt+ArrowDown")
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang ")
    now = sitting(campaign, "2020-01-24", "Ngày")
    assert now not in (None, "P0") and read_out(grid).startswith(name_of(str(now))), "the focus goes along"
    press(grid, "Alt+ArrowUp")
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of(str(now))} sang {name_of('P0')}")
    press(grid, "Delete")
    assert said(grid, f"Đã bỏ {name_of('P0')} khỏi ca ngày 24/01.").endswith("Ctrl Z để hoàn tác.")
    assert sitting(campaign, "2020-01-24", "Ngày") is None
    press(grid, "Delete")
    assert warned(grid, "Ở đây không có ca nào.")


def test_undo_and_redo_say_what_they_did(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Delete")
    said(grid, "Đã bỏ ")
    press(grid, "Control+z")
    assert name_of("P0") in said(grid, "Đã hoàn tác: bỏ ")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P0" and "Ngày" in read_out(grid)
    press(grid, "Control+Shift+Z")
    assert name_of("P0") in said(grid, "Đã làm lại: bỏ ")
    assert sitting(campaign, "2020-01-24", "Ngày") is None
    assert "bỏ " in grid.locator("[data-undo-line]").inner_text()


def test_a_shift_in_the_hand_by_keyboard_alone(grid: Any, campaign: Campaign, axe: Any) -> None:
    other = shift(campaign.id, "2020-01-24", "Ngày", "emergency").seats[0].id
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(other, "P2", None)], actor=ROOT, now=NOW)
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Space")
    assert "5 người nhận được" in said(grid, f"Đang cầm ca ngày 24/01 của {name_of('P0')}.")
    assert grid.locator("#grid-table td.no").count() >= 2 and grid.locator("#grid-table td.may").count() == 5
    assert cell(grid, "S1", "2020-01-24").locator(".why").inner_text() == "nghề"
    assert cell(grid, "P2", "2020-01-24").locator(".why").inner_text() == "trùng"
    assert grid.locator("[data-mode=hand] [data-mode-name]").inner_text().startswith("Đang cầm ca ngày 24/01")
    assert axe(grid) == []
    seen = set()
    for _step in range(5):
        press(grid, "Tab")
        assert "nhận được, " in read_out(grid)
        seen.add(read_out(grid))
    assert len(seen) == 5, "each that may take it, none of the others"
    cell(grid, "S1", "2020-01-24").focus()
    assert read_out(grid) == f"{name_of('S1')}: không được, không thuộc danh sách trực loại này"
    press(grid, "Escape")
    assert said(grid, "Đã trả lại") and sitting(campaign, "2020-01-24", "Ngày") == "P0"
    assert read_out(grid).startswith(name_of("P0")) and grid.locator("#grid-table .why").count() == 0

    press(grid, "Space")
    said(grid, "Đang cầm ")
    press(grid, "Tab", "Enter")
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang ")
    taker = sitting(campaign, "2020-01-24", "Ngày")
    assert taker not in (None, "P0") and read_out(grid).startswith(name_of(str(taker)))

    press(grid, "Space")
    said(grid, "Đang cầm ")
    press(grid, "ArrowRight")
    assert f"{name_of('P2')}: không được" in read_out(grid) and "đổi chéo được với Trực" in read_out(grid)
    press(grid, "x")
    said(grid, "Đã đổi chéo ca ngày 24/01")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P2"
    assert sitting(campaign, "2020-01-24", "Ngày", "emergency") == taker


def test_what_no_law_forbids_is_put_with_a_reason_from_beside(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Space")
    said(grid, "Đang cầm ")
    cell(grid, "S1", "2020-01-24").focus()
    press(grid, "Enter")
    assert "không thuộc danh sách" in warned(grid, "Chưa ghi gì: cách xếp này vi phạm quy định.")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P0"
    press(grid, "F6")
    grid.keyboard.type("Tang cuong")
    press(grid, "Tab", "Enter")
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang {name_of('S1')}.")
    assert sitting(campaign, "2020-01-24", "Ngày") == "S1"
    assert "vi phạm" in read_out(grid) and not grid.locator("#editor").is_visible()


def test_what_another_manager_changed_is_said_and_what_was_typed_stays(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P1", "2020-01-24").focus()
    press(grid, "d", "h", "Space", "d")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    seat = shift(campaign.id, "2020-01-24", "Đêm").seats[0].id
    other = db.session.scalars(select(User).filter_by(login="qt1")).one()
    other_name = other.name
    actor = Actor(name=other_name, role="admin", via="web", user_id=other.id)
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seat, "P3", None)], actor=actor, now=clock.now())
    press(grid, "Enter")
    assert warned(grid, other_name).endswith(f" vừa sửa ô này. Ô giờ là {name_of('P3')}.")
    assert sitting(campaign, "2020-01-24", "Đêm") == "P3"
    assert cell(grid, "P3", "2020-01-24").locator("a.chip").count() == 1, "shown as it is now"
    assert grid.locator("input[role=combobox]").input_value() == "dh d"
    grid.wait_for_selector(f'#grid-offers [role=option]:has-text("thay {name_of("P3")}")')
    press(grid, "Enter")
    said(grid, f"Đã đổi ca đêm 24/01 từ {name_of('P3')} sang {name_of('P1')}.")


def test_a_week_from_excel_is_pasted_or_every_cell_that_does_not_fit_is_told(grid: Any, campaign: Campaign) -> None:
    grid.context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows = grid.evaluate("[...document.querySelectorAll('#grid-table tbody tr')].map((row) => row.dataset.person)")
    first = next(n for n in range(len(rows)) if all(each.startswith("P") for each in rows[n : n + 3]))
    people = rows[first : first + 3]
    drafts.edit_seats(
        campaign.id,
        [drafts.SeatEdit(shift(campaign.id, "2020-01-24", "Ngày").seats[0].id, None, "P0")],
        actor=ROOT,
        now=NOW,
    )
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    week = 'ĐH N\t\tĐH Đ\t\r\n"ĐH Đ"\t\t\tđh đêm\r\n\tĐH N\t–\tLĐ N\r\n'
    cell(grid, people[0], "2020-01-23").focus()
    paste(grid, week.replace("LĐ N", "phép"))
    assert warned(grid, "Chưa ghi gì: 1 ô không xếp được như đã gõ.")
    panel = grid.locator("#editor-body")
    assert "không có ca nào tên “phép” ngày này" in panel.inner_text()
    assert sitting(campaign, "2020-01-23", "Ngày") is None, "nothing half-written"
    press(grid, "F6", "Enter")
    assert said(grid, "Đã sửa 5 ca của 3 người.").endswith("Ctrl Z để hoàn tác.")
    assert sitting(campaign, "2020-01-23", "Ngày") == people[0]
    press(grid, "Control+z")
    said(grid, "Đã hoàn tác: ")
    paste(grid, week)
    said(grid, "Đã sửa 6 ca của 3 người.")
    want = {("2020-01-23", "Đêm"): 1, ("2020-01-24", "Ngày"): 2, ("2020-01-25", "Đêm"): 0, ("2020-01-26", "Đêm"): 1}
    assert {key: sitting(campaign, *key) for key in want} == {key: people[n] for key, n in want.items()}
    assert sitting(campaign, "2020-01-26", "Ngày", "leadership") == people[2]
    press(grid, "Control+c")
    said(grid, "Đã chép 12 ô, 6 ca.")
    lines = grid.evaluate("navigator.clipboard.readText()").split("\r\n")
    assert [line.split("\t") for line in lines] == [
        ["ĐH N", "", "ĐH Đ", ""],
        ["ĐH Đ", "", "", "ĐH Đ"],
        ["", "ĐH N", "", "LĐ N"],
    ]
    press(grid, "Control+x")
    said(grid, "Đã bỏ 6 ca của 3 người.")
    assert sitting(campaign, "2020-01-23", "Ngày") is None
    press(grid, "Escape")
    cell(grid, people[2], "2020-01-26").focus()
    paste(grid, week)
    assert warned(grid, "Chưa dán gì: phần chép thừa ")


def paste(grid: Any, text: str) -> None:
    grid.evaluate("text => navigator.clipboard.writeText(text)", text)
    press(grid, "Control+v")


def test_the_menu_key_lists_what_can_be_done_and_the_question_mark_the_keys(grid: Any, axe: Any) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Shift+F10")
    menu = grid.locator("#grid-menu [role=menuitem]:visible")
    assert "Ghim 1 ca đang chọn" in menu.all_inner_texts()[3] and menu.count() == 13
    assert axe(grid) == []
    press(grid, "End", "Enter")
    assert grid.locator("#editor h2").inner_text() == "Phím trên lưới" and "24/01" in read_out(grid)
    assert axe(grid) == []
    press(grid, "Escape", "Shift+F10", "ArrowDown", "ArrowDown", "Enter")
    said(grid, "Đang cầm ")


def middle(place: Any) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_by_mouse_a_range_is_drawn_and_a_shift_is_carried(grid: Any, campaign: Campaign) -> None:
    mouse = grid.mouse
    mouse.move(*middle(cell(grid, "P1", "2020-01-23")))
    mouse.down()
    mouse.move(*middle(cell(grid, "P1", "2020-01-25")), steps=4)
    mouse.up()
    assert said(grid, "Đã chọn") == "Đã chọn 1 người × 3 ngày, 0 ca."
    assert not grid.locator("#editor").is_visible()
    cell(grid, "P1", "2020-01-26").click(modifiers=["Shift"])
    assert said(grid, "Đã chọn 1 người × 4 ngày")

    mouse.move(*middle(cell(grid, "P0", "2020-01-24").locator("a.chip")))
    mouse.down()
    mouse.move(*middle(cell(grid, "P3", "2020-01-24")), steps=5)
    grid.wait_for_selector("table.in-hand")
    mouse.up()
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang {name_of('P3')}.")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P3"

    cell(grid, "P3", "2020-01-24").locator("a.chip").click()
    grid.wait_for_selector("#editor[open] h2 >> text=Ngày")
    grid.click("#editor .acts button >> text=Cầm")
    said(grid, "Đang cầm ")
    cell(grid, "P4", "2020-01-24").click()
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P3')} sang {name_of('P4')}.")
    cell(grid, "P4", "2020-01-24").locator("a.chip").click()
    grid.wait_for_selector("#editor[open] h2 >> text=Ngày")
    grid.click("#editor .acts button >> text=Cầm")
    said(grid, "Đang cầm ")
    first = grid.locator("#editor button[data-put]").first
    taker = first.get_attribute("data-put")
    first.click()
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P4')} sang {name_of(taker)}.")
    assert sitting(campaign, "2020-01-24", "Ngày") == taker


def test_by_touch_a_long_press_picks_up_and_a_tap_puts_down(browser: Any, live_url: str, campaign: Campaign) -> None:
    tablet = {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "locale": "vi-VN"}
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **tablet)
    grid = opened(context.new_page(), campaign)
    x, y = middle(cell(grid, "P0", "2020-01-24").locator("a.chip"))
    finger = context.new_cdp_session(grid)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    said(grid, f"Đang cầm ca ngày 24/01 của {name_of('P0')}.")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    grid.touchscreen.tap(*middle(cell(grid, "P2", "2020-01-24")))
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang {name_of('P2')}.")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P2"
    context.close()


def test_without_a_script_every_cell_is_a_page(browser: Any, live_url: str, campaign: Campaign) -> None:
    context = browser.new_context(base_url=live_url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "an1", PASSWORD)
    page.goto(f"/roster/campaigns/{campaign.id}")
    assert not page.locator("#hands").is_visible()
    page.click("#grid-table a.chip >> nth=0")
    page.click(".seats button[name=drop]")
    assert sitting(campaign, "2020-01-24", "Ngày") is None
    context.close()


def test_what_is_typed_goes_on_when_the_answer_to_the_cell_before_comes(grid: Any, campaign: Campaign) -> None:
    held: list[Any] = []
    grid.route("**/edits", lambda route: held.append(route), times=1)
    cell(grid, "P1", "2020-01-23").focus()
    press(grid, "d", "h", "Space", "n")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    press(grid, "Tab", "d", "h", "Space")
    grid.wait_for_selector("#grid-offers [role=option] strong")
    held[0].continue_()
    said(grid, f"Đã xếp {name_of('P1')} vào ca ngày 23/01.")
    press(grid, "d")
    assert grid.locator("input[role=combobox]").input_value() == "dh d"
    press(grid, "Enter")
    said(grid, f"Đã xếp {name_of('P1')} vào ca đêm 24/01.")
    assert sitting(campaign, "2020-01-24", "Đêm") == "P1"
    assert read_out(grid).startswith(f"{name_of('P1')}, Thứ Sáu 24/01")


def test_where_only_takers_are_shown_one_stands_where_the_shift_went(grid: Any, campaign: Campaign) -> None:
    """Rows before the taker come back: the next key would else be about somebody else."""
    order = grid.evaluate("[...document.querySelectorAll('#grid-table tbody tr')].map((row) => row.dataset.person)")
    taker = [code for code in order if code.startswith("P") and code != "P0"][-1]
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Space")
    said(grid, "Đang cầm ")
    press(grid, "f")
    hidden = grid.locator("#grid-table tbody tr[hidden]").count()
    assert hidden > 0
    press(grid, "Escape")
    said(grid, "Đã trả lại")
    assert read_out(grid).startswith(name_of("P0"))
    press(grid, "Space")
    said(grid, "Đang cầm ")
    press(grid, "f")
    cell(grid, taker, "2020-01-24").focus()
    press(grid, "Enter")
    said(grid, f"Đã đổi ca ngày 24/01 từ {name_of('P0')} sang {name_of(taker)}.")
    assert read_out(grid).startswith(name_of(taker)) and "Ngày" in read_out(grid)


def test_an_exchange_from_beside_needs_no_chip_that_a_filter_hides(grid: Any, campaign: Campaign) -> None:
    other = shift(campaign.id, "2020-01-24", "Ngày", "emergency").seats[0].id
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(other, "P2", None)], actor=ROOT, now=NOW)
    grid.goto(f"/roster/campaigns/{campaign.id}?duty=operations")
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Space")
    said(grid, "Đang cầm ")
    grid.locator(f"#editor [data-exchange='{other}']").click()
    said(grid, "Đã đổi chéo ca ngày 24/01")
    assert sitting(campaign, "2020-01-24", "Ngày") == "P2"


def test_a_session_that_ended_is_said_and_nothing_seems_done(grid: Any, campaign: Campaign) -> None:
    cell(grid, "P0", "2020-01-24").focus()
    grid.context.clear_cookies()
    press(grid, "Space")
    warned(grid, "Phiên đăng nhập đã hết: chưa ghi gì.")
    assert not grid.locator("#grid-table table.in-hand").count()
    assert grid.locator("[data-mode-name]").inner_text() == "Đi"


def test_of_two_shifts_of_a_day_either_is_taken_up_by_keyboard(grid: Any, campaign: Campaign) -> None:
    both = [shift(campaign.id, "2020-01-23", name).seats[0].id for name in ("Ngày", "Đêm")]
    edits = [drafts.SeatEdit(seat, "P1", None) for seat in both]
    drafts.edit_seats(campaign.id, edits, reason="Thiếu người", actor=ROOT, now=NOW)
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, "P1", "2020-01-23").focus()
    press(grid, "Space")
    said(grid, "Đang cầm ca ngày 23/01 ")
    press(grid, "Space")
    said(grid, "Đang cầm ca đêm 23/01 ")
    press(grid, "Space")
    said(grid, "Đang cầm ca ngày 23/01 ")
    press(grid, "Escape")
    said(grid, "Đã trả lại")


def test_a_lost_answer_is_not_said_to_be_nothing_written(grid: Any, campaign: Campaign) -> None:
    def answer_lost(route: Any) -> None:
        route.fetch()
        route.abort()

    grid.route("**/edits", answer_lost, times=1)
    cell(grid, "P0", "2020-01-24").focus()
    press(grid, "Delete")
    warned(grid, "Không nghe máy chủ trả lời: chưa rõ đã ghi hay chưa.")
    assert sitting(campaign, "2020-01-24", "Ngày") is None, "it was written"


def test_beyond_the_first_and_the_last_nothing_is_moved_and_it_says_so(grid: Any, campaign: Campaign) -> None:
    top = str(grid.evaluate("document.querySelector('#grid-table tbody tr').dataset.person"))
    seat = shift(campaign.id, "2020-01-23", "Ngày").seats[0].id
    drafts.edit_seats(campaign.id, [drafts.SeatEdit(seat, top, None)], reason="Tăng cường", actor=ROOT, now=NOW)
    grid.reload()
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    cell(grid, top, "2020-01-23").focus()
    press(grid, "Alt+ArrowUp")
    warned(grid, "Phía ấy không còn người nào")
    assert sitting(campaign, "2020-01-23", "Ngày") == top


def shown_days(grid: Any) -> list[str]:
    return [
        each[-2:]
        for each in grid.locator("#grid-table thead [data-on]").evaluate_all(
            "all => all.map((head) => head.dataset.on)"
        )
    ]


def test_days_are_hidden_and_nothing_is_written_into_them_by_keyboard_mouse_or_touch(
    grid: Any, browser: Any, live_url: str, campaign: Campaign, axe: Any
) -> None:
    grid.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell(grid, "P1", "2020-01-24").focus()
    press(grid, "Shift+ArrowRight", "Shift+F10")
    with grid.expect_navigation():
        grid.get_by_role("menuitem", name="Ẩn ngày đang chọn").press("Enter")
    grid.wait_for_selector("#hands:not([hidden])", state="attached")
    assert grid.url.endswith("hide=2020-01-24..2020-01-25") and shown_days(grid) == ["23", "26"]
    assert axe(grid) == []
    head = grid.locator("#grid-table thead .hid")
    assert head.bounding_box()["width"] < 36
    assert head.evaluate("(cell) => getComputedStyle(cell).position") == "sticky"
    cell(grid, "P1", "2020-01-23").focus()
    press(grid, "ArrowRight")
    assert "26/01" in read_out(grid), "the next day that is seen"
    press(grid, "ArrowLeft")
    paste(grid, "ĐH N\tĐH N")
    warned(grid, "Chưa ghi gì: giữa các cột ấy có ngày ẩn.")
    assert sitting(campaign, "2020-01-23", "Ngày") is None and sitting(campaign, "2020-01-24", "Ngày") == "P0"
    press(grid, "Shift+ArrowRight", "F9")
    warned(grid, "Giữa vùng chọn có ngày ẩn")
    paste(grid, "ĐH Đ")  # of one cell: into each that is selected
    said(grid, "Đã sửa 2 ca của 1 người.")
    nights = {on: sitting(campaign, on, "Đêm") for on in DAYS}
    assert nights == dict.fromkeys(DAYS, None) | {DAYS[0]: "P1", DAYS[3]: "P1"}
    assert shown_days(grid) == ["23", "26"] and grid.locator("#grid-table tbody tr:first-child td").count() == 3
    press(grid, "Escape", "Delete")
    said(grid, f"Đã bỏ {name_of('P1')} khỏi ca đêm")
    assert (
        cell(grid, "P1", "2020-01-23").locator("a.chip").count()
        + cell(grid, "P1", "2020-01-26").locator("a.chip").count()
        == 1
    )
    for on, name in (("2020-01-24", "Đêm"), ("2020-01-26", "Ngày")):
        seat = shift(campaign.id, on, name).seats[0].id
        drafts.edit_seats(campaign.id, [drafts.SeatEdit(seat, "P2", None)], actor=ROOT, now=clock.now())
    grid.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    cell(grid, "P2", "2020-01-26").locator("a.chip").wait_for()
    assert shown_days(grid) == ["23", "26"] and cell(grid, "P2", "2020-01-23").locator("a.chip").count() == 0
    grid.locator("#grid-table thead .hid a").click()
    grid.wait_for_selector("#grid-table [data-on='2020-01-25']")
    assert shown_days(grid) == [on[-2:] for on in DAYS] and "hide" not in grid.url
    grid.goto(f"/roster/campaigns/{campaign.id}?view=duties&hide=2020-01-24")
    assert grid.locator("#grid-table thead .hid").bounding_box()["width"] < 36
    with browser.new_context(base_url=live_url, viewport={"width": 1180, "height": 820}, has_touch=True) as tablet:
        page = opened(tablet.new_page(), campaign)
        page.locator(".narrow summary").tap()
        page.get_by_label("T6 24/01").tap()
        page.get_by_role("button", name="Ẩn những ngày đã đánh dấu").tap()
        page.wait_for_selector("#grid-table thead .hid")
        assert shown_days(page) == ["23", "25", "26"]
        page.locator("#grid-table thead .hid a").tap()
        page.wait_for_selector("#grid-table [data-on='2020-01-24']")
