"""Units send their own lists for a campaign: asked by a link, filled in, returned, sent again, merged; and who owes."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import delete, select, update

from core import clock
from core.calendar import dates
from core.db import db, transaction
from notify.erasing import GONE
from notify.models import Message
from people.accounts import services as accounts
from people.models import User
from people.queries import unit_by_code
from roster.campaigns.models import Campaign
from roster.draft.models import DraftEdit
from roster.lists import links, notices, queries
from roster.lists.models import UnitList
from roster.models import DraftAssignment, Seat, Shift
from roster.resolver.models import DeskPhone
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, sign_in
from tests.support.stores import SqliteStore, prepare

pytestmark = pytest.mark.usefixtures("mail")

DUE = NOW + timedelta(days=3)


def make_draft() -> int:
    """Two days of a province whose two districts have demand, and people for it."""
    enterprise.make()
    for code, names in (("BDA", ("P0", "P1", "P2")), ("BDC", ("P3", "P4"))):
        unit = unit_by_code(code)
        for name in names:
            factories.make_person(name, unit, duties=("leadership", "operations", "emergency"))
        factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
        factories.make_demand(unit, "leadership", "24/24", "07:30", 24, form="standby")
    return factories.make_campaign(unit_by_code("BDT"), first="2020-01-24", last="2020-01-25").id


@pytest.fixture(scope="module")
def made(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, int]:
    return prepare(*_sqlite, "unit-lists", make_draft)


@pytest.fixture
def campaign(app: Flask, made: tuple[Path, int], _sqlite: tuple[SqliteStore, Flask]) -> Campaign:
    database, campaign_id = made
    _sqlite[0].reset(database)
    return db.session.get_one(Campaign, campaign_id)


class Office:
    """Somebody with an account, or with nothing but a link."""

    def __init__(self, client: FlaskClient, campaign: Campaign, login: str = "") -> None:
        self.client, self.base = client, f"/roster/campaigns/{campaign.id}"
        if login:
            sign_in(client, login)

    def see(self, path: str, status: int = 200, *, at: Any = NOW) -> str:
        with clock.travel(at):
            answer = self.client.get(path if path.startswith("/l/") else self.base + path)
        assert answer.status_code == status, answer.status_code
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    def form(self, path: str) -> str:
        with clock.travel(NOW):
            return self.client.get(path).text

    def post(self, path: str, status: int = 303, *, at: Any = NOW, **sent: Any) -> Any:
        with clock.travel(at):
            answer = self.client.post(path if path.startswith("/l/") else self.base + path, data=sent)
        assert answer.status_code == status, answer.text
        return answer

    def open(self, **more: Any) -> None:
        self.post("/lists", due=dates.moment_shown(DUE), message="Ghi đủ cả hai ngày", all="1", **more)


@pytest.fixture
def province(new_client: Any, campaign: Campaign) -> Office:
    return Office(new_client(), campaign, "qt1")


@pytest.fixture
def anybody(new_client: Any, campaign: Campaign) -> Office:
    return Office(new_client(), campaign)


def rows() -> dict[str, UnitList]:
    db.session.rollback()
    db.session.expire_all()
    return {row.unit.code: row for row in db.session.scalars(select(UnitList))}


def mails(topic: str = "lists/") -> list[tuple[str, str]]:
    found = db.session.scalars(select(Message).where(Message.topic.startswith(topic)).order_by(Message.id))
    return [(each.recipient, f"{each.subject}\n{each.body}") for each in found]


def link_of(text: str) -> str:
    found = re.search(r"/l/u/[\w-]+", text)
    assert found is not None, text
    return found[0]


def seats(unit: str, duty: str = "operations") -> list[int]:
    wanted = select(Seat.id).join(Shift).where(Shift.unit_id == unit_by_code(unit).id, Shift.duty == duty)
    return list(db.session.scalars(wanted.order_by(Shift.starts_at)))


def sitting() -> dict[int, str]:
    db.session.rollback()
    db.session.expire_all()
    return {row.seat_id: row.person.code for row in db.session.scalars(select(DraftAssignment))}


def test_a_list_goes_from_the_link_into_the_draft(province: Office, anybody: Office, campaign: Campaign) -> None:
    province.open()
    asked = mails()
    assert [who for who, _text in asked] == ["Nguyễn Văn An", "Phạm Thị Chi"], "each unit's own manager"
    assert "Ghi đủ cả hai ngày" in asked[0][1] and "hạn" in asked[0][1].lower()
    link = link_of(asked[0][1])
    first, second = seats("BDA")
    # Whoever has the link sees the unit's shifts and people, and no others.
    page = anybody.see(link)
    assert "Lịch trực của Bưu điện huyện A" in page and "Ksor Phước" in page and "Nay Đức" not in page
    # Nothing chosen, no name: said at the field, and what was typed stays.
    refused = anybody.post(link, 422, act="send", name="", note="Chị Lan nghỉ", **{f"seat-{first}": "P1"})
    assert "Ghi họ tên người lập danh sách" in refused.text and "Chị Lan nghỉ" in refused.text
    assert re.search(r'<option value="Ksor Phước · P1" selected>', refused.text)
    assert "Chưa chọn ai" in anybody.post(link, 422, act="send", name="An").text
    anybody.post(link, act="send", name="Văn thư An", **{f"seat-{first}": "P1"})
    assert rows()["BDA"].state == "sent" and sitting() == {}
    # The province looks, and sends it back.
    assert "1 trên 2 đơn vị còn nợ danh sách" in province.see("/lists")
    here = f"/lists/{rows()['BDA'].id}"
    assert "Ksor Phước" in province.see(here)
    province.post(here, 422, act="return", remark="  ")
    province.post(here, act="return", remark="Thiếu ngày 25")
    assert rows()["BDA"].state == "returned" and "Thiếu ngày 25" in mails()[-1][1]
    assert "2 trên 2 đơn vị còn nợ danh sách" in province.see("/lists")
    assert "Cần sửa rồi gửi lại: Thiếu ngày 25" in anybody.see(link)
    anybody.post(link, act="send", name="Văn thư An", **{f"seat-{first}": "P1", f"seat-{second}": "P2"})
    seen = rows()["BDA"].sent_at
    assert seen is not None
    # Merged: one edit under the unit's name, which undo takes back.
    province.post(here, act="merge", sent=seen.isoformat())
    assert sitting() == {first: "P1", second: "P2"} and rows()["BDA"].state == "merged"
    (noted,) = db.session.scalars(select(DraftEdit))
    assert noted.about is not None and noted.about["list"] == "Bưu điện huyện A"
    assert "Danh sách đã ghép vào lịch" in anybody.see(link)
    anybody.post(link, 409, act="send", name="An", **{f"seat-{first}": "P2"})
    undone = province.post("/edits/undo", 200)
    assert undone.json["said"] == "Đã hoàn tác: ghép 2 lượt từ danh sách của Bưu điện huyện A."
    assert sitting() == {}


def test_what_cannot_be_is_refused_seat_by_seat(province: Office, anybody: Office) -> None:
    factories.make_demand(unit_by_code("BDA"), "support", "Ngày", "07:30", 12)
    province.open()
    link = link_of(mails()[0][1])
    first, _second = seats("BDA")
    lead, _other = seats("BDA", "leadership")
    other = seats("BDC")[0]
    # AN1 leads and does not operate; a seat of another unit is none of this list.
    said = anybody.post(link, 422, act="send", name="An", **{f"seat-{first}": "AN1", f"seat-{lead}": "AN1"})
    assert "Nguyễn Văn An không trực được" in said.text and f'id="seat-{first}-err"' in said.text
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1", f"seat-{other}": "P3"})
    assert {pick.seat_id for pick in rows()["BDA"].picks} == {first}


def test_a_list_that_changed_after_it_was_looked_at_is_looked_at_again(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    first, second = seats("BDA")
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1"})
    seen = rows()["BDA"].sent_at
    assert seen is not None
    anybody.post(link, act="send", name="An", at=NOW + timedelta(minutes=1), **{f"seat-{second}": "P2"})
    here = f"/lists/{rows()['BDA'].id}"
    assert "vừa gửi lại danh sách khác" in province.post(here, 409, act="merge", sent=seen.isoformat()).text
    assert sitting() == {} and rows()["BDA"].state == "sent"


def test_merging_is_judged_and_replaces_only_the_shifts_that_are_named(province: Office, anybody: Office) -> None:
    from roster.draft import services as drafts

    first, second = seats("BDA")
    lead, _other = seats("BDA", "leadership")
    with clock.travel(NOW):
        held = [drafts.SeatEdit(first, "P0", None), drafts.SeatEdit(second, "P0", None)]
        drafts.edit_seats(province_id(province), held, actor=enterprise.ROOT, now=NOW)
    province.open()
    link = link_of(mails()[0][1])
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1", f"seat-{lead}": "P1"})
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None
    page = province.see(here)
    assert "2 chỗ trong dự thảo sẽ đổi" in page and "chỗ vi phạm quy tắc" in page, "one person, two shifts at once"
    assert province.post(here, 409, act="merge", sent=seen.isoformat()).status_code == 409
    assert sitting() == {first: "P0", second: "P0"}
    province.post(here, act="merge", sent=seen.isoformat(), reason="Đơn vị ít người")
    assert sitting() == {first: "P1", second: "P0", lead: "P1"}


def province_id(office: Office) -> int:
    return int(office.base.rpartition("/")[2])


def test_a_unit_reads_its_own_sheet_into_the_form(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    first, second = seats("BDA")
    book = Workbook()
    sheet: Any = book.active
    for row in (
        ["TRỰC TẾT"],
        ["Họ tên", "24/1", "25/1"],
        ["Ksor Phước", "ĐH", ""],
        ["Y Thuyen", "", "ĐH"],
        ["Ai đó", "ĐH", ""],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    file = (io.BytesIO(out.getvalue()), "truc.xlsx")
    read = anybody.post(link, 200, act="read", name="An", file=file, **{f"seat-{second}": "P0"})
    assert "Đã đọc 2 lượt từ truc.xlsx" in read.text and "không có ai tên “Ai đó”" in read.text
    assert 'value="An"' in read.text, "the name typed before stays"
    assert re.search(rf'name="seat-{first}".*?· P1" selected', read.text, re.S)
    assert re.search(rf'name="seat-{second}".*?· P2" selected', read.text, re.S)
    assert rows()["BDA"].state == "waiting", "reading sends nothing"
    assert "Chọn một tệp" in anybody.post(link, 409, act="read").text


def test_who_owes_is_reminded_once_before_the_deadline_in_one_message(province: Office, anybody: Office) -> None:
    province.open()
    first, _second = seats("BDA")
    anybody.post(link_of(mails()[0][1]), act="send", name="An", **{f"seat-{first}": "P1"})
    early = DUE - timedelta(days=1, minutes=1)
    assert notices.remind(early) == 0
    assert notices.remind(DUE - timedelta(hours=23)) == 1
    assert notices.remind(DUE - timedelta(hours=22)) == 0
    assert [who for who, text in mails() if "Nhắc nộp lịch trực" in text] == ["Phạm Thị Chi"], "An has sent his"
    standing = queries.standing(province_id(province), now=DUE + timedelta(hours=1))
    assert standing is not None and (standing.owing, standing.waits, standing.is_late) == (1, 1, True)


def test_where_lists_stand_is_seen_on_the_campaign_and_by_unit(province: Office, anybody: Office) -> None:
    province.open()
    first, _second = seats("BDA")
    anybody.post(link_of(mails()[0][1]), act="send", name="An", **{f"seat-{first}": "P1"})
    for view in ("?view=people", "?view=units"):
        assert "1 trên 2 đơn vị chưa gửi" in province.see(view)
    page = province.see("?view=units")
    assert "Đã gửi, chờ ghép" in page and "Chưa gửi" in page
    province.post("/lists/close")
    assert "đơn vị chưa gửi" not in province.see("?view=units")


def test_a_link_is_taken_back_and_made_anew(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    here = f"/lists/{rows()['BDA'].id}"
    province.post(here, act="end")
    assert "đã bị thu hồi" in anybody.see(link, 410)
    anybody.post(link, 410, act="send", name="An")
    province.post(here, act="renew")
    fresh = link_of(mails()[-1][1])
    assert fresh != link and "Lịch trực của" in anybody.see(fresh)
    anybody.see(link, 404)
    assert fresh in province.post(here, 200, act="show").text
    assert fresh not in province.see(here), "to look shows no secret"
    province.post("/lists/close")
    anybody.post(fresh, 409, act="send", name="An", **{f"seat-{seats('BDA')[0]}": "P1"})


@pytest.mark.parametrize(
    ("ended", "status", "why"),
    [
        ("collection", 409, "Việc thu lịch trực đã đóng"),
        ("merged", 409, "Danh sách đã ghép vào lịch"),
        ("link", 410, "Đường dẫn này đã bị thu hồi"),
        ("campaign", 410, "Việc thu lịch trực của đơn vị này đã kết thúc"),
    ],
)
def test_what_was_filled_in_while_a_list_was_closed_can_be_copied(
    province: Office, anybody: Office, campaign: Campaign, ended: str, status: int, why: str
) -> None:
    """An hour's work on a phone: why it is not taken, all of it once more, and whom to ring."""
    with transaction() as session:
        session.add(DeskPhone(unit_id=campaign.unit_id, duty="operations", phone="02693824111"))
    province.open()
    link, (first, second) = link_of(mails()[0][1]), seats("BDA")
    chosen = re.search(rf'id="seat-{first}".*?<option value="([^"]+ · P1)"', anybody.form(link), re.S)
    assert chosen is not None
    here = f"/lists/{rows()['BDA'].id}"
    if ended == "collection":
        province.post("/lists/close")
    elif ended == "merged":
        anybody.post(link, act="send", name="Chị Lan", **{f"seat-{second}": "P2"})
        sent_at = rows()["BDA"].sent_at
        assert sent_at is not None
        province.post(here, act="merge", sent=sent_at.isoformat(), reason="Thử")
    elif ended == "link":
        province.post(here, act="end")
    else:
        with transaction() as session:
            session.execute(update(Campaign).values(state="closed"))
    filled = {f"seat-{first}": chosen[1], f"seat-{second}": "Anh Tư bưu tá"}
    sent = anybody.post(link, status, act="send", name="Văn thư An", note="Chị Lan nghỉ đẻ", **filled).text
    page = " ".join(re.sub(r"<[^>]+>", " ", sent).split())
    assert why in page and "Đã điền, chưa gửi được" in page
    assert "Ngày, 07:30 24/01 – 19:30 Ksor Phước · P1" in page
    assert "Ngày, 07:30 25/01 – 19:30 Anh Tư bưu tá" in page
    assert "Người lập danh sách Văn thư An" in page and "Ghi chú Chị Lan nghỉ đẻ" in page
    assert "báo người xếp lịch của Bưu điện tỉnh" in page and 'href="tel:02693824111"' in sent


def test_a_link_that_was_taken_back_tells_no_name_to_whoever_guesses_a_code(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    province.post(f"/lists/{rows()['BDA'].id}", act="end")
    sent = anybody.post(link, 410, act="send", **{f"seat-{first}": "P1", "seat-9999": "P2"}).text
    assert "P1" in sent and "Ksor Phước" not in sent and "P2" not in sent


def test_a_link_that_was_taken_back_days_ago_tells_no_shift(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    province.post(f"/lists/{rows()['BDA'].id}", act="end")
    assert "P1" in anybody.post(link, 410, act="send", **{f"seat-{first}": "P1"}).text, "the control: at first it does"
    with transaction() as session:
        session.execute(update(UnitList).values(link_ended_at=NOW - timedelta(days=2)))
    assert "P1" not in anybody.post(link, 410, act="send", **{f"seat-{first}": "P1"}).text


def test_what_names_nobody_is_shown_whole(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    typed = "Ksor Phước thay cho " * 10 + "anh Tư"
    assert typed in anybody.post(link, 422, act="send", name="An", **{f"seat-{first}": typed}).text


def test_a_unit_whose_list_is_merged_is_asked_nothing_by_a_new_link(province: Office, anybody: Office) -> None:
    province.open()
    first, here = seats("BDA")[0], f"/lists/{rows()['BDA'].id}"
    anybody.post(link_of(mails()[0][1]), act="send", name="An", **{f"seat-{first}": "P1"})
    sent_at = rows()["BDA"].sent_at
    assert sent_at is not None
    province.post(here, act="merge", sent=sent_at.isoformat(), reason="Thử")
    assert rows()["BDA"].state == "merged"
    before = len(mails())
    province.post(here, act="renew")
    assert len(mails()) == before


def test_a_units_manager_sees_and_fills_the_own_list_alone(
    province: Office, campaign: Campaign, new_client: Any
) -> None:
    province.open()
    an = Office(new_client(), campaign, "an1")
    own, other = (rows()[code] for code in ("BDA", "BDC"))
    page = an.see("/lists")
    assert "Bưu điện huyện A" in page and "Bưu điện huyện C" not in page and "Mở thu" not in page
    an.see(f"/lists/{other.id}", 403)
    assert "/l/u/" in an.post(f"/lists/{own.id}", act="open").headers["Location"]
    for act in ("return", "merge", "renew", "end"):
        an.post(f"/lists/{own.id}", 403, act=act, remark="x")
    an.post(f"/lists/{other.id}", 403, act="show")
    an.post("/lists", 403, due="01/02/2020 10:00", all="1")
    for login in ("bi1", "du1"):
        Office(new_client(), campaign, login).see("/lists", 403)


@pytest.mark.parametrize("due", ["", "hôm qua", "19/01/2020 10:00"])
def test_a_deadline_has_to_come(province: Office, due: str) -> None:
    said = province.post("/lists", 422, due=due, message="Gửi sớm", all="1")
    assert "Hạn nộp phải ở sau lúc này" in said.text and "Gửi sớm" in said.text
    assert rows() == {}


def test_a_campaign_that_is_deleted_takes_its_lists_along(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    anybody.post(link, act="send", name="An", **{f"seat-{seats('BDA')[0]}": "P1"})
    province.post("/delete")
    assert rows() == {}
    anybody.see(link, 404)


def test_of_a_unit_without_a_manager_the_link_is_handed_over(province: Office, campaign: Campaign) -> None:
    with clock.travel(NOW):
        chi = db.session.scalars(select(User).filter_by(login="ch1")).one()
        accounts.set_active(chi.id, False, actor=enterprise.ROOT, now=NOW)
    province.open()
    assert [who for who, _text in mails()] == ["Nguyễn Văn An"]
    assert "chưa có người nhận: mở để chép đường dẫn" in province.see("/lists")
    shown = province.post(f"/lists/{rows()['BDC'].id}", 200, act="show").text
    assert "/l/u/" in shown


def test_a_list_filled_in_twice_at_once_replaces_no_other_unseen(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, second) = link_of(mails()[0][1]), seats("BDA")
    assert anybody.see(link)  # both phones have opened the form before either sends
    anybody.post(link, act="send", seen="", name="Chị Lan", **{f"seat-{first}": "P1"})
    later = NOW + timedelta(minutes=1)
    refused = anybody.post(link, 409, at=later, act="send", seen="", name="An", **{f"seat-{second}": "P2"})
    assert "Chị Lan đã gửi" in refused.text and '· P2" selected' in refused.text
    assert {pick.seat_id for pick in rows()["BDA"].picks} == {first}
    again = re.search(r'name="seen" value="([^"]+)"', refused.text)
    assert again is not None
    anybody.post(link, at=later, act="send", seen=again[1], name="An", **{f"seat-{second}": "P2"})
    assert {pick.seat_id for pick in rows()["BDA"].picks} == {second}


def test_a_list_that_is_sent_again_while_it_is_merged_is_not_called_merged(
    province: Office, anybody: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roster.lists import services

    province.open()
    link, (first, second) = link_of(mails()[0][1]), seats("BDA")
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1"})
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None
    write = services.drafts.edit_seats

    def while_it_is_written(*args: Any, **kwargs: Any) -> Any:
        done = write(*args, **kwargs)
        later = NOW + timedelta(minutes=1)
        anybody.post(link, at=later, act="send", name="An", **{f"seat-{second}": "P2"})
        return done

    monkeypatch.setattr(services.drafts, "edit_seats", while_it_is_written)
    province.post(here, act="merge", sent=seen.isoformat())
    assert sitting() == {first: "P1"} and rows()["BDA"].state == "sent", "what came meanwhile is still to be looked at"


def test_a_merge_that_is_undone_holds_no_more_and_done_again_it_holds(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1"})
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None
    province.post(here, act="merge", sent=seen.isoformat())
    province.post("/edits/undo", 200)
    assert rows()["BDA"].state == "sent" and "đã ghép vào lịch" not in anybody.see(link)
    province.post("/edits/redo", 200)
    assert rows()["BDA"].state == "merged"
    # Sent anew after it was undone, it is another list: what is done again is not that one.
    province.post("/edits/undo", 200)
    anybody.post(link, act="send", name="An", at=NOW + timedelta(minutes=1), **{f"seat-{first}": "P2"})
    province.post("/edits/redo", 200)
    assert sitting() == {first: "P1"} and rows()["BDA"].state == "sent"


def test_a_campaign_that_is_over_asks_nobody(province: Office, anybody: Office, campaign: Campaign) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    db.session.get_one(Campaign, campaign.id).state = "closed"
    db.session.commit()
    assert "đã kết thúc" in anybody.see(link, 410) and "Ksor Phước" not in anybody.see(link, 410)
    anybody.post(link, 410, act="send", name="An", **{f"seat-{first}": "P1"})
    assert notices.remind(DUE - timedelta(hours=23)) == 0
    assert queries.standing(campaign.id, now=NOW) is None


def test_a_unit_that_is_no_more_has_no_link_either(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    unit_by_code("BDA").valid_to = clock.local_date(NOW) - timedelta(days=1)
    db.session.commit()
    assert "đã kết thúc" in anybody.see(link, 410)


def test_a_closed_collection_reads_no_sheets(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    province.post("/lists/close")
    sheet = (io.BytesIO(b"x"), "a.csv")
    assert "đã đóng" in anybody.post(link, 409, act="read", file=sheet).text


def test_who_closes_an_account_hears_of_links_that_its_owner_still_holds(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(mails()[0][1])
    manager = db.session.scalars(select(User).where(User.login == "an1")).one()
    with transaction() as session:  # what has been sent keeps no words
        session.execute(update(Message).values(state="sent", **GONE))
    with clock.travel(NOW):
        told = province.client.post(
            f"/people/accounts/{manager.id}/active", data={"active": "no"}, follow_redirects=True
        ).text
        assert "Người này còn giữ 1 đường dẫn nộp lịch trực" in told
    province.post(f"/lists/{rows()['BDA'].id}", act="renew")
    anybody.see(link, 404)
    with transaction() as session:
        session.execute(delete(Message).where(Message.state == "pending"))  # the new link went to somebody else
    assert links.left_behind(manager, NOW) == ""


def test_a_unit_without_demand_owes_nothing(province: Office, campaign: Campaign) -> None:
    province.open()
    with clock.travel(NOW):
        db.session.execute(delete(Seat).where(Seat.id.in_([*seats("BDC"), *seats("BDC", "leadership")])))
        db.session.commit()
    standing = queries.standing(campaign.id, now=NOW)
    assert standing is not None and (standing.units, standing.owing) == (1, 1)
    assert notices.remind(DUE - timedelta(hours=23)) == 1
    assert [who for who, text in mails() if "Nhắc nộp lịch trực" in text] == ["Nguyễn Văn An"]
    assert "Không còn ca" in province.see("/lists")


def test_a_list_of_which_no_shift_is_left_is_not_merged(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1"})
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None
    with clock.travel(NOW):
        db.session.execute(delete(Seat).where(Seat.id == first))
        db.session.commit()
    said = province.post(here, 409, act="merge", sent=seen.isoformat())
    assert "không còn" in said.text and rows()["BDA"].state == "sent"


def test_a_link_names_nobody_of_other_units(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    typed = anybody.post(link, 422, act="send", name="An", **{f"seat-{first}": "P3"})
    sheet = "Mã,Họ tên,24/1,25/1\nP3,Ai đó,ĐH,\nP4,,ĐH,ĐH\n".encode()
    read = anybody.post(link, 200, act="read", file=(io.BytesIO(sheet), "do.csv"))
    for name in ("Nay Đức", "Kpă Hùng"):
        assert name not in typed.text and name not in read.text
    assert "“P3”" in typed.text, "who cannot be found is said, not dropped"


def test_files_are_read_as_often_as_somebody_means_to(province: Office, anybody: Office) -> None:
    from roster.lists.services import READS

    province.open()
    link, sheet = link_of(mails()[0][1]), "Họ tên,24/1,25/1\nKsor Phước,ĐH,\n".encode()
    for _turn in range(READS.attempts):
        anybody.post(link, 200, act="read", file=(io.BytesIO(sheet), "a.csv"))
    anybody.post(link, 429, act="read", file=(io.BytesIO(sheet), "a.csv"))


def test_of_units_that_are_ticked_those_are_asked_and_not_all(province: Office) -> None:
    province.post("/lists", due=dates.moment_shown(DUE), message="", all="1", units=["BDA"])
    assert set(rows()) == {"BDA"}


def test_of_many_people_the_form_says_their_names_once(
    province: Office, anybody: Office, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roster.lists.filling.MANY", 3)
    province.open()
    link, (first, second) = link_of(mails()[0][1]), seats("BDA")
    with clock.travel(NOW):
        page = anybody.client.get(link).text
    assert page.count('value="Ksor Phước · P1"') == 2, "once for each kind of duty"
    assert f'name="seat-{first}" list="able-operations"' in page
    refused = anybody.post(link, 422, act="send", name="An", **{f"seat-{first}": "Ksor", f"seat-{second}": "P2"})
    assert "“Ksor”" in refused.text and 'value="Ksor"' in refused.text, "what was typed stays"
    chosen = {f"seat-{first}": "Ksor Phước · P1", f"seat-{second}": "y thuyen"}
    anybody.post(link, act="send", name="An", **chosen)
    assert {pick.seat_id: pick.person.code for pick in rows()["BDA"].picks} == {first: "P1", second: "P2"}


def test_the_sheet_with_the_days_is_read_wherever_it_stands(province: Office, anybody: Office) -> None:
    province.open()
    book = Workbook()
    cover: Any = book.active
    cover.append(["Hướng dẫn điền"])
    sheet: Any = book.create_sheet("Trực")
    for row in (["Họ tên", "24/1", "25/1"], ["Ksor Phước", "ĐH", ""]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    file = (io.BytesIO(out.getvalue()), "truc.xlsx")
    assert "Đã đọc 1 lượt" in anybody.post(link_of(mails()[0][1]), 200, act="read", file=file).text


def test_two_who_merge_one_list_merge_it_once(province: Office, anybody: Office) -> None:
    province.open()
    link, (first, _second) = link_of(mails()[0][1]), seats("BDA")
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1"})
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None
    province.post(here, act="merge", sent=seen.isoformat())
    for act in ({"act": "merge", "sent": seen.isoformat()}, {"act": "return", "remark": "Thiếu"}):
        assert "không chờ duyệt" in province.post(here, 409, **act).text
    assert sitting() == {first: "P1"} and len(db.session.scalars(select(DraftEdit)).all()) == 1


def test_of_a_list_whoever_left_since_gets_nothing(province: Office, anybody: Office) -> None:
    from people import queries as people

    first, second = seats("BDA")
    province.open()
    link = link_of(mails()[0][1])
    anybody.post(link, act="send", name="An", **{f"seat-{first}": "P1", f"seat-{second}": "P2"})
    people.person_by_code("P1").active = False
    db.session.commit()
    here, seen = f"/lists/{rows()['BDA'].id}", rows()["BDA"].sent_at
    assert seen is not None and "(đã rời đơn vị)" in province.see(here)
    province.post(here, act="merge", sent=seen.isoformat())
    assert sitting() == {second: "P2"}


def test_another_deadline_is_told_to_those_who_owe_and_nobody_else(province: Office, anybody: Office) -> None:
    province.open()
    link = link_of(next(body for _to, body in mails() if "Bưu điện huyện A" in body))
    anybody.post(link, name="Văn thư", act="send", **{f"seat-{seats('BDA')[0]}": "P0"})
    before = len(mails())
    province.post("/lists", due=dates.moment_shown(DUE + timedelta(days=1)), message="Ghi đủ cả hai ngày")
    told = mails()[before:]
    assert len(told) == 1 and "đã đổi" in told[0][1] and "Bưu điện huyện C: " in told[0][1]
    assert "Gửi hạn mới cho 1 người còn nợ." in province.see("/lists")
    province.post("/lists", due=dates.moment_shown(DUE + timedelta(days=1)), message="Lời nhắn khác")
    page = province.see("/lists")
    assert "Đã lưu; không có ai phải báo thêm." in page and len(mails()) == before + 1
