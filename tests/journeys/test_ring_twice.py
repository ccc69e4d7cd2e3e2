"""02:10, Bình's iPhone is on "sleep": it lets a second call of one number through within three minutes. Whatever tells
that somebody answers, takes or listens leaves it at one."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from incidents.paging import manual_notes
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery, outbox, results
from notify.channels.registry import Channels
from notify.gateways import services as gateways
from notify.gateways.models import Gateway
from notify.models import Message
from notify.redial import services as redial
from tests.support.enterprise import sign_in
from tests.support.http_sink import HttpSink
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN

REPORTS = {
    "report_id": "/id",
    "report_at": "/status",
    "delivered": "^answered$",
    "undelivered": "^(busy|no-answer)$",
    "sender": "842473000000",
}
NO_KEYS = {"body": {"to": "{to}", "text": "{text}", "from": "{sender}"}}


class Rung:
    """Bình's telephone has rung once, a minute after the message."""

    def __init__(self, reach: ReachStory, **recipe: Any) -> None:
        self.reach = reach
        self.voice: HttpSink = reach.sink("voice", **recipe)
        self.voice.answer = '200 {"id": "c-{n}"}'
        self.incident: Incident = reach.log()
        reach.pulse()
        self.until(60)
        assert self.rings == 1

    @property
    def rings(self) -> int:
        """Of Bình's telephone; others are called when he cannot go."""
        return sum(each.json["to"] == "84900000102" for each in self.voice.asked)

    def until(self, seconds: float) -> None:
        self.reach.at(seconds)
        database.session.rollback()
        redial.drop_late(now=self.reach.now)
        self.reach.pulse()

    def report(self, client: FlaskClient, status: str, number: int = 1) -> None:
        row = database.session.scalars(select(Gateway).where(Gateway.channel == "voice")).one()
        path = urlsplit(gateways.report_url(row)).path
        assert client.post(path, json={"id": f"c-{number}", "status": status}).text == "OK"

    @property
    def path(self) -> str:
        return str(self.voice.asked[0].json["callback"]).removeprefix(self.reach.app.config["PUBLIC_URL"])

    def second(self) -> Message:
        database.session.rollback()
        return _seconds()[0]


def test_nobody_answers_and_it_rings_once_more_from_the_same_number(reach: ReachStory, client: FlaskClient) -> None:
    rung = Rung(reach, **REPORTS)
    sign_in(client, "qt1")
    assert "Gọi lại lần hai lúc 02:12" in client.get(f"/incidents/{rung.incident.code}").text
    rung.until(134)
    assert rung.rings == 1
    rung.until(135)
    assert rung.rings == 2
    assert manual_notes.left_late(ADMIN, now=reach.now) == [], "it rings when it is meant to, nothing went wrong"
    first, second = rung.voice.asked
    assert first.json["to"] == second.json["to"] and first.json["callback"] == second.json["callback"]
    assert first.json["text"] == second.json["text"]
    assert first.headers["idempotency-key"] != second.headers["idempotency-key"], "another call to the provider"
    rung.until(290)
    assert rung.rings == 2, "once, before the policy calls anew"
    page = client.get(f"/incidents/{rung.incident.code}").text
    assert page.count("chuông thứ hai của cùng lần gọi") == 1 and "1 lần gửi" in page, "one try of two rings"
    # What becomes of the second ring is what became of the call.
    rung.report(client, "answered", number=2)
    assert reach.states(rung.incident)["voice"] == "delivered"


@pytest.mark.parametrize(
    "how", ["key 5", "key 2", "taken", "opened", "answered", "taken by another", "says no", "told us"]
)
def test_whoever_answers_is_not_rung_again(reach: ReachStory, client: FlaskClient, how: str) -> None:
    rung = Rung(reach, **REPORTS)
    assert client.get(rung.path).status_code == 200
    if how.startswith("key"):
        assert client.post(rung.path, json={"dtmf": how[-1]}).status_code == 200
    elif how == "answered":
        rung.report(client, "answered")
    elif how == "taken by another":
        lifecycle.acknowledge(rung.incident.id, actor=reach.night.actor("AN1", "manager"), now=reach.now)
    elif how == "told us":  # the operator rang him by hand
        by = {"person_id": reach.night.ids["BI1"], "actor": reach.night.actor("AN1", "manager")}
        lifecycle.log_call(rung.incident.id, outcome="refused", now=reach.now, **by)
    elif how == "says no":  # by a text, or to the operator
        lifecycle.pass_on(rung.incident.id, actor=reach.night.actor("BI1", "staff"), now=reach.now)
    else:
        links = [message.link for message in database.session.scalars(select(Message)) if "/a/" in message.link]
        path = next(line for line in reach.mail.arrivals[0].body.split() if "/a/" in line) if not links else links[0]
        told = path.removeprefix(reach.app.config["PUBLIC_URL"])
        assert client.post(told, data={"do": "take" if how == "taken" else "seen"}).status_code in (200, 204)
    rung.until(140)
    rung.until(200)
    assert rung.rings == 1 and rung.second().state == "cancelled"


def test_the_page_of_an_earlier_call_tells_too_that_somebody_is_awake(reach: ReachStory, client: FlaskClient) -> None:
    rung = Rung(reach, **REPORTS)
    early = next(line for line in reach.mail.arrivals[0].body.split() if "/a/" in line)
    rung.until(135)
    seconds = 135
    while rung.rings < 3 and seconds < 1200:
        seconds += 15
        rung.until(seconds)
    assert rung.rings == 3, "the policy calls anew"
    assert client.post(early.removeprefix(reach.app.config["PUBLIC_URL"]), data={"do": "seen"}).status_code == 204
    rung.until(seconds + 80)
    assert rung.rings == 3


def test_no_answer_reported_rings_soon_and_late_it_does_not_ring_at_all(reach: ReachStory, client: FlaskClient) -> None:
    rung = Rung(reach, **REPORTS)
    reach.at(85)
    rung.report(client, "no-answer")
    rung.until(91)
    assert rung.rings == 2
    assert reach.states(rung.incident)["voice"] == "undelivered"
    # The worker is killed before the next one and comes back after 150 seconds: another call would help nobody.
    other = reach.log("Cháy kho")
    for seconds in (92, 152):
        rung.until(seconds)
    assert rung.rings == 3
    reach.at(152 + 151)
    delivery.deliver_due(owner="mới")
    redial.drop_late(now=reach.now)
    assert rung.rings == 3
    database.session.rollback()
    mine = select(Message).where(Message.again_of.is_not(None), Message.topic == f"incident/{other.id}")
    assert database.session.scalars(mine).one().state == "cancelled"


def test_another_call_to_the_same_telephone_is_the_second_one(reach: ReachStory) -> None:
    """Bounded cost: of several incidents at once nobody is rung twice for each."""
    rung = Rung(reach, **REPORTS)
    reach.log("Cháy kho")
    rung.until(61)
    rung.until(121)
    assert rung.rings == 2
    rung.until(140)
    assert rung.rings == 2 and [each.state for each in _seconds()] == ["cancelled", "pending"]


def _seconds() -> list[Message]:
    database.session.rollback()
    return list(database.session.scalars(select(Message).where(Message.again_of.is_not(None)).order_by(Message.id)))


@pytest.mark.parametrize(
    ("setting", "recipe", "rings"),
    [("", NO_KEYS, 1), ("always", NO_KEYS, 2), ("never", {}, 1), ("", {}, 2)],
    ids=["hears nothing", "always", "never", "hears keys"],
)
def test_where_the_gateway_hears_nothing_the_settings_decide(
    reach: ReachStory, setting: str, recipe: dict[str, Any], rings: int
) -> None:
    rung = Rung(reach, ring_again=setting, **recipe)
    rung.until(140)
    assert rung.rings == rings


@pytest.mark.both_dbs("an acknowledgement and the mark of a call lock one row")
def test_taken_while_the_gateway_takes_the_call_plans_no_second_ring(
    reach: ReachStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach.sink("voice", **REPORTS)
    incident = reach.log()
    reach.pulse()
    reach.at(60)
    lines = Channels(reach.app.config)
    result = delivery._carry(_claimed(), lines)
    assert result is not None and result[1].outcome == "sent"
    lifecycle.acknowledge(incident.id, actor=reach.night.actor("AN1", "manager"), now=reach.now)
    results.mark(*result, now=reach.now)
    lines.close()
    assert _seconds() == []


@pytest.mark.both_dbs("an acknowledgement waits for the mark of a call, which plans a second ring")
def test_taken_while_the_second_ring_is_being_planned_takes_it_back(app: Flask, reach: ReachStory) -> None:
    reach.sink("voice", **REPORTS)
    incident = reach.log()
    reach.pulse()
    reach.at(60)
    lines, taken_back = Channels(reach.app.config), list[int]()
    result = delivery._carry(_claimed(), lines)
    assert result is not None

    def take() -> None:
        with app.app_context():
            taken_back.append(outbox.cancel(f"incident/{incident.id}", now=reach.now))

    taking = threading.Thread(target=take)
    with transaction():
        results.mark(*result, now=reach.now)
        taking.start()
        taking.join(0.3)
        assert taking.is_alive(), "it waits for the row of the call"
    taking.join()
    lines.close()
    assert taken_back and [each.state for each in _seconds()] == ["cancelled"]


def _claimed() -> delivery.ClaimedMessages:
    claimed = delivery.claim("story", now=clock.now(), only=("voice",))
    assert claimed is not None
    return claimed
