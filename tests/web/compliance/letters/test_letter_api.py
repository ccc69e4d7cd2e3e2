"""Letters by the API: entered once, cut into requirements, answered for a unit, evidence added; refused in words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from compliance.dossier import telling
from compliance.register import letters, queries
from core import clock
from people import queries as people
from people.accounts import keys
from tests.support import enterprise
from tests.support.cast import ADMIN, NIGHT

LETTER = {
    "number": "12/SKHCN",
    "dated_on": "2020-01-10",
    "issuer": "Sở",
    "abstract": "V/v Tết",
    "body": "Niêm yết công khai.",
    "season_from": "2020-01-17",
    "season_to": "2020-02-08",
}


@pytest.fixture(autouse=True)
def _then(app: Flask) -> Iterator[None]:
    enterprise.make()
    with clock.travel(NIGHT):
        yield


class Program:
    def __init__(self, client: FlaskClient, role: str, unit: str | None) -> None:
        self._client = client
        self._key = keys.create_api_key(keys.NewApiKey("Máy", role, unit), now=NIGHT, actor=ADMIN)[1]

    def call(self, method: str, path: str, status: int = 200, **sent: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._key}", **sent.pop("headers", {})}
        answer = self._client.open(f"/api/v1{path}", method=method, headers=headers, **sent)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json


def test_a_letter_is_entered_cut_and_answered_for_a_unit(client: FlaskClient) -> None:
    top, district = Program(client, "admin", None), Program(client, "staff", "BDA")
    seeded = top.call("GET", "/directives")["items"]
    assert {each["number"] for each in seeded} == {"77/STTTT-BCVT", "24/STTTT-BCVT", "93/BTTTT-BC"}
    assert [each["number"] for each in seeded if not each["body"]] == ["93/BTTTT-BC", "24/STTTT-BCVT"]
    once = {"headers": {"Idempotency-Key": "cong-van-12-2020"}, "json": LETTER}
    made = top.call("POST", "/directives", 201, **once)
    assert top.call("POST", "/directives", 201, **once)["id"] == made["id"]
    wrong = {**LETTER, "season_to": "2020-01-01"}
    assert top.call("POST", "/directives", 409, json=wrong)["code"] == "register.season"
    asked = {"directive": made["id"], "text": "Niêm yết", "excerpt": "Niêm yết công khai", "wants": ["photo"]}
    row = top.call("POST", "/requirements", 201, json=asked)
    assert top.call("POST", "/requirements", 409, json={**asked, "excerpt": "khác"})["code"] == "register.excerpt"
    assert [each["id"] for each in top.call("GET", f"/requirements?directive={made['id']}")["items"]] == [row["id"]]
    point = f"/requirements/{row['id']}/units/BDA"
    assert district.call("PUT", point, 409, json={"state": "doing"})["code"] == "register.not_spread"
    letters.spread(made["id"], actor=ADMIN, now=NIGHT)
    assert district.call("GET", point)["state"] == "todo"
    assert district.call("PUT", point, 409, json={"state": "done"})["code"] == "register.evidence_missing"
    assert district.call("PUT", point, 409, json={"state": "not_applicable"})["code"] == "register.reason"
    assert district.call("PUT", f"/requirements/{row['id']}/units/BDC", 403, json={"state": "doing"})
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    where = f"/evidence?requirement={row['id']}&unit=BDA&name=quay.jpg"
    sent = {"data": out.getvalue(), "headers": {"Content-Type": "application/octet-stream"}}
    proof = district.call("POST", where, 201, **sent)
    assert district.call("POST", where, 201, **sent)["id"] == proof["id"] and proof["kind"] == "photo"
    assert district.call("POST", where.replace("BDA", "BDC"), 403, **sent)
    assert district.call("PUT", point, json={"state": "done"})["state"] == "done"
    listed = district.call("GET", f"/evidence?requirement={row['id']}")["items"]
    assert [(each["unit"], each["sha256"]) for each in listed] == [("BDA", proof["sha256"])]
    assert district.call("POST", "/directives", 403, json=LETTER)


def test_where_internal_evidence_leads_is_for_those_who_answer_for_the_unit(client: FlaskClient) -> None:
    top = Program(client, "admin", None)
    district, other = Program(client, "staff", "BDA"), Program(client, "staff", "BDC")
    made = top.call("POST", "/directives", 201, json=LETTER)
    asked = {"directive": made["id"], "text": "Niêm yết", "excerpt": "Niêm yết công khai", "wants": ["link"]}
    row = top.call("POST", "/requirements", 201, json=asked)
    letters.spread(made["id"], actor=ADMIN, now=NIGHT)
    address = "https://kho.example/ds/khoa-bi-mat"
    about = {"requirement": row["id"], "unit": "BDA", "url": address, "note": "Gọi chị Hoa", "internal": "true"}
    district.call("POST", "/evidence", 201, query_string=about)
    for reader, seen in ((district, True), (top, True), (other, False)):
        [listed] = reader.call("GET", f"/evidence?requirement={row['id']}")["items"]
        assert (listed["url"], listed["note"]) == ((address, "Gọi chị Hoa") if seen else ("", ""))
        assert listed["internal"] and ("khoa-bi-mat" in str(listed)) == seen and "kho.example" in listed["name"]
    unit, letter = people.unit_by_code("BDA"), queries.letter(made["id"])
    proofs = queries.evidence_of_unit(made["id"], unit.id)
    said = queries.points_of_unit(made["id"], unit.id)
    told = str(telling.blocks(letter, unit, queries.requirements(made["id"]), said, evidence=proofs, now=NIGHT))
    assert "kho.example" in told and "khoa-bi-mat" not in told and "chị Hoa" not in told
    assert "khoa-bi-mat" not in str([each.note for each in queries.events_of(row["id"], unit.id)])
