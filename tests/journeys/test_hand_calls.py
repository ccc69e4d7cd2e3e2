"""*Gọi tay*: the networks are jammed at Giao thừa, and the pair ring.

Two pair share one list: each person is rung by one of them, a busy line comes back, and what came of it stands in
the timeline with the name of whoever rang.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db as database, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine, requests
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import handover, lifecycle, responders
from notify import delivery
from notify.models import Message
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs("results are written by ON CONFLICT")


class Desk(ClockHand):
    """The night, two operators at their screens, and a hand on the clock."""

    def __init__(self, new_client: Any) -> None:
        self.night, self.now = Night(), NIGHT
        self.at(0)
        self.an, self.chief = new_client(), new_client()
        sign_in(self.an, "an1")
        sign_in(self.chief, "qt1")

    def log(self, **more: Any) -> str:
        facts = {"title": "Xe thư hỏng ở đèo", "category": "vehicle", "severity": 2, "unit_id": self.night.ids["BDA"]}
        incident, _created = creation.log(IncidentReport(**facts | more, actor=ADMIN), now=self.now)
        return incident.code

    def pulse(self) -> None:
        """What the worker does every second; there is no gateway, so nothing leaves."""
        database.session.rollback()
        engine.escalate_due(self.now)
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def incident(self, code: str) -> Incident:
        database.session.rollback()
        database.session.expire_all()
        return queries.by_code(code)


@pytest.fixture
def pair(app: Flask, new_client: Any) -> Iterator[Desk]:
    told = Desk(new_client)
    yield told
    told.close()


def read_page(client: FlaskClient) -> str:
    answer = client.get("/calls/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def press(client: FlaskClient, code: str | list[str], person: str, what: str, outcome: str = "", **more: str) -> str:
    """Press a button of that person's line; the list as it is afterwards."""
    sent = {"code": code, **more} | ({"outcome": outcome} if outcome else {})
    answer = client.post(f"/calls/{person}/{what}", data=sent)
    assert answer.status_code == 303
    return read_page(client)


def test_operators_ring_whom_no_message_reaches_and_never_the_same_person_at_once(pair: Desk) -> None:
    assert "Không phải gọi tay cho ai" in read_page(pair.an)
    pair.night.withdraw("emergency")
    pair.night.publish("emergency", "PH1")
    code = pair.log()
    pair.pulse()

    # The message to Bình is held: both pair see her, with her number to tap.
    for operator in (pair.an, pair.chief):
        page = read_page(operator)
        assert "Trần Thị Bình" in page and "tin đang bị giữ lại" in page and "tel:0900000102" in page
        assert "<title>(1) Gọi tay" in page

    # An rings her. The chief is told so, has no buttons for her, and cannot ring her even from an old page.
    assert "Đồng chí đang gọi" in press(pair.an, code, "BI1", "ring")
    seen = read_page(pair.chief)
    assert "Nguyễn Văn An đang gọi" in seen and "/calls/BI1/result" not in seen
    assert "Nguyễn Văn An đang gọi người này" in press(pair.chief, code, "BI1", "ring")
    assert "Nguyễn Văn An đang gọi người này" in press(pair.chief, code, "BI1", "result", "no_answer")
    assert pair.incident(code).status == "open"

    # Busy: nobody gives up, the line comes back by itself.
    pair.at(1)
    page = press(pair.an, code, "BI1", "result", "busy")
    assert "gọi lại sau" in page and "Máy bận" in page
    assert pair.incident(code).escalation.step == 1, "a busy line does not hurry the next step"

    # The next step calls Phong, who has no address at all. He comes before the busy line.
    pair.at(2)
    pair.pulse()
    page = read_page(pair.chief)
    assert "Kpă Phong" in page and "không có địa chỉ nào để báo" in page
    assert page.index("Kpă Phong") < page.index("Trần Thị Bình")
    assert "<title>(2) Gọi tay" in page

    # The chief rings him, and he comes: he has it, and everybody can read who rang.
    press(pair.chief, code, "PH1", "ring")
    assert "Kpă Phong đã nhận" in press(pair.chief, code, "PH1", "result", "taken")
    incident = pair.incident(code)
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "Kpă Phong")
    told = pair.an.get(f"/incidents/{code}").get_data(as_text=True)
    assert "Kpă Phong đã nhận qua điện thoại; người gọi và ghi nhận: Lê Quản Trị" in told
    assert "Gọi điện cho Trần Thị Bình: bận, gọi lại sau" in told
    assert "Không phải gọi tay cho ai" in read_page(pair.an)


def test_two_operators_who_write_down_the_same_person_contradict_each_other_nowhere(pair: Desk) -> None:
    """Both had Bình on their screens. An wrote down that she takes it; the chief's page is seconds old."""
    code = pair.log()
    pair.pulse()
    press(pair.an, code, "BI1", "result", "taken")

    def written() -> str:
        return pair.an.get(f"/incidents/{code}").get_data(as_text=True)

    for outcome in ("no_answer", "busy", "unreachable", "refused"):
        assert f"{code} đã có Trần Thị Bình nhận" in press(pair.chief, code, "BI1", "result", outcome)
    assert f"Trần Thị Bình đã nhận {code}" in press(pair.chief, code, "BI1", "result", "taken")
    assert pair.incident(code).acknowledged_by == "Trần Thị Bình"
    assert re.findall("Gọi điện cho Trần Thị Bình: [^<]*", written()) == [
        "Gọi điện cho Trần Thị Bình: nghe máy và nhận"
    ]
    # What can be taken back is still what An wrote down.
    assert "nhận SC-" in read_page(pair.chief) and "Đã bỏ kết quả" in press(pair.chief, code, "BI1", "undo")
    assert pair.incident(code).status == "open"

    # The other way round: nobody answered, and then she rings back and takes it.
    press(pair.an, code, "BI1", "result", "no_answer")
    press(pair.chief, code, "BI1", "result", "taken")
    assert pair.incident(code).acknowledged_by == "Trần Thị Bình"


def test_a_hand_over_that_no_message_carries_is_rung_as_well(pair: Desk) -> None:
    """Whoever comes on duty must accept: when nothing reaches them the operator asks, and helpers likewise."""
    code = pair.log()
    pair.pulse()
    incident = pair.incident(code)
    lifecycle.acknowledge(incident.id, person_id=pair.night.ids["BI1"], actor=ADMIN, now=pair.now)
    assert "Không phải gọi tay cho ai" in read_page(pair.an)
    pair.night.withdraw("operations")
    pair.night.publish("operations", "PH1", start=pair.at(5))
    handover.look(pair.now)
    page = read_page(pair.an)
    assert "Kpă Phong" in page and "Nhận bàn giao" in page and pair.incident(code).acknowledged_by == "Trần Thị Bình"
    press(pair.an, code, "PH1", "ring")
    assert f"Kpă Phong đã nhận {code}" in press(pair.an, code, "PH1", "result", "taken")
    assert pair.incident(code).acknowledged_by == "Kpă Phong"
    # Somebody called to help has said that they come, and takes nothing from whoever has it.
    responders.call_more(incident.id, person_ids=[pair.night.ids["EM1"]], actor=ADMIN, now=pair.now)
    assert "Hỗ trợ thêm" in read_page(pair.an) and "Nghe máy, đã nắm" in read_page(pair.an)
    assert "Rơ Châm Em nghe máy, đã nắm" in press(pair.an, code, "EM1", "result", "taken")
    assert pair.incident(code).acknowledged_by == "Kpă Phong" and requests.open_requests(incident.id) == []
    told = pair.an.get(f"/incidents/{code}").get_data(as_text=True)
    assert "Kpă Phong nhận bàn giao từ Trần Thị Bình" in told and "Gọi điện cho Kpă Phong: nghe máy và nhận" in told


@pytest.mark.both_dbs
def test_what_a_provider_could_not_deliver_is_rung(pair: Desk) -> None:
    """Taken by the provider is not arrived: its word that it never did brings the person to the list."""
    code = pair.log()
    pair.pulse()

    def becomes(**facts: str) -> None:
        with transaction() as session:
            for message in session.query(Message).filter(Message.topic == f"incident/{pair.incident(code).id}"):
                for name, value in facts.items():
                    setattr(message, name, value)

    becomes(state="sent")
    assert "Không phải gọi tay cho ai" in read_page(pair.an)
    becomes(reported="delivered")
    assert "Không phải gọi tay cho ai" in read_page(pair.an)
    becomes(reported="undelivered")
    page = read_page(pair.an)
    assert "Trần Thị Bình" in page and "mọi tin đều bị từ chối" in page


def test_who_rings_and_is_called_away_blocks_nobody_for_long(pair: Desk) -> None:
    code = pair.log()
    pair.pulse()
    press(pair.an, code, "BI1", "ring")
    assert "đang gọi" in read_page(pair.chief)
    pair.at(3.1)
    assert "Nguyễn Văn An đang gọi" not in read_page(pair.chief)
    assert "Đồng chí đang gọi" in press(pair.chief, code, "BI1", "ring")
    assert "Đồng chí đang gọi" not in press(pair.chief, code, "BI1", "leave")
    assert "Đồng chí đang gọi" in press(pair.an, code, "BI1", "ring"), "given back, it is free at once"


@pytest.mark.both_dbs
def test_the_worst_and_the_longest_waiting_come_first(pair: Desk) -> None:
    mild = pair.log(severity=3, title="Mất điện một quầy", category="power")
    pair.pulse()
    pair.at(1)
    bad = pair.log(severity=1, title="Cháy kho", category="fire")
    pair.pulse()
    page = read_page(pair.an)
    assert page.index(bad) < page.index(mild)
    # Nobody who may not dispatch there sees the list: Bình only while she is on duty, Chi only for her own unit.
    assert "Cháy kho" not in read_as(pair, "ch1")
    assert (
        pair.chief.get(
            "/calls/?rows=1", headers={"If-None-Match": pair.chief.get("/calls/?rows=1").headers["ETag"]}
        ).status_code
        == 304
    )


def read_as(pair: Desk, login: str) -> str:
    pair.chief.post("/logout")
    sign_in(pair.chief, login)
    page = read_page(pair.chief)
    pair.chief.post("/logout")
    sign_in(pair.chief, "qt1")
    return page


@pytest.mark.both_dbs
def test_a_restricted_incident_is_on_the_list_of_those_alone_who_need_it(pair: Desk) -> None:
    """Chi, manager elsewhere, rings for a while as leadership on duty of BDA; what is restricted shows to managers."""
    code = pair.log(title="Bưu gửi nghi có chất nổ")
    with transaction() as session:
        incident = session.query(Incident).filter_by(code=code).one()
        incident.restricted = True
    pair.pulse()
    assert code in read_page(pair.an), "An manages the unit"
    assert pair.an.post("/calls/BI1/ring", data={"code": code}).status_code == 303
    assert code not in read_as(pair, "ch1")
    pair.chief.post("/logout")
    sign_in(pair.chief, "ch1")
    assert pair.chief.post("/calls/BI1/ring", data={"code": code}).status_code in (403, 404)
