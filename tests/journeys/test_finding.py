"""Whom to ring about a place, found by two keystrokes: whoever serves there now, by which rule, with numbers for
those who may see them."""

from __future__ import annotations

from datetime import date

from core.db import transaction
from people.models import Absence, Person, Unit
from tests.support.desk_pages import DeskPages, text_of


def test_two_letters_open_the_unit_with_who_serves_there_now(desk: DeskPages) -> None:
    mixed = "Điều hành, Ứng cứu, Lãnh đạo: Bưu điện huyện A trực; Hỗ trợ: chưa phân công"
    assert mixed in desk.see("ch1", "/find?q=a1")
    desk.night.publish("support", "EM1")
    page = desk.see("ch1", "/find?q=a1")  # 02:10, from the other district
    assert "Không có ca riêng: Bưu điện huyện A trực" in page
    assert page.index("Điều hành · đến 11:10") < page.index("Ứng cứu, Hỗ trợ · đến") < page.index("Lãnh đạo · đến")
    assert "Trần Thị Bình 0900 000 102" in page
    assert page.count("Rơ Châm Em") == 1, "one line for whoever serves twice"
    assert "1 đơn vị" in page

    own = desk.see("bi1", "/find/answer?q=bda")
    assert "Đơn vị tự trực" in own
    assert "Trần Thị Bình là đồng chí" in own, "nobody rings themselves"

    bare = desk.see("bi1", "/find/answer?q=BDC")  # nobody is published there or above
    assert "Chưa phân công, gọi theo danh sách thường trực" in bare

    desk.at(10 * 60)  # the shifts of the night are over
    assert "Trần Thị Bình" not in desk.see("ch1", "/find?q=a1")


def test_people_are_found_too_and_numbers_are_for_those_who_may_see_them(desk: DeskPages) -> None:
    page = desk.see("ch1", "/find?q=bi1")
    assert "đang trực Điều hành đến 11:10" in page
    assert "0900 000 102" in page, "who is on duty can be rung from everywhere"
    with transaction() as session:
        session.add(
            Absence(person_id=desk.night.ids["BI1"], from_on=date(2020, 1, 25), to_on=date(2020, 1, 25), kind="sick")
        )
    assert "vắng đến hết 25/01" in desk.see("ch1", "/find?q=bi1"), "fallen ill in the night: another is rung"
    away = desk.see("ch1", "/find?q=ph1")
    assert "không trực lúc này" in away
    assert "0900" not in away, "who is not can be rung by their own district only"
    assert "0900 000 105" in desk.see("an1", "/find?q=em1")

    looks_on = desk.see("du1", "/find?q=a1")
    assert "Trần Thị Bình" in looks_on
    assert "0900 000 102" not in looks_on
    assert desk.browser("du1").get("/find?q=%00").status_code == 200

    assert "Không có đơn vị hay người nào khớp" in desk.see("bi1", "/find/answer?q=zzz")
    assert "Gõ ít nhất hai chữ" in desk.see("bi1", "/find/answer?q=a")


def test_who_was_renamed_or_left_is_known_at_once_and_the_field_stands_on_each_page(desk: DeskPages) -> None:
    assert "Rơ Châm Em" in desk.see("bi1", "/find/answer?q=em1")
    with transaction() as session:
        session.get_one(Unit, desk.night.ids["BDA-1"]).name = "Điểm phục vụ Plei Mơ Nú"
        session.get_one(Person, desk.night.ids["PH1"]).active = False
    assert "Điểm phục vụ Plei Mơ Nú" in desk.see("bi1", "/find/answer?q=BDA-1")
    assert "Kpă Phong" not in desk.see("bi1", "/find/answer?q=ph1")

    incident = desk.log("Mất điện", "power")
    for path in ("/", "/me/", f"/incidents/{incident.code}"):
        assert 'href="/find"' in desk.browser("bi1").get(path).text, path
    english = desk.browser("bi1")
    english.post("/language", data={"language": "en"})
    assert "Bưu điện huyện A is on duty; Support: nobody assigned" in text_of(english.get("/find?q=BDA-1").text)
