"""A key of the API in the wrong hands, and hands that have no key."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import event, select, update

from core import clock
from core.db import transaction
from core.models import AuditEntry, Throttle
from desk.backups.taking import product_version
from people.access.scopes import SCOPES
from people.accounts import keys
from people.attempts.wrong_keys import FREE, WINDOW
from people.models import ApiKey
from tests.support.enterprise import ROOT, post_sign_in
from tests.support.tet_night import NIGHT, Night

INCIDENT = {"title": "Mất điện bưu cục", "category": "power", "severity": 3, "unit": "BDA"}
ABSENCE = {"person": "BI1", "from_on": "2020-02-01", "to_on": "2020-02-02", "kind": "sick"}
CALLS: dict[str, tuple[str, str, Any]] = {
    "who is on duty": ("GET", "/on-duty?unit=BDA", None),
    "incidents": ("GET", "/incidents", None),
    "rosters": ("GET", "/campaigns", None),
    "people": ("GET", "/people", None),
    "report": ("POST", "/incidents", INCIDENT),
    "plan": ("POST", "/wishes", {"person": "BI1", "on": "2020-02-01", "kind": "avoid"}),
    "hire": ("POST", "/absences", ABSENCE),
    "import": ("POST", "/import", None),
}
OPENS = {
    "read": {"who is on duty", "incidents", "rosters", "people"},
    "incidents": {"incidents", "report"},
    "roster": {"who is on duty", "rosters", "plan"},
    "people": {"people", "hire"},
}


def made(**more: Any) -> str:
    return keys.create_api_key(keys.NewApiKey("Phần mềm", "admin", **more), now=clock.now(), actor=ROOT)[1]


def call(client: FlaskClient, key: str, method: str, path: str, body: Any = None, address: str = "127.0.0.1") -> Any:
    bearer = {"Authorization": f"Bearer {key}"}
    return client.open(
        f"/api/v1{path}", method=method, json=body, headers=bearer, environ_base={"REMOTE_ADDR": address}
    )


@contextmanager
def statements(db: Any) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_line: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def counted_anew(app: Flask) -> Iterator[None]:
    app.extensions.pop("wrong_keys", None)
    yield
    app.extensions.pop("wrong_keys", None)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_stolen_key_opens_what_it_is_for_and_nothing_else(client: FlaskClient, night: Night, scope: str) -> None:
    """An administrator made it, and its role may do everything: the thief of the wall's key writes no roster."""
    key = made(scopes=[scope])
    opened = set()
    for name, (method, path, body) in CALLS.items():
        answer = call(client, key, method, path, body)
        if answer.status_code != 403:
            opened.add(name)
            continue
        assert answer.json["code"] == "auth.scope" and answer.json["state"]["scopes"] == [scope]
    assert opened == OPENS[scope]


def test_an_import_needs_a_key_for_people_and_rosters(client: FlaskClient, night: Night) -> None:
    assert call(client, made(scopes=["people", "roster"]), "POST", "/import").status_code in (409, 422)


def test_a_key_that_was_there_before_scopes_does_what_it_did_and_never_ends(
    client: FlaskClient, db: Any, night: Night
) -> None:
    key = made()
    with transaction() as session:
        session.execute(update(ApiKey).values(scopes=None, ends_at=None, made_by=None, told_days=None))
    with clock.travel(NIGHT + timedelta(days=3000)):
        answers = [call(client, key, *each).status_code for each in CALLS.values()]
    assert not set(answers) & {401, 403}, answers


def test_a_key_from_the_command_line_does_everything_for_a_year(
    client: FlaskClient, runner: FlaskCliRunner, night: Night
) -> None:
    key = runner.invoke(args=["api-keys", "create", "--name", "Cũ", "--role", "admin"]).stdout.strip()
    assert not {call(client, key, *each).status_code for each in CALLS.values()} & {401, 403}
    few = ["api-keys", "create", "--name", "Màn hình", "--role", "viewer", "--scope", "read", "--days", "7"]
    wall = runner.invoke(args=few).stdout.strip()
    assert call(client, wall, "GET", "/on-duty?unit=BDA").status_code == 200
    assert call(client, wall, "POST", "/incidents", INCIDENT).status_code == 403
    with clock.travel(NIGHT + timedelta(days=7)):
        ended = call(client, wall, "GET", "/on-duty?unit=BDA")
        assert (ended.status_code, ended.json["code"]) == (401, "auth.key_ended")
        assert "WWW-Authenticate" in ended.headers
        assert call(client, key, "GET", "/on-duty?unit=BDA").status_code == 200


def test_a_kept_answer_ends_with_its_key(client: FlaskClient, runner: FlaskCliRunner, night: Night) -> None:
    """Who is on duty is answered from the response cache, before anything else is asked."""
    wall = made(scopes=["read"], days=1)
    for _twice in range(2):
        assert call(client, wall, "GET", "/on-duty?unit=BDA").status_code == 200
    with clock.travel(NIGHT + timedelta(days=1)):
        for _often in range(FREE + 2):
            ended = call(client, wall, "GET", "/on-duty?unit=BDA")
            assert (ended.status_code, ended.json["code"]) == (401, "auth.key_ended"), "it is told so, each time"


@pytest.mark.both_dbs("each database finds a key by its digest, and neither is written to")
def test_a_flood_of_wrong_keys_never_slows_a_right_one_from_the_same_address(
    client: FlaskClient, db: Any, night: Night, caplog: pytest.LogCaptureFixture
) -> None:
    """Behind the office's one address somebody tries keys by the thousand. The monitor beside them reports."""
    right = made(scopes=["incidents"])
    call(client, right, "GET", "/incidents")  # its use is noted
    answers, served = [], []
    with caplog.at_level(logging.WARNING), statements(db) as asked:
        for number in range(300):
            answers.append(call(client, f"tt_{number:043}", "GET", "/incidents"))
            if number % 20 == 0:
                served.append(call(client, right, "GET", "/incidents").status_code)
    assert set(served) == {200}
    statuses = [each.status_code for each in answers]
    assert statuses == [401] * FREE + [429] * (300 - FREE)
    assert answers[-1].json["code"] == "auth.throttled" and 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    writes = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    assert [each for each in asked if each.upper().startswith(writes)] == [], "a flood must cost no write"
    assert db.session.scalars(select(Throttle)).all() == []
    assert len([each for each in caplog.records if "wrong API keys" in each.message]) == 1, "one line, not a thousand"
    assert call(client, "tt_x", "GET", "/incidents", address="203.0.113.9").status_code == 401, "others have their own"
    with clock.travel(NIGHT + WINDOW):
        assert call(client, "tt_x", "GET", "/incidents").status_code == 401


def test_what_is_no_key_by_its_look_is_not_even_looked_up(client: FlaskClient, db: Any, night: Night) -> None:
    with statements(db) as asked:
        for nonsense in ("x", "Bearer", "tt_" + "a" * 100_000, "' OR 1=1 --"):
            assert call(client, nonsense, "GET", "/incidents").status_code == 401
    assert [each for each in asked if "api_keys" in each] == []


def test_the_numbers_for_prometheus_obey_the_same_keys(client: FlaskClient, night: Night) -> None:
    def scrape(key: str) -> Any:
        return client.get("/metrics", headers={"Authorization": f"Bearer {key}"})

    assert scrape(made(scopes=["read"])).status_code == 200
    assert scrape(made(scopes=["incidents"])).status_code == 403
    statuses = [scrape(f"tt_{number}").status_code for number in range(FREE + 2)]
    assert statuses == [401] * FREE + [429] * 2
    assert scrape(made(scopes=["read"])).status_code == 200


def test_the_description_of_the_api_is_not_for_strangers(client: FlaskClient, new_client: Any, night: Night) -> None:
    """It names every call and field: a map for whoever looks for doors."""
    path = "/api/v1/openapi.json"
    stranger = client.get(path)
    assert (stranger.status_code, stranger.json["code"]) == (401, "auth.required")
    assert client.get(path, headers={"Authorization": "Bearer tt_wrong"}).status_code == 401
    mine = client.get(path, headers={"Authorization": f"Bearer {made(scopes=['incidents'])}"})
    assert mine.status_code == 200
    posting = mine.json["paths"]["/api/v1/incidents"]["post"]
    assert "Scope: `incidents`." in posting["description"]
    browser = new_client()
    post_sign_in(browser, "du1")
    assert browser.get(path).status_code == 200


def test_no_page_that_a_stranger_sees_says_a_version(client: FlaskClient, night: Night) -> None:
    for path in ("/login", "/healthz", "/readyz", "/khong-co", "/a/x", "/api/v1/on-duty", "/manifest.webmanifest"):
        answer = client.get(path)
        said = f"{answer.headers} {answer.text}"
        for word in ("Werkzeug", "Flask/", "Python/", "waitress", f"v{product_version()}", "X-Powered-By"):
            assert word not in said, f"{path} says {word}"


def test_the_use_of_a_key_is_noted_once_in_five_minutes(client: FlaskClient, db: Any, night: Night) -> None:
    key = made(scopes=["read"])

    def used_at(moment: datetime) -> datetime | None:
        with clock.travel(moment):
            for _n in range(10):
                assert call(client, key, "GET", "/people").status_code == 200
        db.session.rollback()
        return db.session.scalar(select(ApiKey.last_used_at).order_by(ApiKey.id.desc()))

    with statements(db) as asked:
        assert used_at(NIGHT) == NIGHT
        assert used_at(NIGHT + timedelta(minutes=4)) == NIGHT
        assert used_at(NIGHT + timedelta(minutes=6)) == NIGHT + timedelta(minutes=6)
    assert len([each for each in asked if each.startswith("UPDATE api_keys")]) == 2


def test_who_makes_a_key_says_what_for_and_until_when(client: FlaskClient, db: Any, night: Night) -> None:
    post_sign_in(client, "qt1")
    sent = {"name": "Giám sát", "role": "manager", "unit_code": "BDA", "days": "90"}
    assert client.post("/people/keys", data=sent).status_code == 422, "a key for nothing"
    assert client.post("/people/keys", data=sent | {"scopes": ["read"], "days": "9999"}).status_code == 422
    page = client.post("/people/keys", data=sent | {"scopes": ["read", "incidents"]})
    assert page.status_code == 201
    row = db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())).first()
    assert (row.scopes, row.ends_at - row.created_at) == ("read incidents", timedelta(days=90))
    assert row.made_by == f"user:{night.ids['user:qt1']}"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "key.create")).one()
    assert entry.detail["scopes"] == "read incidents"
