"""What "1" and "2" on the telephone mean for every kind of call, and what a link is bound to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db as database, transaction
from incidents.escalation import requests
from incidents.escalation.models import Ask
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.response import handover, responders
from people.models import ContactMethod, Person
from roster.models import Duty
from tests.support.http_sink import HttpSink
from tests.support.reach_story import ReachStory, status
from tests.support.tet_night import ADMIN


class Telephones(ReachStory):
    """Phong and Em have phones alone, and every telephone rings at once."""

    def __init__(self, app: Flask, stack: ExitStack) -> None:
        super().__init__(app, stack)
        self.voice: HttpSink = self.sink("voice")

    def only_a_telephone(self, *codes: str) -> None:
        with transaction() as session:
            for code in codes:
                session.query(ContactMethod).filter_by(person_id=self.night.ids[code], channel="email").delete()

    def heard(self, number: int = -1) -> tuple[str, str]:
        """(words, path to answer at) of a call."""
        call = self.voice.asked[number].json
        return call["text"], call["callback"].removeprefix(self.app.config["PUBLIC_URL"])

    def fresh(self, incident: Incident) -> Incident:
        database.session.rollback()
        return database.session.get_one(Incident, incident.id, populate_existing=True)

    def ask_state(self) -> str:
        database.session.rollback()
        return database.session.scalars(select(Ask.state).order_by(Ask.id.desc())).first() or ""

    def minute(self, seconds: float) -> None:
        self.at(seconds)
        for job in (handover.look, requests.ask_due):
            job(self.now)
        self.pulse()


def link_in(sms: HttpSink, incident: Incident, step: str = "buoc 1") -> str:
    """The secret of the text about that incident and step."""
    (text,) = [each for asked in sms.asked if incident.code in (each := asked.json["text"]) and step in each]
    return str(re.findall(r"/a/([\w-]+)", text)[0])


@pytest.fixture
def phones(app: Flask) -> Iterator[Telephones]:
    with ExitStack() as stack:
        told = Telephones(app, stack)
        told.only_a_telephone("BI1", "EM1")
        yield told
        told.close()


def test_whoever_is_chosen_takes_it_by_1(phones: Telephones, client: Any) -> None:
    incident = phones.log()
    phones.pulse()
    client.post(phones.heard()[1], data={"digits": "1"})
    responders.reassign(incident.id, person_id=phones.night.ids["EM1"], actor=ADMIN, now=phones.now)
    phones.pulse()
    words, path = phones.heard()
    assert "được giao xử lý" in words and "Bấm phím 1 để nhận" in words
    assert client.post(path, data={"digits": "1"}).json["taken"] == [incident.code]
    assert phones.fresh(incident).acknowledged_by_id == phones.night.ids["EM1"] and phones.ask_state() == "accepted"


def test_whoever_is_chosen_and_cannot_go_says_so_by_2_and_whoever_has_it_keeps_it(
    phones: Telephones, client: Any
) -> None:
    incident = phones.log()
    phones.pulse()
    client.post(phones.heard()[1], data={"digits": "1"})
    responders.reassign(incident.id, person_id=phones.night.ids["EM1"], actor=ADMIN, now=phones.now)
    phones.pulse()
    assert "không đi được" in client.post(phones.heard()[1], data={"digits": "2"}).json["text"]
    assert phones.fresh(incident).acknowledged_by_id == phones.night.ids["BI1"] and phones.ask_state() == "declined"


def test_a_hand_over_is_accepted_by_1(phones: Telephones, client: Any) -> None:
    with transaction() as session:
        for row in session.query(Duty).filter_by(duty="operations"):
            row.ends_at = phones.now.replace(minute=20)
    phones.night.publish("operations", "PH1", start=phones.now.replace(minute=20))
    incident = phones.log()
    phones.pulse()
    client.post(phones.heard()[1], data={"digits": "1"})
    phones.minute(601)
    words, path = phones.heard()
    assert "nhận bàn giao" in words and phones.fresh(incident).acknowledged_by_id == phones.night.ids["BI1"]
    assert client.post(path, data={"digits": "1"}).json["taken"] == [incident.code]
    assert phones.fresh(incident).acknowledged_by_id == phones.night.ids["PH1"]
    told = database.session.scalars(select(TimelineEntry.kind).where(TimelineEntry.incident_id == incident.id)).all()
    assert "handed_over" in told


def test_help_is_promised_by_1_and_the_incident_stays_whose_it_was(phones: Telephones, client: Any) -> None:
    incident = phones.log()
    phones.pulse()
    client.post(phones.heard()[1], data={"digits": "1"})
    responders.call_more(incident.id, person_ids=[phones.night.ids["EM1"]], actor=ADMIN, now=phones.now)
    phones.pulse()
    words, path = phones.heard()
    assert "hỗ trợ xử lý" in words and "Bấm phím 1 để xác nhận" in words
    answer = client.post(path, data={"digits": "1"}).json
    assert answer == {"text": f"Đã ghi nhận trả lời về sự cố {incident.code}.", "keys": {}, "taken": []}
    assert phones.fresh(incident).acknowledged_by_id == phones.night.ids["BI1"] and phones.ask_state() == "accepted"
    assert "không còn chờ" in client.post(path, data={"digits": "1"}).json["text"], "once"


def test_a_call_about_several_takes_them_all_by_1(phones: Telephones, client: Any) -> None:
    incidents = [phones.log(f"Cảnh báo {number}") for number in range(9)]
    phones.pulse()
    phones.at(4)
    phones.pulse()
    words, path = phones.heard()
    assert path.startswith("/v/b/") and "4 sự cố" in words
    assert "9 sự cố đang chờ đồng chí. Bấm phím 1 để nhận tất cả" in client.get(path).json["text"]
    assert "Chưa ghi nhận" in client.post(path, data={"digits": "7"}).json["text"]
    assert {status(each) for each in incidents} == {"open"}
    taken = client.post(path, data={"digits": "1"}).json["taken"]
    assert sorted(taken) == sorted(each.code for each in incidents)
    assert {status(each) for each in incidents} == {"acknowledged"}
    assert client.post(path[:-2] + "xx", data={"digits": "1"}).status_code == 404


def test_a_link_is_bound_to_one_person_one_incident_and_one_step(
    phones: Telephones, client: Any, new_client: Any
) -> None:
    sms = phones.sink("sms")
    first, second = phones.log("Mất điện"), phones.log("Xe hỏng")
    phones.pulse()
    client.post(f"/a/{link_in(sms, first)}", data={"do": "pass"})
    phones.pulse()
    database.session.rollback()
    pages = database.session.scalars(select(Page).where(Page.channel == "sms").order_by(Page.id)).all()
    known = [(page.person.code, page.incident_id, page.step) for page in pages]
    assert known == [("BI1", first.id, 0), ("BI1", second.id, 0), ("EM1", first.id, 1)]
    links = [link_in(sms, first), link_in(sms, second), link_in(sms, first, "buoc 2")]
    assert len(set(links)) == 3 and all(len(link) >= 22 for link in links)
    assert not any(link in page.link_digest for link in links for page in pages), "the database keeps no link of a call"
    # Whoever holds Em's link acts as Em on that incident, signed in as somebody else or not at all.
    assert new_client().post(f"/a/{links[2]}", data={"do": "take"}).status_code == 200
    assert phones.fresh(first).acknowledged_by_id == phones.night.ids["EM1"]
    assert phones.fresh(second).status == "open"
    # One letter of a link changed: nobody's. The same secret at the door of calls is the same call, no other one.
    assert (
        client.post(f"/a/{links[1][:-1]}{'A' if links[1][-1] != 'A' else 'B'}", data={"do": "take"}).status_code == 404
    )
    assert client.post(f"/b/{links[1]}", data={"incident": "all"}).status_code == 404
    assert phones.fresh(second).status == "open"
    answered = database.session.scalars(select(Page).where(Page.answer.is_not(None))).all()
    assert {(page.person.code, page.incident_id) for page in answered} == {("BI1", first.id), ("EM1", first.id)}
    phones.at(25 * 3600)
    assert client.post(f"/a/{links[1]}", data={"do": "take"}).status_code == 410


def test_a_call_to_somebody_who_has_left_reads_nothing_aloud(phones: Telephones, client: Any) -> None:
    incident = phones.log("Mất điện")
    phones.pulse()
    path = phones.heard()[1]
    assert incident.code in client.get(path).json["text"]
    with transaction() as session:
        session.query(Person).filter_by(id=phones.night.ids["BI1"]).update({"active": False})
    answers = [client.get(path), client.post(path, data={"digits": "1"})]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert not any(incident.code in answer.json["text"] for answer in answers)
    assert phones.fresh(incident).status == "open"
