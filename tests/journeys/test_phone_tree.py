"""The list of whom to ring when nothing but the telephone is left: on phones, on paper, and what it gives to whom."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.db import db, transaction
from duty.phone_tree import book, kept, mailing
from notify.models import Message
from people.models import ContactMethod, DutyKind, UnitHead
from roster.draft import services as drafts
from roster.models import Duty
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.resolver.models import StandingChain
from tests.support.desk_pages import DeskPages
from tests.support.in_parallel import in_parallel
from tests.support.published import Published
from tests.support.tet_night import ADMIN, NIGHT

LIST = "/tonight/list"
COMPRESSED = 150_000


def listed(desk: DeskPages, login: str) -> dict[str, Any]:
    answer = desk.browser(login).get(LIST)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def units(found: dict[str, Any]) -> list[str]:
    return [name for name, _parent, _phone in found["units"]]


def test_a_phone_keeps_what_its_owner_may_see_of_their_own_part_of_the_province(desk: DeskPages) -> None:
    an, chi, dung = (listed(desk, login) for login in ("an1", "ch1", "du1"))
    assert units(an) == ["Bưu điện tỉnh", "Bưu điện huyện A", "Điểm phục vụ A1"] and an["top"] == 1
    assert units(chi)[chi["top"] :] == ["Bưu điện huyện C"], "nothing of the other district"
    assert {an["people"][turn[4]][0] for turn in an["turns"]} == {"Trần Thị Bình", "Rơ Châm Em", "Nguyễn Văn An"}
    assert not chi["turns"] and ["Lê Quản Trị", "0900000100"] in chi["people"], "the province's leader stands behind"
    assert {phone for _name, phone in dung["people"]} == {""}, "who only looks on has nobody's number"
    assert [kind[2] for kind in an["kinds"][:4]] == ["Điều hành", "Ứng cứu", "Lãnh đạo", "Hỗ trợ"]
    assert an["revision"] == 1 and an["halves"][0][1:] == ["30 Tết", "ban đêm"], "02:10 is still Giao thừa"


def test_whoever_serves_elsewhere_has_the_list_of_there_and_nobody_less_than_their_own(desk: DeskPages) -> None:
    """Chi of the other district stands in at district A; An serves the point below his own district."""
    desk.night.publish("support", "CH1", "BDA")
    desk.night.publish("support", "AN1", "BDA-1")
    chi, an = listed(desk, "ch1"), listed(desk, "an1")
    assert units(chi)[chi["top"] :] == units(an)[an["top"] :] == ["Bưu điện huyện A", "Điểm phục vụ A1"]
    assert "Bưu điện huyện A" in desk.see("ch1", "/tonight")
    desk.at(24 * 60)
    chi = listed(desk, "ch1")
    assert units(chi)[chi["top"] :] == ["Bưu điện huyện C"], "her shift is over"


@pytest.mark.both_dbs("what is kept rests on numbers that triggers count")
def test_it_is_fetched_again_only_when_it_says_something_else(desk: DeskPages) -> None:
    browser = desk.browser("an1")
    first = browser.get(LIST)
    assert "no-store" in first.headers["Cache-Control"], "only the service worker keeps it, and forgets it at sign-out"
    known = {"If-None-Match": first.headers["ETag"]}
    assert browser.get(LIST, headers=known).status_code == 304
    desk.log("Mất điện", "power")
    desk.at(20)
    assert browser.get(LIST, headers=known).status_code == 304, "incidents and minutes change nothing"
    with transaction() as session:
        session.query(Duty).filter_by(duty="emergency").update({"cancelled_at": NIGHT})
    second = browser.get(LIST, headers=known)
    assert second.status_code == 200 and second.get_json()["turns"] != first.get_json()["turns"]
    known = {"If-None-Match": second.headers["ETag"]}
    with transaction() as session:
        session.add(StandingChain(unit_id=desk.night.ids["BDA"], position=1, person_id=desk.night.ids["PH1"]))
    third = browser.get(LIST, headers=known).get_json()
    assert [third["people"][who][0] for who in third["chains"]["1"]] == ["Kpă Phong"]
    desk.at(8 * 60)
    assert browser.get(LIST, headers=known).status_code == 200, "time goes on: the 72 hours do, too"


def test_a_whole_province_fits_into_what_a_phone_may_keep(desk: DeskPages) -> None:
    """886 units: each of 60 districts has three shifts a day, every point a leader and a telephone."""
    lines = [book.UnitLine(0, None, "BDT", "Bưu điện tỉnh Cao Nguyên", "02693820000")]
    lines += [book.UnitLine(n, 0, f"H{n}", f"Bưu điện huyện Ia Grai {n}", f"0269382{n:04}") for n in range(1, 61)]
    lines += [
        book.UnitLine(n, n % 60 + 1, f"P{n}", f"Điểm phục vụ Ia Ka {n}", f"0269383{n:04}") for n in range(61, 886)
    ]
    names = ("Rơ Châm H'Nhung", "Nguyễn Thị Thu Hương", "Ksor Phước", "Đỗ Ngọc Ánh", "Trần Quốc Bảo")
    people = {n: (f"{names[n % 5]} {n * 7919 % 997}", f"09{n * 104_729 % 100_000_000:08}") for n in range(2600)}
    kinds = tuple(DutyKind(code=code, name_vi=code, name_en=code, letter="X", colour="ot") for code in book.IN_ORDER)
    turns = tuple(
        book.PhoneBookDuty(
            unit, kind.code, NIGHT + timedelta(hours=8 * step), NIGHT + timedelta(hours=8 * step + 8), who
        )
        for unit in range(61)
        for place, kind in enumerate(kinds)
        for step in range(9)
        for who in [(unit * 37 + place * 11 + step) % 2600]
    )
    leaders = {line.id: (line.id, 1000 + line.id) for line in lines}
    whole = book.PhoneBook(tuple(lines), 0, kinds, turns, people, {}, {}, leaders, 7)
    packed = gzip.compress(json.dumps(kept.short_form(whole, NIGHT), ensure_ascii=False).encode(), 6)
    assert len(packed) < COMPRESSED / 2, len(packed)


def test_on_paper_a_unit_has_everything_below_it_and_a_code(desk: DeskPages) -> None:
    desk.night.publish("emergency", "PH1", "BDA-1")
    page = desk.see("an1", "/roster/phone-tree?unit=BDA")
    for words in ("CÂY ĐIỆN THOẠI", "Điều hành", "23:10–11:10", "Trần Thị Bình 0900 000 102", "bản lịch số 1"):
        assert words in page, words
    below = page[page.index("1 đơn vị bên dưới") :]
    assert "Điểm phục vụ A1" in below and "Kpă Phong 0900 000 106" in below
    assert "Không ai nghe máy: gọi lần lượt Nguyễn Văn An" in page.replace("  ", " ")
    assert "<svg" in desk.browser("an1").get("/roster/phone-tree?unit=BDA").text
    looks_on = desk.see("du1", "/roster/phone-tree?unit=BDA")
    assert "Trần Thị Bình" in looks_on and "0900 000 102" not in looks_on
    assert "Đơn vị không có ca riêng" in desk.see("an1", "/roster/phone-tree?unit=BDC")
    assert "/roster/phone-tree?unit=BDA" in desk.browser("an1").get("/tonight").text
    assert desk.browser("an1").get("/roster/phone-tree?unit=KHONG").status_code == 404
    desk.post("an1", "/language", language="en")
    assert "PHONE TREE" in desk.see("an1", "/roster/phone-tree?unit=BDA")


@pytest.mark.both_dbs("the campaign is held while its revisions are marked")
def test_after_a_revision_heads_and_those_on_duty_have_the_list_by_mail(app: Flask, roster: Published) -> None:
    """10:00 and 10:05 two revisions; 10:15 one letter each, and nothing by SMS."""
    ten = NIGHT - timedelta(hours=16, minutes=10)
    night = roster.shifts("operations")[3]
    with transaction() as session:
        session.add(UnitHead(unit_id=roster.unit_id, person_id=roster.person["L3"]))
    roster.reassign("operations", 2, "O4", at=ten)
    roster.reassign("emergency", 2, "E1", at=ten + timedelta(minutes=5))
    assert mailing.tell(ten + timedelta(minutes=11)) == 0, "somebody is still at it"
    app.extensions.pop(mailing.__name__)
    with transaction() as session:
        session.query(ContactMethod).filter_by(person_id=roster.person["O3"], channel="email").delete()
    assert in_parallel(app, 2, lambda _n: mailing.tell(ten + timedelta(minutes=15))).count(0) == 1, "two workers"
    letters = list(db.session.query(Message).filter(Message.idempotency_key.like("phone-tree/%/r3/%")))
    told = {each.recipient for each in letters}
    assert len(letters) == len(told) and {each.channel for each in letters} == {"email"}
    assert "Nguyễn Văn O4" in told and "Nguyễn Văn O3" not in told, "whoever has no mail is not bothered"
    body = letters[0].body
    assert "Bưu điện tỉnh" in body and "Nguyễn Văn O4 0900" in body and "/roster/phone-tree?unit=TINH" in body
    assert letters[0].subject == "Cây điện thoại Bưu điện tỉnh, bản lịch số 3"
    # Published without telling anybody: no letter either.
    later = ten + timedelta(hours=2)
    drafts.set_people(night, ["O3"], override_reason="Đổi ca", actor=ADMIN, now=later)
    publishing.publish(
        roster.campaign_id,
        PublishTerms(accept_gaps="O3 không có mail", tell=False, tell_reason="Sửa lỗi nhập"),
        actor=ADMIN,
        now=later,
    )
    assert mailing.tell(later + timedelta(hours=1)) == 0


def test_letters_are_composed_while_nobody_has_to_wait_for_it(
    app: Flask, roster: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten = NIGHT - timedelta(hours=16, minutes=10)
    roster.reassign("operations", 2, "O4", at=ten)
    writing, read = [], book.read_book

    def spied(*given: Any, **more: Any) -> book.PhoneBook:
        writing.append(bool(db.session().info.get("writing")))
        return read(*given, **more)

    monkeypatch.setattr(book, "read_book", spied)
    assert mailing.tell(ten + timedelta(minutes=15)) > 0
    assert writing == [False], "the campaign is not held meanwhile, nor SQLite's one writer"
