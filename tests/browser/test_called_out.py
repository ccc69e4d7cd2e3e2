"""Called out at home in the night, on site in two hours: what whoever plans and whoever was called are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.response import lifecycle
from people.models import User
from roster.models import Duty, Shift
from tests.support import enterprise
from tests.support.at_screen import sign_in
from tests.support.tet_night import ADMIN, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
WIDE = {"viewport": {"width": 1280, "height": 800}}
HOUR = timedelta(hours=1)
TOLD = {
    "vi": {
        "plan": ("bị gọi", "khi trực ở nhà; ca tại chỗ tiếp theo", "nghỉ 5 giờ", "quy tắc đang áp dụng cần 12 giờ"),
        "own": ("Đồng chí bị gọi", "nghỉ 5 giờ", "Báo người xếp lịch nếu cần người thay."),
        "cover": "Tìm người thay",
        "ledger": ("bị gọi 3 giờ", "đơn vị xác nhận khi tính giờ làm thêm"),
    },
    "en": {
        "plan": ("was called out", "while on duty at home; next duty on site", "5 h of rest", "ask for 12 h"),
        "own": ("You were called out", "5 h of rest", "Tell whoever plans the roster"),
        "cover": "Find cover",
        "ledger": ("called out 3 h", "the unit confirms them when it works out overtime"),
    },
}


@pytest.fixture
def tonight(live_url: str) -> Night:
    """The director had command at home until an hour ago, was called out for three hours, is on site in two."""
    now, made = clock.now(), Night()
    with transaction() as session:
        row = session.get_one(Duty, made.duty("leadership"))
        row.person_id, row.form = made.ids["QT1"], "command"
        row.starts_at, row.ends_at = now - 9 * HOUR, now - HOUR
        session.get_one(Shift, row.shift_id).form = "command"
    made.publish("leadership", "QT1", hours=8, start=now + 2 * HOUR)
    incident, _new = creation.log(
        IncidentReport(title="Mất điện trung tâm khai thác", category="power", unit_id=made.ids["BDA"], actor=ADMIN),
        now=now - 7 * HOUR,
    )
    lifecycle.acknowledge(incident.id, actor=made.actor("QT1", "admin"), now=now - 6 * HOUR)
    lifecycle.resolve(incident.id, actor=made.actor("QT1", "admin"), now=now - 3 * HOUR)
    db.session.rollback()
    return made


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "laptop"])
def page(request: pytest.FixtureRequest, browser: Any, live_url: str, tonight: Night, language: str) -> Iterator[Any]:
    with transaction() as session:
        session.query(User).filter_by(login="qt1").one().locale = language
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **request.param)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, "qt1", enterprise.PASSWORD)
    yield page
    context.close()


def test_the_roster_ones_own_page_and_the_ledger_tell_of_it(page: Any, tonight: Night, language: str, axe: Any) -> None:
    told, campaign = TOLD[language], f"/roster/campaigns/{tonight.campaign}"
    page.goto(campaign)
    panel = page.locator("#called")
    said = panel.inner_text()
    assert all(words in said for words in told["plan"]), said
    assert told["cover"] in said and "SC-" in said
    look(page, axe)
    page.goto("/me/")
    said = page.inner_text(".flash.warn")
    assert all(words in said for words in told["own"]), said
    look(page, axe)
    page.goto(f"{campaign}/fairness")
    said = page.inner_text("main")
    assert all(words in said for words in told["ledger"]), said
    look(page, axe)
    page.goto(campaign)
    page.locator("#called").get_by_role("link", name=told["cover"]).click()
    page.wait_for_url("**/covers**")


def look(page: Any, axe: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert axe(page) == []
