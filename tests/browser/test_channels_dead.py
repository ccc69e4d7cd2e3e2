"""Mail and SMS die while pages are open: they go red by themselves, sound where switched on, and lead to the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.db import db, transaction
from incidents.paging.models import HandCall
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import lifecycle
from people.desks import services as shared_desks
from people.models import User
from tests.support.axe import faults_in_both_themes
from tests.support.dead_night import DeadNight
from tests.support.enterprise import ROOT
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import ADMIN, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 860}}
RED = ".unreached .banner.alarm"


@pytest.fixture
def night(dead_night: DeadNight) -> Night:
    """The one that screens are opened upon."""
    return dead_night.night


def clean(page: Any) -> None:
    """Nothing that axe minds in light or dark, and nothing beside the screen."""
    assert faults_in_both_themes(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def taken_by(code: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    return queries.by_code(code).acknowledged_by


def test_an_open_page_goes_red_by_itself_and_sounds_where_it_was_switched_on(
    dead_night: DeadNight, open_page: Callable[..., Any]
) -> None:
    an = open_page("an1", "/people/", **LAPTOP)
    dung = open_page("du1", "/incidents/", **LAPTOP)
    an.evaluate("localStorage.setItem('sound', 'on')")
    assert an.locator(RED).count() == 0 and an.locator(".top .live.dead").count() == 0
    assert an.locator(".top > nav [data-badge]").is_hidden()
    dead_night.dies()
    for title in ("Mất điện bưu cục", "Xe thư hỏng ở đèo"):
        dead_night.log(title)
    dead_night.until(20)

    an.wait_for_selector(f"{RED} >> text=Thư và SMS đang hỏng: gọi tay 1 người")
    assert an.locator(RED).bounding_box()["y"] < an.locator(".top").bounding_box()["y"], "above the bar"
    an.wait_for_selector(".top .live.dead")
    assert an.locator(".top > nav [data-badge]").inner_text().startswith("1")
    assert an.locator("[data-unreached-say]").inner_text() == "Thư và SMS đang hỏng: gọi tay 1 người"
    an.wait_for_selector("[data-sound-spare]:not([hidden]) [data-sound]:is([data-state=ringing],[data-state=blocked])")
    assert "icon-late" in an.get_attribute("link[rel=icon]", "href")
    clean(an)
    an.click("[data-sound-heard]")
    an.wait_for_selector("[data-sound][data-state=quiet]", state="attached")

    # Said once: another page of the same tab is as red, and says nothing again.
    an.goto("/roster/")
    an.wait_for_selector(f"{RED} >> text=gọi tay 1 người")
    an.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")
    assert an.locator("[data-unreached-say]").inner_text() == ""
    assert an.locator("[data-sound-spare]").is_hidden(), "hushed: nothing to ask"
    # Sound is offered once where it was not chosen yet, from the first paint on, and a no holds.
    an.evaluate("localStorage.removeItem('sound')")
    an.context.clear_cookies(name="sound")
    assert " data-unasked>" in an.request.get("/roster/").text()
    an.click("[data-sound-no]")
    assert " data-unasked>" not in an.request.get("/roster/").text()
    an.reload()
    an.wait_for_function("() => !document.querySelector('[data-sound]').hidden")
    assert an.locator("[data-sound-spare]").is_hidden()
    dung.reload()
    assert dung.locator(RED).count() == 0 and "hỏng:" not in dung.inner_text("body")

    dead_night.mended()
    dead_night.until(45)
    an.wait_for_selector(RED, state="detached")
    an.wait_for_selector(".top .live:not(.dead)")
    assert an.locator(".top > nav [data-badge]").is_hidden()


def test_ringing_on_a_telephone_is_one_tap_each(dead_night: DeadNight, open_page: Callable[..., Any]) -> None:
    phone, chief = open_page("an1", "/", **PHONE), open_page("qt1", "/calls/", english=True, **PHONE)
    dead_night.dies()
    codes = [dead_night.log(title).code for title in ("Mất điện bưu cục", "Xe thư hỏng ở đèo")]
    dead_night.until(20)
    phone.wait_for_selector(f"{RED} >> text=gọi tay 1 người")
    chief.wait_for_selector(f"{RED} >> text=Mail and SMS down: ring 1 person yourself")
    chief.wait_for_selector("button >> text=Takes all 2")
    assert chief.locator(".menu.account summary .count").inner_text() == "1"
    clean(chief)
    phone.tap(RED)
    phone.wait_for_url(lambda url: "/calls/" in url)
    phone.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")
    clean(phone)
    for words in ("Nhận cả 2 việc", "Không nghe", "Máy bận"):
        box = phone.locator(f"main button >> text={words}").bounding_box()
        assert box["height"] >= 44 and box["y"] + box["height"] <= 740, (words, box)

    # A tap on the number says who rings; the other telephone hears of it.
    phone.evaluate("addEventListener('click', event => event.target.closest('[href^=tel]') && event.preventDefault())")
    phone.tap("[data-ring] a[href='tel:0900000102']")
    wait_until(lambda: rows() == 2, what="who rings about both")
    chief.wait_for_selector("text=Nguyễn Văn An is calling")
    assert chief.locator("main button >> text=Takes all 2").count() == 0

    phone.tap("button >> text=Nhận cả 2 việc")
    phone.wait_for_selector("text=Không phải gọi tay cho ai")
    assert [taken_by(code) for code in codes] == ["Trần Thị Bình"] * 2
    clean(phone)
    phone.tap("button >> text=Sửa")
    phone.wait_for_selector("button >> text=Nhận cả 2 việc")
    assert [taken_by(code) for code in codes] == ["", ""]
    phone.wait_for_function("() => document.activeElement.id === 'next'")
    chief.wait_for_selector("button >> text=Takes all 2")
    phone.tap("summary >> text=Khác…")
    clean(phone)
    phone.tap("button >> text=Nghe máy, không đi được")
    phone.wait_for_selector("text=không đi được; chuyển người khác")
    db.session.rollback()
    assert {each.status for each in db.session.query(Incident)} == {"open"}


def test_who_taps_the_same_number_second_hears_at_once_who_rings_already(
    dead_night: DeadNight, open_page: Callable[..., Any]
) -> None:
    """Both have the list open, and both tap within the seconds in which neither page has heard of the other."""
    dead_night.dies()
    dead_night.log()
    dead_night.until(20)
    an, chief = open_page("an1", "/calls/", **PHONE), open_page("qt1", "/calls/", english=True, **LAPTOP)
    for page in (an, chief):
        page.evaluate(
            "addEventListener('click', event => event.target.closest('[href^=tel]') && event.preventDefault())"
        )
        page.wait_for_selector("[data-ring] a[href='tel:0900000102']")
    chief.context.route("**/calls/?rows=1*", lambda route: route.abort())  # its next turn is far away
    an.tap("[data-ring] a[href='tel:0900000102']")
    wait_until(lambda: rows() == 1, what="who rings")
    chief.context.unroute("**/calls/?rows=1*")
    chief.click("[data-ring] a[href='tel:0900000102']")
    chief.wait_for_selector("[data-ring-note] >> text=Nguyễn Văn An is calling this person")
    chief.wait_for_selector(".queue >> text=Nguyễn Văn An is calling")
    assert chief.locator("main button >> text=Answered and accepted").count() == 0
    assert an.locator("[data-ring-note]").is_hidden()
    clean(chief)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_locked_desk_goes_red_too_and_tells_no_names(
    dead_night: DeadNight, open_page: Callable[..., Any], screen: dict[str, Any], language: str
) -> None:
    """Nobody has opened the shared computer: how many are to be rung, and which channels are down, without a PIN."""
    made = shared_desks.create("ban-truc-a", "Bàn trực huyện A", "BDA", 5, actor=ROOT, now=dead_night.now)
    with transaction() as session:
        known = session.get_one(User, dead_night.night.ids["user:bi1"])
        session.get_one(User, made.id).password_hash = known.password_hash
        session.get_one(User, made.id).locale = language
    page = open_page("ban-truc-a", "/desk/locked", locked=True, **screen)
    assert page.locator(".alarm-band.red").count() == 0 and page.locator(".live").count() == 0
    dead_night.dies()
    code = dead_night.log("Mất điện bưu cục").code
    dead_night.until(20)
    band = page.locator(".alarm-band.red")
    said = {"vi": "Thư và SMS đang hỏng: gọi tay 1 người", "en": "Mail and SMS down: ring 1 person yourself"}[language]
    page.wait_for_selector(f".alarm-band.red >> text={said}")
    assert band.first.bounding_box()["y"] + band.first.bounding_box()["height"] <= page.viewport_size["height"]
    assert "02:10" in band.first.inner_text() and code not in page.content() and "0900000102" not in page.content()
    assert "Mất điện" not in page.inner_text("body")
    assert page.locator("[data-alarm=late]").count() == 1, "what sounds where sound is on"
    clean(page)

    dead_night.mended()
    dead_night.until(45)
    page.wait_for_selector(f".alarm-band.red >> text={said}", state="detached")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_with_nothing_open_a_dead_channel_is_a_calm_line_and_no_sound(
    dead_night: DeadNight, open_page: Callable[..., Any], screen: dict[str, Any], language: str
) -> None:
    page = open_page("qt1", "/", english=language == "en", **screen)
    page.evaluate("localStorage.setItem('sound', 'on')")
    page.wait_for_selector(".top .live:not(.weak)", state="attached")
    dead_night.dies()
    incident = dead_night.log()
    dead_night.until(20)
    page.wait_for_selector(RED)
    lifecycle.acknowledge(incident.id, person_id=dead_night.night.ids["BI1"], actor=ADMIN, now=dead_night.now)
    lifecycle.resolve(incident.id, actor=ADMIN, now=dead_night.now)
    db.session.rollback()

    said, short = {
        "vi": ("Thư và SMS đang hỏng từ 02:10: khi có sự cố sẽ phải gọi tay", "Thư và SMS đang hỏng"),
        "en": (
            "Mail and SMS down since 02:10: in an incident, people will have to be rung by hand",
            "Mail and SMS down",
        ),
    }[language]
    page.wait_for_selector(f"a.calm >> text={said}")
    page.wait_for_selector(".top .live.weak:not(.dead)", state="attached")
    assert page.locator(".top .live").get_attribute("title") == short
    assert page.locator(RED).count() == 0 and page.locator("[data-alarm=late]").count() == 0
    page.wait_for_selector("[data-sound][data-state=quiet]", state="attached")
    clean(page)
    page.reload()
    page.wait_for_selector(f"a.calm >> text={said}")
    page.click("a.calm")
    page.wait_for_url("**/system/#gateways")
    assert said in page.inner_text("main")
    clean(page)


def rows() -> int:
    db.session.rollback()
    return db.session.query(HandCall).count()
