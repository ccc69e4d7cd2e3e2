"""What people answer without signing in, on a phone in the dark, by the link in their message: each story of the day
after publishing as its reader sees it.

Three days of Tết Canh Tý: O1 serves by day on 23 January and by night on the 24th, O3 by day on the 24th; O4 has
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db
from duty.duty_checks import services as checks
from duty.duty_checks.services import CheckWanted
from incidents.record.models import Incident
from incidents.response import lifecycle, responders
from people import queries as people
from roster.confirmations import queries
from tests.browser.test_phone_night import PHONE, clean
from tests.journeys.test_no_show import Night as GiaoThua, at, giao_thua, staffing
from tests.journeys.test_one_tap import EVENING, states
from tests.journeys.test_swaps import lets_pass, on
from tests.support.browser import QUICKER
from tests.support.cast import ADMIN, NIGHT
from tests.support.own_links import own_path
from tests.support.published import Published
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import Night

__all__ = ["giao_thua"]
CHANGE = NIGHT + timedelta(hours=9)


@pytest.fixture
def phone(browser: Any, live_url: str) -> Iterator[Callable[[str], Any]]:
    """``phone(code)``: the telephone of somebody who has no account, with their own page open."""
    contexts = []

    def open_page(code: str) -> Any:
        screen = {**PHONE, "color_scheme": "dark"}
        context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
        context.set_default_timeout(60_000)
        context.add_init_script(QUICKER)
        contexts.append(context)
        page = context.new_page()
        page.goto(own_path(code, now=clock.now()))
        return page

    yield open_page
    for context in contexts:
        context.close()


def tap(page: Any, name: str | re.Pattern[str], **wanted: Any) -> None:
    """A button that no thumb misses."""
    button = page.get_by_role("button", name=name, **wanted).first
    assert button.bounding_box()["height"] >= 44
    button.tap()


def own_page(page: Any) -> str:
    return str(page.url).partition("#")[0].rstrip("/")


def test_confirmed_a_shift_that_moved_and_a_part_of_a_night_given(
    roster: Published, phone: Callable[[str], Any]
) -> None:
    with clock.travel(EVENING):
        lets_pass(roster)
        asking = phone("O3")
        first = asking.get_by_role("button", name="Xác nhận cả 2 ca").bounding_box()
        assert first["y"] + first["height"] <= 740, "the one tap is on the first screen"
        clean(asking)
        tap(asking, "Xác nhận cả 2 ca")
        asking.get_by_role("button", name=re.compile("Đưa 2 ca vào lịch")).wait_for()
        assert states(roster, "O3") == ["confirmed", "confirmed"]
        # They would be rid of the day of 24 January; before O4 answers a manager has given it to O2.
        asking.goto(f"{own_page(asking)}/swap/{roster.seat('operations', 2)}")
        clean(asking)
        asking.get_by_text("Xin thôi ca này").tap()
        tap(asking, "Xin thôi ca", exact=True)
        asking.get_by_text("chưa hỏi được ai").first.wait_for()
        taker = phone("O4")
        taker.get_by_role("button", name="Nhận", exact=True).wait_for()
        clean(taker)
        roster.reassign("operations", 2, "O2", at=EVENING + timedelta(minutes=5))
        tap(taker, "Nhận", exact=True)
        taker.get_by_text("đã kết thúc").first.wait_for()
        assert on(roster, 2) == "O2"
        # From one to four in the night of Giao thừa O1 should be at home.
        mine = phone("O1")
        mine.goto(f"{own_page(mine)}/swap/{roster.seat('operations', 3)}")
        mine.get_by_text("Chỉ nhờ một phần ca").tap()
        mine.fill("[name=from]", "01:00")
        mine.fill("[name=to]", "04:00")
        tap(mine, "Hỏi mọi người nhận được phần này")
        mine.get_by_text("chưa hỏi được ai").first.wait_for()
        taker.reload()
        tap(taker, "Nhận", exact=True)
        taker.get_by_text("01:00").first.wait_for()
        wait_until(lambda: held("O4") == ["01:00–04:00"])
        assert held("O1") == ["07:30–19:30", "19:30–01:00", "04:00–07:30"]


def held(code: str) -> list[str]:
    db.session.rollback()
    duties = queries.coming(people.person_by_code(code).id, now=EVENING)
    return [f"{clock.local(each.starts_at):%H:%M}–{clock.local(each.ends_at):%H:%M}" for each in duties]


def test_who_is_ill_at_ten_past_five_says_so_and_reads_what_it_hits(
    roster: Published, phone: Callable[[str], Any]
) -> None:
    with clock.travel(at(5, 10, day=23)):
        mine = phone("O1")
        mine.get_by_text("Báo vắng, nguyện vọng").tap()
        clean(mine)
        tap(mine, "Báo vắng")
        mine.get_by_text("1 ca đã ban hành thành không chắc").wait_for()


def test_at_giao_thua_who_was_missed_says_with_one_tap_that_they_are_there(
    giao_thua: GiaoThua, phone: Callable[[str], Any]
) -> None:
    for minute in (45, 50, 55):
        giao_thua.go(at(19, minute))
    [incident] = staffing()
    assert incident.status == "open"
    giao_thua.look(at(0, 5, day=25))
    late = phone("O1")
    late.get_by_text("Chưa thấy đồng chí có mặt").wait_for()
    button = late.get_by_role("button", name="Tôi đã có mặt").bounding_box()
    assert button["y"] + button["height"] <= 740
    clean(late)
    tap(late, "Tôi đã có mặt")
    late.get_by_text("có mặt 00:05").first.wait_for()
    giao_thua.go(at(0, 6, day=25))
    assert [each.status for each in staffing()] == ["resolved"]


def test_a_shift_with_two_open_incidents_changes_hands(night: Night, phone: Callable[[str], Any]) -> None:
    night.publish("operations", "EM1", start=CHANGE)
    for title, category in (("Xe thư hỏng ở đèo", "vehicle"), ("Mất điện bưu cục", "power")):
        lifecycle.acknowledge(night.log(title, category).id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    first = db.session.query(Incident).order_by(Incident.id).first()
    assert first is not None
    responders.leave_handover_note(first.id, note="Đã sang túi, xe chờ kéo.", actor=night.actor("BI1"), now=NIGHT)
    with clock.travel(CHANGE - timedelta(minutes=15)):
        leaving = phone("BI1")
        leaving.get_by_text("Lập và ký biên bản bàn giao").tap()
        for choice in leaving.locator("[name^=state-][value=fine]").all():
            choice.check()
        clean(leaving)
        tap(leaving, "Ký và giao ca")
        leaving.get_by_text("Đồng chí vẫn chịu trách nhiệm").wait_for()
        coming = phone("EM1")
        coming.get_by_text("“Đã sang túi, xe chờ kéo.”").wait_for()
        button = coming.get_by_role("button", name="Tôi nhận ca và 2 sự cố").bounding_box()
        assert button["y"] + button["height"] <= 740
        clean(coming)
        tap(coming, "Tôi nhận ca và 2 sự cố")
        coming.get_by_text("đã nhận ca lúc").first.wait_for()
    db.session.rollback()
    holders = {each.acknowledged_by_id for each in db.session.query(Incident).populate_existing()}
    assert holders == {night.ids["EM1"]}


def test_a_check_at_half_past_eleven_is_answered_with_one_tap(night: Night, phone: Callable[[str], Any]) -> None:
    late = NIGHT - timedelta(hours=2, minutes=40)
    with clock.travel(late):
        wanted = CheckWanted(unit_ids=[night.ids["BDA"]], second_yes=True)
        check = checks.start(wanted, actor=night.actor("AN1", "manager"), now=late)
        mine = phone("EM1")
        button = mine.get_by_role("button", name="Tôi đang trực").bounding_box()
        assert button["y"] + button["height"] <= 740
        clean(mine)
        tap(mine, "Tôi đang trực")
        mine.get_by_role("button", name="Tôi đang trực").wait_for(state="detached")
    db.session.rollback()
    answered = {ask.person.code for ask in check.asks if ask.answered_at}
    assert answered == {"EM1"}
