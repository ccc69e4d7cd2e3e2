"""Who carries a paper or a link and no account, as roles of their own: what each opens, tried at every public address.

The sheet outside reports; the counter's sheet tells of the counter's days; a sheet of before opens both until the unit
has printed new ones, and what it tells waits; an inspector's link reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compliance.inspector import services as inspector
from compliance.register import letters
from compliance.register.models import Directive
from core import clock
from core.db import db as database, transaction
from incidents.public_reports import codes, counter_codes
from people import queries as people
from tests.support.doors import declared_action, routes
from tests.support.enterprise import ROOT
from tests.support.service_point import ServicePoint

OUTSIDE = {("GET", "reports.form"), ("POST", "reports.send")}
COUNTER = {("GET", "today.page"), ("POST", "today.tell"), ("POST", "today.find"), ("POST", "today.post")}
INSPECTOR = {
    ("GET", "inspector.start"),
    ("POST", "inspector.enter"),
    ("GET", "inspector.matrix"),
    ("GET", "inspector.letter"),
    ("GET", "inspector.unit"),
    ("GET", "inspector.evidence"),
    ("GET", "inspector.requirement"),
}
OPENS = {"outside": OUTSIDE, "counter": COUNTER, "old": OUTSIDE | COUNTER, "inspector": INSPECTOR}
SHUT = (401, 403, 404, 405, 410)


@pytest.mark.parametrize("bearer", OPENS)
def test_each_bearer_opens_what_is_theirs_and_nothing_else(
    app: Flask, point: ServicePoint, client: FlaskClient, bearer: str
) -> None:
    token = carried(point, bearer)
    opened = {(method, endpoint) for method, endpoint, status in knocked(app, client, token) if status not in SHUT}
    if bearer == "inspector":  # what the address names besides is a unit or a number that the link does not hold
        assert ("GET", "inspector.start") in opened and opened <= INSPECTOR
    else:
        assert opened == OPENS[bearer]


def test_what_an_inspector_sends_writes_who_looked_and_nothing_else(point: ServicePoint, client: FlaskClient) -> None:
    path = f"/i/{carried(point, 'inspector')}"
    assert client.post(path, data={"name": "Thanh tra Sở", "do": "accept", "photo": "1"}).status_code == 303
    for inside in ("matrix", "letter", "units/BDA-1"):
        assert client.get(f"{path}/{inside}").status_code == 200
        assert client.post(f"{path}/{inside}", data={"do": "accept"}).status_code == 405


def carried(point: ServicePoint, bearer: str) -> str:
    """What stands in the code or the link."""
    unit = people.unit_by_id(point.unit_id)
    if bearer == "counter":
        return counter_codes.token_of(unit, 1)
    if bearer == "inspector":
        letter = database.session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        with transaction():
            letter.season_from, letter.season_to = date(2020, 1, 17), date(2020, 2, 8)
        letters.spread(letter.id, actor=ROOT, now=clock.now())
        return inspector.url(inspector.make(letter.id, "BDA", "Sở", 3, actor=ROOT, now=clock.now())).rpartition("/")[2]
    if bearer == "old":
        point.has_old_sheets()
    return codes.token_of(unit, 1)


def knocked(app: Flask, client: FlaskClient, token: str) -> Iterator[tuple[str, str, int]]:
    """Every public address that takes something secret, with this in its place."""
    for rule, method in routes(app):
        if declared_action(app, rule.endpoint) != "public" or not rule.arguments & {"token", "link", "key"}:
            continue
        path = re.sub(r"<(?:\w+:)?(?:token|link|key)>", token, str(rule))
        path = re.sub(r"<int:\w+>", "1", path).replace("<code>", "BDA-1").replace("<kind>", "generic")
        yield method, rule.endpoint, client.open(path, method=method).status_code
