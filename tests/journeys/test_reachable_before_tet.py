"""Before Tết: each person says how they are called, proves it, tries it; managers hear of who cannot be called.

Pages as a telephone without scripts uses them; carriers are real sockets; the worker's pulse is played by ``pulse``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from core.text import format_phone
from desk.readiness import morning
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from notify import delivery
from notify.models import Message
from people import queries
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, Person
from people.notification_rules import ladders
from roster.models import DraftAssignment, Seat
from roster.reachability import report
from tests.support import factories
from tests.support.carriers import set_up
from tests.support.enterprise import PASSWORD, sign_in
from tests.support.http_sink import HttpSink, http_sink
from tests.support.push_sink import push_service
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

BINH = "/people/person/BI1/reach"


class Story:
    """The night's enterprise, a mail server, and a hand on the clock."""

    def __init__(self, app: Flask, stack: ExitStack) -> None:
        self.app, self.night, self.stack, self.now = app, Night(), stack, NIGHT
        self._travels = ExitStack()
        self.mail: SmtpSink = stack.enter_context(smtp_sink())
        app.config.update(MAIL_URL=self.mail.url, MAIL_FROM="truc@vidu.vn", OUTGOING_ALLOW="127.0.0.0/8")
        self.at(NIGHT)

    def at(self, moment: datetime) -> None:
        self._travels.close()
        self.now = moment
        self._travels.enter_context(clock.travel(moment))

    def close(self) -> None:
        self._travels.close()

    def gateway(self, channel: str) -> HttpSink:
        sink = self.stack.enter_context(http_sink())
        set_up(channel, sink, now=self.now)
        return sink

    def pulse(self) -> None:
        database.session.rollback()
        engine.escalate_due(self.now)
        delivery.pass_ladders(now=self.now)
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def person(self, code: str = "BI1") -> Person:
        database.session.rollback()
        database.session.expire_all()
        return queries.person_by_code(code)


@pytest.fixture
def ahead(app: Flask) -> Iterator[Story]:
    with ExitStack() as stack:
        told = Story(app, stack)
        yield told
        told.close()


@pytest.fixture
def binh(ahead: Story, client: FlaskClient) -> FlaskClient:
    """Bình's telephone, signed in."""
    sign_in(client, "bi1")
    return client


def ways(page: str) -> dict[str, str]:
    """channel → way, as the form of the order names them."""
    found = re.findall(r'<input type="hidden" name="way" value="([^"]+)">\s*<div', page)
    return {way.partition(".")[0]: way for way in found}


def choose(phone: FlaskClient, *wanted: tuple[str, int]) -> Any:
    """Fill in the order: (channel, seconds) first to last; what is not named is switched off."""
    known = ways(phone.get("/me/reach").text)
    data: dict[str, Any] = {"way": list(known.values())}
    for place, (channel, seconds) in enumerate(wanted, start=1):
        way = known[channel]
        data |= {f"place-{way}": str(place), f"delay-{way}": str(seconds), f"used-{way}": "y"}
    return phone.post(BINH, data=data)


def code_in(words: str) -> str:
    return "".join(re.findall(r"\d", re.findall(r"\d(?:,? ?\d){5}", words)[0]))


def test_mail_at_once_text_after_30_seconds_call_after_2_minutes(ahead: Story, binh: FlaskClient) -> None:
    sms, voice = ahead.gateway("sms"), ahead.gateway("voice")
    assert choose(binh, ("email", 0), ("sms", 30), ("voice", 120)).status_code == 303
    page = binh.get("/me/reach").text
    assert "Thư điện tử ngay; Tin nhắn SMS sau 30 giây; Gọi thoại tự động sau 2 phút" in page
    creation.log(
        IncidentReport(
            title="Xe thư hỏng ở đèo An Khê",
            category="vehicle",
            severity=3,
            unit_id=ahead.night.ids["BDA"],
            actor=ADMIN,
        ),
        now=ahead.now,
    )
    heard = []
    for seconds in (0, 29, 30, 119, 120):
        ahead.at(NIGHT + timedelta(seconds=seconds))
        ahead.pulse()
        heard.append((len(ahead.mail.arrivals), len(sms.asked), len(voice.asked)))
    assert heard == [(1, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 1)]


def test_an_address_is_proven_by_a_code_and_a_changed_one_is_not(ahead: Story, binh: FlaskClient) -> None:
    sms, voice = ahead.gateway("sms"), ahead.gateway("voice")
    known = ways(binh.get("/me/reach").text)
    typed = binh.post(f"{BINH}/code", data={"way": known["sms"]}).location
    ahead.pulse()
    text = sms.asked[0].json["text"]
    assert text.isascii() and len(text) <= 160
    assert binh.post(typed, data={"code": code_in(text)}).status_code == 303
    phone = next(each for each in ahead.person().contacts if each.channel == "phone")
    assert phone.verified_at == ahead.now and "Đã xác nhận" in binh.get("/me/reach").text
    # The number is changed: nothing is proven any more, the old one is told, and a voice can prove the new one.
    url = f"{BINH}/address/{phone.id}"
    assert binh.post(url, data={"address": "0912 345 678", "password": "doan-mo"}).status_code == 422
    assert binh.post(url, data={"address": "0912 345 678", "password": PASSWORD}).status_code == 303
    ahead.pulse()
    assert sms.asked[-1].json["to"] == "84900000102" and "vua duoc" in sms.asked[-1].json["text"]
    assert ahead.person().contacts[0].verified_at is None
    typed = binh.post(f"{BINH}/code", data={"way": known["voice"]}).location
    ahead.pulse()
    said = voice.asked[0].body.decode()
    assert "912345678" in said
    words = database.session.scalars(select(Message.body).where(Message.channel == "voice")).one()
    assert re.search(r"\d, \d, \d, \d, \d, \d", words), "read digit by digit"
    ahead.at(ahead.now + timedelta(minutes=11))
    assert binh.post(typed, data={"code": code_in(words)}).status_code == 422, "ten minutes are over"
    typed = binh.post(f"{BINH}/code", data={"way": known["voice"]}).location
    words = database.session.scalars(
        select(Message.body).where(Message.channel == "voice").order_by(Message.id.desc())
    ).first()
    assert binh.post(typed, data={"code": code_in(words or "")}).status_code == 303
    assert ahead.person().contacts[0].verified_at == ahead.now


def test_a_trial_goes_every_way_at_once_and_says_what_came_of_each(ahead: Story, binh: FlaskClient) -> None:
    sms, voice = ahead.gateway("sms"), ahead.gateway("voice")
    with push_service() as (service, browser), http_sink() as hook:
        assert (
            binh.post(f"{BINH}/devices", data={"subscription": browser.subscription, "name": "Máy"}).status_code == 303
        )
        group = {"url": f"json://127.0.0.1:{hook.port}/nhom", "name": "Nhóm trực", "password": PASSWORD}
        assert binh.post(f"{BINH}/services", data=group).status_code == 303
        voice.script[:] = ["503 busy"]
        assert binh.post(f"{BINH}/trial").status_code == 303
        assert "đang gửi" in binh.get("/me/reach").text
        ahead.pulse()
        (pushed,) = service.asked
        words = browser.decrypt(pushed)
        assert "gửi thử" in words["body"] and words["url"].endswith("/me/reach") and words["lang"] == "vi"
        assert (len(ahead.mail.arrivals), len(sms.asked), len(hook.asked)) == (1, 1, 1)
        part = binh.get(f"{BINH}?live=1")
        assert part.status_code == 200, "the call is tried again"
        assert part.text.count("Đã gửi đi</span>") == 4 and "503" in part.text
        ahead.at(ahead.now + timedelta(seconds=30))
        ahead.pulse()
        assert binh.get(f"{BINH}?live=1").status_code == 286, "nothing will change any more"
        page = binh.get("/me/reach").text
        assert page.count("Gửi được gần nhất") == 5
        assert not re.search(r"push/abc|/nhom", page), "addresses are secret"


def test_a_telephone_takes_push_messages_until_its_browser_is_gone(
    ahead: Story, binh: FlaskClient, new_client: Any
) -> None:
    with push_service() as (service, browser):
        binh.post(f"{BINH}/devices", data={"subscription": browser.subscription, "name": "Điện thoại của tôi"})
        known = ways(binh.get("/me/reach").text)
        typed = binh.post(f"{BINH}/code", data={"way": known["push"]}).location
        ahead.pulse()
        assert binh.post(typed, data={"code": code_in(browser.decrypt(service.asked[0])["body"])}).status_code == 303
        assert "Điện thoại của tôi" in binh.get("/me/reach").text
        assert [each.channel for each in ladders.ladder(ahead.person())][0] == "push"
        # The browser changes its address by itself, without a session.
        fresh = browser.subscription.replace("/push/abc", "/push/xyz")
        old = f"{service.url}/push/abc"
        body = '{"old": "%s", "subscription": %s}' % (old, fresh)  # noqa: UP031
        assert new_client().post("/push/renew", data=body, content_type="application/json").status_code == 204
        incident, _new = creation.log(
            IncidentReport(title="Mất điện", category="power", severity=3, unit_id=ahead.night.ids["BDA"], actor=ADMIN),
            now=ahead.now,
        )
        ahead.pulse()
        assert service.asked[-1].path == "/push/xyz"
        words = browser.decrypt(service.asked[-1])
        assert incident.code in words["title"] and "/a/" in words["url"]
        # It was thrown away: the push service says so once, and nobody counts on it again.
        service.script[:] = ["410 gone"]
        binh.post(f"{BINH}/trial")
        ahead.pulse()
        assert [each.channel for each in ladders.ladder(ahead.person())] == ["email"]
        assert "Tin gần nhất bị từ chối" in binh.get("/me/reach").text


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "https://127.0.0.9", "https://localhost.", "https://[::1]"])
def test_in_production_no_telephone_lives_in_the_server(ahead: Story, binh: FlaskClient, host: str) -> None:
    with push_service() as (service, browser):
        given = json.loads(browser.subscription) | {"endpoint": f"{host}/push/abc"}
        form = {"subscription": json.dumps(given), "name": "Máy chủ"}
        assert binh.post(f"{BINH}/devices", data=form).status_code == 303, "where push is tried"
        ahead.app.config["APP_ENV"] = "production"
        assert binh.post(f"{BINH}/devices", data=form).status_code == 422
        renewed = {"old": f"{host}/push/abc", "subscription": given}
        assert binh.post("/push/renew", json=renewed).status_code == 422


def test_how_to_let_the_desk_through_do_not_disturb(ahead: Story, binh: FlaskClient) -> None:
    ahead.app.config["CALLER_NUMBERS"] = ("02471000000",)
    page = binh.get("/me/let-us-through").text
    assert "Bỏ qua khẩn cấp" in page and "Người gọi lặp lại" in page and format_phone("02471000000") in page
    card = binh.get("/me/let-us-through.vcf")
    assert card.text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n") and "02471000000" in card.text
    assert all(len(line.encode()) <= 75 for line in card.text.split("\r\n"))


@pytest.mark.both_dbs("told once, behind a lock")
def test_people_who_cannot_be_reached_are_shown_before_their_duty(
    ahead: Story, client: FlaskClient, new_client: Any
) -> None:
    """Five days before, Phong of the emergency duty has a telephone alone, and no gateway calls telephones."""
    ahead.night.publish("emergency", "PH1", start=NIGHT + timedelta(days=5))
    sign_in(client, "an1")
    page = client.get("/roster/unreachable").text
    assert "Kpă Phong" in page and "Không gọi được" in page and "Trần Thị Bình" in page
    assert "mà hệ thống không gọi được" in client.get("/").text
    assert "Hệ thống chưa có cách nào" not in client.get("/me/").text
    # One letter to each manager, from seven in the morning, and none on days that bring nothing new.
    six, seven = clock.at_local(clock.local_date(NIGHT), 6), clock.at_local(clock.local_date(NIGHT), 7)
    ahead.at(six)
    assert morning.tell(six) == 0
    ahead.at(seven)
    assert morning.tell(seven) == 2, "An, who manages them, and the administrator; Chi manages elsewhere"
    assert morning.tell(seven + timedelta(minutes=10)) == 0
    ahead.pulse()
    told = {arrival.recipient: arrival for arrival in ahead.mail.arrivals}
    assert set(told) == {"an1@buudien.example", "qt1@buudien.example"}
    assert "Kpă Phong" in told["an1@buudien.example"].body and "không gọi được" in told["an1@buudien.example"].body
    # A gateway for text messages comes, everybody proves an address: nothing of the kind is left to say.
    ahead.gateway("sms")
    with transaction() as session:
        for contact in session.scalars(select(ContactMethod)):
            contact.verified_at = seven
    assert report.lacking(None, now=seven) == []
    assert "Ai có ca cũng liên lạc được" in client.get("/roster/unreachable").text
    other = new_client()
    sign_in(other, "bi1")
    assert other.get("/roster/unreachable").status_code == 403


def test_publishing_warns_of_them_and_counts_only_who_can_be_called(app: Flask, client: FlaskClient) -> None:
    unit = factories.make_unit()
    factories.make_round_the_clock(unit)
    silent = factories.make_person(
        "P1", unit, duties=("leadership", "operations", "emergency"), email=None, phone="0900000201"
    )
    campaign = factories.make_campaign(unit)
    accounts.create_user(NewAccount("root", "Quản trị", "admin", password=PASSWORD), now=factories.NOW, actor=ADMIN)
    with transaction() as session:
        for seat in session.scalars(select(Seat)):
            session.add(
                DraftAssignment(
                    seat_id=seat.id, person_id=silent.id, source="manual", updated_at=factories.NOW, updated_by="x"
                )
            )
    with clock.travel(factories.NOW), http_sink() as sink:
        sign_in(client, "root")
        page = client.get(f"/roster/campaigns/{campaign.id}/publish").text
        assert "chưa có cách nào để hệ thống gọi" in page and "Người có ca mà chưa chắc liên lạc được" in page
        set_up("sms", sink, now=factories.NOW)
        page = client.get(f"/roster/campaigns/{campaign.id}/publish").text
        assert "chưa có cách nào để hệ thống gọi" not in page and "Chưa xác nhận" in page


def test_who_has_a_telephone_alone_is_called_and_told_by_text(ahead: Story, client: FlaskClient) -> None:
    sms = ahead.gateway("sms")
    assert not any(each.channel == "email" for each in ahead.person("PH1").contacts)
    ahead.night.withdraw("emergency", "operations")
    ahead.night.publish("operations", "PH1")
    creation.log(
        IncidentReport(title="Mất điện", category="power", severity=3, unit_id=ahead.night.ids["BDA"], actor=ADMIN),
        now=ahead.now,
    )
    ahead.pulse()
    assert [asked.json["to"] for asked in sms.asked] == ["84900000106"]


def test_a_refused_first_contact_is_followed_by_the_second_at_once_and_tried_last_next_time(
    ahead: Story, binh: FlaskClient
) -> None:
    sms = ahead.gateway("sms")
    assert choose(binh, ("email", 0), ("sms", 600)).status_code == 303
    facts = {"category": "power", "severity": 3, "unit_id": ahead.night.ids["BDA"], "actor": ADMIN}
    ahead.mail.script[:] = ["550 5.1.1 no such user"]
    creation.log(IncidentReport(title="Mất điện", **facts), now=ahead.now)
    ahead.pulse()
    ahead.pulse()
    assert len(sms.asked) == 1, "not ten minutes later: at once, because the first was refused"
    assert [(each.channel, each.failing) for each in ladders.ladder(ahead.person())] == [
        ("sms", False),
        ("email", True),
    ]
    assert report.faults_for([ahead.person().id])[ahead.person().id][0] == "failing"
    assert "Tin gần nhất gửi đồng chí bị từ chối" in binh.get("/me/").text
    binh.post(f"{BINH}/trial")
    ahead.pulse()
    assert not any(each.failing for each in ladders.ladder(ahead.person())), "it works again: first in line again"
