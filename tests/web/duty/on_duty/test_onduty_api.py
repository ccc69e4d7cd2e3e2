"""GET /api/v1/on-duty: the contract's shape, never nobody, and by which rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from core import clock
from core.db import transaction
from people.accounts import keys
from people.models import Person
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night

KINDS = ["leadership", "operations", "emergency", "support"]


@pytest.fixture
def admin(night: Night) -> dict[str, str]:
    return key("admin")


def key(role: str, unit: str | None = None, person: str | None = None) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", role, unit, person), now=NIGHT, actor=ADMIN)
    return {"Authorization": f"Bearer {secret}"}


def ask(client: FlaskClient, who: dict[str, str], query: str = "") -> Any:
    with clock.travel(NIGHT):
        return client.get(f"/api/v1/on-duty{query}", headers=who)


def test_it_has_the_shape_of_the_contract(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    body = ask(client, admin, "?unit=BDA").json
    assert body["at"] == "2020-01-25T02:10:00+07:00" and body["unit"] == "BDA"
    assert [duty["duty"] for duty in body["duties"]] == KINDS
    assert body["duties"][1] == {
        "duty": "operations",
        "unit": "BDA",
        "desk_phone": "",
        "rule": "assigned",
        "next": [],
        "people": [
            {
                "code": "BI1",
                "name": "Trần Thị Bình",
                "phone": "0900000102",
                "position": "Nhân viên",
                "until": "2020-01-25T11:10:00+07:00",
                "at_risk": False,
                "away_until": None,
                "presence": None,
            }
        ],
    }


def test_nobody_on_the_list_is_still_somebody(client: FlaskClient, admin: dict[str, str]) -> None:
    support = ask(client, admin, "?unit=BDA&duty=support").json["duties"]
    assert [duty["rule"] for duty in support] == ["standing_chain"]
    assert [person["code"] for person in support[0]["people"]] == ["AN1", "QT1"]
    assert support[0]["people"][0]["until"] is None


def test_a_unit_below_answers_with_its_ancestors_duty_and_names_that_unit(
    client: FlaskClient, admin: dict[str, str]
) -> None:
    duty = ask(client, admin, "?unit=BDA-1&duty=operations").json["duties"][0]
    assert (duty["unit"], duty["rule"], duty["people"][0]["code"]) == ("BDA", "assigned", "BI1")


@pytest.mark.parametrize("moment", ["2020-01-25T11:09:59+07:00", "2020-01-25T04:09:59Z", "2020-01-25T11:09:59 07:00"])
def test_any_moment_may_be_asked_for_also_with_a_plus_that_became_a_space(
    client: FlaskClient, admin: dict[str, str], moment: str
) -> None:
    sent = moment if " " in moment else quote(moment)
    body = ask(client, admin, f"?unit=BDA&duty=operations&at={sent.replace(' ', '+')}").json
    assert body["at"] == "2020-01-25T11:09:59+07:00"
    assert body["duties"][0]["rule"] == "assigned"


def test_the_end_is_outside(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    night.publish("operations", "EM1", start=NIGHT + timedelta(hours=9))
    last = ask(client, admin, "?unit=BDA&duty=operations&at=2020-01-25T11:09:59%2B07:00").json["duties"][0]
    assert [person["code"] for person in last["next"]] == ["EM1"]
    after = ask(client, admin, "?unit=BDA&duty=operations&at=2020-01-25T11:10:00%2B07:00").json["duties"][0]
    assert [person["code"] for person in after["people"]] == ["EM1"]


def test_without_a_unit_it_is_the_units_of_whoever_asks_else_the_root(client: FlaskClient, night: Night) -> None:
    assert ask(client, key("staff", "BDA")).json["unit"] == "BDA"
    assert ask(client, key("admin")).json["unit"] == "BDT"


def test_a_viewer_sees_names_but_not_phones(client: FlaskClient, night: Night) -> None:
    people = ask(client, key("viewer", "BDA"), "?unit=BDA&duty=operations").json["duties"][0]["people"]
    assert [(person["code"], person["phone"]) for person in people] == [("BI1", "")]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?unit=NOWHERE", 404, "unit.unknown"),
        ("?duty=dragons", 404, "duty.unknown"),
        ("?at=tomorrow", 422, None),
        ("?at=2020-01-25T02:10:00", 422, None),
        ("?colour=red", 422, None),
    ],
)
def test_a_wrong_question_is_answered_with_the_reason(
    client: FlaskClient, admin: dict[str, str], query: str, status: int, code: str | None
) -> None:
    response = ask(client, admin, query)
    assert response.status_code == status and response.content_type == "application/problem+json"
    if code:
        assert response.json["code"] == code and response.json["detail"] != code


def test_an_enterprise_without_people_says_so_and_does_not_answer_nobody(
    client: FlaskClient, admin: dict[str, str]
) -> None:
    with transaction() as session:
        session.execute(update(Person).values(active=False))
    response = ask(client, admin)
    assert response.status_code == 503 and response.json["code"] == "nobody_reachable"
    assert response.json["detail"] != "nobody_reachable"


def test_an_enterprise_without_any_unit_has_nobody_either(client: FlaskClient, db: Any) -> None:
    response = ask(client, key("admin"))
    assert response.status_code == 503 and response.json["code"] == "nobody_reachable"


def test_it_needs_a_key(client: FlaskClient, db: Any) -> None:
    assert client.get("/api/v1/on-duty").status_code == 401


def test_a_key_of_somebody_costs_no_more_than_one_of_nobody(client: FlaskClient, night: Night) -> None:
    """Whether its holder has left is read with the key: their unit, contacts and duties are not."""
    sent = []
    for person in (None, "DU1"):
        asks = key("viewer", "BDC", person)
        assert client.get("/api/v1/units", headers=asks).status_code == 200  # notes when the key was last used
        with statements() as seen:
            client.get("/api/v1/units", headers=asks)
        sent.append(list(seen))
    assert sent[0] == sent[1]
