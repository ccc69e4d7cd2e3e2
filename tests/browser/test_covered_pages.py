"""Publish page and revision, before and after a change: who answers around the covered time, who is told and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import transaction
from people.models import ContactMethod, User
from roster.draft import services as drafts
from tests.support.at_screen import sign_in
from tests.support.enterprise import PASSWORD
from tests.support.factories import ADMIN
from tests.support.illness import Illness, illness

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
WORDS = {
    "vi": {
        "reach": "có ca từ 07:30 23/01/2020 đến 07:30 26/01/2020",
        "around": "Ngoài ca, 07:30 22/01 – 07:30 23/01",
        "chain": "gọi theo danh sách thường trực",
        "told": "Báo tin cho ai",
        "gets": "thêm 1 ca",
        "loses": "bớt 1 ca",
        "mail": "Thư điện tử",
        "unheard": "không báo được",
        "heard": "Tin về bản này",
        "held": "chưa gửi: chưa nối cổng",
        "unconnected": "chưa nối cổng",
    },
    "en": {
        "reach": "has shifts from 07:30 23/01/2020 to 07:30 26/01/2020",
        "around": "Outside its shifts, 07:30 22/01 – 07:30 23/01",
        "chain": "the standing chain is called",
        "told": "Whom to tell",
        "gets": "shifts added: 1",
        "loses": "shifts removed: 1",
        "mail": "E-mail",
        "unheard": "cannot be told",
        "heard": "Messages about this revision",
        "held": "not sent: no gateway connected",
        "unconnected": "no gateway connected",
    },
}


@pytest.fixture
def days(app: Flask) -> Iterator[Illness]:
    """Thuyên's last night goes to Hải, who has neither mail nor anything else that the system can use."""
    with illness(early=True) as made:
        shift_id = made.shifts("operations")[-1]
        drafts.set_people(shift_id, ["HA1"], actor=ADMIN, now=clock.now())
        with transaction() as session:
            for contact in session.query(ContactMethod).filter_by(address="ha1@buudien.example"):
                session.delete(contact)
        yield made


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def page(request: pytest.FixtureRequest, days: Illness, browser: Any, live_url: str, language: str) -> Iterator[Any]:
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = language
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **request.param)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, "an1", PASSWORD)
    yield page
    context.close()


def said(page: Any) -> str:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    return str(page.inner_text("main"))


def test_from_the_publish_page_to_the_revision(
    page: Any, days: Illness, language: str, axe: Callable[[Any], list[Any]]
) -> None:
    words = WORDS[language]
    page.goto(f"/roster/campaigns/{days.campaign_id}/publish")
    shown = said(page)
    assert words["reach"] in shown
    assert shown.count(words["around"]) == 1 and words["chain"] in shown, "emergency, of which the 22nd asks for nobody"
    around = page.locator(".covered small", has_text=words["around"])
    assert "Nguyễn Văn An" in around.first.inner_text(), "who answers then"
    moves = page.locator("#moves")
    assert words["told"] in moves.inner_text()
    rows = [each.inner_text() for each in moves.locator("li").all()]
    assert len(rows) == 2
    assert "Ksor Hải" in rows[0] and words["gets"] in rows[0] and words["unheard"] in rows[0]
    assert "Y Thuyên" in rows[1] and words["loses"] in rows[1] and words["unconnected"] in rows[1]
    assert "Ksor Hải, Y Thuyên" in moves.locator("summary").inner_text(), "names, also when the list is folded"
    assert axe(page) == []
    page.fill("[name=accept_gaps]", "Hải được báo trực tiếp")
    page.click("main form button.go")
    page.wait_for_url("**/revisions/2")
    shown = said(page)
    assert words["reach"] in shown and words["around"] in shown and words["chain"] in shown
    heard = page.locator("#heard")
    assert words["heard"] in heard.inner_text()
    rows = [each.inner_text() for each in heard.locator("li").all()]
    assert len(rows) == 2
    assert "Ksor Hải" in rows[0] and words["unheard"] in rows[0]
    assert "Y Thuyên" in rows[1] and words["mail"] in rows[1] and words["held"] in rows[1]
    assert axe(page) == []
    page.goto(f"/roster/campaigns/{days.campaign_id}/revisions/1")
    assert words["around"] in said(page), "what was signed, of a revision that is replaced"
