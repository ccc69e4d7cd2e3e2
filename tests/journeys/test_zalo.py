"""Calls as Zalo's template messages: approved words, one button, tokens that are good once; whatever Zalo cannot carry
goes by SMS at once. The other side is a sink of the shape that Zalo documents, not Zalo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database, transaction
from core.models import AuditEntry
from core.security import sealing
from notify import delivery, outbox
from notify.channels import oauth
from notify.channels.base import ChannelError
from notify.channels.http import Lines
from notify.credit import services as credit
from notify.gateways import breakers, services as gateways
from notify.gateways.models import Gateway, GatewayToken
from notify.models import Delivery, Message
from tests.support.enterprise import sign_in
from tests.support.html_form import form_of
from tests.support.http_sink import HttpSink, http_sink
from tests.support.in_parallel import in_parallel
from tests.support.reach_story import ReachStory, status

PAIR = '200 {{"access_token":"truy-cap-{0}","refresh_token":"lam-moi-{0}","expires_in":"90000"}}'
TOOK = '200 {"error":0,"message":"Success","data":{"msg_id":"z-1","sent_time":"1579893000000","quota":{}}}'


class Zalo:
    """The account of the enterprise at Zalo: ``tokens`` gives them, ``messages`` takes messages."""

    def __init__(self, reach: ReachStory, admin: FlaskClient) -> None:
        self.tokens: HttpSink = reach.stack.enter_context(http_sink())
        self.messages: HttpSink = reach.stack.enter_context(http_sink())
        self.tokens.answer, self.messages.answer = PAIR.format(1), TOOK
        sign_in(admin, "qt1")
        form = form_of(admin.get("/gateways/new?recipe=zalo").text, "url")
        for name, sink in (("url", self.messages), ("token_url", self.tokens), ("balance_url", self.messages)):
            form[name] = f"{sink.url}{urlsplit(form[name]).path}"
        form |= {"allow_private": "1", "secret_app_id": "4711", "secret_app_secret": "bi-mat-ung-dung"}
        saved = admin.post("/gateways/new?recipe=zalo", data=form | {"secret_refresh_token": "lam-moi-0"})
        assert saved.status_code == 303, saved.text
        self.row = database.session.scalars(select(Gateway)).one()

    @property
    def token(self) -> GatewayToken:
        database.session.rollback()
        return database.session.get_one(GatewayToken, self.row.id, populate_existing=True)


@pytest.fixture
def zalo(reach: ReachStory, client: FlaskClient) -> Zalo:
    return Zalo(reach, client)


def only_sms(reach: ReachStory) -> Message:
    database.session.rollback()
    return database.session.scalars(select(Message).where(Message.channel == "sms")).one()


def test_a_call_goes_as_the_approved_template_and_its_button_takes_it(
    reach: ReachStory, zalo: Zalo, client: FlaskClient, new_client: Any
) -> None:
    title = "Xe hỏng, gọi 0905 123 456 hoặc xem https://la.example/x, đèo Mang Yang"
    incident = reach.log(title)
    reach.pulse()
    (exchange,) = zalo.tokens.asked
    assert exchange.path == "/v4/oa/access_token" and exchange.headers["secret_key"] == "bi-mat-ung-dung"
    assert exchange.form == {"refresh_token": "lam-moi-0", "app_id": "4711", "grant_type": "refresh_token"}
    (sent,) = zalo.messages.asked
    assert sent.path == "/message/template" and sent.headers["access_token"] == "truy-cap-1"
    said = sent.json
    assert said["phone"] == "84900000102" and said["template_id"] == "000001" and said["tracking_id"]
    values = said["template_data"]
    assert values["code"] == incident.code and values["asks"] == "Tiếp nhận sự cố" and values["severity"] == "3"
    assert values["title"] == "Xe hỏng, gọi – hoặc xem – đèo Mang Yang", "no link and no number among the words"
    assert "/" not in values["token"]
    # Zalo tells later that it arrived; the button is the acknowledge page.
    report = urlsplit(gateways.report_url(zalo.row)).path
    told = {"event_name": "user_received_message", "message": {"msg_id": "z-1", "delivery_time": "1579893002000"}}
    assert new_client().post(report, json=told).text == "OK"
    assert reach.states(incident)["sms"] == "delivered"
    # The next message needs no new token; quota is asked with the same one.
    zalo.messages.script[:] = ['200 {"error":0,"data":{"dailyQuota":"500","remainingQuota":"12"}}']
    credit.look(reach.now)
    assert zalo.messages.asked[-1].path == "/message/quota" and len(zalo.tokens.asked) == 1
    page = client.get("/gateways/").text
    assert "Còn 12, lúc 02:10" in page and "Còn ít" in page
    assert new_client().post(f"/a/{values['token']}", data={"do": "take"}).status_code == 200
    assert status(incident) == "acknowledged"
    row = database.session.scalars(select(Gateway)).one()
    shown = client.get(f"/gateways/{row.id}").text + page + client.get("/outbox/").text
    assert not any(secret in shown for secret in ("lam-moi", "truy-cap", "bi-mat-ung-dung"))
    assert "lam-moi" not in zalo.token.sealed
    # A trial goes as a template too: nothing else is to be had of Zalo.
    assert client.post(f"/gateways/{row.id}/trial").status_code == 303
    reach.pulse()
    trial = zalo.messages.asked[-1].json
    assert trial["template_id"] == "000001" and trial["template_data"]["code"] == "SC-0000-0000"
    # A storm is one message; a word that no template has is left to others.
    for number in range(9):
        reach.log(f"Cảnh báo {number}")
    reach.pulse()
    reach.at(4)
    reach.pulse()
    several = zalo.messages.asked[-1].json
    assert several["template_id"] == "000002" and int(several["template_data"]["count"]) > 1


@pytest.mark.parametrize(
    ("answer", "is_at_fault"),
    [
        ("-118", False),  # no Zalo account
        ("-131", False),  # the template is not approved
        ("-133", False),  # not at this hour, for a template of another tag
        ("-115", True),  # no money
        ("-147", True),  # the day's quota
        ("-124", True),  # the access token has ended, as new as it is
    ],
)
def test_what_zalo_cannot_carry_goes_by_sms_at_once(
    reach: ReachStory, zalo: Zalo, answer: str, is_at_fault: bool
) -> None:
    sms = reach.sink("sms", name="nhà mạng", position=2)
    zalo.messages.answer = f'200 {{"error":{answer},"message":"…"}}'
    incident = reach.log()
    reach.pulse()
    assert len(sms.asked) == 1 and reach.states(incident)["sms"] == "sent"
    message = only_sms(reach)
    assert message.carried_by == "sms/nhà mạng" and message.attempts == 1
    (tried,) = database.session.scalars(select(Delivery).where(Delivery.message_id == message.id))
    assert answer in tried.detail["before"][0] and "Zalo" in tried.detail["before"][0]
    assert bool(breakers.known()) is is_at_fault and len(zalo.tokens.asked) == 1
    # A message without template (a code, a notice) is not even tried there.
    asked = len(zalo.messages.asked)
    reach.at(1)
    reach.log("Cháy kho")
    reach.pulse()
    assert len(zalo.tokens.asked) == 1, "no message of a storm fetches one more token"
    assert len(sms.asked) == 2 and len(zalo.messages.asked) == asked + 1
    asked += 1
    outbox.enqueue(
        topic="t", key="k", channel="sms", address="0900000102", recipient="B", subject="s", body="Mã 1", now=reach.now
    )
    delivery.deliver_due(owner="story")
    assert len(sms.asked) == 3 and len(zalo.messages.asked) == asked


def test_a_template_that_is_no_good_says_nothing_of_the_number(reach: ReachStory, zalo: Zalo) -> None:
    """A 400 without a word of Zalo's is about our request: a text has another one."""
    sms = reach.sink("sms", name="nhà mạng", position=2)
    zalo.messages.answer = "400 <html>Bad Request"
    incident = reach.log()
    reach.pulse()
    assert len(sms.asked) == 1 and reach.states(incident)["sms"] == "sent" and not breakers.known()


def test_without_another_gateway_the_next_way_of_the_person_goes_at_once(
    reach: ReachStory, zalo: Zalo, client: FlaskClient
) -> None:
    assert "chỉ có cổng gửi theo mẫu" in client.get("/gateways/").text, "codes and notices have no way"
    voice = reach.sink("voice")
    zalo.messages.answer = '200 {"error":-118,"message":"Zalo account not existed"}'
    incident = reach.log()
    reach.pulse()
    reach.pulse()
    assert len(voice.asked) == 1 and reach.states(incident)["sms"] == "failed"
    # With an SMS gateway that is only down for the moment nothing is given up.
    sms = reach.sink("sms", name="nhà mạng", position=2)
    sms.answer = "503 hỏng"
    assert "chỉ có cổng gửi theo mẫu" not in client.get("/gateways/").text
    reach.at(1)
    second = reach.log("Cháy kho")
    reach.pulse()
    assert reach.states(second)["sms"] == "queued"
    sms.answer = '200 {"id": "s-{n}"}'
    reach.at(7)
    reach.pulse()
    assert reach.states(second)["sms"] == "sent" and len(sms.asked) == 1


@pytest.mark.both_dbs("one sender alone changes the tokens of a gateway")
def test_an_ended_token_is_renewed_and_a_refused_one_is_told(
    reach: ReachStory, zalo: Zalo, client: FlaskClient
) -> None:
    reach.log()
    reach.pulse()
    zalo.tokens.answer = PAIR.format(2)
    zalo.messages.script[:] = ['200 {"error":-124,"message":"Access token invalid"}']
    reach.at(300)
    reach.log("Cháy kho")
    reach.pulse()
    reach.at(305)
    reach.pulse()
    assert [each.form["refresh_token"] for each in zalo.tokens.asked] == ["lam-moi-0", "lam-moi-1"]
    assert zalo.messages.asked[-1].headers["access_token"] == "truy-cap-2"
    # Before it ends it is renewed; Zalo is away meanwhile: the old one still works.
    zalo.tokens.answer = "503 bảo trì"
    later = zalo.token.expires_at.timestamp() - reach.now.timestamp() + 305 - 3600
    reach.at(later)
    ready = gateways.ready("sms")[0]
    lines = Lines()
    assert oauth.access(ready, lines, now=reach.now) == "truy-cap-2"
    sign_in(client, "qt1")
    assert "Hết mã truy cập" not in client.get("/gateways/").text, "nobody has to act: it is asked again"
    # Refused for good: told once, on the page and in the audit; a new refresh token mends it.
    zalo.tokens.answer = (
        '200 {"error":-14014,"error_name":"Invalid refresh token","error_description":"of bi-mat-ung-dung: lam-moi-2"}'
    )
    reach.at(later + 7200)
    for seconds in (0, 400):
        reach.at(later + 7200 + seconds)
        with pytest.raises(ChannelError):
            oauth.access(ready, lines, now=reach.now)
    assert "Hết mã truy cập" in client.get("/gateways/").text
    refusals = select(AuditEntry).where(AuditEntry.action == "gateway.token_refused")
    (refusal,) = database.session.scalars(refusals).all()
    page = client.get(f"/gateways/{zalo.row.id}").text
    assert "Invalid refresh token" in page
    shown = page + client.get("/gateways/").text + str(refusal.detail)
    assert "lam-moi" not in shown and "bi-mat" not in shown, "Zalo may repeat what it was sent, we do not"
    zalo.tokens.answer = PAIR.format(9)
    form = form_of(page, "url") | {"secret_refresh_token": "lam-moi-8"}
    assert client.post(f"/gateways/{zalo.row.id}", data=form).status_code == 303
    assert oauth.access(gateways.ready("sms")[0], lines, now=reach.now) == "truy-cap-9"
    assert zalo.tokens.asked[-1].form["refresh_token"] == "lam-moi-8"
    assert "Hết mã truy cập" not in client.get("/gateways/").text
    with transaction():
        assert gateways.seal_anew(gateways.by_id(zalo.row.id))
    assert (sealing.unseal(zalo.token.sealed) or {})["refresh"] == "lam-moi-9"
    lines.close()


@pytest.mark.parametrize("lives", ["90000.0", '"1 ngày"', '"nan"', "null"])
def test_a_new_pair_is_kept_however_its_time_is_said(reach: ReachStory, zalo: Zalo, lives: str) -> None:
    """The token before it is spent: whoever drops the new ones has lost the account."""
    zalo.tokens.answer = PAIR.format(1).replace('"90000"', lives)
    reach.log()
    reach.pulse()
    assert zalo.messages.asked[0].headers["access_token"] == "truy-cap-1"
    assert (sealing.unseal(zalo.token.sealed) or {})["refresh"] == "lam-moi-1"
    assert zalo.token.expires_at > reach.now + oauth.RENEWED_BEFORE


@pytest.mark.both_dbs("several senders lease one refresh token")
def test_of_several_senders_one_alone_spends_the_refresh_token(app: Flask, reach: ReachStory, zalo: Zalo) -> None:
    """The token is good once: a second exchange would lose the account for all."""
    ready = gateways.ready("sms")[0]

    def ask(_number: int) -> str:
        lines = Lines()
        try:
            return oauth.access(ready, lines, now=reach.now)
        except ChannelError as fault:
            assert fault.elsewhere and not fault.permanent, "the message goes another way, or again"
            return ""
        finally:
            lines.close()

    got = in_parallel(app, 6, ask)
    assert len(zalo.tokens.asked) == 1 and "truy-cap-1" in got and set(got) <= {"truy-cap-1", ""}
    assert ask(0) == "truy-cap-1" and len(zalo.tokens.asked) == 1
    # A worker that was killed in between holds it up for a minute, no longer.
    with transaction() as session:
        row = session.get_one(GatewayToken, zalo.row.id)
        row.expires_at = reach.now
        row.leased_until = reach.now + oauth.LEASE
    assert ask(0) == ""
    zalo.tokens.answer = PAIR.format(2)
    reach.at(61)
    assert ask(0) == "truy-cap-2"


def test_what_zalo_repeats_of_a_message_is_told_to_nobody(reach: ReachStory, zalo: Zalo, client: FlaskClient) -> None:
    """The token of the button takes the incident in Bình's name, also where no address stands around it."""
    reach.log()
    zalo.messages.answer = '200 {"error":-115,"headers":"truy-cap-1","data":{body}}'
    reach.pulse()
    token = zalo.messages.asked[0].json["template_data"]["token"]
    told = [row.answer + str(row.detail) for row in database.session.scalars(select(Delivery))]
    shown = "".join(told) + client.get("/outbox/").text + client.get("/gateways/").text
    assert "-115" in shown and token not in shown and "truy-cap-1" not in shown
    zalo.messages.script[:] = ["403 access_token truy-cap-1 x" + "." * 20]
    credit.look(reach.now)
    page = client.get("/gateways/").text
    assert "Chưa hỏi được số dư: 403" in page and "truy-cap" not in page


def test_a_refusal_of_the_old_refresh_token_says_nothing_of_the_new_one(
    reach: ReachStory, zalo: Zalo, client: FlaskClient
) -> None:
    """An administrator types a new one while a sender still waits for Zalo's word on the old one."""
    ready = gateways.ready("sms")[0]
    assert oauth._lease(ready, reach.now) == "lam-moi-0"
    with transaction() as session:
        session.delete(session.get_one(GatewayToken, zalo.row.id))
    reach.at(1)
    assert oauth._lease(ready, reach.now) == "lam-moi-0"
    oauth._refused(ready, "of the old one", reach.now - timedelta(seconds=1))
    assert zalo.token.error == "" and zalo.token.leased_until == reach.now + oauth.LEASE
