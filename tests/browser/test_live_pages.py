"""A desk that stays open all night: keys, the number in the title, the sound, and tabs that ask once for all."""

from __future__ import annotations

import re
from typing import Any

import pytest

from core import clock
from core.db import db
from core.observability import heartbeat
from incidents.escalation import engine
from incidents.record.models import Incident
from tests.support.at_screen import sign_in
from tests.support.browser import QUICKER
from tests.support.enterprise import PASSWORD
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import NIGHT, Night


@pytest.fixture
def tab(night: Night, page: Any) -> Any:
    """An, who manages the unit, at a laptop."""
    page.context.add_init_script(QUICKER)
    page.set_viewport_size({"width": 1280, "height": 860})
    sign_in(page, "an1", PASSWORD)
    return page


def log(night: Night, title: str, category: str = "power", severity: int = 2) -> Incident:
    made = night.log(title, category, severity=severity, now=clock.now())
    engine.escalate_due(clock.now())
    db.session.rollback()
    return made


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def go(page: Any, path: str) -> None:
    """Open it, and wait until its scripts listen."""
    page.goto(path)
    page.wait_for_function("() => !document.querySelector('[data-keys-help]').hidden")


def test_an_incident_is_found_opened_and_taken_by_keys_alone(night: Night, tab: Any) -> None:
    log(night, "Mất điện quầy", severity=3)
    fire = log(night, "Cháy kho", category="fire", severity=1)
    go(tab, "/")
    press(tab, "g", "s")
    tab.wait_for_url(re.compile("/incidents/$"))
    go(tab, "/incidents/")
    press(tab, "j")
    first = focused(tab)
    press(tab, "j")
    assert {first, focused(tab)} == {"Mất điện quầy", "Cháy kho"}
    press(tab, "k")
    assert focused(tab) == first
    while focused(tab) != "Cháy kho":
        press(tab, "j")
    press(tab, "Enter")
    tab.wait_for_url(re.compile(fire.code))
    go(tab, f"/incidents/{fire.code}")
    press(tab, "a")
    assert focused(tab) == "Tôi nhận"
    press(tab, "Enter")
    tab.wait_for_selector("main button.huge >> text=Đã tới nơi")
    db.session.rollback()
    assert db.session.get_one(Incident, fire.id, populate_existing=True).acknowledged_by == "Nguyễn Văn An"


CLOSE_AND_PRESS_AT_ONCE = """() => {
  document.getElementById("keys-help").close();
  const switched = document.querySelector("#keys-help [data-keys-switch]");
  switched.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true, cancelable: true }));
}"""
"""Within the frame in which the closed dialog's field still has the focus."""


def test_keys_are_listed_spare_who_types_and_can_be_switched_off(night: Night, tab: Any, axe: Any) -> None:
    go(tab, "/incidents/")
    press(tab, "?")
    tab.wait_for_selector("#keys-help[open]")
    assert axe(tab) == []
    press(tab, "n")  # a dialog is open: nothing goes anywhere
    press(tab, "Escape")
    tab.wait_for_selector("#keys-help", state="hidden")
    press(tab, "/")
    tab.keyboard.type("nj")
    assert tab.input_value("#q") == "nj" and tab.url.endswith("/incidents/")
    tab.evaluate("document.activeElement.blur()")
    press(tab, "?")
    tab.uncheck("#keys-help [data-keys-switch]")
    press(tab, "Escape")
    tab.wait_for_selector("#keys-help", state="hidden")
    press(tab, "n", "g", "b")
    assert tab.url.endswith("/incidents/")
    go(tab, "/incidents/")
    press(tab, "?")
    assert tab.locator("#keys-help[open]").count() == 0, "this device remembers"
    tab.evaluate("document.querySelector('[data-keys-help]').click()")  # by hand it still opens
    tab.check("#keys-help [data-keys-switch]")
    tab.evaluate(CLOSE_AND_PRESS_AT_ONCE)
    tab.wait_for_selector("#keys-help[open]")
    press(tab, "Escape")
    tab.wait_for_selector("#keys-help", state="hidden")
    press(tab, "n")
    tab.wait_for_url(re.compile("/incidents/new"))


def test_the_title_counts_what_is_open_and_the_icon_turns_red(night: Night, tab: Any) -> None:
    go(tab, "/?unit=BDA")
    assert not tab.title().startswith("(")
    tab.evaluate("window.sameDocument = true")
    log(night, "Mất điện quầy", severity=3)
    tab.wait_for_function("() => document.title.startsWith('(1) ')")
    calm = tab.get_attribute("link[rel=icon]", "href")
    log(night, "Cháy kho", category="fire", severity=1)
    tab.wait_for_function("() => document.title.startsWith('(2) ')")
    assert calm == tab.get_attribute("link[rel=icon]", "href")
    for minutes in (2, 4, 6, 8, 10):
        with clock.travel(NIGHT.replace(minute=10 + minutes)):
            engine.escalate_due(clock.now())
    with clock.travel(NIGHT.replace(minute=30)):
        heartbeat.beat("worker", now=clock.now())
        tab.wait_for_selector(".alarm-band.red >> text=quá giờ nhận")
        tab.wait_for_function(
            "calm => document.querySelector('link[rel=icon]').getAttribute('href') !== calm", arg=calm
        )
    assert tab.evaluate("window.sameDocument")


def test_the_sound_is_off_until_somebody_wants_it_and_repeats_until_it_is_heard(night: Night, tab: Any) -> None:
    log(night, "Cháy kho", category="fire", severity=1)
    go(tab, "/?unit=BDA")
    tab.wait_for_selector("main [data-sound][data-state=off]")
    tab.click("main [data-sound-switch]")
    tab.wait_for_selector("main [data-sound][data-state=ringing]")
    tab.wait_for_selector("main [data-sound-note] >> text=Đang đổ chuông")
    wait_until(
        lambda: int(tab.get_attribute("main [data-sound]", "data-played") or 0) >= 2,
        seconds=120,
        what="the sound again",
    )
    tab.click("main [data-sound-heard]")
    tab.wait_for_selector("main [data-sound][data-state=quiet]")
    # What is heard stays heard in another tab; something new sounds again.
    go(tab, "/?unit=BDA")
    tab.wait_for_selector("main [data-sound][data-state=quiet]")
    log(night, "Mất điện trung tâm", severity=1)
    tab.wait_for_selector("main [data-sound][data-state=ringing]")


def test_tabs_share_one_poll_and_another_takes_over(night: Night, tab: Any) -> None:
    asked: dict[str, int] = {"first": 0, "second": 0}

    def count(page: Any, name: str) -> None:
        def seen(request: Any) -> None:
            asked[name] += request.headers.get("x-poll") == "1"

        page.on("request", seen)

    def shows(page: Any, title: str) -> None:
        page.wait_for_selector(f"main a.title >> text={title}")

    count(tab, "first")
    go(tab, "/incidents/")
    wait_until(lambda: tab.wait_for_timeout(50) or asked["first"] >= 1, what="the first tab's look")
    other = tab.context.new_page()
    other.clock.set_fixed_time(clock.now())  # a first tab that is slow is not one that says nothing
    count(other, "second")
    go(other, "/incidents/")
    log(night, "Mất điện quầy")
    shows(tab, "Mất điện quầy")
    shows(other, "Mất điện quầy")
    assert asked["second"] == 0, "it heard of it from the first"
    tab.close()
    log(night, "Cháy kho")
    shows(other, "Cháy kho")
    assert asked["second"] >= 1
