"""GET /api/v1/on-duty keeps its answers; what it says is all the same what a new look would say, whatever changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from core import clock
from core.db import db as database, transaction
from duty.on_duty import who_serves
from people import reference
from people.accounts import keys
from people.models import ApiKey
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT, Night

LATER = NIGHT + timedelta(hours=9)
"""When Bình's and An's shifts end, and the next ones begin."""
CHANGES = {
    "somebody is renamed": "UPDATE people SET full_name = 'Trần Thị Bình Minh' WHERE code = 'BI1'",
    "somebody has another position": "UPDATE people SET position = 'Tổ trưởng' WHERE code = 'BI1'",
    "somebody leaves": "UPDATE people SET active = false WHERE code = 'BI1'",
    "somebody gets another code": "UPDATE people SET code = 'BI9' WHERE code = 'BI1'",
    "a number is changed": "UPDATE contact_methods SET address = '0900000999' WHERE address = '0900000102'",
    "a number is gone": "DELETE FROM contact_methods WHERE address = '0900000102'",
    "a shift is withdrawn": "UPDATE duties SET cancelled_at = starts_at WHERE duty = 'operations'",
    "a shift is given to another": "UPDATE duties SET person_id = (SELECT id FROM people WHERE code = 'PH1') "
    "WHERE duty = 'operations'",
    "a shift is made longer": "UPDATE duties SET ends_at = '2020-01-26 00:00:00.000000' WHERE duty = 'operations'",
    "shifts are gone": "DELETE FROM duties",
    "somebody is away": "INSERT INTO absences (person_id, from_on, to_on, kind, note) "
    "SELECT id, '2020-01-25', '2020-01-26', 'sick', '' FROM people WHERE code = 'BI1'",
}


@pytest.fixture
def night(night: Night) -> Night:
    night.publish("support", "PH1")
    night.publish("operations", "EM1", start=LATER)
    return night


@pytest.fixture
def admin(night: Night) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NIGHT, actor=ADMIN)
    return {"Authorization": f"Bearer {secret}"}


def ask(client: FlaskClient, who: dict[str, str], at: datetime = NIGHT, unit: str = "BDA-1") -> Any:
    with clock.travel(at):
        return client.get(f"/api/v1/on-duty?unit={unit}", headers=who).json


def looked_up(at: datetime = NIGHT, unit: str = "BDA-1") -> list[Any]:
    """What a new look finds."""
    database.session.rollback()
    with clock.travel(at):
        report = who_serves.at(reference.unit_by_code(unit), at, kinds=reference.duty_kinds())
    return list(who_serves.as_dict(report)["duties"])


def told(duties: list[dict[str, Any]]) -> list[Any]:
    """The answer in plain values, whether it came as JSON or not."""
    return [
        {
            **each,
            **{
                of: [{**who, **{name: _moment(who[name]) for name in ("until", "away_until")}} for who in each[of]]
                for of in ("people", "next")
            },
        }
        for each in duties
    ]


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def test_a_second_question_reads_the_key_and_nothing_else(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    first = ask(client, admin)
    with statements() as asked:
        second = ask(client, admin, NIGHT + timedelta(minutes=1))
    assert told(second["duties"]) == told(first["duties"])
    assert second["at"] == "2020-01-25T02:11:00+07:00"
    [only] = asked
    assert "api_keys" in only, "who asks, when, and what was written since: one statement, in no transaction"


@pytest.mark.both_dbs("the shared cache reads what each database tells of commits")
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_by_hand_in_the_database_holds_from_the_next_question_on(
    client: FlaskClient, night: Night, admin: dict[str, str], change: str
) -> None:
    before = told(ask(client, admin)["duties"])
    strange = create_engine(database.engine.url)  # not ours, which would leave a note of what it writes
    with strange.begin() as connection:
        connection.exec_driver_sql(CHANGES[change])
    strange.dispose()
    after = told(ask(client, admin)["duties"])
    assert after == told(looked_up())
    assert after != before


def test_a_unit_that_is_moved_is_answered_for_from_its_new_place(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    assert {each["unit"] for each in ask(client, admin)["duties"]} == {"BDA"}
    with transaction():
        database.session.execute(text("UPDATE units SET parent_id = NULL WHERE code = 'BDA-1'"))
    after = told(ask(client, admin)["duties"])
    assert after == told(looked_up())
    assert {each["unit"] for each in after} == {"BDA-1"}


def test_a_shift_that_ends_or_begins_ends_what_is_kept(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    ask(client, admin)
    for at in (LATER - timedelta(seconds=1), LATER, NIGHT):  # also for a clock that was set back
        assert told(ask(client, admin, at)["duties"]) == told(looked_up(at))
    assert [who["code"] for who in ask(client, admin, LATER)["duties"][1]["people"]] == ["EM1"]


def test_an_absence_that_begins_at_midnight_ends_what_is_kept(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    """Bình serves from 23:10 to 11:10 and is away from midnight on."""
    with transaction():
        database.session.execute(text(CHANGES["somebody is away"]))
    found = [ask(client, admin, at)["duties"][1]["people"][0] for at in (NIGHT - timedelta(hours=2.5), NIGHT)]
    assert [(each["at_risk"], each["away_until"]) for each in found] == [
        (True, None),
        (True, "2020-01-27T00:00:00+07:00"),
    ]


def test_who_may_not_see_numbers_sees_none_of_an_answer_that_was_kept_for_another(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    ask(client, admin, unit="BDA")
    _row, secret = keys.create_api_key(keys.NewApiKey("xem", "viewer", "BDA"), now=NIGHT, actor=ADMIN)
    seen = ask(client, {"Authorization": f"Bearer {secret}"}, unit="BDA")["duties"]
    assert {who["phone"] for each in seen for who in each["people"] + each["next"]} == {""}


def test_a_chain_is_looked_up_each_time(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    with transaction():
        database.session.execute(text("DELETE FROM duties WHERE duty = 'support'"))
    ask(client, admin)
    with statements() as asked:
        ask(client, admin)
    assert len(asked) > 1


@pytest.fixture
def entered(app: Flask) -> Iterator[list[str]]:
    """The paths of requests that the response cache did not answer."""
    seen: list[str] = []

    def note(_sender: Flask, **_given: Any) -> None:
        seen.append(request.full_path)

    with request_started.connected_to(note, app):
        yield seen


@pytest.mark.both_dbs("the shared cache reads what each database tells of commits")
def test_an_answer_given_at_the_door_is_the_one_from_inside(
    client: FlaskClient, night: Night, admin: dict[str, str], entered: list[str]
) -> None:
    path = "/api/v1/on-duty?unit=BDA-1"
    for encoding in ("identity", "gzip"):
        given = []
        for _turn in range(2):
            with clock.travel(NIGHT):
                given.append(client.get(path, headers={**admin, "Accept-Encoding": encoding}))
        inside, door = given
        assert (door.status_code, door.data) == (inside.status_code, inside.data)
        assert sorted(door.headers) == sorted(inside.headers)
    assert len(entered) == 2


def test_a_key_that_is_revoked_or_lowered_gets_nothing_at_the_door(client: FlaskClient, night: Night) -> None:
    row, secret = keys.create_api_key(keys.NewApiKey("bảng", "admin"), now=NIGHT, actor=ADMIN)
    who = {"Authorization": f"Bearer {secret}"}
    ask(client, who)
    with transaction():
        database.session.execute(text("UPDATE api_keys SET role = 'viewer', unit_id = (SELECT id FROM units LIMIT 1)"))
    seen = ask(client, who)["duties"]
    assert {person["phone"] for each in seen for person in each["people"]} == {""}
    keys.revoke_api_key(row.id, now=NIGHT, actor=ADMIN)
    assert ask(client, who)["status"] == 401


@pytest.mark.parametrize(
    "unlike",
    [{"Range": "bytes=0-9"}, {"If-None-Match": '"x"'}, {"Host": "elsewhere.example"}, {"Accept-Language": "en"}],
)
def test_a_question_that_is_not_the_same_goes_inside(
    client: FlaskClient, night: Night, admin: dict[str, str], entered: list[str], unlike: dict[str, str]
) -> None:
    ask(client, admin)
    ask(client, {**admin, **unlike})
    with clock.travel(NIGHT):
        client.get("/api/v1/on-duty?unit=BDA", headers=admin)
        client.post("/api/v1/on-duty?unit=BDA-1", headers=admin)
    assert len(entered) == 4


def test_the_key_of_a_person_goes_inside_each_time(client: FlaskClient, night: Night, entered: list[str]) -> None:
    """What a shift lends them begins and ends without anything being written."""
    _row, secret = keys.create_api_key(keys.NewApiKey("của Bình", "staff", None, "BI1"), now=NIGHT, actor=ADMIN)
    for _turn in range(2):
        ask(client, {"Authorization": f"Bearer {secret}"})
    assert len(entered) == 2


def test_that_a_key_is_used_is_noted_at_the_door_too(
    client: FlaskClient, night: Night, admin: dict[str, str], entered: list[str]
) -> None:
    for minutes in (0, 1, 7):
        ask(client, admin, NIGHT + timedelta(minutes=minutes))
    database.session.rollback()
    assert database.session.query(ApiKey).one().last_used_at == NIGHT + timedelta(minutes=7)
    assert len(entered) == 1
