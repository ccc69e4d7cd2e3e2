"""Whoever has photographed the sheet of a point: what they can do with it; what a phone without a line sends late."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from compliance.parcel_checks import correcting, findings, plausible, queries as parcels, services
from compliance.parcel_checks.correcting import CorrectedNumbers
from compliance.parcel_checks.findings import SaidFinding
from compliance.parcel_checks.models import OFFICE, ParcelCheck, ParcelFinding
from compliance.parcel_checks.services import CounterNumbers
from compliance.posting import queries as posting, services as texts
from compliance.today import views_day
from core.db import db, transaction
from core.errors import Conflict
from incidents.record.models import Incident, TimelineEntry
from people.models import Unit
from tests.support import enterprise
from tests.support.cast import ADMIN
from tests.support.in_parallel import in_parallel
from tests.support.service_point import DAY, ServicePoint, incidents


def test_a_machine_that_reports_findings_does_not_wake_everybody_each_time(point: ServicePoint) -> None:
    for number in range(20):
        point.find("after", goods=f"pháo hộp {number}", stopped="Chị Bình")
    found = incidents()
    assert len(found) == 6  # as many as the sheet "BÁO SỰ CỐ" calls for in ten minutes
    assert db.session.scalar(select(func.count(ParcelFinding.id))) == 20  # each is written all the same
    newest = found[-1].id
    again = select(TimelineEntry.note).where(
        TimelineEntry.incident_id == newest, TimelineEntry.kind == "reported_again"
    )
    assert "pháo hộp 19 · Chị Bình" in set(db.session.scalars(again)) and len(list(db.session.scalars(again))) == 14
    joined = select(func.count(ParcelFinding.id)).where(ParcelFinding.incident_id == newest)
    assert db.session.scalar(joined) == 15


def test_when_nothing_runs_any_more_the_next_one_calls_again(point: ServicePoint) -> None:
    for _number in range(6):
        point.find("after")
    for each in incidents():
        each.status = "closed"
    db.session.commit()
    point.find("after", goods="bình ga mini")
    assert db.session.scalar(select(func.count(Incident.id))) == 7


def test_refusals_wake_nobody_and_are_not_counted_with_them(point: ServicePoint) -> None:
    for _number in range(10):
        point.find("before")
    point.find("after")
    assert len(incidents()) == 1


def test_a_photo_that_waited_for_a_line_proves_the_text_that_hung_when_it_was_taken(point: ServicePoint) -> None:
    old = posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].edition.mark
    assert re.search(rf'name="edition-prohibited"\s+value="{old}"', point.text())
    examples = {"examples": {"vi": "Pháo các loại", "en": ""}}
    texts.save(point.night.ids["BDT"], "prohibited", examples, upon=0, actor=ADMIN, now=point.now)
    point.at(1)
    point.post("prohibited", at=(point.now - timedelta(hours=3)).isoformat(), **{"edition-prohibited": old})
    point.accept_all()
    assert posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].code == "outdated"
    point.post("prohibited", **{"edition-prohibited": "<script>"})  # no mark at all: as it is now
    point.accept_all()
    assert posting.states([point.unit_id], DAY)[point.unit_id, "prohibited"].code == "posted"


@pytest.mark.both_dbs("a number that was put right is locked, and the upsert of the sheet leaves it alone")
def test_whoever_has_the_sheet_counts_no_more_than_a_counter_can_and_what_is_odd_is_seen_and_put_right(
    point: ServicePoint, new_client: Any
) -> None:
    for back in range(1, 7):
        point.tap(30 + back, day=(DAY - timedelta(days=back)).isoformat(), counter="quay-cua-diem")
    point.tap(33, counter="quay-cua-diem")
    assert "nhiều nhất 1.000 gói" in point.tap("1001", 422, counter="la").get_data(as_text=True)
    point.tap(1000, counter="la-mat")
    for number in range(8):
        point.tap(1, counter=f"may-{number}")
    assert "done=day" in point.tap(1, counter="may-0").headers["Location"]
    # An sees that the day is odd, which telephone said so, and what it sent.
    an = new_client()
    enterprise.sign_in(an, "an1")
    assert "bất thường 20/01" in an.get("/letter/points").get_data(as_text=True)
    day = f"/letter/points/BDA-1/days/{DAY}"
    page = an.get(day).get_data(as_text=True)
    assert "khác hẳn các ngày khác" in page and "Điện thoại …-mat" in page and "Đã gửi 1 lần" in page
    wrong = {"counter": "la-mat", "upon_checked": "1000", "checked": "0"}
    assert "Ghi lý do sửa" in an.post(day, data={**wrong, "why": " "}).get_data(as_text=True)
    assert an.post(day, data={**wrong, "why": "Không phải máy của điểm"}).status_code == 303
    assert an.post(day, data={**wrong, "checked": "5", "why": "Lần nữa"}).status_code == 409  # upon: 1000 no more
    page = an.get(day).get_data(as_text=True)
    assert "Điện thoại …-mat: 1.000 → 0" in page and "Không phải máy của điểm" in page
    assert "khác hẳn" not in page and "bất thường" not in an.get("/letter/points").get_data(as_text=True)
    # The stranger sends again: it is kept as it came, adds nothing, and the day is one to look at again.
    assert "Số của máy này đã được người phụ trách sửa" in point.text(point.tap(900, counter="la-mat").location)
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 33 + 8
    page = an.get(day).get_data(as_text=True)
    assert (
        "Đã gửi 2 lần" in page and "Có số khác hoặc phát hiện mới chưa cộng" in page and ": 900 gói, kiện</p>" in page
    )
    assert "bất thường 20/01" in an.get("/letter/points").get_data(as_text=True)
    still = {"counter": "la-mat", "upon_checked": "0", "checked": "0", "why": "Vẫn không phải"}
    assert an.post(day, data=still).status_code == 409  # on a page that did not show it yet
    seen = read_at(page, "la-mat")
    assert an.post(day, data={**still, "unheeded_at": seen}).status_code == 303
    assert "phát hiện mới chưa cộng" not in an.get(day).get_data(as_text=True)
    # What the sheet does not take, whoever answers for the point adds.
    assert an.post(day, data={"counter": "office", "checked": "40", "why": "Sổ giấy"}).status_code == 303
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 33 + 8 + 40
    long_ago = day.replace("2020", "2019")
    late = an.post(long_ago, data={"counter": "office", "checked": "1", "why": "x"})
    assert late.status_code == 422 and "Chỉ ghi được hôm nay và 31 ngày trước" in late.get_data(as_text=True)
    assert "Ghi thêm số" not in an.get(long_ago).get_data(as_text=True)
    staff = new_client()
    enterprise.sign_in(staff, "bi1")
    assert staff.post(day, data={**wrong, "why": "x"}).status_code == 403
    # A program changes what was put right no more than the sheet does; another stranger makes the day odd again.
    point.at(1)
    assert not services.record(point.unit_id, CounterNumbers(DAY, 700, "la-mat", 0, 0), actor=ADMIN, now=point.now)
    assert ": 700 gói, kiện, 0 từ chối, 0 đã báo cơ quan</p>" in an.get(day).get_data(as_text=True)
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 33 + 8 + 40
    point.tap(900, counter="may-1", day=DAY.isoformat())
    for page in ("/letter/points", "/letter/points/BDA-1", day):
        assert re.search("bất thường|khác hẳn", an.get(page).get_data(as_text=True)), page


@pytest.mark.both_dbs("whether the upsert wrote a row is asked of what it returns")
def test_the_evening_number_of_a_telephone_put_right_in_the_morning_is_not_lost_and_somebody_is_told(
    point: ServicePoint,
) -> None:
    unit_id, at = point.unit_id, {"actor": ADMIN, "now": point.now}
    point.tap(330, counter="quay")
    correcting.correct(
        correcting.CounterDay(unit_id, DAY, "quay"),
        upon=CorrectedNumbers(330),
        becomes=CorrectedNumbers(33),
        why="Gõ thừa số 0",
        **at,
    )
    before = (point.now - timedelta(hours=2)).isoformat()
    assert "done=day" in point.tap(12, counter="quay", at=before).location  # said before the slip, which replaced it
    assert "done=day" in point.tap(33, counter="quay").location  # the right number changes nothing
    assert parcels.odd_days([unit_id], DAY, DAY) == {}
    assert "done=settled" in point.tap(41, counter="quay").location
    assert "done=day" in point.tap(33, counter="quay").location  # taken back: there is nothing to look at
    assert parcels.odd_days([unit_id], DAY, DAY) == {}
    assert "done=settled" in point.tap(41, counter="quay").location
    for told in (41, None):
        assert parcels.odd_days([unit_id], DAY, DAY) == {(unit_id, DAY): "unheeded"}
        row = parcels.counter_of(unit_id, DAY, "quay")
        assert row is not None and (row.checked, row.refused, row.unheeded) == (33, 0, told)
        read = {"upon": CorrectedNumbers(33), "unheeded_at": row.unheeded_at, "becomes": CorrectedNumbers(33)}
        correcting.correct(correcting.CounterDay(unit_id, DAY, "quay"), **read, why="Đã hỏi điểm", **at)
        assert parcels.odd_days([unit_id], DAY, DAY) == {}
        point.find("before", parcels="3", counter="quay")


def test_a_telephone_whose_clock_was_set_back_tells_of_the_day_and_reads_the_day_with_the_answer(
    point: ServicePoint,
) -> None:
    point.find("before", counter="quay")
    sent = {
        "form_key": point.key(),
        "checked": "34",
        "do": "normal",
        "counter": "quay",
        "at": "2000-01-01T08:00:00+07:00",
    }
    answer = point.phone.post(point.path(), data=sent, headers={"Accept": "application/json"}).get_json()
    assert f"day={DAY}" in answer["to"], "it may be read tomorrow"
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].checked == 34


@pytest.mark.both_dbs("whether a telephone is known is asked of its rows; its first hour stays when it tells again")
def test_strangers_shut_nobody_out_the_day_is_kept_and_a_number_too_many_is_left_out_and_shown(
    point: ServicePoint, new_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [f"quay-{number}" for number in range(9)] + ["quay-cua-diem"]
    for counter in own:
        point.tap(30, counter=counter)
    point.at(1)
    today = (DAY + timedelta(days=1)).isoformat()
    for counter in own[:-1]:  # known since yesterday: they take no place of the ten
        point.tap(1, counter=counter, day=today)
    for number in range(10):
        point.find("before", counter=f"tim-{number}", day=today)  # what is found is no telephone that counts
        point.tap(1, counter=f"may-{number}", day=today)
    tomorrow = DAY + timedelta(days=1)
    assert "done=day" in point.tap(33, counter="quay-cua-diem", day=today).headers["Location"]  # known since yesterday
    note = {"do": "differs", "hours_note": "Mở muộn vì mất điện", "counter": "may-moi", "day": today}
    answer = point.tap(7, **note)
    assert "chưa cộng vào số của điểm" in point.text(answer.headers["Location"])
    assert parcels.by_day([point.unit_id], tomorrow, tomorrow)[point.unit_id, tomorrow].checked == 9 + 10 + 33
    an = new_client()
    enterprise.sign_in(an, "an1")
    assert "Mở muộn vì mất điện" in an.get("/letter/points/BDA-1").get_data(as_text=True)
    there = f"/letter/points/BDA-1/days/{today}"
    point.tap(200, day=today, counter="la")
    point.tap(8, day=today)  # a page without scripts names itself by nothing
    page = an.get(there).get_data(as_text=True)
    assert "Chưa cộng vào số của điểm · <b>3</b>" in page and "Trang mã QR ·" in page
    assert "bất thường 21/01" in an.get("/letter/points").get_data(as_text=True)  # though nothing that counts is odd
    assert re.search(r"Điện thoại …-moi · [^<]*: 7 gói, kiện", page)
    monkeypatch.setattr(views_day, "SHOWN", 2)
    page, following = (an.get(f"{there}?page={number}").get_data(as_text=True) for number in (1, 2))
    assert "Trang 1/2" in page and "Điện thoại …-moi ·" in page and "Trang mã QR ·" not in page  # who came last
    assert "Trang 2/2" in following and "Trang mã QR ·" in following and "Điện thoại …-moi ·" not in following
    # One number after the other is added or seen to be a stranger's, until the list is empty; but none that was told
    # otherwise since the page was read.
    stale = read_at(page, "may-moi")
    point.at(1 + 2 / 24)
    point.tap(20, **note, at=(point.now - timedelta(hours=1)).isoformat())
    old = {"counter": "may-moi", "checked": "7", "why": "Đã hỏi điểm", "unheeded_at": stale}
    assert an.post(there, data=old).status_code == 409
    late = point.tap(6, **note, at=(point.now - timedelta(hours=4)).isoformat()).location
    assert "done=day" in late  # said before what waits to be looked at
    for left, (counter, checked) in enumerate((("may-moi", 7), ("la", 0), ("", 8)), start=1):
        seen = read_at(an.get(there).get_data(as_text=True), counter)
        added = {"counter": counter, "checked": str(checked), "why": "Đã hỏi điểm", "unheeded_at": seen}
        assert an.post(there, data=added).status_code == 303
        assert ("Chưa cộng" in an.get(there).get_data(as_text=True)) == (left < 3)
    assert parcels.by_day([point.unit_id], tomorrow, tomorrow)[point.unit_id, tomorrow].checked == 9 + 10 + 33 + 7 + 8
    # What it told later than the number that was added is not lost, though it comes late; sent again, it says the same.
    assert parcels.odd_days([point.unit_id], tomorrow, tomorrow) == {}
    later = {"counter": "may-moi", "day": today, "at": (point.now - timedelta(minutes=30)).isoformat()}
    again = {**later, "form_key": point.key()}
    for _time in range(2):
        assert "done=settled" in point.tap(9, **again).location
    assert parcels.odd_days([point.unit_id], tomorrow, tomorrow) == {(point.unit_id, tomorrow): "unheeded"}
    seen = read_at(an.get(there).get_data(as_text=True), "may-moi")
    right = {"counter": "may-moi", "upon_checked": "7", "checked": "7", "why": "Đã hỏi", "unheeded_at": seen}
    assert an.post(there, data=right).status_code == 303
    assert "done=day" in point.tap(9, **again).location  # nobody waits to look at it any more
    # A stranger whose number was put to nought makes room for another telephone.
    assert (
        an.post(
            there, data={"counter": "may-0", "upon_checked": "1", "checked": "0", "upon_refused": "0", "why": "Máy lạ"}
        ).status_code
        == 303
    )
    assert "done=day" in point.tap(4, counter="may-khac", day=today).location
    # The next day whoever was added is the point's own, whoever was put to nought is not.
    monkeypatch.setattr(plausible, "TELEPHONES", 0)
    point.at(2)
    assert "done=uncounted" in point.tap(3, counter="may-tre", day=today).location
    seen = read_at(an.get(there).get_data(as_text=True), "may-tre")
    mine = {"counter": "may-tre", "checked": "3", "why": "Máy của điểm", "unheeded_at": seen}
    assert an.post(there, data=mine).status_code == 303
    assert "done=day" in point.tap(5, counter="may-tre").location  # somebody said so this morning
    told = {counter: point.tap(5, counter=counter).location for counter in ("may-moi", "la", "may-0")}
    assert {counter: "done=day" in to for counter, to in told.items()} == {"may-moi": True, "la": False, "may-0": False}
    # One that is left out and finds room later counts, and leaves nothing to look at.
    monkeypatch.setattr(plausible, "TELEPHONES", 10)
    for counter in ("la", "may-0"):
        assert "done=day" in point.tap(6, counter=counter).location
    assert parcels.odd_days([point.unit_id], tomorrow + timedelta(days=1), tomorrow + timedelta(days=1)) == {}


def read_at(page: str, counter: str) -> str:
    """Which of the numbers that are not added the form of a counter was read with."""
    return re.search(rf'value="{counter}">\s*<input type="hidden" name="unheeded_at" value="([^"]+)"', page)[1]  # type: ignore[index]


@pytest.mark.both_dbs("what is found is added to what is free and no further")
def test_refusals_by_the_sheet_are_bounded_seen_and_put_right(point: ServicePoint, new_client: Any) -> None:
    point.tap(30, counter="la")
    assert "từ 1 đến 100" in point.find("before", expect=422, parcels="101", counter="la").get_data(as_text=True)
    point.find("before", parcels="90", counter="la")
    too_long = point.find("before", expect=422, counter="x" * 65).get_data(as_text=True)
    assert "không quá 64 ký tự" in too_long
    assert "khác “office”" in point.find("before", expect=422, counter=OFFICE).get_data(as_text=True)
    assert "khác “office”" in point.tap(1, 422, counter=OFFICE).get_data(as_text=True)
    by_shift = SaidFinding("ca-1", DAY, "before", "pháo", parcels=200, counter="Ca 1")
    findings.find(point.unit_id, by_shift, actor=ADMIN, now=point.now)  # what a program tells takes no place
    point.find("before", parcels="10", counter="la")
    beyond = point.find("before", parcels="20", counter="khac")  # written down, and no part of the day's number
    assert "chưa cộng vào số của điểm" in point.text(beyond.location)
    assert db.session.scalar(select(func.sum(ParcelFinding.parcels))) == 320
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].refused == 300
    assert parcels.by_category([point.unit_id], DAY, DAY) == {(None, "before"): 200, (1, "before"): 100}
    an, day = new_client(), f"/letter/points/BDA-1/days/{DAY}"
    enterprise.sign_in(an, "an1")
    page = an.get(day).get_data(as_text=True)
    assert "từ chối nhiều khác thường" in page and re.search(r"Điện thoại …khac · [^<]*: 20 từ chối", page)
    read = {
        "counter": "la",
        "upon_checked": "30",
        "upon_refused": "100",
        "upon_referred": "0",
        "why": "Không có gói nào",
    }
    more = an.post(day, data={**read, "checked": "30", "refused": "31"})
    assert more.status_code == 422 and "không thể nhiều hơn" in more.get_data(as_text=True)
    assert an.post(day, data={**read, "checked": "30", "refused": "x"}).status_code == 422
    assert an.post(day, data={**read, "checked": "30", "refused": "1", "referred": "1"}).status_code == 303
    point.find("before", parcels="5", counter="la")  # the sheet changes it no more
    numbers = parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY]
    assert (numbers.checked, numbers.refused, numbers.referred) == (30, 200 + 1, 1)
    page = an.get(day).get_data(as_text=True)
    assert "từ chối 100 → 1" in page and "khác thường" not in page
    # What was put right leaves room, and what is left out is seen until somebody puts that right too.
    point.find("before", parcels="30", counter="khac")
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].refused == 200 + 1 + 30
    for counter, is_left in (("la", True), ("khac", False)):
        row = parcels.counter_of(point.unit_id, DAY, counter)
        assert row is not None and row.unheeded_at is not None
        assert parcels.odd_days([point.unit_id], DAY, DAY) == {(point.unit_id, DAY): "unheeded"}
        seen = {"upon": CorrectedNumbers(row.checked, row.refused, row.referred), "unheeded_at": row.unheeded_at}
        right = {"becomes": CorrectedNumbers(50, 50), "why": "Đã hỏi điểm", "actor": ADMIN, "now": point.now}
        correcting.correct(correcting.CounterDay(point.unit_id, DAY, counter), **seen, **right)
        assert ("chưa cộng" in an.get(day).get_data(as_text=True)) == is_left
    row = parcels.counter_of(point.unit_id, DAY, "la")
    assert row is not None
    nought = {"upon": CorrectedNumbers(50, 50), "becomes": CorrectedNumbers(50), "why": "Không từ chối gói nào"}
    correcting.correct(correcting.CounterDay(point.unit_id, DAY, "la"), **nought, actor=ADMIN, now=point.now)
    assert parcels.by_category([point.unit_id], DAY, DAY) == {(None, "before"): 200, (1, "before"): 50}


@pytest.mark.both_dbs("the counter is locked while what it refused is added")
def test_refusals_that_were_left_out_are_added_and_the_telephone_goes_on_counting(
    point: ServicePoint, new_client: Any
) -> None:
    point.find("before", parcels="100", counter="la")
    point.find("before", parcels="20", counter="khac", informed="Công an phường")
    right = {
        "upon": CorrectedNumbers(None, 100),
        "becomes": CorrectedNumbers(100, 100),
        "why": "Đã hỏi điểm",
        "actor": ADMIN,
    }
    an, day = new_client(), f"/letter/points/BDA-1/days/{DAY}"
    enterprise.sign_in(an, "an1")
    assert "Cộng 20 gói từ chối" in an.get(day).get_data(as_text=True)
    row = parcels.counter_of(point.unit_id, DAY, "khac")
    assert row is not None and row.unheeded_at is not None
    seen = {"counter": "khac", "unheeded_at": row.unheeded_at.isoformat()}
    point.at(1 / 1440)  # a minute later
    point.find("before", parcels="3", counter="khac")  # nobody has seen these yet
    told = an.post(f"{day}/refusals", data=seen, follow_redirects=True)  # to the day, which can be read again
    page = told.get_data(as_text=True)
    assert told.request.path == day and "Số vừa được ghi lại" in page and "Cộng 23 gói từ chối" in page
    assert '<details class="more" open>' not in page
    db.session.refresh(row)
    seen["unheeded_at"] = row.unheeded_at.isoformat()
    correcting.correct(correcting.CounterDay(point.unit_id, DAY, "la"), **right, now=point.now - timedelta(seconds=30))
    done = an.post(f"{day}/refusals", data=seen, follow_redirects=True).get_data(as_text=True)
    assert "Đã cộng 23 gói từ chối" in done and "Cộng 23" not in done
    assert re.search(r'16:59[^<]*, <span\s+lang="vi">Nguyễn Văn An</span> ·\s+cộng 23 gói từ chối', done)
    assert parcels.odd_days([point.unit_id], DAY, DAY) == {}, "all was looked at"
    done = an.post(f"{day}/refusals", data=seen, follow_redirects=True).get_data(as_text=True)
    assert "Số vừa được ghi lại" in done and "Đã cộng" not in done, "once"
    numbers = parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY]
    assert (numbers.refused, numbers.referred) == (123, 20)
    assert parcels.by_category([point.unit_id], DAY, DAY) == {(1, "before"): 123}
    point.tap(15, counter="khac")  # fewer than it refused: as it says
    point.tap(40, counter="khac")
    db.session.refresh(row)
    assert (row.checked, row.refused, row.unheeded_at, row.settled_at) == (40, 23, None, None)
    assert "40</b> gói, kiện đã kiểm tra, 23 từ chối" in an.get(day).get_data(as_text=True)
    point.find("before", parcels="95", counter="la-nua")  # what was added takes no place of the hundred
    point.find("before", parcels="30", counter="khac")
    db.session.refresh(row)
    seen["unheeded_at"] = row.unheeded_at.isoformat()
    told = an.post(f"{day}/refusals", data=seen, follow_redirects=True).get_data(as_text=True)
    assert "không thể nhiều hơn" in told and "Cộng 30 gói từ chối" in told
    # Put right instead: a field that was emptied is not nought.
    read = {"upon_checked": "40", "upon_refused": "23", "upon_referred": "20", "checked": "60", "why": "Đã hỏi điểm"}
    wrong = an.post(day, data={**seen, **read, "refused": "", "referred": ""})
    assert wrong.status_code == 422 and wrong.get_data(as_text=True).count("Ghi số từ 0 đến 100.000") == 2
    assert an.post(day, data={**seen, **read, "refused": "53", "referred": "20"}).status_code == 303


@pytest.mark.both_dbs("refusals that were added are summed for each counter inside the sum of a day")
def test_what_was_added_makes_no_day_odd_and_nothing_is_added_to_what_another_would_write_over(
    point: ServicePoint, new_client: Any
) -> None:
    an, day = new_client(), f"/letter/points/BDA-1/days/{DAY}"
    enterprise.sign_in(an, "an1")

    def asked(counter: str) -> str:
        """What the page says when somebody adds what it shows beside a counter."""
        row = parcels.counter_of(point.unit_id, DAY, counter)
        assert row is not None and row.unheeded_at is not None
        seen = {"counter": counter, "unheeded_at": row.unheeded_at.isoformat()}
        return str(an.post(f"{day}/refusals", data=seen, follow_redirects=True).get_data(as_text=True))

    def odd() -> str | None:
        return parcels.odd_days([point.unit_id], DAY, DAY).get((point.unit_id, DAY))

    at = {"actor": ADMIN, "now": point.now}
    for counter, checked in (("la", 40), ("khac", 200)):
        point.tap(checked, counter=counter)
    point.find("before", parcels="15", counter="la")
    point.find("before", parcels="90", counter="khac")
    assert "Đã cộng 90 gói từ chối" in asked("khac") and odd() is None, "nobody has to look at these twice"
    # Somebody looks at the day, on which much is odd; what was left out after that is added, and nothing else is new.
    correcting.correct(
        correcting.CounterDay(point.unit_id, DAY, OFFICE),
        upon=CorrectedNumbers(),
        becomes=CorrectedNumbers(500, 50),
        why="Sổ giấy",
        **at,
    )
    point.at(1 / 1440)
    for counter in ("khac", "moi"):
        point.find("before", parcels="90", counter=counter)
        assert odd() == "unheeded"
        assert "Đã cộng 90 gói từ chối" in asked(counter) and odd() is None
    assert parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY].refused == 15 + 90 + 50 + 90 + 90
    point.find("before", parcels="10", counter="la")
    assert odd() == "unknown", "something is new"
    # A program's number, and one that was put right: neither takes what is added, so nobody is asked to.
    services.record(point.unit_id, CounterNumbers(DAY, 300, "Ca 1", 2, 0), **at)
    correcting.correct(
        correcting.CounterDay(point.unit_id, DAY, "la"),
        upon=CorrectedNumbers(40, 25),
        becomes=CorrectedNumbers(40, 25),
        why="Đúng",
        **at,
    )
    for counter, kept in (("Ca 1", (300, 2)), ("la", (40, 25))):
        point.find("before", parcels="5", counter=counter)
        told = asked(counter)
        assert "Số vừa được ghi lại" in told and "5 từ chối" in told and not re.search(r"Cộng \d", told)
        row = parcels.counter_of(point.unit_id, DAY, counter)
        assert row is not None and row.unheeded_at is not None and (row.checked, row.refused) == kept


@pytest.mark.both_dbs("the row is made first, by one of the two, and held by one after the other")
def test_two_who_add_a_number_at_once_add_one_and_the_second_is_told(app: Flask, point: ServicePoint) -> None:
    unit_id, now = point.unit_id, point.now

    def add(number: int) -> str:
        becomes, of = CorrectedNumbers(40 + number), {"actor": ADMIN, "now": now}
        try:
            correcting.correct(
                correcting.CounterDay(unit_id, DAY, OFFICE),
                upon=CorrectedNumbers(),
                becomes=becomes,
                why="Sổ giấy",
                **of,
            )
        except Conflict as fault:
            return fault.code
        return "added"

    assert sorted(in_parallel(app, 2, add)) == ["added", "parcels.changed"]
    [row], [kept] = parcels.counters_of(unit_id, DAY), parcels.corrections_of(unit_id, DAY)
    assert (kept.was, kept.becomes) == (None, row.checked)


def test_a_point_that_closed_tells_the_days_on_which_it_was_open_and_none_after(point: ServicePoint) -> None:
    point.at(2)
    with transaction() as session:
        session.query(Unit).filter_by(code="BDA-1").one().valid_to = DAY + timedelta(days=1)
    assert "không hoạt động ngày đó" in point.tap(3, 422).get_data(as_text=True)
    point.tap(3, day=(DAY + timedelta(days=1)).isoformat())
    assert "không hoạt động ngày đó" in point.post("prohibited", 422).get_data(as_text=True)
    assert [row.day for row in db.session.scalars(select(ParcelCheck))] == [DAY + timedelta(days=1)]
    # What is found in a parcel is never turned away.
    point.find("after")
    assert len(incidents()) == 1
