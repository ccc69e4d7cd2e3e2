"""Hand-over minutes and the diary on paper: as they were signed, for those who read their pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from core.db import db
from core.errors import Conflict, Forbidden, NotFound
from documents import kinds
from documents.drafting.services import DraftRequest
from documents.issued import queries as documents, services as issued
from documents.issued.queries import Filter
from documents.kinds import Content
from incidents.diary import services as diary, signing
from incidents.handovers import acceptance, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover
from incidents.papers import about
from incidents.record.models import Incident
from incidents.response import lifecycle
from incidents.triage import classification
from people import queries as people
from roster.models import Duty
from tests.support import paper_words, papers
from tests.support.cast import ADMIN, NIGHT, PASSWORD
from tests.support.statements import statements
from tests.support.tet_night import Night

CHANGE = NIGHT + timedelta(hours=9)
SIGNS, ACCEPTS = CHANGE - timedelta(minutes=15), CHANGE - timedelta(minutes=5)
MIN = timedelta(minutes=1)
FINE = TypedMinutes(
    (
        ChecklistItem("Tiền mặt", "fine"),
        ChecklistItem("Máy phát điện", "attention", "dầu còn 1 phần 3"),
        ChecklistItem("Xe", "none"),
    ),
    notes='=HYPERLINK("http://x")',
    undone="Chờ điện lực 09:00\nGọi 0905 111 222",
)
DAY = "diary:BDA@2020-01-25"
SHIFT = "diary:BDA@2020-01-24@23:10-11:10"


def minutes(night: Night) -> Handover:
    """Em follows Bình on operations; one incident is open."""
    night.publish("operations", "EM1", start=CHANGE)
    incident = night.log("Xe thư hỏng ở đèo", "vehicle")
    lifecycle.acknowledge(incident.id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    seat = db.session.get_one(Duty, night.duty("operations")).seat_id
    return handovers.write_and_sign(seat, FINE, actor=night.actor("BI1"), now=SIGNS)


def handed_over(night: Night, row: Handover, now: Any = SIGNS) -> Content:
    return paper_words.draft(f"handover:{row.id}", "incidents.handover", night.actor("BI1"), now).content


def page(night: Night, of: str, who: str = "BI1", role: str = "staff", now: Any = SIGNS, **options: str) -> Content:
    return paper_words.draft(of, "incidents.diary", night.actor(who, role), now, **options).content


def test_minutes_are_as_they_were_signed_with_the_hash_of_what_is_kept(night: Night) -> None:
    row = minutes(night)
    told = handed_over(night, row)
    kept = db.session.scalar(text("SELECT content FROM handovers WHERE id = :id"), {"id": row.id})
    kept = json.loads(kept) if isinstance(kept, str) else kept
    spelt = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    said = paper_words.whole(told)
    assert hashlib.sha256(spelt.encode()).hexdigest() in said.replace(" ", "")
    looked = paper_words.table(told, "Những gì đã kiểm tra")
    assert looked == [
        ["Tiền mặt", "Đủ", ""],
        ["Máy phát điện", "Lưu ý", "dầu còn 1 phần 3"],
        ["Xe", "Không có", ""],
    ]
    assert '=HYPERLINK("http://x")' in said and "Gọi […]" in said and "0905" not in said
    assert "NGƯỜI GIAO CA: Trần Thị Bình Đã ký điện tử, 10:55 25/01/2020" in said
    assert "NGƯỜI NHẬN CA:  (Ký, ghi rõ họ tên)" in said
    assert paper_words.table(told, "Sự cố đang mở")[0][2] == "chờ nhận"


def test_once_they_are_accepted_both_have_signed_and_later_words_stand_apart(night: Night) -> None:
    row = minutes(night)
    codes = [each.code for each in handovers.incidents_of(row)]
    em = night.actor("EM1")
    acceptance.accept(row.id, seen=codes, actor=em, now=ACCEPTS)
    acceptance.add_note(row.id, text="Máy phát đã đầy dầu", actor=em, now=ACCEPTS + MIN)
    told = handed_over(night, row, ACCEPTS + 2 * MIN)
    said = paper_words.whole(told)
    assert "NGƯỜI NHẬN CA: Rơ Châm Em Đã nhận, 11:05 25/01/2020" in said
    assert paper_words.table(told, "Sự cố đang mở")[0][2] == "đã chuyển"
    assert said.index("5. Ghi sau khi ký") < said.index("Máy phát đã đầy dầu")


def test_an_incident_that_became_restricted_keeps_its_code_alone(night: Night) -> None:
    row = minutes(night)
    with_title = paper_words.whole(handed_over(night, row))
    db.session.execute(text("UPDATE incidents SET restricted = TRUE"))
    db.session.commit()
    without = paper_words.whole(handed_over(night, row))
    assert "Xe thư hỏng ở đèo" in with_title
    assert "Xe thư hỏng ở đèo" not in without and "Sự cố hạn chế xem" in without


def test_the_diary_of_the_day_tells_what_the_logs_tell(night: Night) -> None:
    incident = night.log("Mất điện bưu cục")
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 5 * MIN)
    diary.write(night.ids["BDA"], text='#link("x") nhận 3 túi', actor=night.actor("BI1"), now=NIGHT + 9 * MIN)
    told = page(night, DAY)
    rows = paper_words.table(told, "Diễn biến")
    assert [row[0] for row in rows] == ["02:10\n25/01", "02:19\n25/01"]
    assert f"{incident.code} · mức 3 · Mất điện bưu cục: Ghi nhận sự cố" in rows[0][1]
    assert rows[1][1] == '#link("x") nhận 3 túi (ghi chú số 1)' and rows[1][2] == "BI1"
    said = paper_words.whole(told)
    served = db.session.execute(
        text("SELECT p.full_name FROM duties d JOIN people p ON p.id = d.person_id WHERE d.cancelled_at IS NULL")
    )
    assert all(name in said for (name,) in served)
    assert "Mùng 1 tháng Giêng năm Canh Tý" in told.abstract and (told.form, told.needs) == ("named", ())
    assert page(night, DAY, form="plain").form == "plain"


def test_the_diary_of_a_shift_is_as_it_was_signed(night: Night) -> None:
    unit = people.unit_by_id(night.ids["BDA"])
    span = about.diary_of(SHIFT, night.actor("BI1"), SIGNS)[1]
    sheet = signing.sign(unit, span, secret=PASSWORD, actor=night.actor("BI1"), now=SIGNS)
    diary.write(unit.id, text="Quên ghi", at=NIGHT, actor=night.actor("BI1"), now=SIGNS + MIN)
    told = page(night, SHIFT, now=SIGNS + 2 * MIN)
    said = paper_words.whole(told)
    assert sheet.content_hash in said.replace(" ", "")
    assert "Trong ca không có sự cố." in said and said.index("4. Ghi sau khi ký") < said.index("Quên ghi")
    assert "NGƯỜI GIAO CA: BI1 Đã ký điện tử, 10:55 25/01/2020" in said


def test_what_only_few_may_see_is_in_the_diary_of_those_who_may_close_it_and_theirs_alone(night: Night) -> None:
    hidden = night.log("Kiện hàng có dây điện thò ra", "suspicious_item")
    night.log("Mất điện bưu cục")
    lifecycle.acknowledge(hidden.id, person_id=night.ids["PH1"], actor=ADMIN, now=NIGHT)  # sees it, and cannot close it
    leader = page(night, DAY, "AN1", "manager")
    assert "SC-2020-0001" in paper_words.whole(leader) and leader.needs == ("incident.close",)
    called = page(night, DAY, "PH1")
    assert "SC-2020-0001" not in paper_words.whole(called) and called.needs == ()
    for told in (leader, called):
        assert "Kiện hàng" not in paper_words.whole(told) and "SC-2020-0002" in paper_words.whole(told)


def test_a_page_that_is_none_or_has_not_begun_is_refused(night: Night) -> None:
    actor = night.actor("BI1")
    for wrong in ("diary:BDA", "diary:BDA@2020-13-40", "diary:@2020-01-25", "diary:BDA@2020-01-25@05:00-06:00"):
        with pytest.raises(NotFound):
            paper_words.draft(wrong, "incidents.diary", actor, SIGNS)
    for wrong in ("handover:x", "handover:99999999999", "handover:7"):
        with pytest.raises(NotFound):
            paper_words.draft(wrong, "incidents.handover", actor, SIGNS)
    with pytest.raises(Conflict):
        page(night, "diary:BDA@2020-01-27")


def test_somebody_of_another_unit_who_only_looks_on_sees_none_of_them(night: Night) -> None:
    row, viewer = minutes(night), night.actor("DU1", "viewer", "BDC")
    for reference, kind in ((f"handover:{row.id}", "incidents.handover"), (DAY, "incidents.diary")):
        with pytest.raises(Forbidden):
            paper_words.draft(reference, kind, viewer, SIGNS)
    mine = [f"handover:{row.id}", DAY, "diary:BDC@2020-01-25", "incident:SC-2020-0001"]
    assert kinds.visible(mine, viewer, SIGNS) == {"diary:BDC@2020-01-25"}
    assert kinds.visible(mine, night.actor("BI1"), SIGNS) == set(mine)


def test_a_list_of_five_hundred_asks_as_often_as_a_list_of_three(night: Night) -> None:
    row, hidden = minutes(night), night.log("Kiện hàng có dây điện", "suspicious_item")
    real = [f"handover:{row.id}", "incident:SC-2020-0001", f"incident:{hidden.code}", DAY]
    made_up = [f"incident:SC-2020-{n:04d}" for n in range(9000, 9200)]
    made_up += [f"handover:{n}" for n in range(500, 600)] + [
        "handover:x",
        "diary:?",
        "incident:",
        "diary:XX@2020-01-25",
    ]
    days = [f"diary:BDA@2019-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 17)]
    actor = night.actor("PH1")
    with statements() as few:
        assert kinds.visible(real, actor, SIGNS) == {each for each in real if hidden.code not in each}
    with statements() as many:
        seen = kinds.visible([*real, *made_up, *days], actor, SIGNS)
    assert seen == {each for each in real if hidden.code not in each} | set(days)
    assert len(many) <= len(few) + 1


def test_issued_ones_go_out_of_sight_with_an_incident_that_only_few_may_see_since(night: Night) -> None:
    """They were issued with its title, and bytes that were issued do not change."""
    papers.settle(NIGHT)
    row, manager = minutes(night), night.actor("AN1", "manager")
    colleague = replace(night.actor("PH1"), person_id=None)  # whom it has not called
    for number, (of, kind) in enumerate(((f"handover:{row.id}", "incidents.handover"), (DAY, "incidents.diary"))):
        issued.issue(DraftRequest(of, kind, {}), once=f"that-night-{number}", actor=manager, now=SIGNS)
    before = documents.listed(Filter(), colleague, SIGNS)
    assert [each.kind for each in before] == ["incidents.diary", "incidents.handover"]
    incident = db.session.scalars(select(Incident)).one()
    classification.restrict(incident.id, restricted=True, reason="Có KT1", actor=manager, now=SIGNS)
    assert documents.listed(Filter(), colleague, SIGNS) == []
    for each in before:
        with pytest.raises(NotFound):
            documents.readable(each.id, colleague, SIGNS, files=True)
    assert documents.listed(Filter(), manager, SIGNS) == before
    assert kinds.visible(["diary:BDA@2020-01-22"], colleague, SIGNS) == {"diary:BDA@2020-01-22"}
