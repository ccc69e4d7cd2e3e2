"""Mùng 1 on a telephone of 360 points: report, take, ring, unlock, write down; by thumb, light or dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core import clock
from core.db import db, transaction
from incidents.diary.models import DiaryNote
from incidents.escalation import engine
from incidents.paging.models import HandCall
from incidents.public_reports import codes
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery
from people import queries as people
from people.desks import services as shared_desks
from people.models import User
from people.sign_in import pins
from tests.support import at_screen
from tests.support.axe import faults_in_both_themes
from tests.support.browser import QUICKER
from tests.support.enterprise import PASSWORD, ROOT
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PIN = "2580"


@pytest.fixture
def new_phone(night: Night, browser: Any, live_url: str) -> Iterator[Callable[[], Any]]:
    contexts = []

    def make() -> Any:
        context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **PHONE)
        context.set_default_timeout(60_000)
        context.add_init_script(QUICKER)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def clean(page: Any) -> None:
    """Nothing that axe minds in light or dark, and nothing beside the screen."""
    assert faults_in_both_themes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def sign_in(page: Any, login: str) -> None:
    at_screen.sign_in(page, login, PASSWORD)


def log(night: Night, title: str = "Xe thư hỏng ở đèo An Khê") -> str:
    """Log it, and call operations; without a gateway the call is held."""
    made = night.log(title, "vehicle", severity=2)
    engine.escalate_due(NIGHT)
    delivery.deliver_due(owner="phone")
    db.session.rollback()
    return made.code


def only() -> Incident:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Incident).one()


def ringing() -> int:
    db.session.rollback()
    return db.session.query(HandCall).count()


def within_reach(page: Any, words: str) -> Any:
    """A button that needs no scrolling and no fine finger."""
    button = page.locator(f"main button:visible >> text={words}").first
    box = button.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 740 and box["height"] >= 44, box
    return button


def test_a_report_by_the_sheet_is_followed_without_reloading(night: Night, new_phone: Callable[[], Any]) -> None:
    phone = new_phone()
    phone.goto(f"/bao/{codes.token_of(people.unit_by_id(night.ids['BDA-1']), 1)}")
    clean(phone)
    phone.tap("label:has(input[name=category][value=vehicle])")
    phone.fill("[name=title]", "Xe thư không nổ máy")
    phone.tap("label:has(input[name=q_kt1][value=yes])")
    phone.fill("[name=name]", "Siu Thảo")
    phone.tap("text=Gửi và gọi người trực")
    phone.wait_for_url(re.compile("/bao/xem/"))
    phone.wait_for_selector("text=Chưa có người nhận")
    clean(phone)
    assert only().severity <= 2 and only().party_state

    phone.evaluate("window.sameDocument = true")
    lifecycle.acknowledge(only().id, actor=night.actor("BI1"), now=NIGHT)
    phone.wait_for_selector("text=Đã có người nhận")
    assert "Trần Thị" not in phone.inner_text("main")
    phone.fill("[name=note]", "Có 3 túi KT1")
    lifecycle.resolve(only().id, actor=night.actor("BI1"), now=NIGHT)
    phone.wait_for_selector("text=Đã xử lý xong")
    assert phone.input_value("[name=note]") == "Có 3 túi KT1", "what is typed stays while the page changes"
    assert phone.evaluate("window.sameDocument")
    clean(phone)


def test_taking_and_finishing_an_incident_are_one_tap_each(night: Night, new_phone: Callable[[], Any]) -> None:
    code, phone = log(night), new_phone()
    sign_in(phone, "bi1")
    phone.goto("/")
    phone.tap("main .one h3 a")
    phone.wait_for_url(re.compile(f"/incidents/{code}"))
    clean(phone)
    within_reach(phone, "Tôi nhận").tap()
    phone.wait_for_selector("main button.huge >> text=Đã tới nơi")
    assert (only().status, only().acknowledged_by) == ("acknowledged", "Trần Thị Bình")
    clean(phone)
    within_reach(phone, "Đã tới nơi").tap()
    phone.wait_for_selector("main button.huge >> text=Đã xử lý xong")
    within_reach(phone, "Đã xử lý xong").tap()
    phone.wait_for_selector(".state >> text=Đã xử lý xong")
    assert only().status == "resolved"


def test_the_list_of_people_to_ring_on_two_telephones(night: Night, new_phone: Callable[[], Any]) -> None:
    log(night)
    an, chief = new_phone(), new_phone()
    for phone, login in ((an, "an1"), (chief, "qt1")):
        sign_in(phone, login)
        phone.goto("/calls/")
        phone.wait_for_selector("text=tin đang bị giữ lại")
        assert phone.title().startswith("(1) ")
    clean(an)

    # A tap on the number says who rings; the other telephone hears of it and offers no buttons.
    an.evaluate("addEventListener('click', event => event.target.closest('[href^=tel]') && event.preventDefault())")
    an.tap("[data-ring] a[href='tel:0900000102']")
    wait_until(ringing, what="who rings")
    chief.wait_for_selector("text=Nguyễn Văn An đang gọi")
    assert chief.locator("#call-BI1 button, .results").count() == 0
    clean(chief)

    # Nobody picks up, and the next round reaches her: one tap on her behalf, and both lists are empty.
    an.wait_for_selector("text=Đồng chí đang gọi")
    an.tap("button >> text=Nghe máy và nhận")
    for phone in (an, chief):
        phone.wait_for_selector("text=Không phải gọi tay cho ai")
    assert only().acknowledged_by == "Trần Thị Bình"
    chief.wait_for_function("() => !document.title.startsWith('(')")
    clean(an)


@pytest.fixture
def shared_desk(night: Night, new_phone: Callable[[], Any]) -> Any:
    """A shared desk of BDA on which somebody has signed in; Bình has a PIN."""
    made = shared_desks.create("ban-truc-a", "Bàn trực huyện A", "BDA", 5, actor=ROOT, now=NIGHT)
    with transaction() as session:
        known = session.get_one(User, night.ids["user:bi1"])
        session.get_one(User, made.id).password_hash = known.password_hash
    pins.set_pin(night.ids["user:bi1"], PIN, password=PASSWORD, actor=night.actor("BI1"), now=NIGHT)
    page = new_phone()
    sign_in(page, "ban-truc-a")
    return page


def show_pin(page: Any, where: str) -> None:
    page.locator(f"{where} label:has(input[name=desk_who])", has_text="Trần Thị Bình").click()
    page.fill(f"{where} [name=desk_secret]", PIN)


def asked_meanwhile(page: Any, address: str) -> None:
    """While the browser waits for the answer of ``address`` a poll of the page hears what that did already.

    It is sent twice: a browser does not say of a made-up answer which request led where.
    """

    def hold(route: Any) -> None:
        route.fetch(max_redirects=0)
        page.wait_for_event("response", lambda heard: "x-poll" in heard.request.headers and heard.status == 401)
        route.continue_()

    page.route(address, hold)


@contextmanager
def away_once(page: Any, url: re.Pattern[str]) -> Iterator[None]:
    """The page leaves for ``url`` by the press alone: nothing asks for the page that is being left."""
    asked: list[Any] = []
    page.on("request", lambda request: request.is_navigation_request() and asked.append(request))
    yield
    page.wait_for_url(url)
    assert [request.method for request in asked if not request.redirected_from] == ["POST"]


def test_a_shared_desk_is_locked_asks_who_acts_and_loses_no_words(night: Night, shared_desk: Any) -> None:
    code = log(night)
    shared_desk.goto("/")
    shared_desk.wait_for_selector("h1 >> text=Bàn trực huyện A")
    assert "/desk/locked" in shared_desk.url
    assert "Xe thư" not in shared_desk.content() and code not in shared_desk.content()
    clean(shared_desk)
    show_pin(shared_desk, "main")
    shared_desk.tap("form[action='/desk/unlock'] button.go")
    shared_desk.wait_for_url(lambda url: "/desk/locked" not in url)

    # Whoever takes it shows who they are, in a dialog over the page.
    shared_desk.goto(f"/incidents/{code}")
    within_reach(shared_desk, "Tôi nhận").tap()
    shared_desk.wait_for_selector("#desk-who[open] [name=desk_secret]")
    clean(shared_desk)
    show_pin(shared_desk, "#desk-who")
    shared_desk.tap("#desk-who button.go")
    shared_desk.wait_for_selector("main button.huge >> text=Đã tới nơi")
    assert only().acknowledged_by == "Trần Thị Bình"

    # It locks while a note is half written: the page is covered, and the words are there afterwards.
    shared_desk.fill("main textarea[name=note]", "Xe thay đã xuất phát")
    with clock.travel(NIGHT.replace(minute=30)):
        shared_desk.wait_for_selector("body.covered #desk-who[open] [name=desk_secret]")
        assert not shared_desk.locator("main").is_visible()
        show_pin(shared_desk, "#desk-who")
        shared_desk.tap("#desk-who button.go")
        shared_desk.wait_for_selector("body:not(.covered)")
        assert shared_desk.input_value("main textarea[name=note]") == "Xe thay đã xuất phát"
        shared_desk.fill("main textarea[name=note]", "")
        asked_meanwhile(shared_desk, "**/desk/lock")
        with away_once(shared_desk, re.compile("/desk/locked")):
            shared_desk.tap("#desk-lock")


def test_a_note_is_written_into_the_diary(night: Night, new_phone: Callable[[], Any]) -> None:
    log(night)
    phone = new_phone()
    sign_in(phone, "bi1")
    phone.goto("/incidents/diary/BDA")
    phone.wait_for_selector("text=Mùng 1 tháng Giêng năm Canh Tý")
    phone.wait_for_selector("main >> text=Xe thư hỏng ở đèo An Khê")
    clean(phone)
    first = phone.locator("main .diary >> text=Xe thư hỏng ở đèo An Khê").first.bounding_box()
    assert first["y"] + first["height"] <= 740, "what happened stands on the first screen"
    phone.tap("main summary >> text=Ngày, ca, đơn vị")
    assert phone.locator("main .days a").first.is_visible() and phone.locator("main [name=day]").is_visible()
    clean(phone)
    phone.tap("main summary >> text=Ngày, ca, đơn vị")
    phone.tap("main button >> text=Ghi vào sổ")
    phone.wait_for_selector("text=Ghi nội dung cần lưu vào sổ.")
    clean(phone)
    phone.fill("[name=text]", "Đã nhận 3 túi thư chuyến 22:30.")
    phone.tap("main button >> text=Ghi vào sổ")
    phone.wait_for_selector("main .diary >> text=Đã nhận 3 túi thư chuyến 22:30.")
    db.session.rollback()
    assert [(row.text, row.who) for row in db.session.query(DiaryNote)] == [
        ("Đã nhận 3 túi thư chuyến 22:30.", "Trần Thị Bình")
    ]
    phone.tap("main >> text=Bản in")
    phone.wait_for_selector("text=NGƯỜI NHẬN CA")
    clean(phone)


def test_the_policy_tells_a_manager_whom_it_would_call_now(night: Night, new_phone: Callable[[], Any]) -> None:
    phone = new_phone()
    sign_in(phone, "an1")
    phone.goto("/incidents/policy/BDA")
    clean(phone)
    phone.tap("main >> text=Xem ai được gọi")
    phone.wait_for_selector("#preview >> text=Trần Thị Bình")
    clean(phone)


def test_how_one_is_called_is_changed_on_the_own_telephone(night: Night, new_phone: Callable[[], Any]) -> None:
    phone = new_phone()
    sign_in(phone, "bi1")
    phone.goto("/me/reach")
    clean(phone)
    rungs = phone.locator("ol.rungs > li")
    assert rungs.count() == 3
    rungs.filter(has_text="Gọi thoại tự động").locator("label.check").tap()
    phone.tap("text=Lưu thứ tự")
    phone.wait_for_selector("main .flash.ok, .flash.ok")
    used = rungs.filter(has_text="Gọi thoại tự động").locator("input[type=checkbox]")
    assert not used.is_checked()
    clean(phone)
