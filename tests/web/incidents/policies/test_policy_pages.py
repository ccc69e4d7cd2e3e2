"""The page of a unit's escalation policies: who may write, who reads, and what saving keeps."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from core.db import transaction
from incidents.policies import drafts, selection
from people import queries as people
from people.models import Person
from tests.support.enterprise import sign_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night
from tests.support.web_form import WebForm

POLICY = {
    "rows": "1",
    "step-1-duty": "operations",
    "repeat_after": "90",
    "repeat_after-unit": "s",
    "ack_timeout": "10",
    "urgent_most": "5",
    "snooze-1": "15",
    "snooze-2": "30",
    "snooze-3": "60",
    "snooze-4": "60",
}


def text(response: Any) -> str:
    return str(response.get_data(as_text=True))


def test_saving_the_policy_page_keeps_a_step_of_somebody_who_has_left(night: Night, client: FlaskClient) -> None:
    set_policy(
        night.ids["BDA"],
        [drafts.StepSpec(0, person="EM1")],
        repeat_after_seconds=60,
        ack_timeout_seconds=600,
        actor=ADMIN,
        now=NIGHT,
    )
    with transaction() as session:
        session.get(Person, night.ids["EM1"]).active = False
    sign_in(client, "an1")
    form = WebForm.open(client, "/incidents/policy/BDA/edit/0", "policy")
    assert form.sent.getlist("step-1-person") == ["EM1 · Rơ Châm Em", ""]
    form.press("save", expect=303)
    assert selection.named_in(selection.main_for(night.ids["BDA"], 3)) == [night.ids["EM1"]]
    assert "đã nghỉ, không được gọi" in text(client.get("/incidents/policy/BDA"))


def test_who_leads_a_unit_is_written_on_its_page_and_called_as_its_head(night: Night, client: FlaskClient) -> None:
    sign_in(client, "an1")
    unit = people.unit_by_code("BDA")
    sent = {"code": "BDA", "name": unit.name, "kind": unit.kind, "parent_code": "BDT", "head_code": "XX9"}
    wrong = client.post("/people/units/BDA/edit", data=sent)
    assert wrong.status_code == 422 and "Không tìm thấy người có mã XX9" in text(wrong) and 'value="XX9"' in text(wrong)
    assert client.post("/people/units/BDA/edit", data=sent | {"head_code": "CH1"}).status_code == 303
    assert 'value="CH1"' in text(client.get("/people/units/BDA/edit"))
    form = WebForm.open(client, "/incidents/policy/BDA/edit/0", "policy")
    form.untick("step-1-duty", *form.sent.getlist("step-1-duty"))
    form.tick("step-1-head", "own")
    called = form.press("preview").page.partition('class="policy-calls"')[2]
    assert called.index("Phạm Thị Chi") < called.index("Trưởng đơn vị nơi xảy ra")
    assert client.post("/people/units/BDA/edit", data=sent | {"head_code": ""}).status_code == 303
    assert people.heads_of([unit.id]) == []


def test_a_wait_without_anybody_to_call_is_refused(night: Night, client: FlaskClient) -> None:
    sign_in(client, "an1")
    sent = POLICY | {"rows": "2", "step-2-wait": "60", "step-2-wait-unit": "s"}
    answer = client.post("/incidents/policy/BDA/edit/0", data=sent)
    assert answer.status_code == 422 and "Bước 2 chưa chọn gọi ai" in text(answer)


def test_a_manager_writes_the_units_policy_and_staff_only_read_it(night: Night, client: FlaskClient) -> None:
    sent = POLICY | {
        "rows": "3",
        "step-2-person": "AN1",
        "step-2-wait": "60",
        "step-2-wait-unit": "s",
        "catch_all": ["QT1", "AN1"],
    }
    sign_in(client, "bi1")
    night.withdraw("operations")
    assert client.get("/incidents/policy/").headers["Location"] == "/incidents/policy/BDA"
    assert client.post("/incidents/policy/BDA/edit/0", data=sent).status_code == 403
    sign_in(client, "an1")
    wrong = client.post("/incidents/policy/BDA/edit/0", data=sent | {"repeat_after": "chín mươi"})
    assert wrong.status_code == 422 and "chín mươi" in text(wrong)
    assert client.post("/incidents/policy/BDA/edit/0", data=sent).status_code == 303
    page = text(client.get("/incidents/policy/BDA"))
    assert "Quy trình riêng của đơn vị, bản 1" in page
    # The administrator is of another unit than the manager's own, and is asked first.
    asked = "Lê Quản Trị (QT1) – chờ đồng ý, tạm gọi lãnh đạo trực"
    assert f"Người nhận sau cùng: {asked}; Nguyễn Văn An (AN1)" in page
    assert "Đang theo quy trình của Bưu điện huyện A" in text(client.get("/incidents/policy/BDA-1"))


def test_whether_people_hear_how_it_ended_is_ticked_told_and_kept(night: Night, client: FlaskClient) -> None:
    sign_in(client, "an1")
    client.post("/incidents/policy/BDA/edit/0", data=POLICY)
    assert selection.main_for(night.ids["BDA"], 3).tells_end, "a form that does not know of it changes nothing"
    form = WebForm.open(client, "/incidents/policy/BDA/edit/0", "policy")
    assert form.sent.getlist("tells_end") == ["", "1"]
    form.sent.setlist("tells_end", [""])
    form.press("save", expect=303)
    version = selection.main_for(night.ids["BDA"], 3)
    assert not version.tells_end
    assert "không được báo việc kết thúc ra sao" in text(client.get("/incidents/policy/BDA"))
    assert WebForm.open(client, "/incidents/policy/BDA/edit/0", "policy").sent.getlist("tells_end") == [""]
    assert not drafts.copy(version, number=9).tells_end, "the next version says the same"
