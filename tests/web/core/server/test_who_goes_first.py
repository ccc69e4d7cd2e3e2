"""Each address of the product has its turn: what machines report and what those who are called answer goes first."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from core.server import busy
from core.server.order import ServingTurn

PLACE = re.compile(r"<(?:(\w+):)?\w+>")
FIRST = {
    "GET": {"/intake/", "/v2/", "/a/", "/b/", "/v/", "/healthz", "/readyz", "/metrics", "/gateways/1/report/"},
    "POST": {
        "/bao/",
        "/p/me/",
        "/incidents/new",
        "/incidents/offline/send",
        "/incidents/picked/take",
        "/incidents/take-",
        "/api/v1/incidents",
    },
}
"""Beginnings of all addresses that go first: whatever is done there, and where something is sent."""


def paths(app: Flask, method: str) -> set[str]:
    """An example of each address that answers it."""
    return {
        PLACE.sub(lambda part: "1" if part.group(1) == "int" else "x", rule.rule)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_goes_first_is_reports_answers_callbacks_and_health(app: Flask, method: str) -> None:
    addresses = busy.addresses(app)
    first = {path for path in paths(app, method) if addresses.turn(method, path) is ServingTurn.FIRST}
    expected = FIRST["GET"] | (FIRST["POST"] if method == "POST" else set())
    strangers = {path for path in first if not path.startswith(tuple(expected))}
    assert strangers == set()
    others = {"/metrics", "/healthz", "/readyz"} if method == "POST" else {"/v2/"}
    missing = {start for start in expected - others if not any(path.startswith(start) for path in first)}
    assert missing == set()


def test_taking_an_incident_on_its_page_goes_first_too(app: Flask) -> None:
    assert busy.addresses(app).turn("POST", "/incidents/SC-2027-0001/acknowledge") is ServingTurn.FIRST


def test_pages_go_last_and_forms_between(app: Flask) -> None:
    addresses = busy.addresses(app)
    pages = ("/", "/incidents/", "/incidents/new", "/people/", "/gateways/1", "/p/me/x", "/api/v1/incidents")
    assert {addresses.turn("GET", path) for path in pages} == {ServingTurn.LAST}
    forms = ("/login", "/incidents/new/questions", "/gateways/1", "/incidents/SC-1/close", "/api/v1/incidents/x/notes")
    assert {addresses.turn("POST", path) for path in forms} == {ServingTurn.SECOND}
