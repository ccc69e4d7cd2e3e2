"""Documents by the API: kinds of a thing, issued once, its file, withdrawn; refused in words for programs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from people.accounts import keys
from tests.support import enterprise, papers
from tests.support.cast import ADMIN, NIGHT

NOTICE = {"about": "unit:BDA", "kind": "test.notice"}


@pytest.fixture(autouse=True)
def kinds(app: Flask) -> Iterator[None]:
    enterprise.make()
    papers.settle(NIGHT)
    with papers.registered(), clock.travel(NIGHT):
        yield


class Program:
    def __init__(self, client: FlaskClient, role: str, unit: str | None) -> None:
        self._client = client
        self._key = keys.create_api_key(keys.NewApiKey("Văn thư", role, unit), now=NIGHT, actor=ADMIN)[1]

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        said = {"Authorization": f"Bearer {self._key}", **headers}
        answer = self._client.open(f"/api/v1/documents{path}", method=method, json=body, headers=said)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json if answer.is_json else answer


@pytest.fixture
def clerk(client: FlaskClient) -> Program:
    return Program(client, "manager", "BDA")


def test_issued_fetched_listed_withdrawn(clerk: Program) -> None:
    notice, sheet = clerk.call("GET", "/kinds/unit:BDA")["items"]
    assert (notice["kind"], notice["numbered"], notice["options"]) == (
        "test.notice",
        True,
        {"copy": ["plain", "phones"]},
    )
    assert sheet["numbered"] is False
    made = clerk.call("POST", "", {**NOTICE, "options": {"copy": "phones"}}, 201, **{"Idempotency-Key": "k-1"})
    again = clerk.call("POST", "", {**NOTICE, "options": {"copy": "phones"}}, 201, **{"Idempotency-Key": "k-1"})
    assert (made["code"], made["unit"], made["dated_on"], again["id"]) == ("01/TB-BĐA", "BDA", "2020-01-25", made["id"])
    file = clerk.call("GET", f"/{made['id']}?format=pdf")
    assert hashlib.sha256(file.data).hexdigest() == made["pdf_sha256"]
    second = clerk.call("POST", "", {**NOTICE, "replaces": made["id"], "recipients": ["Lưu: VT"]}, 201)
    assert [row["code"] for row in clerk.call("GET", "?limit=1")["items"]] == ["02/TB-BĐA"]
    following = clerk.call("GET", "?limit=1")["next"]
    assert [row["state"] for row in clerk.call("GET", f"?limit=1&cursor={following}")["items"]] == ["replaced"]
    assert clerk.call("POST", f"/{second['id']}/withdraw", {"reason": "Sai ngày"})["state"] == "withdrawn"
    assert clerk.call("POST", f"/{second['id']}/withdraw", {"reason": "Lại"}, 409)["code"] == "documents.ended"
    assert clerk.call("GET", "?state=withdrawn")["items"][0]["end_reason"] == "Sai ngày"


def test_what_is_refused_says_why(clerk: Program, client: FlaskClient) -> None:
    assert clerk.call("POST", "", {**NOTICE, "kind": "none"}, 404)["code"] == "documents.kind_unknown"
    assert clerk.call("POST", "", {**NOTICE, "about": "unit"}, 404)["code"] == "documents.about_unknown"
    wrong = clerk.call("POST", "", {**NOTICE, "options": {"copy": "secret"}}, 409)
    assert (wrong["code"], wrong["errors"][0]["field"]) == ("documents.choice_unknown", "copy")
    assert clerk.call("POST", "", {**NOTICE, "signatory": 99}, 409)["code"] == "documents.signatory"
    assert clerk.call("POST", "", {**NOTICE, "language": "en"}, 409)["code"] == "documents.language"
    assert clerk.call("POST", "", {**NOTICE, "replaces": 77}, 404)["code"] == "documents.unknown"
    made = clerk.call("POST", "", {**NOTICE, "options": {"copy": "phones"}}, 201)
    viewer = Program(client, "viewer", "BDC")
    assert viewer.call("GET", f"/{made['id']}", status=404)["code"] == "documents.unknown"
    assert viewer.call("GET", "")["items"] == []
    viewer.call("POST", "", NOTICE, 403)
    Program(client, "manager", "BDC").call("POST", "", NOTICE, 403)
