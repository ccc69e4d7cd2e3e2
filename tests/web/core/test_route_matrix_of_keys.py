"""Every call of the API × what a key is for; and the inspector, who has a link and no account, at every door.

The people and things are those of ``test_route_matrix``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.inspector import services as inspector
from core import clock
from core.api import callers
from core.api.operation import Operation
from people.access import permissions, scopes
from people.access.scopes import SCOPES
from people.accounts import keys
from tests.support.doors import OPEN_BY_NATURE
from tests.support.enterprise import ROOT
from tests.support.isolation import IsolatedClient
from tests.web.core.test_route_matrix import (
    Start,
    ask,
    concrete,
    declared_action,
    drawn,
    fresh,
    ids,
    routes,
    start,
    statuses,
)

__all__ = ["drawn", "fresh", "ids", "start", "statuses"]


def calls(app: Flask) -> Iterator[tuple[Operation, str, str]]:
    """(call, method, an address of it at which nothing is)."""
    operations = {
        f"{bp.name}.{each.operation_id}": each
        for bp in app.blueprints.values()
        for each in getattr(bp, "api_operations", [])
    }
    for rule, method in routes(app):
        if rule.endpoint in operations:
            yield operations[rule.endpoint], method, concrete(rule)


def opened(client: FlaskClient, method: str, path: str, key: str) -> tuple[bool, Any]:
    """Whether the key is for the call, whatever becomes of it then."""
    answer = ask(client, method, path, None, key)
    return not (answer.status_code == 403 and answer.json["code"] == "auth.scope"), answer


def test_every_call_is_of_a_part_that_a_key_can_be_for(app: Flask) -> None:
    """What stands outside is of the installation itself; that may be read, and changed by no key with scopes."""
    outside = {
        (each.method, each.path)
        for each, _method, _path in calls(app)
        if not callers.scopes_of(each) or not set(callers.scopes_of(each)) <= set(SCOPES)
    }
    assert {path for method, path in outside if method != "GET"} == set()


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_for_one_thing_opens_the_calls_of_that_and_no_other(
    app: Flask, client: FlaskClient, fresh: Callable[[], None], scope: str
) -> None:
    """The role may do everything: an administrator made it for a screen on the wall."""
    key = keys.create_api_key(keys.NewApiKey("Một việc", "admin", scopes=[scope]), now=clock.now(), actor=ROOT)[1]
    wrong, count = [], 0
    for each, method, path in calls(app):
        may = scopes.opens({scope}, callers.scopes_of(each), reads=method == "GET")
        is_open, answer = opened(client, method, path, key)
        count += is_open
        if is_open is not may or answer.status_code in (401, 429, 500):
            wrong.append(f"{method} {path} → {answer.status_code}")
    assert wrong == [] and count > 10


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("role", ["viewer", pytest.param("staff", marks=pytest.mark.rest), "manager"])
def test_a_scope_adds_nothing_to_what_the_role_may(
    app: Flask, client: FlaskClient, fresh: Callable[[], None], role: str
) -> None:
    unit = "BDA"
    key = keys.create_api_key(keys.NewApiKey("Mọi việc", role, unit, None, scopes=SCOPES), now=clock.now(), actor=ROOT)[
        1
    ]
    wrong = []
    for each, method, path in calls(app):
        if each.action is None or permissions.may_anywhere(role, each.action):
            continue
        status = ask(client, method, path, None, key).status_code
        if status != 403:
            wrong.append(f"{method} {path} → {status}")
    assert wrong == []


@pytest.fixture
def guest(app: Flask, start: Start, fresh: Callable[[], None]) -> tuple[FlaskClient, str]:
    """An inspector who has said their name, and the address of their link: the letter in BDA."""
    link = inspector.make(start.ids["letter"], "BDA", "Thanh tra Sở", 3, actor=ROOT, now=clock.now())
    path = "/i/" + inspector.url(link).rpartition("/i/")[2]
    client = IsolatedClient(app)
    assert client.post(path, data={"name": "Ông Tám"}).status_code == 303
    return client, path


@pytest.mark.usefixtures("statuses")
def test_an_inspector_is_a_stranger_at_every_other_door(app: Flask, guest: tuple[FlaskClient, str]) -> None:
    client, _path = guest
    open_doors = []
    for rule, method in routes(app):
        if rule.endpoint in OPEN_BY_NATURE or declared_action(app, rule.endpoint) == "public":
            continue
        answer = ask(client, method, concrete(rule), None, None)
        if answer.status_code != 401 and not (answer.status_code == 303 and answer.location.startswith("/login")):
            open_doors.append(f"{method} {rule.rule} → {answer.status_code}")
    assert open_doors == []


def test_an_inspector_reads_what_the_link_is_for_and_writes_nothing(
    app: Flask, start: Start, guest: tuple[FlaskClient, str], new_client: Any
) -> None:
    client, path = guest
    shown = ["/matrix", "/letter", "/units/BDA", f"/requirements/{start.ids['requirement']}"]
    assert [client.get(path + each).status_code for each in shown] == [200] * len(shown)
    for other in ("/units/BDC", "/units/BDT", "/units/KHONG-CO", "/requirements/999999", "/evidence/999999"):
        assert client.get(path + other).status_code in (403, 404), other
    stranger = new_client()
    for each in shown:
        answer = stranger.get(path + each)
        assert answer.status_code == 302 and answer.location.endswith(path), "who has said no name sees nothing"
    mine = [(rule.rule, method) for rule, method in routes(app) if re.match(r"/i/<token>", rule.rule)]
    assert [rule for rule, method in mine if method != "GET"] == ["/i/<token>"], "the only thing sent is a name"
    for rule, method in mine:
        assert method in ("GET", "POST"), rule
    row = inspector.opened(path.rpartition("/")[2], now=clock.now())
    inspector.end(row.id, actor=ROOT, now=clock.now())
    assert {client.get(path + each).status_code for each in ("", *shown)} == {410}
