"""Publishing tells each person what changed for them: what they lose, what they get and with whom, by date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, transaction
from notify import sms_text
from notify.models import Message
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, Person
from people.notification_rules import reading, rules as rungs
from roster.dividing import amendments
from roster.draft import services as drafts
from roster.models import Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.parts import Only
from tests.support.factories import ADMIN
from tests.support.published import Published

BEFORE = datetime(2020, 1, 20, 2, 0, tzinfo=UTC)
LINK = re.compile(r"http://127\.0\.0\.1:8000/p/me/[\w-]{22}$")
"""One's own page, without sign-in."""


def said(body: str) -> str:
    """What stands before the link."""
    found = LINK.search(body)
    assert found is not None, body
    return body[: found.start()]


@pytest.fixture
def by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is told by text message."""

    def ways(person_ids: Any) -> dict[int, rungs.Rung]:
        return {each: rungs.Rung("sms", "0900000001", timedelta(0), 1, True) for each in person_ids}

    monkeypatch.setattr(reading, "ways", ways)


def put(roster: Published, turn: int, *codes: str, duty: str = "operations") -> None:
    shift = roster.shifts(duty)[turn]
    drafts.set_people(shift, list(codes), override_reason="Đổi ca", actor=ADMIN, now=BEFORE)


def letters(revision: int) -> dict[str, Message]:
    rows = db.session.scalars(select(Message).where(Message.idempotency_key.like(f"%/r{revision}/person/%")))
    return {row.recipient.split()[-1]: row for row in rows}


Publish = Callable[[Published], Any]


def whole(roster: Published) -> Any:
    return publishing.publish(roster.campaign_id, actor=ADMIN, now=BEFORE)


def part(roster: Published) -> Any:
    return amendments.publish_only(roster.campaign_id, Only(units=("TINH",)), actor=ADMIN, now=BEFORE)


@pytest.mark.both_dbs
@pytest.mark.parametrize("publish", [whole, part])
def test_giao_thua_gained_is_the_first_thing_that_the_letter_says(roster: Published, publish: Publish) -> None:
    """O4 had nothing; O2 serves the night of the 23rd and Mùng 1, and gets Giao thừa from O1."""
    put(roster, 3, "O2")
    publish(roster)
    told = letters(2)
    assert set(told) == {"O1", "O2"}
    assert told["O2"].subject.endswith("bản số 2 (thêm 1 ca)")
    assert told["O1"].subject.endswith("bản số 2 (thôi 1 ca)")
    changes, everything = told["O2"].body.split("tất cả ca trực sắp tới")
    assert changes.count("\n- ") == 1 and "- GIAO THỪA · Thứ Sáu 24/01/2020" in changes
    assert [line.split(",")[0] for line in everything.splitlines() if line.startswith("- ")] == [
        "- GIAO THỪA · Thứ Sáu 24/01/2020",
        "- MÙNG 1 · Thứ Bảy 25/01/2020",
        "- Thứ Năm 23/01/2020",
    ]
    gone = told["O1"].body.split("tất cả ca trực sắp tới")[0]
    assert "thôi trực:\n- GIAO THỪA · Thứ Sáu 24/01/2020" in gone and "trực thêm" not in gone


def test_a_first_roster_is_told_whole_with_the_days_that_people_mind_first(roster: Published) -> None:
    letter = letters(1)["O1"]
    lines = [line.split(",")[0] for line in letter.body.splitlines() if line.startswith("- ")]
    assert lines == ["- GIAO THỪA · Thứ Sáu 24/01/2020", "- Thứ Năm 23/01/2020"]
    assert letter.subject.endswith("bản số 1")
    assert "thêm" not in letter.body


def test_who_serves_with_whom_is_said_by_name(roster: Published) -> None:
    with transaction() as session:
        shift = session.get_one(Shift, roster.shifts("emergency")[2])
        shift.headcount = 2
        session.add(Seat(shift_id=shift.id, position=2))
    put(roster, 2, "E3", "E1", duty="emergency")
    whole(roster)
    assert "cùng Nguyễn Văn E3" in letters(2)["E1"].body
    assert set(letters(2)) == {"E1"}, "whose colleague changes has the same shift as before"


def test_a_text_message_says_the_dates_themselves(roster: Published, by_text: None) -> None:
    put(roster, 0, "O4")
    put(roster, 3, "O2")
    whole(roster)
    told = {code: row.body for code, row in letters(2).items()}
    assert said(told["O1"]).endswith(": thôi Giao thừa 24/01 Đêm, 23/01 Ngày; không còn ca nào sắp tới. Xem: ")
    assert said(told["O2"]).endswith("bản 2: thêm Giao thừa 24/01 Đêm. Xác nhận: ")
    assert said(told["O4"]).endswith("bản 2: trực 23/01 Ngày. Xác nhận: ")


def test_a_text_message_fits_however_much_changed_and_counts_the_rest(roster: Published, by_text: None) -> None:
    with transaction():
        roster.campaign.name = "Trực Tết Nguyên đán của Bưu điện tỉnh và các huyện, đợt chính thức"
    for turn in range(6):
        put(roster, turn, "O4")
    put(roster, 1, "O1", duty="operations")
    whole(roster)
    for letter in letters(2).values():
        sent = sms_text.plain(letter.body, letter.link)
        assert sms_text.length(sent) <= 160 and LINK.search(sent)
    everything = letters(2)["O4"].body
    assert everything.startswith("Lịch trực bản 2: trực Giao thừa 24/01 Đêm, Mùng 1 25/01 Ngày, Mùng 1 25/01 Đêm")
    assert "; còn 2 ca nữa. Xác nhận: " in everything


def test_dates_give_way_one_by_one_and_the_link_stays(roster: Published, by_text: None, app: Any) -> None:
    app.config["PUBLIC_URL"] = "https://truc-tet-nguyen-dan.buudien-tinh-cao-nguyen.example.vn"
    for turn in range(6):
        put(roster, turn, "O4")
    whole(roster)
    body = letters(2)["O4"].body
    assert body.startswith("Lịch trực bản 2: trực Giao thừa 24/01 Đêm") and "; còn " in body
    assert re.search(r"example\.vn/p/me/[\w-]{22}$", sms_text.plain(body))


def test_in_english_for_whoever_reads_english(roster: Published, by_text: None) -> None:
    person = db.session.get_one(Person, roster.person["O2"])
    user = accounts.create_user(
        NewAccount("o2", "O2", "staff", unit_code="TINH", person_code=person.code, password="hoa-mai-vang-2020"),
        now=BEFORE,
        actor=ADMIN,
    )
    with transaction():
        user.locale = "en"
    put(roster, 3, "O2")
    whole(roster)
    assert "rev. 2: added New Year's Eve (Giao thừa) 24/01 Đêm. Confirm: " in letters(2)["O2"].body


def test_one_publish_is_one_message_a_person(roster: Published) -> None:
    assert db.session.scalar(select(ContactMethod.id).limit(1)) is not None
    put(roster, 3, "O2")
    put(roster, 5, "O1")
    whole(roster)
    keys = [row.idempotency_key for row in letters(2).values()]
    assert len(keys) == len(set(keys)) == 3
