"""A storm: eleven incidents in four minutes, one page that says what taking all of them means, and what stays apart."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from core.db import transaction
from incidents.escalation import engine
from incidents.paging import bundle
from incidents.record.models import Incident
from incidents.response import lifecycle
from incidents.together import services as together
from people.models import Person
from tests.support.desk_pages import DeskPages, text_of
from tests.support.tet_night import ADMIN

ALL = "/incidents/take-all"


def storm(desk: DeskPages) -> list[Incident]:
    """Six stations lose their line, about which Em is called; meanwhile a bag with KT1 is missing."""
    lost = [desk.log(f"Mất kết nối trạm {number}", "connectivity") for number in range(1, 7)]
    desk.log("Thiếu túi thư KT1", "kt1")
    engine.escalate_due(desk.now)
    return lost


@pytest.mark.both_dbs("each is claimed by an update that somebody else may have made")
def test_all_are_taken_but_those_that_somebody_has_and_those_that_want_reading(desk: DeskPages) -> None:
    lost = storm(desk)
    assert "Nhận tất cả…" in desk.see("an1", "/")
    page = desk.see("an1", ALL)
    assert "6 sự cố “Mất kết nối”" in page or "6 sự cố “" in page
    assert "Đồng chí giữ cả 6 sự cố" in page
    assert "1 sự cố phải nhận riêng" in page and "Thiếu túi thư KT1" in page
    assert re.search(r"02:\d\d máy hỏi lại đồng chí; không trả lời thì gọi từ đầu", page)

    # An leaves one out, Bình takes another meanwhile, and one more comes that An has not seen.
    shown = [each.id for each in lost[1:]]
    lifecycle.acknowledge(lost[2].id, actor=desk.night.actor("BI1"), now=desk.now)
    late = desk.log("Mất kết nối trạm 7", "connectivity")
    kt1 = desk.newest().id - 1
    desk.post("an1", ALL, incident=[*shown, kt1])
    after = desk.see("an1", "/")
    assert f"{lost[2].code}: Trần Thị Bình đã nhận lúc 02:10" in after
    assert "phải mở và nhận riêng" in after
    for each in lost[1:2] + lost[3:]:
        assert desk.fresh(each.code).acknowledged_by == "Nguyễn Văn An", each.code
    assert desk.fresh(lost[2].code).acknowledged_by == "Trần Thị Bình"
    assert {desk.fresh(lost[0].code).status, desk.fresh(late.code).status, desk.fresh("SC-2020-0007").status} == {
        "open"
    }
    assert desk.kinds(lost[1].code)[-1] == "acknowledged"

    # The same form once more (a second tap, an old tab) takes nothing from anybody, and says what is An's.
    desk.post("an1", ALL, incident=shown)
    assert desk.kinds(lost[1].code).count("acknowledged") == 1
    assert f"Đồng chí đã nhận: {lost[1].code}, " in desk.see("an1", "/")


def test_it_is_offered_to_those_who_may_take_and_asks_for_a_choice(desk: DeskPages) -> None:
    lost = storm(desk)
    assert "Nhận tất cả…" not in desk.see("ch1", "/?unit=BDA"), "the other district's manager"
    assert "Không còn sự cố nào chờ đồng chí nhận" in desk.see("ch1", ALL)
    desk.post("ch1", ALL, incident=[each.id for each in lost])
    assert f"{lost[0].code}: đồng chí không có quyền nhận ở đơn vị ấy" in desk.see("ch1", "/")
    assert {desk.fresh(each.code).status for each in lost} == {"open"}
    with transaction() as session:
        for each in lost[:2]:
            session.get_one(Incident, each.id).party_state = True
    page = desk.browser("bi1").get(ALL).text
    assert page.count('name="incident"') == 4 and "3 sự cố phải nhận riêng" in text_of(page)
    desk.post("bi1", ALL)
    assert "Chưa chọn sự cố nào" in desk.see("bi1", ALL)
    desk.post("bi1", ALL, incident=["x", "999999"])
    english = desk.browser("bi1")
    english.post("/language", data={"language": "en"})
    assert "You hold all 4 incidents." in text_of(english.get(ALL).text)


def test_people_are_counted_not_names_and_only_those_who_are_called_about_nothing_else(desk: DeskPages) -> None:
    """Em, who is called about the stations, is called the same as An, who takes them."""
    lost = storm(desk)
    with transaction() as session:
        session.get_one(Person, desk.night.ids["EM1"]).full_name = "Nguyễn Văn An"
    assert "Máy ngừng gọi 1 người khác." in desk.see("an1", ALL)
    assert together.left_in_peace(lost[1:], actor=desk.night.actor("AN1")) == 0, "the first station goes on calling Em"


def test_behind_the_link_of_a_letter_they_stay_apart_too(desk: DeskPages, client: FlaskClient) -> None:
    first, *lost = storm(desk)
    with transaction() as session:
        session.get_one(Incident, first.id).party_state = True
    link = f"/b/{bundle.token_for(desk.night.ids['EM1'], desk.now)}"
    page = client.get(link).text
    assert "Tôi nhận cả 5" in page
    assert "đề nghị nhận riêng từng việc" in page
    shown = re.findall(r'name="shown" value="(\d+)"', page)
    late = desk.log("Mất kết nối trạm 7", "connectivity")  # comes while Em reads
    engine.escalate_due(desk.now)
    quick, *left = lost
    lifecycle.acknowledge(quick.id, actor=desk.night.actor("BI1"), now=desk.now)
    secret = desk.log("Kiện hàng lạ", "suspicious_item")  # about which Em was not called
    lifecycle.acknowledge(secret.id, actor=ADMIN, now=desk.now, person_id=desk.night.ids["BI1"])
    told = client.post(link, data={"incident": "all", "shown": [*shown, first.id, secret.id]}).text
    assert f"{quick.code}: Trần Thị Bình đã nhận lúc 02:10." in told and secret.code not in told
    assert {desk.fresh(each.code).acknowledged_by for each in left} == {"Rơ Châm Em"}
    assert {desk.fresh(late.code).status, desk.fresh(first.code).status} == {"open"}
