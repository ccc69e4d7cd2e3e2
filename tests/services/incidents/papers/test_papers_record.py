"""The record of an incident on paper: what the database holds of it is there, what only few may read is not."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import docx as word
import pytest
from PIL import Image
from sqlalchemy import text

from core.db import db
from core.errors import Forbidden, NotFound
from documents.drafting import services as drafting
from documents.drafting.services import DraftRequest
from documents.issued import queries as documents, services as issued, since
from documents.issued.queries import Filter
from documents.kinds import Content
from documents.rendering import docx, pdf
from incidents.attachments import services as attachments
from incidents.escalation import engine
from incidents.merging import services as merging
from incidents.record.models import Incident
from incidents.response import lifecycle
from incidents.reviews import services as reviews
from incidents.triage import classification, followup
from people import queries as people
from tests.support import paper, paper_words, papers
from tests.support.cast import ADMIN, NIGHT
from tests.support.tet_night import Night

KIND = "incidents.record"
MIN = timedelta(minutes=1)


def record(night: Night, incident: Incident, who: str = "BI1", language: str = "vi") -> Content:
    actor = night.actor(who)
    return paper_words.draft(f"incident:{incident.code}", KIND, actor, NIGHT + 90 * MIN, language).content


def photo(incident: Incident, colour: str, name: str) -> Any:
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(picture, "JPEG")
    picture.seek(0)
    return attachments.add(incident.id, stream=picture, filename=name, actor=ADMIN, now=NIGHT)


def test_who_was_called_and_when_is_what_the_calls_say(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)  # 02:10, Bình
    engine.escalate_due(NIGHT + 5 * MIN)  # nobody answered: Em
    lifecycle.acknowledge(incident.id, actor=night.actor("EM1"), now=NIGHT + 7 * MIN)
    calls = db.session.execute(
        text(
            "SELECT p.full_name, MIN(g.created_at), MAX(g.answer) FROM pages g JOIN people p ON p.id = g.person_id "
            "WHERE g.incident_id = :id GROUP BY p.full_name, g.fired ORDER BY g.fired"
        ),
        {"id": incident.id},
    ).all()
    rows = paper_words.table(record(night, incident), "Người được gọi")
    assert [row[2] for row in rows] == [name for name, _at, _answer in calls] == ["Trần Thị Bình", "Rơ Châm Em"]
    assert [row[0] for row in rows] == ["02:10 25/01/2020", "02:15 25/01/2020"]
    assert [answer for _name, _at, answer in calls] == [None, "taken"]
    assert rows[1][4] == "Đã nhận, 02:17" and "nhận" not in rows[0][4].lower()


def test_each_line_of_the_log_stands_in_it_by_the_minute(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 4 * MIN)
    lifecycle.add_note(incident.id, note="Máy phát đã chạy", actor=night.actor("BI1"), now=NIGHT + 6 * MIN)
    lifecycle.resolve(incident.id, actor=night.actor("BI1"), now=NIGHT + 30 * MIN)
    written = db.session.scalar(
        text("SELECT COUNT(*) FROM timeline_entries WHERE incident_id = :id"), {"id": incident.id}
    )
    rows = paper_words.table(record(night, incident), "Diễn biến")
    assert len(rows) == written + 1  # and the day above them
    assert rows[0] == ["Thứ Bảy, 25/01/2020 (Mùng 1 tháng Giêng năm Canh Tý)"]
    assert [row[0] for row in rows[1:]] == ["02:10", "02:10", "02:14", "02:16", "02:40"]
    assert "Máy phát đã chạy" in rows[4][1] and rows[4][2] == "BI1" and rows[2][2] == "Hệ thống"


def test_photos_stand_by_their_hash_and_what_was_erased_only_in_the_log(night: Night) -> None:
    incident = night.log()
    kept, gone = photo(incident, "brown", "niem-phong.jpg"), photo(incident, "navy", "nham.jpg")
    attachments.withdraw(incident.id, gone.key, actor=night.actor("AN1", "manager"), now=NIGHT, erase=True)
    for who, role in (("BI1", "staff"), ("AN1", "manager")):  # the same for whoever may see what was withdrawn
        about = f"incident:{incident.code}"
        told = paper_words.draft(about, KIND, night.actor(who, role), NIGHT + MIN).content
        [row] = paper_words.table(told, "Ảnh")
        assert row[1].startswith("niem-phong.jpg") and row[3].replace(" ", "") == kept.sha256
        assert "Xóa hẳn nội dung tệp nham.jpg" in paper_words.whole(told)
        assert gone.sha256 not in paper_words.whole(told).replace(" ", "")


def test_nobodys_telephone_is_in_it(night: Night) -> None:
    described = "Lái xe: +84 905.111.222, nợ 350.000.000 đồng, EA012345678VN"
    incident = night.log("Xe thư hỏng, gọi 0912 345 678", "vehicle", description=described)
    typed = {"driver_phone": "0903000111", "driver": "Y Thuyên", "place": "Đèo An Khê, hỏi 0269 3824 999"}
    followup.set_facts(incident.id, typed, actor=night.actor("BI1"), now=NIGHT)
    lifecycle.add_note(incident.id, note="Đã gọi (0987)654321", actor=night.actor("BI1"), now=NIGHT)
    said = paper_words.whole(record(night, incident))
    digits = "".join(each for each in said if each.isdigit())
    for number in ("0912345678", "905111222", "0903000111", "02693824999", "654321"):
        assert number not in digits
    assert "350.000.000" in said and "EA012345678VN" in said and "Y Thuyên" in said and "Đèo An Khê" in said


def test_a_restricted_one_is_there_for_those_alone_whom_it_concerns_and_has_no_title_in_lists(night: Night) -> None:
    incident = night.log("Kiện hàng có dây điện thò ra", "suspicious_item")
    assert db.session.get_one(Incident, incident.id).restricted
    for who, role, unit in (("PH1", "staff", "BDA"), ("CH1", "manager", "BDC"), ("DU1", "viewer", "BDC")):
        with pytest.raises((NotFound, Forbidden)):
            paper_words.draft(f"incident:{incident.code}", KIND, night.actor(who, role, unit), NIGHT)
    leader = paper_words.draft(f"incident:{incident.code}", KIND, night.actor("AN1", "manager"), NIGHT)
    assert leader.content.abstract == f"Ghi nhận sự cố {incident.code}"
    assert "day-dien" not in drafting.file_name(leader, "pdf") and "Kiện hàng có dây điện" in paper_words.whole(
        leader.content
    )


def test_somebody_who_only_looks_on_reads_it_in_their_own_unit_and_nowhere_else(night: Night) -> None:
    here, there = night.log(unit="BDC"), night.log(unit="BDA")
    viewer = night.actor("DU1", "viewer", "BDC")
    assert here.code in paper_words.draft(f"incident:{here.code}", KIND, viewer, NIGHT).content.abstract
    with pytest.raises(Forbidden):
        paper_words.draft(f"incident:{there.code}", KIND, viewer, NIGHT)


def test_what_was_joined_names_the_other_and_what_was_reopened_says_so(night: Night) -> None:
    main, same = night.log(), night.log("Cúp điện ở quầy")
    merging.join(same.id, main_id=main.id, actor=ADMIN, now=NIGHT + MIN)
    lifecycle.resolve(main.id, actor=night.actor("BI1"), now=NIGHT + 2 * MIN)
    lifecycle.reopen(main.id, note="Lại mất điện", actor=night.actor("BI1"), now=NIGHT + 3 * MIN)
    told, other = record(night, main), record(night, same)
    assert f"Đã gộp vào đây: {same.code} · Cúp điện ở quầy" in paper_words.whole(told)
    assert f"Đã gộp vào sự cố {main.code}" in paper_words.whole(other)
    assert paper_words.facts(told)["Tình trạng"] == "chưa có người nhận"
    assert "Lại mất điện" in paper_words.whole(told)


def test_the_review_is_in_it_once_it_is_closed(night: Night) -> None:
    incident = night.log("Cháy kho", "fire")
    manager = night.actor("AN1", "manager")
    lifecycle.acknowledge(incident.id, actor=manager, now=NIGHT)
    lifecycle.resolve(incident.id, actor=manager, now=NIGHT + MIN)
    parts = {"happened": "Chập điện ở tủ số 2", "cause": "Dây cũ", "remedy": "Thay dây"}
    reviews.save(incident.id, parts, version=0, actor=manager, now=NIGHT + 2 * MIN)
    reviews.add_action(
        incident.id,
        text="Thay toàn bộ dây",
        owner_id=people.person_by_code("BI1").id,
        due_on=date(2020, 2, 3),
        actor=manager,
        now=NIGHT + 2 * MIN,
    )
    assert "Chập điện ở tủ số 2" not in paper_words.whole(record(night, incident))
    lifecycle.close(incident.id, actor=manager, now=NIGHT + 3 * MIN)
    said = paper_words.lines(record(night, incident))
    assert [said[said.index(each) - 1] for each in parts.values()] == [
        "Diễn biến: việc gì đã xảy ra",
        "Nguyên nhân",
        "Biện pháp khắc phục",
    ]
    assert "Thay toàn bộ dây: Trần Thị Bình, hạn 03/02/2020" in said


def test_it_is_written_in_english_as_well(night: Night) -> None:
    incident = night.log()
    said = paper_words.whole(record(night, incident, language="en"))
    assert said.startswith("Record\nIncident SC-2020-0001\nMất điện\n1. In general")
    assert "Severity: level 3, " in said and "Power cut" in said and "Hệ thống" not in said


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://x";"y")', '#link("http://x")[y]', "<b>&amp;</b>", "\u202eabc", "$x^2$ *a* _b_"]
)
def test_a_name_that_looks_like_markup_arrives_as_it_was_typed(night: Night, title: str) -> None:
    incident = night.log(title)
    draft = paper_words.draft(f"incident:{incident.code}", KIND, night.actor("BI1"), NIGHT)
    made = drafting.paper(draft)
    seen = " ".join(paper.text_of(each) for each in paper.pages_of(pdf.pdf(made)))
    words = read_docx(docx.docx(made))
    plain = title.replace("\u202e", "")
    assert plain in seen and plain in words
    assert "\u202e" not in seen and "\u202e" not in words


def read_docx(content: bytes) -> str:
    document = word.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(each.text for each in document.paragraphs), *cells])


def test_an_issued_one_goes_out_of_sight_with_its_incident(night: Night) -> None:
    papers.settle(NIGHT)
    incident, manager = night.log(), night.actor("AN1", "manager")
    wanted = DraftRequest(f"incident:{incident.code}", KIND, {})
    row = issued.issue(wanted, once="in-the-night-1", actor=manager, now=NIGHT)
    phong = night.actor("PH1")
    assert [each.id for each in documents.listed(Filter(), phong, NIGHT)] == [row.id]
    classification.restrict(incident.id, restricted=True, reason="Có KT1", actor=manager, now=NIGHT)
    assert documents.listed(Filter(), phong, NIGHT) == []
    assert [each.id for each in documents.listed(Filter(), manager, NIGHT)] == [row.id]


def test_a_record_that_was_issued_says_when_more_is_known(night: Night) -> None:
    """The same an hour later while nothing happens; another one once something was done."""
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 2 * MIN)
    papers.settle(NIGHT)
    wanted = DraftRequest(f"incident:{incident.code}", KIND, {})
    row = issued.issue(wanted, once="a record that says more", actor=ADMIN, now=NIGHT + 5 * MIN)
    assert not since.differs(row, ADMIN, NIGHT + 90 * MIN)
    lifecycle.resolve(incident.id, note="Đã có điện", actor=night.actor("BI1"), now=NIGHT + 91 * MIN)
    assert since.differs(row, ADMIN, NIGHT + 92 * MIN)
