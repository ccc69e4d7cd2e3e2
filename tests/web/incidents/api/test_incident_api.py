"""The incident and policy calls of the API, as other systems use them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import db as database
from incidents.escalation import engine
from incidents.record.models import Incident
from people.accounts import keys
from tests.support.tet_night import ADMIN, NIGHT, Night

TITLE = {"title": "Mất điện trung tâm", "category": "power", "unit": "BDA"}


class Api:
    """A key and the JSON that comes and goes."""

    def __init__(self, client: FlaskClient, role: str, unit: str | None = None, person: str | None = None) -> None:
        self.client = client
        self.secret = keys.create_api_key(keys.NewApiKey("kiểm thử", role, unit, person), now=NIGHT, actor=ADMIN)[1]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        answer = self.client.open(
            "/api/v1" + path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.secret}"} | {k.replace("_", "-"): v for k, v in headers.items()},
        )
        return answer.status_code, json.loads(answer.data) if answer.data else None


@pytest.fixture
def api(night: Night, client: FlaskClient) -> Api:
    return Api(client, "admin")


def test_logging_answers_what_was_made(api: Api) -> None:
    more = {"severity": 4, "party_state": True, "detected_at": "2020-01-25T02:00:00+07:00"}
    status, made = api.call("POST", "/incidents", TITLE | more)
    assert status == 201
    assert (made["code"], made["status"], made["severity"], made["unit"]) == ("SC-2020-0001", "open", 2, "BDA")
    assert (made["due_at"], made["detected_at"]) == ("2020-01-25T02:10:00+07:00", "2020-01-25T02:00:00+07:00")


def test_an_open_dedup_key_is_a_200_with_the_existing_one(api: Api) -> None:
    first = api.call("POST", "/incidents", TITLE | {"dedup_key": "ups-1"})
    second = api.call("POST", "/incidents", TITLE | {"dedup_key": "ups-1"})
    assert (first[0], second[0], second[1]["code"]) == (201, 200, "SC-2020-0001")
    assert second[1]["dedup_key"] == "ups-1"


def test_a_repeated_request_is_answered_once_more_not_done_once_more(api: Api) -> None:
    first = api.call("POST", "/incidents", TITLE, Idempotency_Key="k1")
    assert api.call("POST", "/incidents", TITLE, Idempotency_Key="k1") == first
    assert api.call("POST", "/incidents", TITLE | {"title": "Khác"}, Idempotency_Key="k1")[0] == 422
    assert database.session.query(Incident).count() == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"title": " "}, 422, "field.format"),
        ({"severity": 5}, 422, "field.range"),
        ({"category": "weather"}, 404, "category.unknown"),
        ({"unit": "XX"}, 404, "unit.unknown"),
        ({"colour": "red"}, 422, "field.unknown"),
    ],
)
def test_what_cannot_be_logged(api: Api, change: dict[str, Any], status: int, code: str) -> None:
    answered, problem = api.call("POST", "/incidents", TITLE | change)
    assert answered == status
    assert code in json.dumps(problem)


def test_a_title_is_all_it_takes(api: Api) -> None:
    assert api.call("POST", "/incidents", {"title": "Có khói"})[1]["unit"] == "BDT"


def test_the_list_filters_and_pages(api: Api) -> None:
    for n in range(3):
        api.call("POST", "/incidents", TITLE | {"title": f"Sự cố {n}", "severity": n + 1})
    assert [each["title"] for each in api.call("GET", "/incidents?severity=2")[1]["items"]] == ["Sự cố 1"]
    assert len(api.call("GET", "/incidents?unit=BDT&q=su%20co&status=open")[1]["items"]) == 3
    assert api.call("GET", "/incidents?unit=BDC")[1]["items"] == []
    page = api.call("GET", "/incidents?limit=2")[1]
    rest = api.call("GET", f"/incidents?limit=2&cursor={page['next']}")[1]
    assert [each["title"] for each in page["items"] + rest["items"]] == ["Sự cố 2", "Sự cố 1", "Sự cố 0"]
    assert rest["next"] is None


def test_the_detail_tells_timeline_and_pages(api: Api) -> None:
    api.call("POST", "/incidents", TITLE)
    engine.escalate_due(NIGHT)
    status, shown = api.call("GET", "/incidents/SC-2020-0001")
    assert status == 200
    assert [entry["kind"] for entry in shown["timeline"]] == ["logged", "called"]
    assert {"at", "who", "kind", "text"} <= shown["timeline"][0].keys()
    (page,) = shown["pages"]
    assert {name: page[name] for name in ("step", "cycle", "person", "rule", "channel", "state", "sent_at")} == {
        "step": 1,
        "cycle": 1,
        "person": "BI1",
        "rule": "assigned",
        "channel": "email",
        "state": "held",
        "sent_at": None,
    }
    assert api.call("GET", "/incidents/SC-1999-0001")[0] == 404


def test_the_whole_life_by_api(api: Api) -> None:
    api.call("POST", "/incidents", TITLE)
    one = "/incidents/SC-2020-0001"
    engine.escalate_due(NIGHT)
    status, taken = api.call("POST", f"{one}/acknowledge", {"note": "qua điện thoại", "person": "BI1"})
    assert (status, taken["status"], taken["acknowledged_by"]) == (200, "acknowledged", "Trần Thị Bình")
    status, problem = api.call("POST", f"{one}/acknowledge", {"person": "EM1"})
    assert (status, problem["code"], problem["by"], problem["status"]) == (
        409,
        "incident.already_acknowledged",
        "Trần Thị Bình",
        409,
    )
    assert problem["state"]["status"] == "acknowledged" and problem["at"] == "2020-01-25T02:10:00+07:00"
    status, problem = api.call("POST", f"{one}/resolve", {"person": "XX"})
    assert (status, problem["code"], problem["errors"][0]["field"]) == (409, "person.unknown", "person")
    assert api.call("POST", f"{one}/notes", {"note": "đang chạy máy nổ"})[0] == 201
    assert api.call("POST", f"{one}/escalate", {})[1]["status"] == "open"
    assert api.call("POST", f"{one}/close")[0] == 409
    assert api.call("POST", f"{one}/resolve", {"note": "có điện", "person": "EM1"})[1]["timeline"][-1]["who"] == (
        "Rơ Châm Em"
    )
    assert api.call("POST", f"{one}/resolve")[0] == 409
    assert api.call("POST", f"{one}/close")[1]["status"] == "closed"
    assert api.call("POST", f"{one}/reopen")[1]["status"] == "open"


def test_keys_reach_as_far_as_their_role_and_unit(night: Night, client: FlaskClient, api: Api) -> None:
    api.call("POST", "/incidents", TITLE)
    one = "/incidents/SC-2020-0001"
    viewer, elsewhere = Api(client, "viewer", "BDC"), Api(client, "manager", "BDC")
    staff = Api(client, "staff", "BDA", "PH1")
    assert [viewer.call("POST", "/incidents", TITLE)[0], viewer.call("GET", one)[0]] == [403, 403]
    assert viewer.call("GET", "/incidents")[1]["items"] == []
    assert elsewhere.call("GET", one)[0] == 200
    assert elsewhere.call("POST", f"{one}/acknowledge")[0] == 403
    assert staff.call("POST", f"{one}/acknowledge", {"person": "BI1"})[0] == 403
    assert staff.call("POST", f"{one}/acknowledge")[1]["acknowledged_by"] == "Kpă Phong"
    assert staff.call("POST", f"{one}/close")[0] == 403
    assert staff.call("PUT", "/escalation-policies/BDA", POLICY)[0] == 403


POLICY = {
    "steps": [{"duty": "operations", "after_seconds": 0}, {"person": "AN1", "after_seconds": 60}],
    "repeat_after_seconds": 90,
    "ack_timeout_seconds": 600,
    "catch_all": ["QT1"],
}


def test_policies_are_read_and_replaced(api: Api) -> None:
    status, default = api.call("GET", "/escalation-policies/BDA")
    assert status == 200
    assert [(step["duty"], step["after_seconds"]) for step in default["steps"]] == [
        ("operations", 0),
        ("emergency", 300),
        ("leadership", 300),
    ]
    assert (default["repeat_after_seconds"], default["ack_timeout_seconds"], default["unit"]) == (300, 1800, None)
    status, written = api.call("PUT", "/escalation-policies/BDA", POLICY)
    assert status == 200
    below = api.call("GET", "/escalation-policies/BDA-1")[1]
    assert below == written
    assert (below["unit"], below["catch_all"], below["steps"][1]["person"]) == ("BDA", ["QT1"], "AN1")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"steps": []}, 422),
        ({"steps": [{"after_seconds": 0}]}, 409),
        ({"steps": [{"duty": "operations", "person": "AN1", "after_seconds": 0}]}, 422),
        ({"steps": [{"duty": "choir", "after_seconds": 0}]}, 404),
        ({"repeat_after_seconds": 0}, 422),
        ({"catch_all": ["XX"]}, 404),
    ],
)
def test_policies_that_cannot_be_used(api: Api, change: dict[str, Any], status: int) -> None:
    assert api.call("PUT", "/escalation-policies/BDA", POLICY | change)[0] == status


def test_a_fault_in_a_step_is_named_as_its_sender_knows_it(api: Api) -> None:
    both = {"steps": [{"duty": "operations", "person": "AN1", "after_seconds": 0}]}
    _status, problem = api.call("PUT", "/escalation-policies/BDA", POLICY | both)
    assert {fault["field"] for fault in problem["errors"]} == {"steps.0.person", "steps.0.duty"}


def test_due_at_follows_the_policy(api: Api) -> None:
    api.call("POST", "/incidents", TITLE)
    engine.escalate_due(NIGHT)
    due = api.call("GET", "/incidents/SC-2020-0001")[1]["due_at"]
    assert due == "2020-01-25T02:15:00+07:00" and re.fullmatch(r"[\d-]+T[\d:]+\+07:00", due)
    with clock.travel(NIGHT + timedelta(minutes=1)):
        api.call("POST", "/incidents/SC-2020-0001/resolve")
    assert api.call("GET", "/incidents/SC-2020-0001")[1]["due_at"] is None
