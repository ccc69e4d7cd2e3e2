"""A copy for production in which nothing rings or writes: not green, with the reason in words, and red as soon as
somebody has to be called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, transaction
from core.observability import heartbeat
from desk.audit import shut_channels
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import outbox
from notify.models import Message
from people.desks import services as shared_desks
from people.models import User
from people.notification_rules.models import Endpoint
from roster.models import Duty
from tests.support.carriers import set_up
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import ROOT, sign_in
from tests.support.http_sink import http_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

SAID = "Chưa nối kênh nào: mọi cuộc gọi đều là gọi tay"
GREEN, WEAK, RED = 'class="live"', 'class="live weak"', 'class="live dead"'
TELL = "Đề nghị báo quản trị hệ thống"
CONNECT = re.compile(r'<a class="calm" href="/gateways/">.*' + SAID, re.S)


class Bare(ClockHand):
    """The enterprise on the day on which it was installed: people and rosters are there, and no way to anybody."""

    def __init__(self) -> None:
        self.night, self.now = Night(), NIGHT
        self.at(0)

    def log(self) -> Incident:
        facts = {"title": "Mất điện bưu cục", "category": "power", "severity": 3, "unit_id": self.night.ids["BDA"]}
        incident = creation.log(IncidentReport(**facts, actor=ADMIN), now=self.now)[0]
        engine.escalate_due(self.now)
        db.session.rollback()
        return incident


def said_of(bare: Bare, device: Endpoint, state: str) -> None:
    """What became of a message to that device."""
    with transaction() as session:
        count = session.query(Message).count()
        message = outbox.enqueue(
            topic="trial",
            key=f"trial/{count}",
            channel="push",
            address=device.address,
            recipient="Bình",
            subject="Thử",
            body="Thử",
            now=bare.now,
        )
        message.state = state


def is_on_the_rota_no_more(bare: Bare) -> None:
    """Bình's shift, and with it her right to ring for the unit."""
    with transaction() as session:
        session.get_one(Duty, bare.night.duty("operations")).cancelled_at = NIGHT


@pytest.fixture
def bare(app: Flask) -> Iterator[Bare]:
    app.config.update(APP_ENV="production", MAIL_URL=None)
    told = Bare()
    heartbeat.beat("worker", now=told.now)
    yield told
    told.close()


@pytest.fixture
def sees(bare: Bare, new_client: Callable[[], FlaskClient]) -> Callable[..., str]:
    """``sees("an1", "/")``: a page as that person reads it, each with a browser of their own."""
    clients: dict[str, FlaskClient] = {}

    def read_page(login: str, path: str) -> str:
        if login not in clients:
            clients[login] = new_client()
            sign_in(clients[login], login)
        answer = clients[login].get(path)
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    return read_page


def test_whoever_may_ring_reads_it_and_whoever_may_connect_one_gets_there(bare: Bare, sees: Callable[..., str]) -> None:
    for path in ("/", "/?wall=1", "/calls/", "/incidents/", "/incidents/new", "/calls/banner?calm=unconnected"):
        for login in ("an1", "qt1"):
            page = sees(login, path)
            assert page.count(SAID) == 1, (login, path)
            assert GREEN not in page and RED not in page and 'data-alarm="late"' not in page, (login, path)
        assert CONNECT.search(sees("qt1", path)) and TELL not in sees("qt1", path), path
        assert "/gateways/" not in sees("an1", path) and TELL in sees("an1", path), path
    assert WEAK in sees("an1", "/people/") and SAID not in sees("an1", "/people/"), "elsewhere the mark is enough"
    page = sees("qt1", "/incidents/offline")
    assert SAID in page and GREEN not in page and TELL not in page and 'href="/gateways/"' in page


def test_whoever_may_not_ring_reads_whom_to_tell_and_no_page_is_green(bare: Bare, sees: Callable[..., str]) -> None:
    is_on_the_rota_no_more(bare)
    for path in ("/", "/desk/live", "/?wall=1", "/incidents/offline"):
        page = sees("bi1", path)
        assert page.count(SAID) == 1 and f"{TELL} (" in page and GREEN not in page, path
    assert GREEN not in sees("du1", "/roster/")


def test_as_soon_as_somebody_has_to_be_called_it_is_red(bare: Bare, sees: Callable[..., str]) -> None:
    code = bare.log().code
    for path in ("/", "/?wall=1", "/incidents/", f"/incidents/{code}", "/calls/banner", "/people/"):
        page = sees("an1", path)
        assert "Chưa nối kênh nào: gọi tay 1 người" in page and 'data-alarm="late"' in page, path
        assert "Từ 02:10" in page and SAID not in page and GREEN not in page and WEAK not in page, path
    assert "Trần Thị Bình" in sees("an1", "/calls/")
    is_on_the_rota_no_more(bare)
    page = sees("bi1", f"/incidents/{code}")
    assert SAID in page and TELL in page, "she was called about it, and may not ring"
    lifecycle.acknowledge(
        db.session.query(Incident).one().id, person_id=bare.night.ids["BI1"], actor=ADMIN, now=bare.now
    )
    page = sees("an1", "/")
    assert SAID in page and WEAK in page and RED not in page


def test_ready_means_what_it_meant_and_the_system_page_says_it(
    bare: Bare, sees: Callable[..., str], client: FlaskClient
) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.get_json()["reasons"]) == (200, [])
    page = sees("qt1", "/system/")
    assert SAID in page and "Không thấy lỗi nào" not in page and 'href="/gateways/"' in page
    assert "Không thấy lỗi nào" not in sees("an1", "/system/") and TELL in sees("an1", "/system/")
    bare.log()
    bare.at(2)
    heartbeat.beat("worker", now=bare.now)
    told = client.get("/readyz")
    assert told.status_code == 503 and "incidents_untold" in told.get_json()["reasons"]


def test_the_locked_desk_says_it_without_names(bare: Bare, sees: Callable[..., str]) -> None:
    made = shared_desks.create("ban-truc-a", "Bàn trực huyện A", "BDA", 5, actor=ROOT, now=bare.now)
    known = db.session.get_one(User, bare.night.ids["user:bi1"]).password_hash
    db.session.get_one(User, made.id).password_hash = known
    db.session.commit()
    page = sees("ban-truc-a", "/desk/locked")
    assert f"{SAID}. {TELL}." in page and "alarm-band red" not in page and "/gateways/" not in page
    bare.log()
    page = sees("ban-truc-a", "/desk/locked")
    assert "Chưa nối kênh nào: gọi tay 1 người" in page and "alarm-band red" in page and SAID not in page


def test_any_one_channel_is_enough_and_a_copy_for_trials_has_none_on_purpose(
    app: Flask, bare: Bare, sees: Callable[..., str]
) -> None:
    assert shut_channels.find().unconnected
    app.config.update(MAIL_URL="smtp://mail.vidu.vn")
    assert not shut_channels.find() and GREEN in sees("an1", "/") and SAID not in sees("bi1", "/")
    app.config.update(MAIL_URL=None)
    with http_sink() as sink:
        gateway = set_up("voice", sink, now=bare.now)
        assert not shut_channels.find()
        with transaction() as session:
            session.delete(session.merge(gateway))
    assert shut_channels.find().unconnected
    device = Endpoint(
        person_id=bare.night.ids["BI1"],
        channel="push",
        address="{}",
        digest="1",
        name="Máy của Bình",
        created_at=bare.now,
    )
    with transaction() as session:
        session.add(device)
    assert not shut_channels.find()
    said_of(bare, device, "failed_permanent")  # the browser took its subscription back (410): nobody is rung by it
    assert shut_channels.find().unconnected and SAID in sees("an1", "/")
    said_of(bare, device, "sent")
    assert not shut_channels.find()
    with transaction() as session:
        session.delete(session.get_one(Endpoint, device.id))
    app.config.update(APP_ENV="development")
    assert not shut_channels.find() and GREEN in sees("an1", "/") and SAID not in sees("bi1", "/")
