"""The shift diary from 29 Chạp to Mùng 1 of Đinh Mùi: what the desk knows, what people write, what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import transaction
from core.errors import Conflict
from incidents.diary import services as diary, signing
from incidents.diary.models import DiarySheet
from incidents.record import timeline
from incidents.record.models import Incident
from incidents.response import lifecycle
from people import queries as people
from people.models import Unit
from roster.campaigns.models import Campaign
from roster.models import Duty
from tests.support.cast import PASSWORD
from tests.support.enterprise import sign_in
from tests.support.in_parallel import in_parallel
from tests.support.tet_night import ADMIN, NIGHT, Night

EVENING = datetime(2027, 2, 5, 15, 0, tzinfo=UTC)
"""22:00 on 5 February 2027, the 29th and last of Chạp: Giao thừa comes in two hours."""


@pytest.fixture
def night(night: Night) -> Iterator[Night]:
    with transaction() as session:
        campaign = session.get_one(Campaign, night.campaign)
        campaign.tet_year, campaign.starts_on, campaign.ends_on = 2027, date(2027, 1, 30), date(2027, 2, 20)
    night.publish("operations", "BI1", hours=8, start=EVENING)
    night.publish("emergency", "EM1", hours=8, start=EVENING)
    with clock.travel(EVENING):
        yield night


def log(night: Night, minutes: int, title: str, **more: object) -> int:
    now = EVENING + timedelta(minutes=minutes)
    return night.log(title, now=now, **{"category": "vehicle"} | more).id


def test_a_night_across_giao_thua_has_two_lunar_days_and_hands_over_what_is_open(
    night: Night, client: FlaskClient
) -> None:
    truck = log(night, 5, "Xe thư hỏng ở đèo An Khê")
    with clock.travel(EVENING + timedelta(hours=3)):
        lifecycle.acknowledge(
            truck, person_id=night.ids["EM1"], actor=ADMIN, now=EVENING + timedelta(hours=2, minutes=10)
        )
        log(night, 130, "Mất điện bưu cục", category="power")
        sign_in(client, "bi1")
        written = client.post(
            "/incidents/diary/BDA?day=2027-02-05&shift=22:00",
            data={"text": "Đã nhận 3 túi thư chuyến 22:30.", "at": "2027-02-05T22:35"},
        )
        assert written.status_code == 303
        page = client.get("/incidents/diary/BDA?day=2027-02-05&shift=22:00").get_data(as_text=True)
        sheet = client.get("/incidents/diary/BDA/print?day=2027-02-05&shift=22:00").get_data(as_text=True)
        # The counter's own book of that day is one choice away.
        assert 'href="/incidents/diary/BDA-1?day=2027-02-05"' in page

    for shown in (page, sheet):
        assert "29 tháng Chạp năm Bính Ngọ" in shown and "Mùng 1 tháng Giêng năm Đinh Mùi" in shown
        assert "30 Tết" not in shown and "30 tháng Chạp" not in shown
        assert "Xe thư hỏng ở đèo An Khê" in shown and "Mất điện bưu cục" in shown
        assert "Đã nhận 3 túi thư chuyến 22:30." in shown
        assert "Rơ Châm Em đã nhận" in shown
    # The truck is one line, from the report to who took it; what somebody wrote stands out below.
    order = [sheet.index(each) for each in ("Ghi nhận sự cố", "Rơ Châm Em đã nhận", "Đã nhận 3 túi thư")]
    assert order == sorted(order) and sheet.count('class="by-hand"') == 1
    assert "NGƯỜI GIAO CA" in sheet and "NGƯỜI NHẬN CA" in sheet
    assert sheet.index("Việc còn dở") < sheet.rindex("Mất điện bưu cục")


def test_what_is_written_stays_and_is_corrected_by_a_further_note(night: Night) -> None:
    unit = people.unit_by_id(night.ids["BDA"])
    binh = night.actor("BI1")
    first = diary.write(unit.id, text="Nhận 3 túi", actor=binh, now=EVENING)
    diary.write(unit.id, text="Nhận 4 túi", corrects=first.id, actor=binh, now=EVENING + timedelta(minutes=9))

    found = diary.read_diary(unit, diary.whole_day(date(2027, 2, 5)), actor=binh, now=EVENING + timedelta(hours=1))

    assert [(row.text, row.corrects) for row in found.pages.rows] == [("Nhận 3 túi", 0), ("Nhận 4 túi", first.id)]


def test_a_bad_note_says_what_is_wrong_and_keeps_what_was_typed(night: Night, client: FlaskClient) -> None:
    sign_in(client, "bi1")
    for typed, said in (
        ({"text": " "}, "Ghi nội dung cần lưu vào sổ."),
        ({"text": "Nhận túi", "at": "2027-02-06T09:00"}, "không sau bây giờ"),
        ({"text": "Nhận túi", "at": "hôm qua"}, "không sau bây giờ"),
        ({"text": "Nhận túi", "corrects": "999"}, "không có ghi chú số 999"),
        ({"text": "Túi KT1, người nhận: Tỉnh ủy"}, "chỉ ghi mã số và loại dịch vụ"),
    ):
        answer = client.post("/incidents/diary/BDA", data=typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code in (404, 422), typed
        assert said in page and str(typed["text"]).strip() in page
    kept = diary.read_diary(
        people.unit_by_id(night.ids["BDA"]), diary.whole_day(date(2027, 2, 5)), actor=ADMIN, now=EVENING
    )
    assert kept.pages.rows == ()


def test_what_only_some_may_see_is_left_out_for_others_and_neutral_on_paper(night: Night, client: FlaskClient) -> None:
    log(night, 1, "Bưu gửi nghi có chất nổ", category="harmful_material", severity=1)
    unit, later = people.unit_by_id(night.ids["BDA"]), EVENING + timedelta(hours=1)
    span = diary.span_of(unit, date(2027, 2, 5), "22:00")

    assert diary.read_diary(unit, span, actor=night.actor("DU1", unit="BDC"), now=later).pages.rows == ()
    told = diary.read_diary(unit, span, actor=ADMIN, now=later).pages.rows
    assert {row.title for row in told} == {"Sự cố hạn chế xem"}

    # The sheet for the binder is a Vietnamese one, also when somebody prints it who reads English.
    sign_in(client, "an1")
    client.post("/language", data={"language": "en"})
    with clock.travel(later):
        sheet = client.get("/incidents/diary/BDA/print?day=2027-02-05").text
    assert 'lang="en"' in sheet and sheet.count("Sự cố hạn chế xem") == 2
    assert "Restricted incident" not in sheet and "chất nổ" not in sheet


MORNING = EVENING + timedelta(hours=8)


def at(night: Night, path: str = "") -> str:
    return f"/incidents/diary/BDA{path}?day=2027-02-05&shift=22:00"


def test_who_leaves_signs_and_who_comes_after_and_later_words_stand_behind_it(night: Night, new_client: Any) -> None:
    """06:00 on Mùng 1: Bình leaves, An comes. Each signs with what they sign in with; Bình has no PIN."""
    night.publish("operations", "AN1", hours=8, start=MORNING)
    code = night.log("Xe thư hỏng ở đèo", now=EVENING + timedelta(minutes=5), category="vehicle").code
    binh, an, chi = (new_client() for _n in range(3))
    for browser, who in ((binh, "bi1"), (an, "an1"), (chi, "ch1")):
        sign_in(browser, who)
    with clock.travel(EVENING + timedelta(hours=7)):
        assert "Ký được từ 05:30" in binh.get(at(night)).text
        early = binh.post(at(night, "/sign"), data={"do": "sign", "secret": PASSWORD})
        assert early.status_code == 409 and "ký được từ 05:30" in early.text
    with clock.travel(MORNING):
        assert "Ký giao ca" in binh.get(at(night)).text
        assert chi.post(at(night, "/sign"), data={"do": "sign", "secret": PASSWORD}).status_code == 409
        # Chi stands in at this unit over the change: she is there, and does not leave.
        night.publish("support", "CH1", hours=12, start=EVENING)
        assert "Ký giao ca" not in chi.get(at(night)).text
        assert chi.post(at(night, "/sign"), data={"do": "sign", "secret": PASSWORD}).status_code == 409
        assert "Người giao ca chưa ký" in an.post(at(night, "/sign"), data={"do": "receive", "secret": PASSWORD}).text
        wrong = binh.post(at(night, "/sign"), data={"do": "sign", "secret": "1234"})
        assert wrong.status_code == 422 and "Mật khẩu hiện tại không đúng" in wrong.text
        for _twice in range(2):
            assert binh.post(at(night, "/sign"), data={"do": "sign", "secret": PASSWORD}).status_code == 303
        own = binh.post(at(night, "/sign"), data={"do": "receive", "secret": PASSWORD})
        assert own.status_code == 409 and "người trực ca sau ký nhận" in own.text, "Bình neither comes nor dispatches"
    with clock.travel(MORNING + timedelta(minutes=10)):
        binh.post(at(night), data={"text": "Nhầm số túi: 4.", "at": "2027-02-05T23:00"})
        night_id = people.unit_by_id(night.ids["BDA"]).id
        diary.write(night_id, text="Ghi lúc đang ký.", actor=night.actor("EM1"), now=MORNING - timedelta(seconds=1))
        with transaction() as session:
            session.get_one(Unit, night_id).name = "Bưu điện mới"
            session.scalars(select(Incident).where(Incident.code == code)).one().title = "Viết lại"
        assert an.post(at(night, "/sign"), data={"do": "receive", "secret": PASSWORD}).status_code == 303
        page, sheet = an.get(at(night)).text, an.get(at(night, "/print")).text
        for shown in (page, sheet):
            assert "Xe thư hỏng ở đèo" in shown and "Viết lại" not in shown, "as it was signed"
            for late in ("Nhầm số túi: 4.", "Ghi lúc đang ký."):
                assert shown.index("Ghi sau khi ký") < shown.index(late)
        assert "Đã ký điện tử, 06:00 06/02/2027" in sheet and "Đã ký điện tử, 06:10 06/02/2027" in sheet
        an.post("/language", data={"language": "en"})
        assert "Signatures" in an.get(at(night)).text
        with transaction() as session:  # what only few may see since then is no more on the signed page either
            session.scalars(select(Incident).where(Incident.code == code)).one().restricted = True
        assert "Xe thư hỏng" not in an.get(at(night, "/print")).text and code in an.get(at(night, "/print")).text
        with transaction() as session:
            kept = session.scalars(select(DiarySheet)).one()
            kept.content = {**kept.content, "rows": []}
        assert "không còn khớp" in an.get(at(night, "/print")).text


def test_shifts_that_start_together_are_told_apart_and_what_was_signed_is_found_when_the_roster_changes(
    night: Night, new_client: Any
) -> None:
    """Leadership serves from 22:00 too, for a day; next week somebody moves the hours of that night."""
    night.publish("leadership", "AN1", hours=24, start=EVENING)
    an = new_client()
    sign_in(an, "an1")
    page = an.get("/incidents/diary/BDA?day=2027-02-05").text
    assert "shift=22:00-06:00" in page and "shift=22:00-22:00" in page
    day = "?day=2027-02-05&shift=22:00-22:00"
    with clock.travel(EVENING + timedelta(hours=24)):
        shown = an.get(f"/incidents/diary/BDA{day}").text
        nav = shown[shown.index('aria-label="Ngày và ca"') :]
        assert nav[: nav.index("</nav>")].count('aria-current="page"') == 1
        assert an.post(f"/incidents/diary/BDA/sign{day}", data={"secret": PASSWORD}).status_code == 303
        with transaction() as session:
            moved = session.scalars(select(Duty).where(Duty.duty == "leadership", Duty.starts_at == EVENING)).one()
            moved.ends_at += timedelta(hours=1)
        assert "22:00–22:00" in an.get("/incidents/diary/BDA?day=2027-02-05").text
        assert "Đã ký điện tử" in an.get(f"/incidents/diary/BDA/print{day}").text


def test_what_a_source_says_is_told_in_the_line_and_does_not_stand_out(night: Night) -> None:
    truck = log(night, 5, "Trạm 1 mất kết nối", category="connectivity")
    source = Actor(name="Giám sát đường truyền", role="staff", via="intake")
    with transaction() as session:
        incident = session.get_one(Incident, truck)
        timeline.count(session, "alarm_cleared", [(incident, source, "Trạm 9 mất kết nối")], now=EVENING)
    found = diary.read_diary(
        people.unit_by_id(night.ids["BDA"]), diary.whole_day(date(2027, 2, 5)), actor=ADMIN, now=EVENING
    )
    (row,) = found.pages.rows
    assert not row.by_hand and "Trạm 9 mất kết nối" in row.steps[-1].text


@pytest.mark.both_dbs("one of two signatures at once is the first; the other hears of it")
def test_of_two_who_sign_at_once_one_has_and_the_other_hears_who(night: Night, app: Flask) -> None:
    unit = people.unit_by_id(night.ids["BDA"])
    span = diary.span_of(unit, date(2027, 2, 5), "22:00")
    users = [replace(night.actor("AN1", "manager"), user_id=night.ids[f"user:{who}"]) for who in ("an1", "qt1")]

    def one(number: int) -> str:
        try:
            return signing.sign(
                people.unit_by_id(night.ids["BDA"]), span, secret=PASSWORD, actor=users[number], now=MORNING
            ).signed_by
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 2, one)) == ["AN1", "diary.signed"]


def test_the_day_of_a_night_in_2020_still_says_30_chap(night: Night) -> None:
    unit = people.unit_by_id(night.ids["BDA"])
    days = diary.span_of(unit, date(2020, 1, 24), f"{clock.local(NIGHT - timedelta(hours=3)):%H:%M}").days
    assert days == [date(2020, 1, 24), date(2020, 1, 25)]
