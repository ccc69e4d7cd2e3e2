"""What the catalogue brings to an incident: how bad it is, by when, what must not be written, who outside is told.

Told through the pages that people use, on both databases.
"""

from __future__ import annotations

import io
import re

from core.actor import Actor
from core.db import db as database
from incidents.attachments.models import Attachment
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Page
from people.accounts import keys
from tests.support.desk_pages import DeskPages, text_of
from tests.support.tet_night import ADMIN, NIGHT


def sent(desk: DeskPages, **typed: str) -> dict[str, str]:
    """The quick log as it is shown to Bình and filled in."""
    page = desk.browser("bi1").get("/incidents/new").get_data(as_text=True)
    key = re.search(r'name="form_key"[^>]* value="([^"]+)"', page)
    assert key
    return {"form_key": key[1], "unit": "BDA", "distinct": "1"} | typed


def test_three_questions_say_how_bad_it_is(desk: DeskPages) -> None:
    """Nobody asks a frightened clerk for a level."""
    asked = desk.see("bi1", "/incidents/new/questions?category=other")
    for words in ("Có ai bị thương không?", "Có bưu gửi KT1, Hỏa tốc", "Có ngừng phục vụ không?"):
        assert words in asked, words
    assert asked.count("Không rõ") == 3, "whoever does not know may say so"
    told = desk.see("bi1", "/incidents/new/questions?category=other&level=1&answers.kt1=yes&answers.hurt=unknown")
    assert "Nghiêm trọng" in told and "Có bưu gửi KT1" in told and "Không ghi nội dung, người gửi" in told
    # What nobody knows counts for nothing; one answer is enough; the worst one decides.
    for answers, level, state in (
        ({"hurt": "unknown"}, 3, False),
        ({"hurt": "no", "kt1": "yes"}, 2, True),
        ({"hurt": "yes", "kt1": "yes"}, 1, True),
    ):
        given = {f"answers.{code}": value for code, value in answers.items()}
        done = desk.browser("bi1").post("/incidents/new", data=sent(desk, title="Xe hỏng", category="vehicle", **given))
        assert done.status_code == 303
        incident = desk.newest()
        assert (incident.severity, incident.party_state) == (level, state), answers
    page = desk.see("bi1", f"/incidents/{incident.code}")
    assert "Có ai bị thương không? Có" in page and "hạn chế xem" not in page.lower().split("diễn biến")[0]


def test_it_can_be_changed_and_the_change_says_who_chose(desk: DeskPages) -> None:
    incident = desk.log("Xe hỏng ở đèo", "vehicle")
    path = f"/incidents/{incident.code}/classify"
    desk.post("an1", path, category="vehicle", severity="1", note="Đường thư chính")
    assert desk.fresh(incident.code).severity == 1
    assert "chọn bằng tay, theo câu hỏi là mức 3" in desk.see("an1", f"/incidents/{incident.code}")
    # KT1 on board after all: by hand it goes no lower than the floor; what the answers say holds again when asked for.
    desk.post("an1", path, category="vehicle", severity="4", answers__kt1="yes")
    changed = desk.fresh(incident.code)
    assert (changed.severity, changed.party_state) == (2, True)
    desk.post("an1", path, category="vehicle", severity="", answers__kt1="no")
    changed = desk.fresh(incident.code)
    assert (changed.severity, changed.party_state) == (3, False)
    refused = desk.post("an1", path, 422, category="vehicle", severity="9", note="Nhầm mức")
    assert 'value="Nhầm mức"' in refused and desk.kinds(incident.code).count("reclassified") == 3


def test_the_law_sets_floors(desk: DeskPages) -> None:
    """Party, State or KT1: at least level 2. Điều 7(1–2): level 1 or 2, and restricted whatever anybody says."""
    _key, secret = keys.create_api_key(keys.NewApiKey("Máy", "manager", "BDA", None), now=NIGHT, actor=ADMIN)
    headers = {"Authorization": f"Bearer {secret}"}
    for category, party_state, restricted in (
        ("complaint", True, False),
        ("kt1", False, False),
        ("suspicious_item", False, True),
        ("harmful_material", False, True),
    ):
        body = {"title": "Sự cố", "category": category, "severity": 4, "unit": "BDA", "party_state": party_state}
        made = desk.browser("bi1").post("/api/v1/incidents", json=body, headers=headers).get_json()
        assert (made["severity"], made["restricted"]) == (2, restricted), category
    path = f"/incidents/{made['code']}/restrict"
    refused = text_of(desk.post("an1", path, 409, restricted="no", reason="Ai cũng biết rồi"))
    assert "Sự cố theo Điều 7 Luật Bưu chính luôn hạn chế xem." in refused and desk.fresh(made["code"]).restricted
    # A prohibited item that turns out to be an explosive.
    item = desk.log("Bưu gửi nghi vi phạm", "prohibited_item")
    assert not item.restricted
    desk.post("an1", f"/incidents/{item.code}/classify", category="prohibited_item", answers__article_7="yes")
    assert (desk.fresh(item.code).severity, desk.fresh(item.code).restricted) == (1, True)


def test_clocks_run_on_the_board_and_targets_can_be_changed(desk: DeskPages) -> None:
    incident = desk.log("Mất điện toàn huyện", "power", severity=2)
    assert "Tiếp nhận: còn 10:00" in desk.see("an1", "/incidents/")
    desk.at(31)
    late = desk.see("an1", "/incidents/")
    assert "2 hạn đã quá" in late and "Tiếp nhận: quá giờ nhận 21:00" in late
    # The leadership of the unit may not move the enterprise's targets; the administrator may, and they hold at once.
    form = {"acknowledge.2": "30", "leadership.2": "60", "update.2": "60", "resolve.2": "240"}
    page = desk.browser("qt1").get("/incidents/catalogue/targets").get_data(as_text=True)
    kept = dict(re.findall(r'name="((?:acknowledge|leadership|update|resolve)\.\d)"[^>]*? value="(\d*)"', page))
    assert kept["acknowledge.2"] == "10" and kept["leadership.4"] == ""
    assert desk.browser("an1").post("/incidents/catalogue/targets", data=kept | form).status_code == 403
    wrong = desk.browser("qt1").post("/incidents/catalogue/targets", data=kept | {"acknowledge.1": "90"})
    assert wrong.status_code == 422 and "Mức nặng hơn không được có thời hạn dài hơn" in text_of(wrong.text)
    assert desk.browser("qt1").post("/incidents/catalogue/targets", data=kept | form).status_code == 303
    relaxed = desk.see("an1", "/incidents/")
    assert "Tiếp nhận: quá giờ nhận 01:00" in relaxed and "2 hạn đã quá" not in relaxed
    # Told by word of mouth: the clock of the leadership stops, once.
    desk.post("bi1", f"/incidents/{incident.code}/leadership", whom="Giám đốc bưu điện tỉnh")
    assert "Đã báo lãnh đạo: Giám đốc bưu điện tỉnh" in desk.see("an1", f"/incidents/{incident.code}")
    desk.post("bi1", f"/incidents/{incident.code}/leadership", 409, whom="Ai đó")
    desk.post("bi1", f"/incidents/{incident.code}/acknowledge")
    desk.post("bi1", f"/incidents/{incident.code}/resolve", note="Có điện lại")
    assert "Tiếp nhận:" not in desk.see("an1", "/incidents/"), "when it is over nothing waits"
    clocks = desk.see("an1", f"/incidents/{incident.code}")
    assert "Tiếp nhận nhận muộn" in clocks and "Báo lãnh đạo đúng hạn" in clocks and "Xử lý xong đúng hạn" in clocks


def test_a_sign_of_life_of_any_kind_moves_the_clock_of_updates(desk: DeskPages) -> None:
    """Whoever says that they are on their way, are there, still on it, or record a legal step has told something."""
    incident = desk.log("Bưu gửi nghi vi phạm", "prohibited_item", severity=2)
    path = f"/incidents/{incident.code}"
    desk.post("bi1", f"{path}/acknowledge")
    said: list[tuple[str, dict[str, str]]] = [
        ("arrival", {"arrives": "04:30"}),
        ("arrived", {}),
        ("alive", {}),
        ("handover-note", {"note": "Chìa ở tủ 2"}),
        ("legal/suspend", {"by": "Bình", "found_at": "Quầy 1", "at": "2020-01-25T02:10"}),
    ]
    for round_, (verb, typed) in enumerate(said, start=1):
        desk.at(61 * round_)
        assert "Cập nhật quá giờ cập nhật" in desk.see("bi1", path), verb
        desk.post("bi1", f"{path}/{verb}", **typed)
        assert "Cập nhật còn 1:00:00" in desk.see("bi1", path), verb


def test_nothing_secret_is_written_about_items_of_the_state(desk: DeskPages) -> None:
    """A code and a class are all that an incident may say; the same words elsewhere are nobody's business."""
    typed = sent(desk, title="Mất công văn tối mật gửi đi tỉnh", category="kt1")
    refused = desk.browser("bi1").post("/incidents/new", data=typed)
    assert refused.status_code == 422 and "tối mật" in text_of(refused.text) and desk.newest() is None
    assert 'value="Mất công văn tối mật gửi đi tỉnh"' in refused.get_data(as_text=True), "it is there to be mended"
    incident = desk.log("KT1 chậm, mã 0123", "kt1")
    path = f"/incidents/{incident.code}"
    for verb, fields in (
        ("note", {"note": "Người nhận: ông A"}),
        ("note", {"note": "Nội dung công văn: họp ngày mai"}),
        ("note", {"note": "đóng dấu mật"}),
        ("facts", {"facts": "1", "facts.reference": "KT1-A"}),
        ("leadership", {"whom": "Người gửi: Tỉnh ủy"}),
        ("resolve", {"note": "Bưu gửi tuyệt  mật đã tìm thấy"}),
    ):
        answer = desk.browser("bi1").post(f"{path}/{verb}", data=fields)
        assert answer.status_code == 422, (verb, fields)
    assert desk.kinds(incident.code) == ["logged"]
    # What a scanner called the file, and what a machine sends, is kept without such words.
    pdf = b"%PDF-1.4\n1 0 obj\n<< /Root 1 0 R >>\nendobj\nstartxref\n0\n%%EOF"
    desk.post("bi1", f"{path}/attach", file=(io.BytesIO(pdf), "Công văn tuyệt mật.pdf"))
    assert [row.name for row in database.session.query(Attachment)] == ["Công văn […].pdf"]
    machine = creation.log(
        IncidentReport(
            title="Cảm biến: tủ có tài liệu tối mật bị mở",
            category="kt1",
            unit_id=desk.night.ids["BDA"],
            actor=Actor(name="Cảm biến", role="admin", via="system"),
        ),
        now=desk.now,
    )[0]
    assert machine.title == "Cảm biến: tủ có tài liệu […] bị mở"


def test_the_catalogue_is_the_enterprises_own(desk: DeskPages) -> None:
    """A category of its own, with its question, its duty, its fields and its checklist; and one that is not offered."""
    question = {"code": "", "text_vi": "Chó có còn ở đó không?", "level.yes": "2", "level.no": "0", "active": "y"}
    assert desk.browser("qt1").post("/incidents/catalogue/questions", data=question).status_code == 303
    form = {
        "code": "dog",
        "name_vi": "Chó cắn bưu tá",
        "name_en": "Dog bite",
        "family": "security",
        "severity": "3",
        "first_duty": "emergency",
        "position": "5",
        "active": "y",
        "authority": ["medical"],
        "question": ["hurt", "cho-co-con-o-do-khong"],
        "checklist": "Rửa vết thương | Wash it\nĐi tiêm phòng",
        "field_key": ["", ""],
        "field_vi": ["Địa chỉ nhà", "Đã tiêm"],
        "field_en": ["Address", ""],
        "field_kind": ["text", "yesno"],
        "field_choices": ["", ""],
    }
    for who in ("an1", "bi1"):
        assert desk.browser(who).post("/incidents/catalogue/category/", data=form).status_code == 403, who
    made = desk.browser("qt1").post("/incidents/catalogue/category/", data=form)
    assert made.status_code == 303, text_of(made.text)
    assert desk.browser("qt1").post("/incidents/catalogue/category/", data=form).status_code == 409
    desk.browser("bi1").post(
        "/incidents/new",
        data=sent(desk, title="Bị chó cắn", category="dog", **{"answers.cho-co-con-o-do-khong": "yes"}),
    )
    incident = desk.newest()
    assert (incident.category, incident.severity) == ("dog", 2)
    engine.escalate_due(desk.now)
    called = database.session.query(Page).filter_by(incident_id=incident.id).one()
    assert (called.duty, called.person.code) == ("emergency", "EM1"), "the duty that its category calls first"
    page = desk.see("an1", f"/incidents/{incident.code}")
    for words in ("Địa chỉ nhà", "Rửa vết thương", "Đi tiêm phòng", "Cấp cứu y tế"):
        assert words in page, words
    # Not offered any more; what was logged keeps it.
    form |= {"active": "", "field_key": ["dia-chi-nha", "da-tiem"]}
    assert desk.browser("qt1").post("/incidents/catalogue/category/dog", data=form).status_code == 303
    assert "Chó cắn bưu tá" not in desk.see("bi1", "/incidents/new")
    assert "Chó cắn bưu tá" in desk.see("an1", f"/incidents/{incident.code}")
