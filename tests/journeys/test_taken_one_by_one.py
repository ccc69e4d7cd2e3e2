"""A storm of alarms in which a house burns: what is of level 1, or must be opened to be read, is taken one by one, on the
page, behind the link of a letter, on the telephone and by text; the rest in one go, and who takes it hears what stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db as database, transaction
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from incidents.together import services as together
from tests.support.desk_pages import DeskPages, text_of
from tests.support.tet_night import ADMIN

ALL, SINGLY, PICKED = "/incidents/take-all", "/incidents/take-singly", "/incidents/picked"


def storm(desk: DeskPages, fires: int = 1) -> tuple[list[Incident], list[Incident]]:
    """Forty alarms (five of them are enough here), and what burns among them."""
    lost = [desk.log(f"Mất kết nối trạm {number}", "connectivity") for number in range(1, 6)]
    burning = []
    for number in range(1, fires + 1):
        desk.at(number / 60)
        burning.append(desk.log(f"Cháy kho số {number}", "fire", severity=1))
    engine.escalate_due(desk.now)
    return lost, burning


def holders(desk: DeskPages, several: list[Incident]) -> list[str]:
    return [desk.fresh(each.code).acknowledged_by for each in several]


@pytest.mark.both_dbs("each is claimed by an update, and what it has become is looked at under its lock")
def test_one_tap_takes_the_alarms_and_leaves_the_fire(desk: DeskPages) -> None:
    lost, (fire,) = storm(desk)
    page = desk.see("an1", ALL)
    assert "Đồng chí giữ cả 5 sự cố" in page and "1 sự cố phải nhận riêng" in page and "Cháy kho số 1" in page
    assert "trừ 1 sự cố mức 1" in page and "máy vẫn gọi" in page
    desk.post("an1", ALL, incident=[*(each.id for each in lost), fire.id])
    assert f"{fire.code} phải mở và nhận riêng." in desk.see("an1", "/")
    assert holders(desk, lost) == ["Nguyễn Văn An"] * 5 and desk.fresh(fire.code).status == "open"
    # The one that becomes level 1 between the look and the tap stays with nobody as well.
    late = desk.log("Khói ở trạm 9", "connectivity")
    actor = desk.night.actor("AN1")
    with transaction() as session:
        session.get_one(Incident, late.id).severity = 1
    done = together.take([late.id], actor=actor, now=desk.now)
    assert [each.id for each in done.apart] == [late.id] and not (done.codes or done.late or done.refused)
    assert desk.fresh(late.code).status == "open"


def test_they_are_gone_through_in_sequence_read_taken_or_left(desk: DeskPages) -> None:
    lost, burning = storm(desk, fires=3)
    assert "Xem và nhận từng việc · 1/3" in desk.see("an1", ALL)
    an = desk.browser("an1")
    page = an.get(SINGLY)
    assert "Cháy kho số 1" in page.text and "Nhận, xem việc tiếp · 1/3" in text_of(page.text)
    page = _take(desk, an, page.text)
    assert f"Đồng chí đã nhận {burning[0].code}" in text_of(page) or "Đồng chí đã nhận" in text_of(page)
    assert "Cháy kho số 2" in page and "Nhận, xem việc tiếp · 2/3" in text_of(page)
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in text_of(page)
    # Somebody else takes the second while An reads it: she is told, and goes on.
    lifecycle.acknowledge(burning[1].id, actor=desk.night.actor("BI1"), now=desk.now)
    page = _take(desk, an, page)
    assert f"{burning[1].code}: Trần Thị Bình đã nhận lúc 02:10." in text_of(page)
    assert "Nhận · 2/2" in text_of(page) and "Cháy kho số 3" in page
    # She leaves the last: it goes on calling, and the page says so.
    left = re.search(r'href="(/incidents/take-singly\?[^"]*left=[^"]*)"', page)
    assert left is not None
    page = text_of(an.get(left[1].replace("&amp;", "&")).text)
    assert "Đã xem hết" in page and "Còn 1 việc đồng chí để lại: máy vẫn gọi." in page
    assert "Đồng chí đã nhận 1 việc." in page
    assert holders(desk, burning) == ["Nguyễn Văn An", "Trần Thị Bình", ""]
    assert {desk.fresh(each.code).status for each in lost} == {"open"}
    # Whoever takes the rest now is told what they have in hand.
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in desk.see("an1", ALL)
    desk.post("an1", ALL, incident=[each.id for each in lost])
    assert f"Đồng chí đang giữ một việc mức 1: {burning[0].code}." in desk.see("an1", "/")


def _take(desk: DeskPages, reader: FlaskClient, page: str) -> str:
    fields = re.findall(r'<input type="hidden" name="(incident|done|left|code)" value="([^"]*)"', page)
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    answer = reader.post(SINGLY, data=form, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_page_offers_to_make_one_of_them_first(desk: DeskPages) -> None:
    _lost, burning = storm(desk, fires=3)
    desk.log("Túi KT1", "kt1")
    an = desk.browser("an1")
    page = an.get(SINGLY).text
    assert "3 sự cố “" in text_of(page) and "Gộp vào một việc" in page, "of its own kind: no bag is joined to a fire"
    link = re.search(r'href="(/incidents/picked\?[^"]*)#join"', page)
    assert link is not None and all(each.code in link[1] for each in burning)
    shown = an.get(link[1].replace("&amp;", "&")).text
    assert "Gộp 3 sự cố" in text_of(shown) and "nên nhận từng việc một" in text_of(shown)
    codes = [each.code for each in burning]
    desk.post("an1", f"{PICKED}/join", code=codes, main=codes[0])
    page = an.get(SINGLY).text
    assert "Nhận, xem việc tiếp · 1/2" in text_of(page) and "Gộp vào một việc" not in page
    # Who may not join is offered nothing: Dũng only looks on, and has nothing to take either.
    assert "Không còn việc nào phải nhận riêng" in desk.see("du1", SINGLY)


def test_of_those_picked_on_the_board_level_1_stays_apart(desk: DeskPages) -> None:
    lost, (fire,) = storm(desk)
    codes = [each.code for each in (*lost, fire)]
    page = desk.browser("an1").get(f"{PICKED}?" + "&".join(f"code={code}" for code in codes)).text
    assert "Tôi nhận cả 5" in text_of(page) and fire.code in page.split("nên nhận từng việc một")[1]
    desk.post("an1", f"{PICKED}/take", code=codes)
    assert f"Nhận từng việc một: {fire.code}." in desk.see("an1", "/incidents/")
    assert holders(desk, lost) == ["Nguyễn Văn An"] * 5 and desk.fresh(fire.code).status == "open"
    desk.post("an1", f"{PICKED}/take", code=[fire.code])
    assert desk.fresh(fire.code).acknowledged_by == "Nguyễn Văn An", "one alone stood before her eyes"


def test_no_other_reader_sees_takes_or_learns_by_that_page(desk: DeskPages) -> None:
    _lost, (fire,) = storm(desk)
    secret = desk.log("Kiện hàng lạ", "suspicious_item")
    chi = desk.browser("ch1")
    assert "Cháy kho" not in chi.get(SINGLY).text
    desk.post("ch1", SINGLY, incident=fire.id)
    desk.post("ch1", SINGLY, incident=secret.id)
    said = desk.see("ch1", SINGLY)
    assert "Sự cố ấy không còn ở đây." in said and "Kiện hàng" not in said
    desk.post("ch1", SINGLY)
    desk.post("ch1", SINGLY, incident="x")
    assert {desk.fresh(each.code).status for each in (fire, secret)} == {"open"}
