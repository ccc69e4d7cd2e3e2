"""A phone without a line at Giao thừa: what is logged is kept, said to be unsent, and sent once it is back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Error

from core import clock
from core.db import db, transaction
from core.observability import heartbeat
from incidents.attachments.models import Attachment
from incidents.record.models import Incident, TimelineEntry
from people.models import LoginSession, Unit, User
from tests.support import enterprise
from tests.support.axe import faults_in_both_themes
from tests.support.browser import WITH_WORKER
from tests.support.cut_line import Line
from tests.support.smtp_sink import wait_until

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
READY = "html[data-offline-ready]"
UNSENT = "Chưa gửi – còn trên máy này"


@pytest.fixture
def line(app: Flask) -> Iterator[Line]:
    before = app.wsgi_app
    app.wsgi_app = between = Line(before)  # type: ignore[assignment,method-assign]
    enterprise.make(clock.now())
    yield between
    app.wsgi_app = before  # type: ignore[method-assign]


@pytest.fixture
def phone(line: Line, browser: Any, live_url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **PHONE, **WITH_WORKER)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


def enter(page: Any, login: str = "bi1") -> None:
    """Sign in, and wait until the phone has kept what it needs."""
    page.goto("/login?next=/incidents/new")
    page.fill("[name=identifier]", login)
    page.fill("[name=password]", enterprise.PASSWORD)
    page.click("main button.go")
    page.wait_for_url(re.compile("/incidents/"))
    page.wait_for_selector(READY, state="attached")


def log(page: Any, title: str, photo: Path | None = None) -> None:
    page.goto("/incidents/new")
    page.fill("[name=title]", title)
    page.locator("label:has(input[name=category][value=power])").click()
    page.select_option("[name=unit]", "BDA-1")
    if photo:
        page.set_input_files("#photos", photo)
    page.click("main button.go")
    page.wait_for_url(re.compile(r"/incidents/(?!new)"))


def titles() -> list[str]:
    db.session.rollback()
    return [each.title for each in db.session.query(Incident).order_by(Incident.id)]


def arrived(count: int) -> None:
    wait_until(lambda: len(titles()) >= count, seconds=120, what="the report")


def picture(folder: Path) -> Path:
    path, out = folder / "tu-dien.jpg", io.BytesIO()
    Image.new("RGB", (640, 480), "orange").save(out, "JPEG")
    path.write_bytes(out.getvalue())
    return path


def test_what_is_logged_without_a_line_is_kept_shown_as_unsent_and_sent_once(
    line: Line, phone: Any, tmp_path: Path
) -> None:
    enter(phone)
    line.gone(phone)
    log(phone, "Mất điện lúc Giao thừa", picture(tmp_path))
    # It says that it is still here, wherever one looks, and nothing claims that it was sent.
    phone.wait_for_selector(f"main >> text={UNSENT}")
    assert phone.locator("[data-items] li").count() == 1 and "1 ảnh" in phone.inner_text("[data-items]")
    assert phone.locator("[data-sent]").is_hidden() and titles() == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(phone) == []
    phone.goto("/tonight")
    phone.wait_for_selector("[data-kept-note] >> text=1 tin chưa gửi")
    phone.reload()  # it survives
    phone.goto("/incidents/offline")
    phone.wait_for_selector("[data-items] li")

    line.back(phone)
    arrived(1)
    phone.wait_for_selector("[data-sent] >> text=SC-")
    phone.wait_for_selector("[data-none]:visible")
    assert titles() == ["Mất điện lúc Giao thừa"]
    assert [row.name for row in db.session.query(Attachment)] == ["tu-dien.jpg"]
    phone.reload()
    assert phone.locator("[data-kept-note]").is_hidden() and len(titles()) == 1


def test_an_answer_that_is_lost_makes_no_second_incident(line: Line, phone: Any) -> None:
    """The server wrote it down; the phone never heard. It keeps it, sends it again, twice without an answer."""
    enter(phone)
    line.swallow = True
    log(phone, "Cháy tủ điện")
    phone.wait_for_selector("main >> text=có thể đã tới")
    wait_until(lambda: line.lost >= 2, seconds=120, what="a second try")
    assert titles() == ["Cháy tủ điện"]
    line.swallow = False
    phone.click("[data-send]")
    phone.wait_for_selector("[data-sent] >> text=SC-")
    assert titles() == ["Cháy tủ điện"]


HELD = """() => {
  const real = window.fetch;
  const held = new Promise((done) => { window.letGo = done; });
  window.fetch = async (...asked) => {
    const answer = await real(...asked);
    if (String(asked[0]).endsWith("/send")) { window.arrived = true; await held; }
    return answer;
  };
}"""
MENDED = """async () => {
  const [item] = await self.pending.all();
  const fields = item.fields.map(([name, value]) => [name, name === "title" ? "Mất điện, có khói" : value]);
  await self.pending.mend({ ...item, tried: false, title: "Mất điện, có khói", fields });
}"""


def test_what_is_corrected_while_it_is_on_its_way_is_not_lost(line: Line, phone: Any) -> None:
    """It has arrived, the answer is still out; meanwhile the words are mended in another tab."""
    enter(phone)
    phone.goto("/incidents/new")
    phone.fill("[name=title]", "Mất điện")
    phone.locator("label:has(input[name=category][value=power])").click()
    phone.evaluate(HELD)
    phone.evaluate("""() => {
      const item = self.pending.read(new FormData(document.querySelector("#log")), { tried: false });
      window.sending = self.pending.put(item).then(() => self.pending.flush());
    }""")
    phone.wait_for_function("() => window.arrived")
    phone.evaluate(MENDED)
    phone.evaluate("() => { window.letGo(); return window.sending; }")
    assert phone.evaluate("async () => (await self.pending.all()).map((each) => each.title)") == ["Mất điện, có khói"]
    phone.evaluate("() => self.pending.flush()")
    assert phone.evaluate("async () => (await self.pending.all()).length") == 0
    assert titles() == ["Mất điện"]
    notes = [row.note for row in db.session.query(TimelineEntry).filter_by(kind="reported_again")]
    assert any("có khói" in note for note in notes), notes


def test_what_is_corrected_after_a_lost_answer_is_added(line: Line, phone: Any) -> None:
    enter(phone)
    line.swallow = True
    log(phone, "Mất điện")
    line.gone(phone)
    line.swallow = False
    phone.click("[data-edit]")
    wait_until(lambda: phone.input_value("[name=title]") == "Mất điện", seconds=120, what="what was typed")
    assert phone.locator("input[name=category][value=power]").is_checked()
    phone.fill("[name=title]", "Mất điện, gặp Trần Thị Lan")
    phone.click("main button.go")
    phone.wait_for_selector("[data-items] >> text=Mất điện, gặp Trần Thị Lan")
    with transaction() as session:  # meanwhile the desk has learned that it concerns Party and State
        session.query(Incident).one().party_state = True
    line.back(phone)
    phone.wait_for_selector("[data-items] >> text=đây có phải tên người gửi hay nhận?")
    phone.click("[data-edit]")
    phone.wait_for_selector("[data-discreet] button:visible")
    # As on a slow phone, where the script that notes the answer has not come yet.
    phone.evaluate("window.addEventListener('click', (event) => event.stopImmediatePropagation(), true)")
    phone.click("[data-discreet] button")
    phone.wait_for_selector("[data-sent] >> text=SC-")
    assert titles() == ["Mất điện"]
    notes = [row.note for row in db.session.query(TimelineEntry).filter_by(kind="reported_again")]
    assert notes == ["Mất điện, gặp Trần Thị Lan"]


def test_two_tabs_send_one_report(line: Line, phone: Any) -> None:
    enter(phone)
    line.gone(phone)
    log(phone, "Mất mạng toàn huyện")
    other = phone.context.new_page()
    other.goto("/incidents/offline")
    other.wait_for_selector("[data-items] li")
    line.back(phone)
    for tab in (phone, other):
        tab.wait_for_selector("[data-sent] >> text=SC-")
    assert titles() == ["Mất mạng toàn huyện"]


def test_an_ended_session_keeps_it_and_asks_to_sign_in(line: Line, phone: Any) -> None:
    enter(phone)
    line.gone(phone)
    log(phone, "Xe không nổ máy")
    _end_sessions()
    line.back(phone)
    phone.click("[data-send]")
    phone.wait_for_selector("main >> text=đăng nhập lại để gửi")
    assert titles() == []
    phone.click("[data-signin-link]")
    phone.wait_for_url(re.compile("/login"))
    phone.fill("[name=identifier]", "bi1")
    phone.fill("[name=password]", enterprise.PASSWORD)
    phone.click("main button.go")
    phone.wait_for_url(re.compile("/incidents/offline"))
    phone.wait_for_selector("[data-sent] >> text=SC-")
    assert titles() == ["Xe không nổ máy"]


def test_what_is_unsent_stays_in_sight_when_a_poll_hears_that_the_session_has_ended(line: Line, phone: Any) -> None:
    """Other pages ask the server where to go; this one would lose the list, and the button with it."""
    enter(phone)
    line.gone(phone)
    log(phone, "Xe không nổ máy")
    phone.wait_for_selector("[data-items] li")
    refused = "document.dispatchEvent(new CustomEvent('poll:refused', {cancelable: true}))"
    assert not phone.evaluate(refused), "nobody goes anywhere"
    phone.wait_for_selector("main >> text=đăng nhập lại để gửi")
    assert phone.locator("[data-items] li").count() == 1 and phone.locator("[data-signin-link]").is_visible()


def _end_sessions() -> None:
    with transaction() as session:
        for row in session.query(LoginSession):
            row.ended_at = clock.now()


def test_without_a_line_only_the_listed_pages_open_and_say_how_old_they_are(line: Line, phone: Any) -> None:
    enter(phone)
    line.gone(phone)
    for path, words, kept in (
        ("/tonight", "Trực đêm nay", "danh sách lưu lúc"),
        ("/me/", "Ca của tôi", "trang này lưu lúc"),
        ("/incidents/new", "Ghi nhận sự cố", "trang này lưu lúc"),
    ):
        phone.goto(path)
        phone.wait_for_selector(f"h1 >> text={words}")
        phone.wait_for_selector(f"[data-kept-note] >> text=Không có mạng: {kept}")
    # Anything else is no stale page: it is said that there is no line, and what there is.
    phone.goto("/incidents/")
    phone.wait_for_selector("h1 >> text=Khi mất mạng")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("login", ["bi1", "an1"])
def test_the_page_that_the_worker_keeps_claims_nothing_of_now_and_gives_a_number_to_ring(
    line: Line, phone: Any, login: str, language: str
) -> None:
    """An may ring others by hand, Bình is on duty: neither reads that all is well on a page of an hour ago."""
    heartbeat.beat("worker", now=clock.now())
    with transaction() as session:
        session.query(User).filter_by(login=login).one().locale = language
    enter(phone, login)
    phone.goto("/incidents/offline")
    assert phone.locator(".top .live:not(.dead):visible").count() == 1, "with a line the machine is known to run"
    keep(phone)
    line.gone(phone)
    phone.goto("/incidents/")
    phone.wait_for_selector("[data-kept-note]:visible")
    assert phone.evaluate("document.documentElement.lang") == language
    assert phone.inner_text("h1") == {"vi": "Khi mất mạng", "en": "When offline"}[language]
    assert phone.locator(".live:visible").count() == 0, "no green dot"
    assert phone.locator(".unreached:visible, .banner.alarm:visible").count() == 0, "and no red one: nothing is known"
    number = phone.locator("#ring a[href^='tel:']").first
    assert number.bounding_box()["height"] >= 44 and number.bounding_box()["y"] < 740, "on the first screen"
    own = {"bi1": "0900000102", "an1": "0900000101"}[login]
    assert phone.locator(f"a[href='tel:{own}']").count() == 0, "nobody is asked to ring themselves"
    assert faults_in_both_themes(phone) == []


def keep(page: Any) -> None:
    """Let the worker keep its pages as they are now."""
    page.evaluate(
        """() => navigator.serviceWorker.ready.then((ready) => new Promise((done) => {
            const box = new MessageChannel();
            box.port1.onmessage = done;
            ready.active.postMessage({ keep: document.body.dataset.account }, [box.port2]);
        }))"""
    )


def test_signing_out_clears_the_pages_but_not_what_is_unsent(line: Line, phone: Any) -> None:
    enter(phone)
    line.gone(phone)
    log(phone, "Ngập kho")
    line.closed = ("/incidents/offline/account",)
    line.back(phone)
    asked: list[str] = []
    phone.on("dialog", lambda dialog: asked.append(dialog.message))
    phone.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
    phone.wait_for_url(re.compile("/login"))
    assert asked and "1 tin báo chưa gửi" in asked[0]
    assert phone.evaluate("caches.has('truc-tet-pages')") is False
    line.closed = ()
    # Somebody else at the same phone neither reads nor sends it.
    enter(phone, "an1")
    phone.goto("/incidents/offline")
    phone.wait_for_selector("main >> text=1 tin báo của tài khoản khác")
    assert "Ngập kho" not in phone.content() and titles() == []


def test_a_phone_gives_up_what_its_owner_may_not_read_and_everything_when_they_sign_out(line: Line, phone: Any) -> None:
    """Bình becomes somebody who only looks on; then he hands the phone over in a cellar without a line."""
    enter(phone)
    kept = "(path) => caches.match(path, {cacheName: 'truc-tet-pages', ignoreVary: true}).then(Boolean)"
    assert phone.evaluate(kept, "/incidents/new") is True and phone.evaluate(kept, "/tonight/list") is True
    with transaction() as session:
        session.query(User).filter_by(login="bi1").one().role = "viewer"
    keep(phone)
    assert phone.evaluate(kept, "/incidents/new") is False and phone.evaluate(kept, "/tonight/list") is True
    line.gone(phone)
    phone.evaluate("document.querySelector('form[action=\"/logout\"]').requestSubmit()")
    phone.wait_for_selector("h1 >> text=Đã đăng xuất trên máy này")
    assert faults_in_both_themes(phone) == []
    assert phone.evaluate("caches.has('truc-tet-pages')") is False
    # Whoever has the phone when the line is back is nobody; a letter's link would still open.
    line.back(phone)
    phone.goto("/tonight")
    phone.wait_for_url(re.compile("/login"))
    with transaction() as session:
        assert {row.ended_at is not None for row in session.query(LoginSession)} == {True}
    assert phone.evaluate("caches.has('truc-tet-wishes')") is False
    enter(phone, "an1")
    phone.goto("/tonight")
    phone.wait_for_selector("h1 >> text=Trực đêm nay")


def test_a_session_ended_elsewhere_leaves_no_pages_on_the_phone(line: Line, phone: Any) -> None:
    enter(phone)
    assert phone.evaluate("caches.has('truc-tet-pages')") is True
    with transaction() as session:
        session.query(LoginSession).update({"ended_at": clock.now()})
    phone.goto("/tonight")
    phone.wait_for_url(re.compile("/login"))
    phone.wait_for_function("() => caches.has('truc-tet-pages').then((kept) => !kept)")
    # Whoever signs in has theirs again at once.
    enter(phone)
    assert phone.evaluate("caches.has('truc-tet-pages')") is True


def test_a_phone_keeps_nothing_that_the_desk_would_refuse(line: Line, phone: Any) -> None:
    enter(phone)
    phone.goto("/incidents/new")
    # What is sent before the script has come is left out by the worker, and said on another page.
    phone.wait_for_function("() => { try { return self.secrecy.found('') === null; } catch { return false; } }")
    button = phone.locator("main .thumb button")
    for width, height in ((1366, 650), (360, 400), (360, 740)):  # a laptop; a phone with its keyboard open
        phone.set_viewport_size({"width": width, "height": height})
        phone.click("[name=title]")
        box = button.bounding_box()
        assert box["y"] > 0 and box["y"] + box["height"] <= height, "the button is there while one types"
    line.gone(phone)
    phone.fill("[name=title]", "Túi KT1 ướt, người nhận: Tỉnh ủy")
    phone.locator("label:has(input[name=category][value=kt1])").click()
    phone.click("main .thumb button")
    phone.wait_for_selector("[data-discreet] >> text=Bỏ “người nhận:”")
    phone.fill("[name=title]", "Túi 12 ướt, gặp Trần Thị Lan")
    phone.click("main .thumb button")
    phone.wait_for_selector("[data-discreet] >> text=“Trần Thị Lan” giống tên người")
    assert phone.locator("[data-discreet] button").is_hidden(), "about KT1 nobody is asked"
    assert faults_in_both_themes(phone) == []
    # Of Party and State it is asked; who has answered is not asked again.
    phone.locator("label:has(input[name=category][value=power])").click()
    phone.click("text=Tự chọn mức độ")
    phone.locator("label:has([name=party_state])").click()
    phone.click("main .thumb button")
    phone.wait_for_selector("[data-discreet] >> text=đây có phải tên người gửi hay nhận?")
    assert titles() == []
    phone.click("[data-discreet] button")
    phone.wait_for_selector("[data-items] >> text=Túi 12 ướt, gặp Trần Thị Lan")
    line.back(phone)
    arrived(1)
    assert titles() == ["Túi 12 ướt, gặp Trần Thị Lan"]


FRAMES = "new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done); }); })"


def test_the_button_stays_under_a_slow_finger(line: Line, phone: Any) -> None:
    """A press takes the focus from the field: neither button nor menu may move before the finger leaves."""
    enter(phone)
    phone.goto("/incidents/new")
    phone.locator("label:has(input[name=category][value=power])").click()
    phone.fill("[name=title]", "Mất điện")
    phone.wait_for_selector("html.typing")
    button = phone.locator("main .thumb button")
    before = button.bounding_box()
    phone.mouse.move(before["x"] + 40, before["y"] + before["height"] / 2)
    phone.mouse.down()
    phone.evaluate(FRAMES)
    assert phone.evaluate("document.activeElement.name") != "title"
    assert abs(button.bounding_box()["y"] - before["y"]) <= 1, "pressed, it goes down by a pixel"
    phone.mouse.up()
    phone.wait_for_url(re.compile(r"/incidents/(?!new)"))


def test_it_can_be_thrown_away(line: Line, phone: Any) -> None:
    enter(phone)
    line.gone(phone)
    log(phone, "Báo thử")
    phone.click("button[data-drop]")
    phone.wait_for_selector("[data-none]:visible")
    line.back(phone)
    phone.reload()
    assert phone.locator("[data-items] li").count() == 0 and titles() == []


def test_a_new_release_is_another_worker_and_the_policy_stays_strict(app: Flask, client: Any) -> None:
    answer = client.get("/sw.js")
    text = answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-cache" and "default-src 'self'" in str(answer.headers)
    release = re.search(r'RELEASE = "(\w+)"', text)
    assert release and 'PAGES = ["/incidents/offline", "/incidents/new", "/me/", "/tonight"]' in text
    for path in re.search(r"SHELL = (\[.*?\]);", text)[1].strip("[]").replace('"', "").split(", "):  # type: ignore[index]
        assert client.get(path).status_code == 200, path


def test_two_reports_without_a_line_are_two(line: Line, phone: Any) -> None:
    """The form that is kept is shown again and again: what is logged next must not take the place of the first."""
    enter(phone)
    line.gone(phone)
    log(phone, "Mất điện huyện A")
    log(phone, "Cháy kho huyện B")
    phone.wait_for_selector("[data-items] >> text=Cháy kho huyện B")
    assert phone.locator("[data-items] li").count() == 2
    line.back(phone)
    arrived(2)
    assert titles() == ["Mất điện huyện A", "Cháy kho huyện B"]


def test_a_browser_that_wakes_the_phone_renews_the_list_and_only_for_whoever_is_signed_in(
    line: Line, phone: Any
) -> None:
    """Chrome on Android does so of an installed app; a browser of tests never does, so the event is made by hand."""
    enter(phone)
    (worker,) = phone.context.service_workers
    kept = "caches.match('/tonight/list', {cacheName: 'truc-tet-pages', ignoreVary: true}).then((it) => it?.text())"

    def woken() -> None:
        worker.evaluate(
            """() => new Promise((done, fail) => {
                const event = Object.assign(new Event("periodicsync"), { tag: "tonight" });
                event.waitUntil = (work) => work.then(done, fail);
                self.dispatchEvent(event);
            })"""
        )

    assert "02693000199" not in phone.evaluate(kept)
    with transaction() as session:
        session.query(Unit).filter_by(code="BDA-1").one().phone = "02693000199"
    woken()
    assert "02693000199" in phone.evaluate(kept)
    line.gone(phone)
    with pytest.raises(Error):
        woken()
    assert "02693000199" in phone.evaluate(kept), "without a line it stays"
    line.back(phone)
    _end_sessions()
    woken()
    assert phone.evaluate("caches.has('truc-tet-pages')") is False
