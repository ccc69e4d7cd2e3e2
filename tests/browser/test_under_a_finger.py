"""What a page learns waits while a finger is on it; what a tap on a number could not say is told in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from core.db import db, transaction
from incidents.escalation import engine
from incidents.paging.models import HandCall
from incidents.record import queries
from incidents.response import lifecycle
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import ADMIN, NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
BUTTON, NUMBER, NOTE = "#incident-primary .btn.huge", "[data-ring] a[href='tel:0900000102']", "[data-ring-note]"
LIFTED = 600
WATCH = """([event, place]) => {
    const seen = window.seen = {};
    addEventListener(event, () => { seen.lifted ??= performance.now(); }, true);
    new MutationObserver(() => { seen.changed ??= performance.now(); })
        .observe(document.querySelector(place), { childList: true });
}"""
RINGS = "addEventListener('click', event => event.target.closest('[href^=tel]') && event.preventDefault())"


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Callable[..., Any]:
    """``phone("an1", "/calls/")``: somebody's telephone, which rings nobody."""

    def make(login: str, path: str, *, english: bool = False) -> Any:
        page = open_page(login, path, english=english, **PHONE)
        page.evaluate(RINGS)
        return page

    return make


class Finger:
    """One that can stay where it is."""

    def __init__(self, page: Any) -> None:
        self.page, self.line = page, page.context.new_cdp_session(page)
        page.evaluate("addEventListener('contextmenu', event => event.preventDefault())")  # however long it stays

    def down(self, selector: str) -> None:
        place = self.page.locator(selector)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        self.line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})

    def up(self, how: str = "touchEnd") -> None:
        self.line.send("Input.dispatchTouchEvent", {"type": how, "touchPoints": []})


def log(night: Night) -> str:
    made = night.log("Mất điện quầy", severity=2)
    engine.escalate_due(NIGHT)
    db.session.rollback()
    return made.code


def is_taken(night: Night, code: str, by: str = "BI1") -> None:
    lifecycle.acknowledge(queries.by_code(code).id, person_id=night.ids[by], actor=ADMIN, now=NIGHT)
    db.session.rollback()


def ask(page: Any, poll: str, times: int = 1) -> None:
    """The page's poll has asked that often, and all but the last answer were dealt with."""
    for _time in range(times):
        with page.expect_response(re.compile(poll)):
            page.evaluate(
                "poll => [...document.querySelectorAll('[data-poll]')].find(each => each.dataset.poll.match(poll))"
                ".dispatchEvent(new Event('poll:now'))",
                poll,
            )


def answers(status: int | None) -> Callable[[Any], None]:
    """What becomes of a request; None: the line is gone."""
    return lambda route: route.fulfill(status=status, body="") if status else route.abort()


def rings() -> int:
    db.session.rollback()
    return db.session.query(HandCall).count()


def waited(page: Any) -> float:
    """Milliseconds between the lifting of the finger and the first change."""
    page.wait_for_function("() => window.seen.changed && window.seen.lifted")
    return float(page.evaluate("window.seen.changed - window.seen.lifted"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_big_button_of_an_incident_keeps_its_meaning_under_a_finger(
    night: Night, phone: Callable[..., Any], language: str
) -> None:
    take, done = {"vi": ("Tôi nhận", "Đã tới nơi"), "en": ("I acknowledge", "Arrived")}[language]
    code = log(night)
    page = phone("bi1", f"/incidents/{code}", english=language == "en")
    finger = Finger(page)
    page.evaluate(WATCH, ["pointercancel", "#incident-primary"])
    assert page.inner_text(BUTTON).strip() == take
    finger.down(BUTTON)
    is_taken(night, code)
    ask(page, "live=1", times=3)
    assert page.inner_text(BUTTON).strip() == take, "what came waits"
    finger.up("touchCancel")
    page.wait_for_selector(f"{BUTTON} >> text={done}")
    assert waited(page) >= LIFTED - 10


def test_so_does_a_result_on_the_list_of_people_to_ring(night: Night, phone: Callable[..., Any]) -> None:
    code = log(night)
    page = phone("an1", "/calls/")
    finger = Finger(page)
    page.evaluate(WATCH, ["pointerup", ".ringing .stack[data-poll]"])
    finger.down(".next-call h2")
    is_taken(night, code)
    ask(page, r"/calls/\?rows=1", times=3)
    assert page.locator("main button >> text=Không nghe").is_visible()
    finger.up()
    page.wait_for_selector("text=Không phải gọi tay cho ai")
    assert waited(page) >= LIFTED - 10


def test_a_finger_elsewhere_or_one_that_left_the_window_holds_nothing_up(
    night: Night, phone: Callable[..., Any]
) -> None:
    code = log(night)
    page = phone("bi1", f"/incidents/{code}")
    finger = Finger(page)
    finger.down("h1")
    is_taken(night, code)
    page.wait_for_selector(f"{BUTTON} >> text=Đã tới nơi")
    finger.up()
    finger.down(BUTTON)
    lifecycle.resolve(queries.by_code(code).id, actor=ADMIN, now=NIGHT)
    db.session.rollback()
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.wait_for_selector(f"{BUTTON} >> text=Đóng sự cố")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_tap_on_a_number_that_could_not_be_noted_says_what_to_do(
    night: Night, phone: Callable[..., Any], axe: Any, language: str
) -> None:
    refused, fault = {
        "vi": ("đồng chí không còn quyền gọi cho đơn vị này", "Cứ gọi, gọi xong vẫn bấm kết quả"),
        "en": ("your right to ring for this unit may have ended", "Ring, then tap the result as always"),
    }[language]
    log(night)
    page = phone("an1", "/calls/", english=language == "en")
    held = page.context
    for answer, words in ((403, refused), (500, fault), (None, fault)):
        held.route("**/calls/?rows=1*", lambda route: route.abort())  # nothing fresh meanwhile
        held.route("**/ring*", answers(answer))
        page.tap(NUMBER)
        page.wait_for_selector(f"{NOTE} >> text={words}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        held.unroute("**/ring*")
        held.unroute("**/calls/?rows=1*")
        # The list is heard of again, and what was said of a moment ago is said no longer.
        page.wait_for_selector(NOTE, state="hidden")
        assert page.text_content(NOTE) == ""


def test_the_next_tap_that_works_takes_the_note_away_and_a_refusal_is_not_for_ever(
    night: Night, phone: Callable[..., Any]
) -> None:
    log(night)
    an, chief = phone("an1", "/calls/"), phone("qt1", "/calls/")
    for page in (an, chief):
        page.context.route("**/calls/?rows=1*", lambda route: route.abort())
    an.tap(NUMBER)
    wait_until(lambda: rings() == 1, what="who rings")
    chief.tap(NUMBER)
    chief.wait_for_selector(f"{NOTE} >> text=Nguyễn Văn An đang gọi")
    with transaction() as session:  # An thought better of it
        session.query(HandCall).delete()
    chief.tap(NUMBER)
    chief.wait_for_selector(NOTE, state="hidden")
    assert an.locator(NOTE).is_hidden()

    an.tap(NUMBER)
    an.wait_for_selector(f"{NOTE} >> text=Quản trị")
    an.context.unroute("**/calls/?rows=1*")
    an.wait_for_selector(NOTE, state="hidden")
    an.wait_for_selector("#call-BI1 >> text=đang gọi")


def test_what_could_not_be_noted_is_still_there_when_the_dialler_is_gone(
    night: Night, phone: Callable[..., Any]
) -> None:
    """However long the call took and however often the list was heard of meanwhile."""
    log(night)
    page = phone("an1", "/calls/")
    page.evaluate(
        "document.hasFocus = () => window.inFront; const start = Date.now; window.later = 0;"
        "Date.now = () => start() + window.later"
    )
    front = "isThere => { window.inFront = isThere; dispatchEvent(new Event(isThere ? 'focus' : 'blur')); }"
    page.evaluate(front, True)
    page.context.route("**/ring*", answers(403))
    page.evaluate(
        "document.addEventListener('click', () => { window.inFront = false; dispatchEvent(new Event('blur')); })"
    )
    page.tap(NUMBER)
    page.wait_for_selector(f"{NOTE} >> text=đồng chí không còn quyền gọi")
    page.evaluate("window.later += 600_000")
    ask(page, r"/calls/\?rows=1", times=3)
    assert page.is_visible(NOTE)
    page.evaluate(front, True)
    ask(page, r"/calls/\?rows=1")
    page.evaluate("window.later += 600_000")
    ask(page, r"/calls/\?rows=1")
    page.wait_for_selector(NOTE, state="hidden")
