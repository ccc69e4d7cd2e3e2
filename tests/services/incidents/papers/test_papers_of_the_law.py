"""The letter to an authority and the record by Article 14: nothing stands in them that nobody recorded."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from documents import kinds
from documents.drafting.services import DraftRequest
from documents.issued import services as issued
from documents.kinds import Content
from incidents.catalogue import directory
from incidents.legal import services as legal
from incidents.merging import services as merging
from incidents.papers import wording
from incidents.record.models import Incident
from incidents.response import lifecycle
from incidents.triage import followup
from tests.support import paper_words, papers
from tests.support.cast import ADMIN, NIGHT
from tests.support.tet_night import Night

NOTICE, RECORD = "incidents.authority_notice", "incidents.article14"
MIN = timedelta(minutes=1)
SUSPENDED = {
    "at": NIGHT + MIN,
    "by": "Trần Thị Bình",
    "found_at": "Trung tâm khai thác huyện A",
    "sent_from": "Điểm phục vụ A1",
    "item": "EA123456789VN",
}
TOLD = {
    "authority": "Công an huyện A",
    "contact": "Trung úy Nay Đức, 0905111222",
    "at": NIGHT + 9 * MIN,
    "how": "phone",
}


def letter(night: Night, incident: Incident, **options: str) -> Content:
    about = f"incident:{incident.code}"
    return paper_words.draft(about, NOTICE, night.actor("BI1"), NIGHT + 60 * MIN, **options).content


def record(night: Night, incident: Incident) -> Content:
    return paper_words.draft(f"incident:{incident.code}", RECORD, night.actor("BI1"), NIGHT + 60 * MIN).content


def step(night: Night, incident: Incident, name: str, values: dict[str, Any]) -> None:
    legal.record(incident.id, name, values, actor=night.actor("BI1"), now=NIGHT + 30 * MIN)


def offered(night: Night, incident: Incident) -> list[str]:
    kind = kinds.one(f"incident:{incident.code}", NOTICE)
    (option,) = kind.options(f"incident:{incident.code}", night.actor("BI1"), NIGHT)
    return [each.name for each in option.choices]


def authority(name: str, role: str, *, valid_to: str = "", unit: str = "BDA") -> None:
    row = {"name": name, "role": role, "phone": "0269 3824 113", "unit": unit, "valid_to": valid_to}
    directory.save_authority(None, row, actor=ADMIN, now=NIGHT)


def test_it_tells_what_is_known_and_says_of_the_rest_that_it_is_not(night: Night) -> None:
    incident = night.log("Xe thư lật ở đèo", "traffic")
    typed = {"plate": "81C-123.45", "bags": "12"}
    followup.set_facts(incident.id, typed, actor=night.actor("BI1"), now=NIGHT)
    told = letter(night, incident)
    facts = paper_words.facts(told)
    kept = db.session.scalar(text("SELECT facts FROM incidents WHERE id = :id"), {"id": incident.id})
    assert "81C12345" in str(kept) or "81C-123.45" in str(kept)
    assert (facts["Số túi, gói trên xe"], facts["Vị trí"], facts["Lái xe"]) == ("12", "chưa rõ", "chưa rõ")
    asked = db.session.scalar(text("SELECT fields FROM incident_categories WHERE code = 'traffic'"))
    fields = json.loads(asked) if isinstance(asked, str) else asked
    phones = {each["vi"] for each in fields if "thoại" in each["vi"]}
    assert len(phones) == 2 and {each["vi"] for each in fields} - set(facts) == phones
    assert facts["Tình hình xử lý"] == "chưa có người nhận"
    assert "Những mục ghi “chưa rõ” sẽ được thông báo tiếp" in paper_words.whole(told)
    assert "đã ghi các việc sau là đã làm" not in paper_words.whole(told)


def test_how_it_stands_is_how_it_stood_when_it_was_written(night: Night) -> None:
    incident = night.log()
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 5 * MIN)
    said = paper_words.facts(letter(night, incident))["Tình hình xử lý"]
    assert said == "đang xử lý, từ hồi 02 giờ 15, ngày 25 tháng 01 năm 2020"
    lifecycle.resolve(incident.id, actor=night.actor("BI1"), now=NIGHT + 6 * MIN)
    assert paper_words.facts(letter(night, incident))["Tình hình xử lý"].startswith("đã xử lý xong hồi 02 giờ 16")
    lifecycle.reopen(incident.id, actor=night.actor("BI1"), now=NIGHT + 7 * MIN)
    assert paper_words.facts(letter(night, incident))["Tình hình xử lý"] == "chưa có người nhận"


def test_it_is_addressed_to_whom_the_category_wants_told_of_those_in_force(night: Night) -> None:
    authority("Công an phường cũ", "police", valid_to="31/12/2019")
    authority("Công an phường", "police")
    authority("Công an huyện C", "police", unit="BDC")
    incident = night.log("Mất trộm", "theft")
    names = offered(night, incident)
    assert names[0] == "Công an phường" and names[-1] == "Để trống, điền tay"
    assert "Công an phường cũ" not in names and "Công an huyện C" not in names
    assert letter(night, incident).addressed_to == ("Công an phường",)
    assert set(letter(night, incident, to="none").addressed_to[0]) == {"…"}
    with pytest.raises(Invalid):
        letter(night, incident, to="99999")


def test_a_letter_of_article_14_says_only_the_steps_that_were_recorded(night: Night) -> None:
    incident = night.log("Bưu gửi nghi vi phạm", "prohibited_item")
    said = paper_words.whole(letter(night, incident))
    assert "số hiệu bưu gửi: chưa rõ" in said and "niêm phong: chưa rõ" in said
    assert "Đơn vị đã đình chỉ" not in said and "đã được báo" not in said
    step(night, incident, "suspend", SUSPENDED)
    step(night, incident, "authority", TOLD)
    told = letter(night, incident)
    said = paper_words.whole(told)
    assert "Đơn vị đã đình chỉ vận chuyển, phát bưu gửi hồi 02 giờ 11, ngày 25 tháng 01 năm 2020." in said
    assert "đã được báo cho Trung úy Nay Đức, […], Công an huyện A, hồi 02 giờ 19" in said
    assert "Đơn vị đã niêm phong" not in said and "giữ nguyên trạng" not in said
    assert told.addressed_to == ("Công an huyện A",) and told.form == "letter" and told.symbol == ""
    assert told.abstract == f"V/v phát hiện bưu gửi nghi vi phạm quy định của Luật Bưu chính ({incident.code})"


def test_an_exercise_or_what_was_joined_is_told_to_nobody_outside(night: Night) -> None:
    main, same = night.log(), night.log("Cúp điện")
    merging.join(same.id, main_id=main.id, actor=ADMIN, now=NIGHT)
    with pytest.raises(Conflict) as refused:
        letter(night, same)
    assert main.code in refused.value.message()
    assert NOTICE not in [each.code for each in made_of(night, same)]
    played, exercise = night.log("Diễn tập mất điện"), night.rehearse(now=NIGHT).id
    with transaction() as session:
        session.get_one(Incident, played.id).rehearsal_id = exercise
    with pytest.raises(Conflict):
        letter(night, played)


def made_of(night: Night, incident: Incident, actor: Actor | None = None) -> list[kinds.DocumentKind]:
    return kinds.offered(f"incident:{incident.code}", incident.unit_id, actor or night.actor("BI1"), NIGHT)


def test_the_record_of_article_14_has_the_steps_and_room_for_what_is_missing(night: Night) -> None:
    incident = night.log("Bưu gửi nghi vi phạm", "prohibited_item")
    empty = record(night, incident)
    signed = [each for each in paper_words.lines(empty) if each.startswith("ĐẠI DIỆN BÊN")]
    assert len(signed) == 3
    assert "hồi …… giờ ……, ngày …… tháng …… năm ………" in paper_words.whole(empty)
    assert "không bóc mở" not in paper_words.whole(empty)
    step(night, incident, "suspend", SUSPENDED)
    step(night, incident, "seal", {"at": NIGHT + 2 * MIN, "by": "Kpă Phong", "kept_at": "Kho", "seal_number": "0042"})
    parties = [
        {"name": "Trần Thị Bình", "role": "Điều hành viên", "organisation": "Bưu điện huyện A"},
        {"name": "Nay Đức", "role": "Trung úy", "organisation": "Công an huyện A"},
    ]
    made = {"at": NIGHT + 20 * MIN, "place": "Trung tâm", "parties": parties, "copies": 3, "outside": "Hộp giấy"}
    step(night, incident, "record", made)
    asked = {"request_number": "15/YC-CA", "request_on": date(2020, 1, 25), "request_by": "Công an huyện A"}
    step(night, incident, "handover", asked | {"received_by": "Nay Đức", "items": "01 bưu gửi"})
    said = paper_words.whole(record(night, incident))
    rows = db.session.execute(text("SELECT step FROM legal_steps WHERE incident_id = :id"), {"id": incident.id})
    assert {each for (each,) in rows} == {"suspend", "seal", "record", "handover"}
    for words in (
        "bưu gửi số hiệu EA123456789VN; nơi gửi: Điểm phục vụ A1",
        "số niêm phong 0042; nơi giữ: Kho; người thực hiện: Kpă Phong",
        "2. Ông (Bà): Nay Đức; chức vụ: Trung úy; đơn vị, cơ quan: Công an huyện A.",
        "theo văn bản yêu cầu số 15/YC-CA ngày 25 tháng 01 năm 2020 của Công an huyện A",
        "được lập thành 03 bản",
        "CÔNG AN HUYỆN A: Nay Đức (Ký, ghi rõ họ tên)",
    ):
        assert words in said, words
    assert "ký tên dưới đây./." in said  # nobody has signed


def test_only_incidents_that_follow_the_article_have_its_record(night: Night) -> None:
    power, item = night.log(), night.log("Bưu gửi nghi vi phạm", "prohibited_item")
    assert RECORD not in [each.code for each in made_of(night, power)]
    assert [each.code for each in made_of(night, item)] == ["incidents.record", NOTICE, RECORD]
    with pytest.raises(Conflict):
        record(night, power)


def test_who_may_not_read_incidents_there_makes_no_letter(night: Night) -> None:
    incident, viewer = night.log(), night.actor("DU1", "viewer", "BDC")
    assert made_of(night, incident, viewer) == []
    with pytest.raises(Forbidden):
        paper_words.draft(f"incident:{incident.code}", NOTICE, viewer, NIGHT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("gọi 0912345678 ngay", "gọi […] ngay"),
        ("+84912345678", "[…]"),
        ("0084 912 345 678", "[…]"),
        ("0269.3824.999", "[…]"),
        ("024 3822 1234", "[…]"),
        ("02:10 25/01/2020", "02:10 25/01/2020"),
        ("350.000.000 đồng", "350.000.000 đồng"),
        ("EA012345678VN", "EA012345678VN"),
        ("CP0912345678", "CP0912345678"),
        ("113, 19001234", "113, 19001234"),
    ],
)
def test_numbers_that_one_dials_are_withheld_and_no_others(typed: str, kept: str) -> None:
    assert wording.without_phones(typed) == kept


def test_a_record_that_its_parties_sign_takes_a_number_without_anybody_of_the_agency(night: Night) -> None:
    papers.settle(NIGHT)
    incident, manager = night.log("Bưu gửi nghi vi phạm", "prohibited_item"), night.actor("AN1", "manager")
    row = issued.issue(
        DraftRequest(f"incident:{incident.code}", RECORD, {}), once="record-14", actor=manager, now=NIGHT
    )
    assert (row.code, row.signed_by) == ("01/BB-BĐA", "")
    letter_of = issued.issue(
        DraftRequest(f"incident:{incident.code}", NOTICE, {}), once="letter-1", actor=manager, now=NIGHT
    )
    assert (letter_of.code, letter_of.signed_by) == ("01/BĐA", "Nguyễn Văn An")
