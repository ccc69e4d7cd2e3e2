"""The ways people go, in a real browser: from an empty system to an answered call, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.policies import drafts
from incidents.record.models import Incident
from notify.models import Message
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from tests.support import enterprise, factories
from tests.support.browser import WITH_WORKER
from tests.support.factories import ADMIN, DATA
from tests.support.policies import set_policy
from tests.support.short_search import two_of_the_ten_seconds
from tests.support.smtp_sink import wait_until
from tests.support.worker import running_worker

PASSWORD = "hoa-dao-bac-2020"  # noqa: S105  (of an account that lives for one test)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
TITLE = "Mất điện trung tâm khai thác"


@pytest.fixture
def new_page(browser: Any, live_url: str) -> Iterator[Any]:
    """Call it for a tab of another browser profile; options are those of Playwright's ``new_context``."""
    contexts = []

    def make(**options: Any) -> Any:
        context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **WITH_WORKER, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Any, login: str, password: str) -> None:
    page.goto("/login")
    page.fill("[name=identifier]", login)
    page.fill("[name=password]", password)
    page.click("main button.go")
    page.wait_for_url(lambda url: "/login" not in url)


def test_from_an_empty_system_to_an_answered_call(
    app: Flask, live_url: str, page: Any, new_page: Any, tmp_path: Path
) -> None:
    accounts.create_user(NewAccount("quantri", "Lê Quản Trị", "admin", password=PASSWORD), now=clock.now(), actor=ADMIN)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.set_default_timeout(60_000)
    sign_in(page, "quantri", PASSWORD)
    import_a_bad_folder(page, tmp_path)
    import_a_good_folder(page)
    create_campaign(page)
    cancel_a_solve(page)
    with running_worker(app, tmp_path):
        watch_a_solve(page)
        change_a_cell_by_keyboard(page)
        publish(page)
        # Nothing is connected that could tell anybody, and the page says so.
        assert page.locator("main .flash.warn:has-text('Chưa báo được')").count() == 1
        subscribe(page, live_url)
        log_incident(page)
        watch_the_call(page)
        answer_by_phone(new_page(**PHONE))
        # Nobody reloads: the desk that waits sees it.
        page.wait_for_selector("text=/đang xử lý\\. Nếu đến hạn/")


def import_a_bad_folder(page: Any, folder: Path) -> None:
    """Every fault with its place, and nothing to confirm."""
    bad = folder / "people.csv"
    lines = (DATA / "gia-lai-2020" / "people.csv").read_text(encoding="utf-8").splitlines()
    bad.write_text("\n".join([lines[0], lines[1].replace("BDGL", "BDXX"), lines[2]]), encoding="utf-8")
    page.goto("/import/")
    page.set_input_files("#files", [bad])
    page.click("main form .go")
    page.wait_for_url(re.compile("/import/.+"))
    rows = page.locator("table:has(caption:has-text('Các lỗi phải sửa')) tbody tr").all_inner_texts()
    assert rows and all("people.csv" in row for row in rows) and "BDXX" in " ".join(rows)
    assert page.locator("form[action$=confirm]").count() == 0


def import_a_good_folder(page: Any) -> None:
    page.goto("/import/")
    page.set_input_files("#files", sorted((DATA / "gia-lai-2020").glob("*.csv")))
    page.click("main form .go")
    page.click("text=Ghi vào hệ thống")
    page.wait_for_selector(".flash.ok")
    page.goto("/people/")
    assert "60" in page.inner_text("main")


def create_campaign(page: Any) -> None:
    today = clock.local_date(clock.now())
    page.goto("/roster/campaigns/new")
    for name, value in (("tet_year", "2027"), ("unit", "BDGL")):
        with page.expect_response("**/campaigns/new"):
            page.select_option(f"[name={name}]", value)
    page.fill("[name=name]", "Trực tuần này")
    page.fill("[name=starts_on]", str(today - timedelta(days=1)))
    page.fill("[name=ends_on]", str(today + timedelta(days=1)))
    page.click("#set-up button.go")
    page.wait_for_url(re.compile(r"/roster/campaigns/\d+"))


def cancel_a_solve(page: Any) -> None:
    """Queued, and stopped before anybody took it up."""
    page.click("form.solve button")
    page.wait_for_url(re.compile("/solve/"))
    page.get_by_role("button", name="Dừng", exact=True).click()
    page.wait_for_selector("text=/đang dừng|Đã dừng/")
    page.click("main >> text=Xem lịch")


def watch_a_solve(page: Any) -> None:
    """Progress, then the result, on a page that nobody reloads."""
    page.wait_for_selector("form.solve")
    two_of_the_ten_seconds(page)
    page.click("form.solve button")
    page.wait_for_url(re.compile("/solve/"))
    page.evaluate("window.sameDocument = true")
    page.wait_for_selector("main >> text=Xem trước khi ban hành")
    assert page.evaluate("window.sameDocument")
    page.click("main >> text=Xem lịch")


def change_a_cell_by_keyboard(page: Any) -> None:
    page.wait_for_url(re.compile(r"/campaigns/\d+$"))
    page.wait_for_load_state()  # the scripts that read keys have started
    cell = page.locator("#grid-table td:has(a.chip.dh)").last
    cell.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    cell.press("Enter")
    page.wait_for_selector("#editor[open] h2")
    page.locator("#editor-body li:not(.breaks) button[name=put]").first.press("Enter")
    page.wait_for_selector("#editor-body .flash.ok")
    page.keyboard.press("Escape")
    page.wait_for_selector("#editor", state="hidden")
    assert page.locator("#grid-table .chip.pin").count() >= 1


def publish(page: Any) -> None:
    page.click("main >> text=Ban hành bản 1")
    page.wait_for_url(re.compile("/publish"))
    if page.locator("[name=accept_gaps]").count():
        page.fill("[name=accept_gaps]", "Ban đêm do bưu điện tỉnh trực thay")
    page.click("main form button.go")
    page.wait_for_selector("main .flash:has-text('Đã ban hành bản số 1')")
    db.session.rollback()
    assert db.session.scalars(select(Campaign.revision)).one() == 1


def subscribe(page: Any, live_url: str) -> None:
    """The copy box shows an address that a calendar can fetch without signing in."""
    page.goto("/me/feeds")
    page.click("form:has(select[name=campaign]) button")
    page.wait_for_selector("#feed-url")
    address = page.locator("#feed-url").evaluate("e => e.value ?? e.textContent").strip()
    assert address.startswith(f"{live_url}/feeds/") and address.endswith(".ics")
    answer = page.request.get(address)
    assert answer.ok and answer.text().count("BEGIN:VEVENT") > 3


def log_incident(page: Any) -> None:
    """One form, one go: what, which kind, where."""
    page.goto("/incidents/new")
    page.fill("[name=title]", TITLE)
    page.locator("label:has(input[name=category][value=power])").click()
    page.select_option("[name=unit]", "BDGL-H01-01")
    page.click("main form button.go")
    page.wait_for_url(re.compile(r"/incidents/(?!new)"))
    page.wait_for_selector(f"h1:has-text('{TITLE}')")


def watch_the_call(page: Any) -> None:
    """Who is called next is counted down, and the call that the worker makes appears by itself."""
    page.wait_for_selector("main >> text=Sẽ gọi ai")
    page.wait_for_selector("[data-until], time[data-countdown], .countdown")
    page.wait_for_selector(".turns >> text=/Lượt 1/")


def one_tap() -> str:
    """The address in the first call's mail."""

    def found() -> str | None:
        db.session.rollback()
        wanted = select(Message.body).where(Message.topic.like("incident/%")).order_by(Message.id).limit(1)
        link = re.search(r"/a/[\w-]+", db.session.scalar(wanted) or "")
        return link.group() if link else None

    wait_until(found, seconds=120, what="the call")
    return str(found())


def status() -> str:
    db.session.rollback()
    return str(db.session.scalars(select(Incident)).one().status)


def answer_by_phone(phone: Any) -> None:
    """Cut off, a press must not look like an answer; back on the net it is one."""
    phone.goto(one_tap())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        phone.tap("text=Tôi nhận")
    assert phone.locator("text=/đã nhận sự cố này lúc/").count() == 0
    assert status() == "open"
    phone.context.set_offline(False)
    phone.goto(one_tap())
    phone.tap("text=Tôi nhận")
    phone.wait_for_selector("main .state.held >> text=/đã nhận sự cố này lúc/")
    assert status() == "acknowledged"


def test_an_answer_of_the_network_is_no_answer(app: Flask, new_page: Any) -> None:
    """A gateway that answers for a server it cannot reach: the page says that nothing was taken, and goes on trying."""
    enterprise.make(clock.now())
    phone = new_page(**PHONE)
    phone.goto(called_person())
    cut = "<title>502</title><h1>Bad gateway</h1>"
    phone.route(
        "**/a/*",
        lambda route: (
            route.fulfill(status=502, content_type="text/html", body=cut)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    phone.tap("text=Tôi nhận")
    phone.wait_for_selector(".unsent >> text=Chưa gửi được: chưa tính là đã nhận")
    assert status() == "open"
    phone.unroute_all()
    phone.wait_for_selector("main .state.held >> text=/đã nhận sự cố này lúc/")
    assert status() == "acknowledged"


def called_person() -> str:
    """Log an incident, call whoever is on, and answer the one-tap address of the call."""
    from incidents.escalation import engine

    now = clock.now()
    unit = unit_by_code("BDA")
    set_policy(
        unit.id,
        [drafts.StepSpec(duty="operations", after_seconds=0)],
        repeat_after_seconds=600,
        ack_timeout_seconds=600,
        now=now,
        actor=ADMIN,
    )
    creation.log(IncidentReport(title=TITLE, category="power", unit_id=unit.id, severity=2, actor=ADMIN), now=now)
    engine.escalate_due(clock.now())
    return one_tap()


def test_the_main_path_without_scripts(app: Flask, new_page: Any) -> None:
    """Sign in, log, acknowledge, edit a cell by its link, publish."""
    enterprise.make(clock.now())
    unit = unit_by_code("BDA")
    for number in range(5):
        factories.make_person(f"P{number}", unit, duties=("leadership", "operations", "emergency"))
    factories.make_demand(unit, "operations", "Ngày", "07:30", 8)
    campaign = factories.make_campaign(unit, first="2020-01-24", last="2020-01-25").id
    page = new_page(java_script_enabled=False, **PHONE)
    sign_in(page, "an1", enterprise.PASSWORD)
    page.goto("/incidents/new")
    page.fill("[name=title]", TITLE)
    page.locator("label:has(input[name=category][value=power])").click()
    page.select_option("[name=unit]", "BDA")
    page.click("main form button.go")
    page.click("main >> text=Tôi nhận")
    page.wait_for_selector("main button.huge >> text=Đã tới nơi")
    assert status() == "acknowledged"
    seat_by_link(page, campaign)
    publish(page)


def seat_by_link(page: Any, campaign: int) -> None:
    """Both open shifts, each on the page of its own that its link leads to."""
    for turn in range(2):
        page.goto(f"/roster/campaigns/{campaign}")
        page.locator("#agenda a[href*='/roster/shifts/']").nth(turn).click()
        page.wait_for_url(re.compile("/roster/shifts/"))
        with page.expect_navigation():
            page.locator("main li:not(.breaks) button[name=put]").first.click()
        assert page.locator("main .seats b").count() > 0
    page.goto(f"/roster/campaigns/{campaign}")
