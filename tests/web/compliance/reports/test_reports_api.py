"""Reports by the API: asked for, drafted, put in words, approved, issued, sent, received; the same as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from people.accounts import keys
from tests.support import papers, reporting
from tests.support.cast import ADMIN
from tests.support.reporting import at
from tests.support.tet_night import Night

REQUEST = {
    "unit": "BDA",
    "form": "report",
    "kind": "daily",
    "asked_by": "Sở",
    "asked_on": "2020-01-22",
    "starts_on": "2020-01-23",
    "ends_on": "2020-01-29",
    "opens": "15:00",
    "until": "16:00",
    "recipients": [{"name": "Phòng BCVT", "mail": "bcvt@stttt.example"}],
}


@pytest.fixture
def call(night: Night, client: FlaskClient) -> Any:
    reporting.a_week(night)
    papers.settle(at(20, 8))
    key = keys.create_api_key(keys.NewApiKey("Văn phòng", "manager", "BDA"), now=at(20, 8), actor=ADMIN)[1]

    def ask(method: str, path: str, status: int, **body: Any) -> Any:
        with clock.travel(at(25, 15, 30)):
            answer = client.open(
                f"/api/v1{path}",
                method=method,
                headers={"Authorization": f"Bearer {key}"},
                **({"json": body} if method != "GET" else {}),
            )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()

    return ask


def test_a_report_from_request_to_receipt(call: Any) -> None:
    request = call("POST", "/report-requests", 201, **REQUEST)["id"]
    report = call("POST", "/reports", 201, unit="BDA", kind="daily", starts_on="2020-01-25", ends_on="2020-01-25")
    found = {each["code"]: each for section in report["sections"] for each in section["figures"]}
    assert found["incidents.all"]["value"] == len(found["incidents.all"]["refs"]) == 2
    path = f"/reports/{report['id']}"
    worded = call("PUT", f"{path}/texts", 200, version=report["version"], texts={"difficulties": "Thiếu xe."})
    assert call("PUT", f"{path}/texts", 409, version=1, texts={})["code"] == "reports.changed"
    assert call("POST", f"{path}/send", 409)["code"] == "reports.not_issued"
    assert call("POST", f"{path}/approve", 200, version=worded["version"])["state"] == "approved"
    issued = call("POST", f"{path}/issue", 200)
    assert (issued["state"], issued["code"]) == ("issued", "01/BC-BĐA")
    assert call("POST", f"{path}/issue", 200)["document"] == issued["document"]
    [sent] = call("POST", f"{path}/send", 200)["items"]
    assert call("POST", f"{path}/send", 200)["items"] == [sent]
    receipt = {"received_by": "Chị Hoa", "received_at": "2020-01-25T15:30:00+07:00"}
    assert call("POST", f"/reports/sent/{sent['id']}/receipt", 200, **receipt)["received_by"] == "Chị Hoa"
    days = call("GET", f"/report-requests/{request}/days", 200)["items"]
    assert [each["state"] for each in days] == ["late", "late", "done", "early", "early", "early", "early"]
    assert [each["id"] for each in call("GET", "/reports?kind=daily", 200)["items"]] == [report["id"]]


def test_what_is_told_on_the_telephone_needs_who_listened(call: Any) -> None:
    request = call("POST", "/report-requests", 201, **REQUEST | {"form": "phone", "kind": None})["id"]
    told = {"day": "2020-01-25", "recipient": "Phòng BCVT", "way": "phone", "at": "2020-01-25T15:10:00+07:00"}
    assert call("POST", f"/report-requests/{request}/told", 409, **told)["code"] == "reports.heard_by"
    assert call("POST", f"/report-requests/{request}/told", 201, **told, heard_by="Ông Tám")["heard_by"] == "Ông Tám"


def test_a_request_without_recipients_or_with_hours_the_wrong_way_is_refused(call: Any) -> None:
    wrong = call("POST", "/report-requests", 409, **REQUEST | {"opens": "16:00", "until": "15:00"})
    assert wrong["errors"][0]["field"] == "until"
    assert call("POST", "/report-requests", 422, **REQUEST | {"recipients": []})["status"] == 422


def test_authorities_are_added_rung_and_listed_with_their_former_names(call: Any) -> None:
    body = {
        "name": "Sở Khoa học và Công nghệ",
        "formerly": "Sở Thông tin và Truyền thông",
        "role": "ministry",
        "unit": "BDA",
        "phone": "02693811111",
        "phone_24h": "0900000111",
        "contact": "Trực ban",
        "valid_from": "2019-03-01",
    }
    made = call("POST", "/authorities", 201, **body)
    assert (made["tested"], made["phone_24h"]) == (False, "0900000111")
    rung = call("POST", f"/authorities/{made['id']}/calls", 201, answered=True, remark="Nghe ngay")
    assert rung["tested"] and rung["answered"]
    [listed] = [each for each in call("GET", "/authorities", 200)["items"] if each["id"] == made["id"]]
    assert listed["formerly"] == "Sở Thông tin và Truyền thông" and listed["tested"]


def test_coordination_and_inspections(call: Any) -> None:
    written = {
        "unit": "BDA",
        "name": "Công an huyện",
        "number": "15/CAH",
        "dated_on": "2020-01-25",
        "received_at": "2020-01-25T10:00:00+07:00",
        "scope": "Bàn giao gói nghi pháo",
    }
    entry = call("POST", "/coordination", 201, **written)
    assert (entry["state"], entry["phase"]) == ("open", "during")
    steps = f"/coordination/{entry['id']}/steps"
    done = call("POST", steps, 200, version=1, do="hand_over", text="Một gói", to="Thượng úy Kim")
    assert done["state"] == "handed_over"
    assert call("POST", steps, 409, version=1, do="close")["code"] == "coordination.changed"
    visit = call(
        "POST",
        "/inspections",
        201,
        unit="BDA",
        body="Thanh tra Sở",
        announced=False,
        subject="Niêm yết",
        began_at="2020-01-25T09:00:00+07:00",
    )
    more = call("POST", f"/inspections/{visit['id']}/recommendations", 201, text="Dán lại", due_on="2020-01-28")
    number = more["recommendations"][0]["id"]
    path = f"/inspections/{visit['id']}/recommendations/{number}/result"
    assert call("POST", path, 200, result="Đã dán")["recommendations"][0]["done_by"] == "Văn phòng"
