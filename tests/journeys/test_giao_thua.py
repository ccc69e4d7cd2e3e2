"""Giao thừa at Điểm phục vụ A1: a mail truck with KT1 on board will not start, and the networks are jammed.

The whole night through the doors that people use, on both databases: the sheet on the wall, the list "gọi tay", the
incident's page, the diary and the leadership's message of the morning. It is the night before Đinh Mùi, whose last day
is the 29th of Chạp (before Canh Tý it was the 30th). Mail, SMS and calls go out through real sockets that refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import worker
from core.db import db as database, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.public_reports import codes
from incidents.record import queries
from incidents.record.models import Incident
from notify import delivery
from notify.gateways import breakers
from notify.models import Delivery, Message
from people import queries as people
from roster.campaigns.models import Campaign
from roster.resolver.models import DeskPhone
from tests.support.carriers import set_up
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.http_sink import http_sink
from tests.support.live import free_port
from tests.support.smtp_sink import SmtpSink
from tests.support.tet_night import ADMIN, Night

MIDNIGHT = datetime(2027, 2, 5, 17, 0, tzinfo=UTC)
"""Local midnight between the 29th of Chạp of Bính Ngọ (5 February 2027) and Mùng 1 of Đinh Mùi."""
SHIFT = "day=2027-02-05&shift=22:00"
EM_PHONE = "0900000105"


class NewYearsEve(ClockHand):
    """The night's roster, carriers that can be jammed, two browsers, and a hand on the clock (minutes from 0:00).

    Bình is at the desk (operations), Em is the emergency team, An leads the province's duty.
    """

    BEGIN = MIDNIGHT

    def __init__(self, app: Flask, stack: ExitStack, new_client: Any) -> None:
        self.night = Night()
        self.mail, self.jammed = SmtpSink(free_port()), True
        self.sms, self.voice = (stack.enter_context(http_sink()) for _each in range(2))
        app.config.update(MAIL_URL=self.mail.url, MAIL_FROM="truc@buudien.example", OUTGOING_ALLOW="127.0.0.0/8")
        stack.callback(self._hang_up)
        self._publish()
        self.unjam()
        self.at(-17.5 * 60)
        self.pulse()  # the morning of the 29th was told in time
        self.mail.arrivals.clear()
        self.at(-60)
        for channel, sink in (("sms", self.sms), ("voice", self.voice)):
            set_up(channel, sink, now=self.now)
        self.new_hire, self.desk = new_client(), new_client()
        sign_in(self.desk, "bi1")

    def _publish(self) -> None:
        with transaction() as session:
            campaign = session.get_one(Campaign, self.night.campaign)
            campaign.name, campaign.tet_year = "Tết Đinh Mùi", 2027
            campaign.starts_on, campaign.ends_on = date(2027, 1, 30), date(2027, 2, 20)
            session.add(DeskPhone(unit_id=self.night.ids["BDA"], duty="operations", phone="0269 3824 999"))
        evening = MIDNIGHT - timedelta(hours=2)
        for duty, code, unit in (
            ("operations", "BI1", "BDA"),
            ("emergency", "EM1", "BDA"),
            ("leadership", "AN1", "BDT"),
        ):
            self.night.publish(duty, code, unit=unit, hours=10, start=evening)

    def pulse(self) -> None:
        """What the worker does every second, and what it looks at once in a while."""
        database.session.rollback()
        for job in (*worker.jobs("calling"), *worker.jobs("tick"), *worker.jobs("morning")):
            job.run(self.now)
            database.session.rollback()
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def until(self, minutes: float) -> None:
        """A pulse every ten seconds."""
        end = MIDNIGHT + timedelta(minutes=minutes)
        while self.now < end:
            self.at(min((self.now - MIDNIGHT) / timedelta(minutes=1) + 1 / 6, minutes))
            self.pulse()

    def _hang_up(self) -> None:
        if not self.jammed:
            self.mail.close()

    def jam(self) -> None:
        self.mail.close()
        self.jammed = True
        for sink in (self.sms, self.voice):
            sink.answer = "503 mạng quá tải"

    def unjam(self) -> None:
        self.mail.open()
        self.jammed = False
        for sink in (self.sms, self.voice):
            sink.answer = '200 {"id": "{n}"}'

    def left_the_house(self) -> int:
        """How many words got out by any road."""
        return len(self.mail.arrivals) + len(self.sms.asked) + len(self.voice.asked)

    def incident(self) -> Incident:
        database.session.rollback()
        database.session.expire_all()
        return database.session.query(Incident).one()

    def log(self, title: str, category: str, severity: int) -> str:
        unit = self.night.ids["BDA"]
        made, _created = creation.log(
            IncidentReport(title=title, category=category, unit_id=unit, severity=severity, actor=ADMIN), now=self.now
        )
        return made.code

    def does(self, verb: str, **typed: str) -> None:
        """Press a button of the incident's page at the desk."""
        answer = self.desk.post(f"/incidents/{self.incident().code}/{verb}", data=typed)
        assert answer.status_code == 303, answer.text


@pytest.fixture
def eve(app: Flask, new_client: Any) -> Iterator[NewYearsEve]:
    with ExitStack() as stack:
        told = NewYearsEve(app, stack, new_client)
        yield told
        told.close()


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def scan_and_send(eve: NewYearsEve) -> str:
    """What the new hire does with the sheet on the wall; the address of her own page."""
    sheet = f"/bao/{codes.token_of(people.unit_by_id(eve.night.ids['BDA-1']), 1)}"
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', text(eve.new_hire, sheet))
    assert key is not None
    typed = {"form_key": key[1], "category": "vehicle", "title": "Xe thư không nổ máy", "q_kt1": "yes"}
    sent = eve.new_hire.post(sheet, data=typed | {"name": "Siu Thảo"}, content_type="multipart/form-data")
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def test_a_truck_with_kt1_at_giao_thua_while_the_networks_are_jammed(eve: NewYearsEve) -> None:
    # 23:40 on the 29th of Chạp – nothing gets through any more. A new hire without an account scans the sheet.
    eve.at(-20)
    eve.jam()
    hers = scan_and_send(eve)
    truck = eve.incident()
    assert truck.severity <= 2 and truck.party_state, "KT1 on board: at least level 2, whatever she thought of it"
    assert (truck.source, truck.reporter, truck.unit.code) == ("qr", "Siu Thảo", "BDA-1")

    # Operations is called at once, the emergency team two minutes later; every road refuses and is left alone.
    eve.pulse()
    eve.until(-17.5)
    assert list(dict.fromkeys(page.person.code for page in queries.pages(truck.id))) == ["BI1", "EM1"]
    assert {row.name.partition("/")[0] for row in breakers.known() if row.opened_at} >= {"email", "sms", "voice"}
    assert eve.left_the_house() == 0
    page = text(eve.new_hire, hers)
    assert "Đến lượt Trực ứng cứu thông tin" in page and "Chưa có người nhận" in page

    # Bình, at the desk, sees whom no message has reached, and rings Em by hand.
    eve.until(-16.5)
    calls = text(eve.desk, "/calls/")
    assert "Rơ Châm Em" in calls and "tin chưa gửi đi được" in calls and f"tel:{EM_PHONE}" in calls
    assert eve.desk.post("/calls/EM1/ring", data={"code": truck.code}).status_code == 303
    assert "Đồng chí đang gọi" in text(eve.desk, "/calls/")

    # 23:44 – Em picks up and comes: one tap on his behalf, with the name of who rang.
    eve.at(-16)
    eve.desk.post("/calls/EM1/result", data={"code": truck.code, "outcome": "taken"})
    assert (eve.incident().status, eve.incident().acknowledged_by) == ("acknowledged", "Rơ Châm Em")
    told = text(eve.desk, f"/incidents/{truck.code}")
    assert "Rơ Châm Em đã nhận qua điện thoại; người gọi và ghi nhận: Trần Thị Bình" in told
    assert "Không phải gọi tay cho ai" in text(eve.desk, "/calls/")
    page = text(eve.new_hire, hers)
    assert "Em · Trực ứng cứu thông tin" in page and "Rơ Châm" not in page and EM_PHONE not in page

    # 23:55 – the replacement leaves. 00:50 on Mùng 1 – it arrives, the bags change over, the truck's trip goes on.
    eve.at(-5)
    eve.does(
        "facts",
        **{
            "facts.plate": "81C-123.45",
            "facts.replacement": "81C-678.90",
            "facts.replacement_left_at": "2027-02-05T23:55",
        },
    )
    eve.does("check", item="replacement-vehicle-sent", done="yes")
    eve.at(50)
    eve.does("facts", **{"facts.replacement_arrived_at": "2027-02-06T00:50"})
    eve.does("check", item="bags-handed-over-against-signature", done="yes")
    eve.at(55)
    eve.does("resolve", note="Xe thay đã nhận đủ túi, chạy tiếp.")
    assert "Đã xử lý xong" in text(eve.new_hire, hers)

    # 01:00 – the shift's diary has it all, under the 29th of Chạp and Mùng 1, on the screen and on paper.
    eve.at(60)
    for path in (f"/incidents/diary/BDA?{SHIFT}", f"/incidents/diary/BDA/print?{SHIFT}"):
        shown = text(eve.desk, path)
        assert "29 tháng Chạp năm Bính Ngọ" in shown and "Mùng 1 tháng Giêng năm Đinh Mùi" in shown
        order = [
            shown.index(each)
            for each in (
                "Xe thư không nổ máy",
                "Rơ Châm Em đã nhận qua điện thoại",
                "23:55",
                "00:50",
                "chạy tiếp",
            )
        ]
        assert order == sorted(order), path
        assert "người gọi và ghi nhận: Trần Thị Bình" in shown

    # 06:30 – the leadership's message is written while the networks are still jammed.
    eve.at(6 * 60 + 30)
    eve.pulse()
    assert eve.left_the_house() == 0

    # 06:40 – they come back. The morning's message arrives, once; of the calls of the night not one comes late.
    eve.unjam()
    eve.at(6 * 60 + 40)
    eve.until(6 * 60 + 45)
    (letter,) = eve.mail.arrivals
    assert letter.recipient == "an1@buudien.example"
    assert "Tình hình đêm qua 06/02: 1 sự cố, 0 chưa ai nhận, 1 đã xử lý xong" in str(letter.mail["Subject"])
    assert truck.code in letter.body and "Xe thư" not in letter.body, "KT1 leaves the house by its code"
    assert eve.voice.asked == []
    over = f"{truck.code}: da xong luc 00:55. Dong chi khong phai lam gi nua."
    assert [each.json["text"] for each in eve.sms.asked] == [over], "Em hears that the desk has ended it"
    states = {row.state for row in database.session.query(Message).filter_by(topic=f"incident/{truck.id}")}
    assert states <= {"superseded", "cancelled"}, "taken back, for somebody has it"
    tried = {row.message_id for row in database.session.query(Delivery).filter_by(accepted=False)}
    assert tried, "and what was tried in vain can be read afterwards"


def test_behind_gateways_known_to_be_down_nobody_waits_unseen_for_a_message_that_is_never_tried(
    eve: NewYearsEve,
) -> None:
    """A gateway that is left alone is tried by one message at a time; the others must not look as if on their way."""
    eve.jam()
    eve.log("Mất điện", "power", 3)
    eve.pulse()
    eve.until(-58)
    assert {row.name.partition("/")[0] for row in breakers.known() if row.opened_at} == {"email", "sms", "voice"}
    others = ("QT1", "CH1", "DU1", "AN1", "PH1")
    for code in others:
        eve.night.publish("operations", code, hours=10, start=MIDNIGHT - timedelta(hours=2))
    fire = eve.log("Cháy kho", "fire", 1)
    eve.pulse()
    page = text(eve.desk, "/calls/")
    for code in others:
        assert f'id="call-{code}"' in page, code
    assert fire in page and "gọi tay 5 người" in page, "at once, not after a minute"
    assert 'id="call-BI1"' not in page and "đồng chí cũng đang được gọi" in page, "Bình is at the desk herself"
    assert eve.left_the_house() == 0
