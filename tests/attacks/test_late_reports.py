"""Reports of what became of a message: sent again, in another order, or beside a body that somebody overheard."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database
from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from notify.gateways.recipe import from_json
from notify.models import Message
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN

VOICE = {
    "report_id": "/id",
    "report_at": "/status",
    "delivered": "^answered$",
    "undelivered": "^(busy|no-answer)$",
    "sender": "842473000000",
}
KEY = "khoa-ky-bao-cao"


def row_of(channel: str) -> Gateway:
    database.session.rollback()
    return database.session.scalars(select(Gateway).where(Gateway.channel == channel)).one()


def report_path(channel: str) -> str:
    return urlsplit(gateways.report_url(row_of(channel))).path


def reports(client: FlaskClient, channel: str, **said: str) -> None:
    assert client.post(report_path(channel), json=said).text == "OK"


@pytest.mark.both_dbs("what stands is compared under the row's lock")
def test_a_report_of_before_undoes_no_arrival(reach: ReachStory, client: FlaskClient) -> None:
    """The text arrived at the second try. The report of the first comes again, as recorded: it was "not delivered",
    and Bình's telephone rang for what she had read already."""
    sms, voice = reach.sink("sms"), reach.sink("voice")
    sms.answer = '200 {"id": "t-{n}"}'
    incident = reach.log()
    reach.pulse()
    reach.at(30)
    reach.pulse()
    assert sms.asked, "the control: a text has left"
    reports(client, "sms", id="t-1", status="delivered")
    rung = len(voice.asked)
    for status in ("failed", "undelivered", "delivered", "failed"):
        reports(client, "sms", id="t-1", status=status)
        reach.pulse()
        assert reach.states(incident)["sms"] == "delivered"
    assert len(voice.asked) == rung, "nobody is rung for it before the time"


def test_a_failure_that_is_followed_by_arrival_still_is_one_that_arrived(
    reach: ReachStory, client: FlaskClient
) -> None:
    sms = reach.sink("sms")
    sms.answer = '200 {"id": "t-{n}"}'
    incident = reach.log()
    reach.pulse()
    reach.at(30)
    reach.pulse()
    reports(client, "sms", id="t-1", status="failed")
    assert reach.states(incident)["sms"] == "undelivered"
    reports(client, "sms", id="t-1", status="delivered")
    assert reach.states(incident)["sms"] == "delivered"


def test_the_first_rings_late_report_undoes_no_answer_to_the_second(reach: ReachStory, client: FlaskClient) -> None:
    voice = reach.sink("voice", **VOICE)
    voice.answer = '200 {"id": "c-{n}"}'
    incident = reach.log()
    for second in (0, 60, 140):
        reach.at(second)
        reach.pulse()
    assert len(voice.asked) == 2, "the control: it rang twice"
    reports(client, "voice", id="c-2", status="answered")
    reports(client, "voice", id="c-1", status="no-answer")
    assert reach.states(incident)["voice"] == "delivered"


def test_what_was_not_signed_is_not_read(reach: ReachStory, client: FlaskClient) -> None:
    """A flat recipe that signs. Who overhears one report in the office's network keeps bytes, time and signature, and
    writes what they like beside them."""
    sms = reach.sink("sms")
    sms.answer = '200 {"id": "t-{n}"}'
    signed = replace(from_json(row_of("sms").settings), signing="android")
    row = row_of("sms")
    gateways.save(
        row.id,
        gateways.GatewayInput(
            "sms",
            row.name,
            position=1,
            active=True,
            allow_private=True,
            recipe=signed,
            secrets={"token": "khoa-cua-cong", "signing_key": KEY},
        ),
        actor=ADMIN,
        now=reach.now,
    )
    incident = reach.log()
    reach.pulse()
    reach.at(30)
    reach.pulse()
    body = json.dumps({"id": "0", "status": "sent"}).encode()
    stamp = str(int(reach.now.timestamp()))
    right = {
        "X-Timestamp": stamp,
        "X-Signature": hmac.new(KEY.encode(), body + stamp.encode(), hashlib.sha256).hexdigest(),
    }

    def sent(more: dict[str, Any], kind: str = "application/json", told: bytes = body, **said: str) -> str:
        path = report_path("sms")
        return client.post(path, data=told, content_type=kind, headers=right | more, query_string=said).text

    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        assert sent({}, kind, id="t-1", status="failed") == "unknown"
    quoted = json.dumps({"id": "0", "status": "sent", "text": "x&id=t-1&status=failed&"}).encode()
    mac = hmac.new(KEY.encode(), quoted + stamp.encode(), hashlib.sha256).hexdigest()
    assert sent({"X-Signature": mac}, "application/x-www-form-urlencoded", quoted) == "unknown", (
        "a text that was sent in"
    )
    assert reach.states(incident)["sms"] == "sent"
    told = json.dumps({"id": "t-1", "status": "delivered"}).encode()
    mac = hmac.new(KEY.encode(), told + stamp.encode(), hashlib.sha256).hexdigest()
    assert sent({"X-Signature": mac}, told=told) == "OK", "the control: what is signed is read"
    assert reach.states(incident)["sms"] == "delivered"
    database.session.rollback()
    assert database.session.scalars(select(Message.reported).where(Message.channel == "sms")).all() == ["delivered"]
