"""Somebody on duty falls ill: from the desk to the cover, and green again only when somebody else is there."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from core.db import db as database
from people.accounts import keys
from people.accounts.services import NewAccount
from roster.models import Duty
from tests.support import enterprise, factories
from tests.support.desk_pages import text_of
from tests.support.published import NOW, Published

NOON = NOW.replace(day=23, hour=5)


@pytest.fixture
def admin(roster: Published) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NOW, actor=factories.ADMIN)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def manager(app: Flask, roster: Published, client: FlaskClient) -> FlaskClient:
    from people.accounts import services as accounts

    accounts.create_user(
        NewAccount("ql", "Quản lý", "manager", unit_code="TINH", password=enterprise.PASSWORD),
        now=NOW,
        actor=enterprise.ROOT,
    )
    with clock.travel(NOON):
        enterprise.sign_in(client, "ql")
    return client


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return html.unescape(answer.text)


def test_from_the_phone_call_to_the_cover(manager: FlaskClient, roster: Published, admin: dict[str, str]) -> None:
    with clock.travel(NOON):
        poll = manager.get("/desk/cover?unit=TINH")
        assert "Mọi chỗ trực đều có người" in html.unescape(poll.text)
        form = {"from_on": "2020-01-23", "to_on": "2020-01-24", "kind": "sick", "note": ""}
        saved = manager.post("/people/person/O1/absences", data=form)
        person = see(manager, saved.location)
        assert "2 ca đã ban hành thành không chắc" in person
        # Every open desk hears of it at its next poll.
        then = manager.get("/desk/cover?unit=TINH", headers={"If-None-Match": poll.headers["ETag"]})
        assert then.status_code == 200 and "Mọi chỗ trực đều có người" not in html.unescape(then.text)
        assert "16/18 lượt" in text_of(see(manager, "/roster/"))
        # The first way to a cover, and the best of those offered, at once.
        way = re.findall(r'href="(/roster/shifts/\d+/covers\?for=O1)"', person)[0]
        offered = see(manager, way)
        assert "Nguyễn Văn O4" in offered
        moves = next(each for each in re.findall(r'name="moves" value="([^"]+)"', offered) if each.endswith(">O4"))
        shift = way.split("/")[3]
        done = manager.post(f"/roster/shifts/{shift}/cover", data={"moves": moves, "at_once": "1"})
        assert done.status_code == 303, done.text[:500]
        assert "18/19 lượt" in text_of(see(manager, "/roster/")), "what was served, and what is left of the day"
        duties = manager.get("/api/v1/on-duty?unit=TINH&duty=operations", headers=admin).json["duties"]
        assert [(each["code"], each["at_risk"]) for each in duties[0]["people"]] == [("O4", False)]


def test_what_was_over_when_it_was_noted_stays_as_it_was(manager: FlaskClient, roster: Published) -> None:
    with clock.travel(NOON + timedelta(days=20)):
        enterprise.sign_in(manager, "ql")
        form = {"from_on": "2020-01-23", "to_on": "2020-01-24", "kind": "sick", "note": ""}
        saved = manager.post("/people/person/O1/absences", data=form)
        assert "#unsure" not in saved.location
        assert "18/18 lượt" in text_of(see(manager, "/roster/"))
    assert database.session.query(Duty).filter(Duty.cancelled_at.is_not(None)).count() == 0
