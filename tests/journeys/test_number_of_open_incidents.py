"""How many incidents are open stands on every page, in the menu: of one's own unit, without what one may not know."""

from __future__ import annotations

import re

import pytest

from core.db import transaction
from incidents.record.models import Incident
from incidents.response import lifecycle
from tests.support.desk_pages import DeskPages, text_of
from tests.support.statements import statements

pytestmark = pytest.mark.both_dbs("words of many rows are put together by the database")


def said(desk: DeskPages, who: str, path: str = "/me/") -> str:
    page = desk.browser(who).get(path).text
    foot = page[page.index('class="tabbar"') :]
    found = re.search(r"\d+ đang mở, \d+ chưa ai nhận", text_of(foot[: foot.index("</nav>")]))
    return found[0] if found else ""


def test_the_number_is_of_ones_own_unit_and_right_within_a_poll(desk: DeskPages) -> None:
    assert said(desk, "bi1") == ""
    tag = {"If-None-Match": desk.browser("bi1").get("/desk/open").headers["ETag"]}
    assert desk.browser("bi1").get("/desk/open", headers=tag).status_code == 304
    first, secret = desk.log("Mất điện", "power"), desk.log("Mất bưu gửi", "item_lost", "BDC")
    desk.log("Xe hỏng", "vehicle", "BDA-1")
    assert "2 đang mở, 2 chưa ai nhận" in said(desk, "bi1"), "the district and what is below it"
    assert "1 đang mở, 1 chưa ai nhận" in said(desk, "du1")
    assert "3 đang mở, 3 chưa ai nhận" in said(desk, "qt1")

    lifecycle.acknowledge(first.id, actor=desk.night.actor("BI1"), now=desk.now)
    fresh = desk.browser("bi1").get("/desk/open", headers=tag)
    assert fresh.status_code == 200
    assert "2 đang mở, 1 chưa ai nhận" in text_of(fresh.text)
    with transaction() as session:
        session.get_one(Incident, secret.id).restricted = True
    assert said(desk, "du1") == "", "that it exists is part of the secret"
    assert "1 đang mở, 1 chưa ai nhận" in said(desk, "ch1"), "Chi manages the unit"
    with statements() as asked:
        said(desk, "ch1")
    with transaction() as session:
        session.get_one(Incident, secret.id).restricted = False
    said(desk, "ch1")
    with statements() as plain:
        said(desk, "ch1")
    assert len(asked) == len(plain), "that it is restricted costs no page a question"
    with transaction() as session:
        session.get_one(Incident, secret.id).restricted = True
    lifecycle.resolve(first.id, actor=desk.night.actor("BI1"), now=desk.now)
    assert "1 đang mở, 1 chưa ai nhận" in said(desk, "bi1")
