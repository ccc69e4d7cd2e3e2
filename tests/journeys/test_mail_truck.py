"""The mail truck that stands at the pass: what becomes known after the first call, and whom outside to tell.

Told through the pages that people use, on both databases.
"""

from __future__ import annotations

from core.db import db as database
from incidents.escalation import engine
from incidents.record.models import TimelineEntry
from people.accounts import keys
from tests.support.desk_pages import DeskPages, text_of
from tests.support.tet_night import ADMIN, NIGHT

ROUTE = {
    "code": "dt-1",
    "name": "Tỉnh – huyện A",
    "level": "1",
    "origin": "Bưu điện tỉnh",
    "destination": "Huyện A",
    "unit": "BDA",
}
TRUCK = {
    "plate": "81C-123.45",
    "kind": "truck",
    "driver": "Rơ Châm Tài",
    "driver_phone": "0912 345 678",
    "route": "DT-1",
    "unit": "BDA",
    "new": "1",
}


def directory(desk: DeskPages, who: str, what: str, status: int = 303, /, **typed: str) -> str:
    answer = desk.browser(who).post(f"/incidents/directory/{what}", data=typed)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return text_of(answer.get_data(as_text=True))


def test_the_small_directory_of_routes_and_vehicles(desk: DeskPages) -> None:
    directory(desk, "an1", "routes", **ROUTE)
    directory(desk, "an1", "vehicles", **TRUCK)
    page = desk.see("bi1", "/incidents/directory/vehicles")
    assert "81C12345" in page and "Rơ Châm Tài" in page
    # Faults are said at their fields, and what was typed stays.
    assert "Đã có trong danh bạ" in directory(desk, "an1", "vehicles", 422, **TRUCK)
    assert "Ghi biển số" in directory(desk, "an1", "vehicles", 422, **TRUCK | {"plate": "?"})
    unknown = directory(desk, "an1", "vehicles", 422, **TRUCK | {"plate": "81C1", "route": "DT-7"})
    assert "Không có đường thư “DT-7”" in unknown
    # Only the unit's own leadership may change it; nobody takes it away to another unit.
    directory(desk, "bi1", "routes", 403, **ROUTE)
    directory(desk, "ch1", "routes", 403, **ROUTE)
    directory(desk, "ch1", "vehicles", 403, **TRUCK | {"new": "", "unit": "BDC"})


def test_what_becomes_known_about_the_truck_after_the_first_call(desk: DeskPages) -> None:
    directory(desk, "an1", "routes", **ROUTE)
    directory(desk, "an1", "vehicles", **TRUCK)
    directory(desk, "an1", "vehicles", **TRUCK | {"plate": "81C-678.90", "driver": "Siu Thảo", "route": ""})
    incident = desk.log("Xe thư hỏng ở đèo", "vehicle")
    assert engine.escalate_due(desk.now) == 1, "people are called before anybody asks for a plate"
    path = f"/incidents/{incident.code}"
    desk.at(5)
    assert "Ghi dần những gì đã biết" in desk.see("bi1", path)
    desk.post("bi1", f"{path}/facts", facts="1", facts__plate="81c 123.45", facts__km="1.012,5", facts__bags="34")
    known = desk.fresh(incident.code).facts
    assert known == {
        "plate": "81C12345",
        "km": 1012.5,
        "bags": 34,
        "driver": "Rơ Châm Tài",
        "driver_phone": "0912345678",
        "route": "DT-1",
    }, "the directory knows the rest"
    # One fault, and nothing is kept; what was typed is still there.
    wrong = desk.post("bi1", f"{path}/facts", 422, facts="1", facts__km="xa lắm", facts__place="Đèo An Khê")
    assert 'value="xa lắm"' in wrong and 'value="Đèo An Khê"' in wrong
    assert "place" not in desk.fresh(incident.code).facts
    desk.at(20)
    desk.post(
        "bi1",
        f"{path}/facts",
        facts="1",
        facts__replacement="81C67890",
        facts__replacement_left_at="2020-01-25T02:25",
        facts__driver="Rơ Châm Tài, Kpă Hùng",
        facts__plate="81C12345",
    )
    assert desk.fresh(incident.code).facts["driver"] == "Rơ Châm Tài, Kpă Hùng", "mended by hand, it stays so"
    assert desk.fresh(incident.code).facts["replacement_driver"] == "Siu Thảo"
    desk.at(70)
    desk.post("bi1", f"{path}/facts", facts="1", facts__replacement_arrived_at="2020-01-25T03:18", facts__bags="33")
    page = desk.see("an1", path)
    for words in ("Xe thay đến nơi lúc: 03:18", "Số túi, gói trên xe: 33 (trước: 34)", "Xe thay xuất phát lúc"):
        assert words in page, words
    # Tools write the same facts; what is no field of a truck is refused, and null takes one away.
    key = keys.create_api_key(keys.NewApiKey("Xe", "manager", "BDA"), now=NIGHT, actor=ADMIN)[1]
    ask = {"path": f"/api/v1{path}/facts", "headers": {"Authorization": f"Bearer {key}"}}
    facts = desk.browser("an1").put(**ask, json={"facts": {"km": None, "place": "Bến xe"}}).get_json()["facts"]
    assert "km" not in facts and facts["place"] == "Bến xe"
    assert desk.browser("an1").put(**ask, json={"facts": {"disease": "cúm"}}).status_code == 409


def test_the_checklist_says_who_did_what(desk: DeskPages) -> None:
    incident = desk.log("Xe thư hỏng ở đèo", "vehicle")
    path = f"/incidents/{incident.code}"
    assert "Cử người trông hàng trên xe" in desk.see("bi1", path) and "0 trên 5" in desk.see("bi1", path)
    desk.at(7)
    desk.post("bi1", f"{path}/check", item="cargo-guarded", done="yes")
    desk.post("an1", f"{path}/check", item="cargo-guarded", done="yes")
    page = desk.see("an1", path)
    assert "1 trên 5" in page and "Trần Thị Bình, 02:17" in page, "whoever was first did it"
    desk.post("an1", f"{path}/check", item="cargo-guarded", done="no")
    assert desk.kinds(incident.code)[-2:] == ["checked", "unchecked"] and "0 trên 5" in desk.see("an1", path)
    desk.post("an1", f"{path}/check", 422, item="bay-len-troi", done="yes")
    desk.post("ch1", f"{path}/check", 403, item="cargo-guarded", done="yes")


def test_who_outside_must_be_told_and_by_which_number(desk: DeskPages) -> None:
    """The nearest police of the unit before the number of everywhere; what is missing is said, not hidden."""
    police = {"name": "Công an huyện A", "role": "police", "phone": "0269 3824 113", "unit": "BDA"}
    directory(desk, "an1", "authorities", **police)
    directory(desk, "an1", "authorities", **police | {"name": "Công an cũ", "valid_to": "2019-12-31"})
    directory(desk, "an1", "authorities", 403, **police | {"unit": ""})
    directory(desk, "ch1", "authorities", **police | {"name": "Công an huyện C", "unit": "BDC"})
    fire = desk.log("Cháy kho", "fire")
    told = desk.see("bi1", f"/incidents/{fire.code}").split("Cơ quan cần báo")[1]
    for words in ("114", "115", "Công an huyện A"):
        assert words in told, words
    assert told.index("Công an huyện A") < told.index("Công an (cảnh sát phản ứng nhanh)")
    assert "Công an huyện C" not in told and "Công an cũ" not in told
    power = desk.log("Mất điện", "power")
    assert "Chưa có trong danh bạ: Điện lực" in desk.see("bi1", f"/incidents/{power.code}")
    assert "Cơ quan cần báo" not in desk.see("bi1", f"/incidents/{desk.log('Xe hỏng', 'vehicle').code}")
    assert database.session.query(TimelineEntry).count() == 3, "looking changes nothing"
