"""A driver without data answers by a text, or rings back; what cannot be understood waits at the desk.

The night of Mùng 1: Bình serves operations in BDA, and and whoever has a shift on the next day has not confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db as database, transaction
from core.models import AuditEntry
from duty.duty_checks import services as checks
from duty.duty_checks.models import DutyCheckAsk
from duty.duty_checks.services import CheckWanted
from duty.inbound_messages import choices, queries, sent_back, services as replies
from duty.inbound_messages.models import Reply, TextedChoices
from duty.pending_actions import registry
from duty.pending_actions.registry import actor_of
from incidents.record.models import Incident, Page
from incidents.response import lifecycle
from notify.gateways import services as gateways
from notify.gateways.incoming import IncomingText
from notify.gateways.models import Gateway
from notify.models import Message
from people.models import ContactMethod, DutyKind, Person
from roster.confirmations import queries as confirmations
from roster.models import Duty
from roster.presence.models import Presence
from tests.support.carriers import HEARS
from tests.support.enterprise import sign_in
from tests.support.in_parallel import in_parallel
from tests.support.reach_story import ReachStory, status
from tests.support.tet_night import ADMIN

BINH, PHONG = "+84 900 000 102", "+84900000106"


class Telephones(ReachStory):
    """Bình and Phong have nothing but telephones; the gateway of texts reports what comes in."""

    def __init__(self, app: Flask, stack: ExitStack, client: Any) -> None:
        super().__init__(app, stack)
        self.client = client
        self.sms = self.sink("sms", **HEARS)
        with transaction() as session:
            session.query(ContactMethod).filter_by(channel="email").delete()
        self.came = 0

    def reports(self, kind: str, sender: str, words: str = "", report: str = "") -> str:
        """What the provider reports; what became of it."""
        self.came += 1
        said = {"status": kind, "from": sender, "text": words, "id": report or f"m-{self.came}"}
        database.session.rollback()
        row = database.session.scalars(select(Gateway).where(Gateway.channel == "sms")).one()
        answer = self.client.post(urlsplit(gateways.report_url(row)).path, json=said)
        assert answer.status_code == 200, answer.text
        database.session.rollback()
        return database.session.scalars(select(Reply.state).order_by(Reply.id.desc())).first() or ""

    def text(self, words: str, sender: str = BINH, report: str = "") -> str:
        return self.reports("received", sender, words, report)

    def ring(self, sender: str = BINH) -> str:
        return self.reports("missed_call", sender)

    def texted(self, number: int = -1) -> str:
        """The text that went out last, once the worker has sent what is due."""
        self.pulse()
        return str(self.sms.asked[number].json["text"])

    def has(self, incident: Incident) -> int | None:
        database.session.rollback()
        return database.session.get_one(Incident, incident.id, populate_existing=True).acknowledged_by_id

    def said_of(self, duty_id: int) -> str:
        database.session.rollback()
        duty = database.session.get_one(Duty, duty_id)
        said = confirmations.answers_for([duty]).get(duty.id)
        return said.state if said else ""

    def tell(self, code: str, topic: str = "roster/1") -> None:
        """They got some message, about the roster or something else, a moment ago."""
        from notify import outbox

        outbox.enqueue(
            topic=topic,
            key=f"told/{code}/{topic}/{self.now}",
            channel="sms",
            address="0900000102" if code == "BI1" else "0900000106",
            recipient=code,
            subject="Lịch",
            body="Lich truc",
            now=self.now,
            person_id=self.night.ids[code],
        )
        self.pulse()

    def tomorrow(self, code: str) -> int:
        """A published shift on the next day that nobody has answered for; known to its holder."""
        duty = self.night.publish("emergency", code, start=self.now + timedelta(hours=14))
        self.tell(code)
        return duty


def _confirmed(duty: Duty) -> Any:
    from roster.confirmations.models import Confirmation

    return Confirmation(
        duty_id=duty.id,
        sequence=duty.sequence,
        state="confirmed",
        via="link",
        answered_at=duty.changed_at,
        answered_by=duty.person.full_name,
        note="",
    )


@pytest.fixture
def phones(app: Flask, client: Any) -> Iterator[Telephones]:
    with ExitStack() as stack:
        told = Telephones(app, stack, client)
        yield told
        told.close()


@pytest.mark.both_dbs("an answer by text is kept, read and acted upon in three commits")
def test_a_driver_texts_1_and_the_incident_is_hers(phones: Telephones) -> None:
    incident = phones.log()
    assert "buoc 1" in phones.texted()
    assert phones.text("1") == "answered"
    assert phones.has(incident) == phones.night.ids["BI1"] and status(incident) == "acknowledged"
    phones.pulse()
    assert len(phones.sms.asked) == 1, "a yes that is done costs no text"
    row = database.session.scalars(select(Reply)).one()
    assert (row.number, row.said) == ("0900000102", f"nhận {incident.code}")
    assert database.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "reply.answered"))


def test_words_mean_what_digits_mean_and_no_calls_the_next(phones: Telephones) -> None:
    first = phones.log()
    phones.texted()
    assert phones.text("Không đi được.") == "answered"
    assert status(first) == "open"
    phones.pulse()
    people_called = select(Page.person_id).where(Page.incident_id == first.id)
    assert phones.night.ids["EM1"] in database.session.scalars(people_called).all(), "the next step follows at once"


@pytest.mark.both_dbs("the first of two picks ends the list")
def test_two_things_wait_so_it_is_asked_which_and_2_picks(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    incident = phones.log()
    phones.texted()
    assert phones.text("1") == "asked"
    assert status(incident) == "open" and phones.said_of(duty) == "", "nothing is done"
    asked = phones.texted()
    assert f"1 = nhan {incident.code}; 2 = xac nhan 1 ca;" in asked and "truoc 02:40" in asked and len(asked) <= 160
    assert phones.text("2") == "answered"
    assert phones.said_of(duty) == "confirmed" and status(incident) == "open"
    assert phones.text("1") == "answered", "one thing is left"
    assert phones.has(incident) == phones.night.ids["BI1"]


@pytest.mark.both_dbs("two texts at the same moment pick from one list")
def test_of_two_picks_at_once_both_count(app: Flask, phones: Telephones) -> None:
    duty, incident = phones.tomorrow("BI1"), phones.log()
    phones.texted()
    phones.text("1")
    phones.texted()
    became: list[str] = []
    gateway_id = database.session.scalars(select(Gateway.id)).one()
    words = ["1", "2"]
    in_parallel(
        app,
        2,
        lambda number: became.append(
            replies.take(IncomingText("text", BINH, words[number], f"lan-{number}", True), gateway_id, now=phones.now)
        ),
    )
    assert became == ["answered"] * 2
    assert phones.said_of(duty) == "confirmed" and status(incident) == "acknowledged"


def test_whoever_picks_1_and_then_2_has_refused_nothing(phones: Telephones) -> None:
    incident = phones.log()
    phones.texted()
    phones.at(60)
    duty = phones.tomorrow("BI1")
    phones.text("1")
    assert f"1 = nhan {incident.code}; 2 = xac nhan 1 ca;" in phones.texted()
    sent = len(phones.sms.asked)
    assert [phones.text("1"), phones.text("1")] == ["answered"] * 2, "twice is once"
    assert status(incident) == "acknowledged" and phones.said_of(duty) == ""
    assert phones.text("2") == "answered" and phones.said_of(duty) == "confirmed"
    phones.pulse()
    assert len(phones.sms.asked) == sent


def test_of_a_list_a_number_behind_no_is_refused(phones: Telephones) -> None:
    duty, incident = phones.tomorrow("BI1"), phones.log()
    phones.texted()
    phones.text("1")
    assert phones.text("Không 2") == "answered"
    assert phones.said_of(duty) == "refused" and status(incident) == "open"


def test_a_refusal_with_its_reason_reaches_the_manager(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    assert phones.text("2, mẹ ốm nặng") == "answered"
    database.session.rollback()
    assert phones.said_of(duty) == "refused"
    said = confirmations.answers_for([database.session.get_one(Duty, duty)])[duty]
    assert (said.note, said.via) == ("mẹ ốm nặng", "link")
    told = database.session.scalars(select(Message.body).where(Message.person_id == phones.night.ids["AN1"])).all()
    assert any("mẹ ốm nặng" in body for body in told)


def test_a_long_reason_is_a_reason_too(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    assert phones.text("2, " + "mẹ ốm nặng " * 80) == "answered" and phones.said_of(duty) == "refused"
    said = confirmations.answers_for([database.session.get_one(Duty, duty)])[duty]
    assert len(said.note) <= replies.LONGEST_WHY and said.note.endswith("…"), "cut, and it shows"


@pytest.mark.both_dbs("ringing back acknowledges")
def test_ringing_back_takes_it_and_the_calling_stops(phones: Telephones) -> None:
    incident = phones.log()
    phones.texted()
    phones.at(40)
    assert phones.ring() == "answered"
    assert phones.has(incident) == phones.night.ids["BI1"]
    phones.at(900)
    phones.pulse()
    assert len(phones.sms.asked) == 1 and status(incident) == "acknowledged"


def test_ringing_back_for_what_somebody_else_has_taken_takes_no_other_incident(phones: Telephones) -> None:
    first = phones.log()
    phones.texted()
    phones.at(60)
    second = phones.log("Cháy kho")
    phones.texted()
    lifecycle.acknowledge(second.id, actor=ADMIN, now=phones.now)
    assert phones.ring() == "asked" and status(first) == "open"
    assert f"1 = nhan {first.code}; 2 = khong;" in phones.texted()


def test_ringing_back_is_a_sign_of_life_to_whoever_was_asked_for_one(phones: Telephones) -> None:
    incident = phones.log()
    phones.texted()
    assert phones.text("1") == "answered"
    phones.at(3600)
    with transaction() as session:
        escalation = session.get_one(Incident, incident.id).escalation
        escalation.waits_for, escalation.next_at = "alive", phones.now
    phones.texted()
    phones.at(3660)
    assert phones.ring() == "answered"
    assert database.session.scalars(select(Reply.said).order_by(Reply.id.desc())).first() == (
        f"báo vẫn đang xử lý {incident.code}"
    )


def test_ringing_back_confirms_no_shift_and_answers_nothing_that_was_asked_long_ago(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    assert phones.ring() == "unclear" and phones.said_of(duty) == ""
    incident = phones.log()
    phones.texted()
    with transaction() as session:
        for sent in session.scalars(select(Message).where(Message.topic == f"incident/{incident.id}")):
            sent.sent_at = phones.now - timedelta(minutes=31)
    assert phones.ring() == "unclear" and status(incident) == "open"


def test_ringing_back_answers_an_unannounced_check(phones: Telephones) -> None:
    checks.start(CheckWanted([phones.night.ids["BDA"]], second_yes=True), actor=ADMIN, now=phones.now)
    phones.pulse()
    assert any("Kiem tra truc dot xuat" in each.json["text"] for each in phones.sms.asked)
    assert phones.ring() == "answered"
    row = database.session.scalars(select(DutyCheckAsk).where(DutyCheckAsk.person_id == phones.night.ids["BI1"])).one()
    assert row.answered_at == phones.now and row.note == "Gọi lại."


def test_the_same_report_again_does_nothing_twice(phones: Telephones) -> None:
    duty, incident = phones.tomorrow("BI1"), phones.log()
    phones.texted()
    phones.text("1", report="lan-1")
    sent = len(phones.sms.asked)
    phones.text("1", report="lan-1")
    phones.pulse()
    assert database.session.scalar(select(func.count()).select_from(Reply)) == 1
    assert status(incident) == "open" and phones.said_of(duty) == "" and len(phones.sms.asked) == sent + 1


@pytest.mark.both_dbs("the same report at the same moment is kept once")
def test_the_same_report_twice_at_once_is_kept_once(app: Flask, phones: Telephones) -> None:
    phones.log()
    phones.texted()
    became: list[str] = []
    in_parallel(
        app,
        2,
        lambda _number: became.append(replies.take(IncomingText("text", BINH, "1", "lan-1", True), 1, now=phones.now)),
    )
    assert sorted(became) == ["", "answered"]


def test_a_list_that_is_over_picks_nothing_and_says_so(phones: Telephones) -> None:
    duty, incident = phones.tomorrow("BI1"), phones.log()
    phones.texted()
    phones.text("1")
    phones.texted()
    phones.at(31 * 60)
    assert phones.text("2") == "asked"
    assert phones.said_of(duty) == "" and status(incident) == "open"
    phones.pulse()
    assert any(each.json["text"].startswith("Da qua han chon.") for each in phones.sms.asked)
    assert phones.text("2") == "answered" and phones.said_of(duty) == "confirmed"


def test_what_has_changed_since_the_list_went_out_is_not_answered_and_they_are_told(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    phones.log()
    phones.texted()
    phones.text("1")
    phones.texted()
    with transaction() as session:
        session.get_one(Duty, duty).sequence += 1
    assert phones.text("2") == "refused" and phones.said_of(duty) == ""
    assert "da doi hoac khong con cho" in phones.texted()


def test_a_shift_that_changed_after_the_last_message_is_not_confirmed_by_it(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    phones.at(60)
    with transaction() as session:
        row = session.get_one(Duty, duty)
        row.sequence, row.changed_at = row.sequence + 1, phones.now
    assert phones.text("1") == "unclear", "nobody has told her of it"
    phones.at(120)
    phones.tell("BI1")
    assert phones.text("1") == "answered" and phones.said_of(duty) == "confirmed"


def test_a_call_about_an_incident_tells_nobody_that_a_shift_has_moved(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    phones.at(60)
    with transaction() as session:
        row = session.get_one(Duty, duty)
        row.sequence, row.changed_at = row.sequence + 1, phones.now
    phones.at(120)
    incident = phones.log()
    phones.texted()
    assert phones.text("1") == "answered" and phones.has(incident) == phones.night.ids["BI1"]
    assert phones.text("1") == "unclear" and phones.said_of(duty) == ""


def test_a_number_that_crosses_the_call_of_an_incident_picks_nothing_of_the_list_before(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    first = phones.log()
    phones.texted()
    phones.text("1")
    assert f"1 = nhan {first.code}; 2 = xac nhan 1 ca" in phones.texted()
    phones.at(120)
    second = phones.log("Cháy kho")
    phones.texted()
    assert phones.text("2") == "asked", "two may be the shift, or a no to the fire"
    assert phones.said_of(duty) == "" and (status(first), status(second)) == ("open", "open")
    assert phones.texted().startswith("Co viec moi. Dong chi co 3 viec cho tra loi:")
    assert phones.text("2") == "answered" and status(second) == "acknowledged"


def test_a_1_for_what_somebody_else_has_taken_meanwhile_confirms_no_shift(phones: Telephones) -> None:
    duty, incident = phones.tomorrow("BI1"), phones.log()
    phones.at(20)
    phones.texted()
    lifecycle.acknowledge(incident.id, actor=ADMIN, now=phones.now)
    assert phones.text("1") == "asked" and phones.said_of(duty) == ""
    assert (
        phones.texted()
        == "Dong chi co 1 viec cho tra loi: 1 = xac nhan 1 ca; 2 = khong; Tra loi bang mot so truoc 02:40."
    )
    assert phones.text("không, mẹ ốm") == "answered" and phones.said_of(duty) == "refused"


def test_whoever_texts_1_twice_because_no_word_came_back_confirms_nothing_else(phones: Telephones) -> None:
    incident = phones.log()
    duty = phones.tomorrow("BI1")
    phones.at(60)
    with transaction() as session:
        for sent in session.scalars(select(Message).where(Message.topic == f"incident/{incident.id}")):
            sent.sent_at = phones.now
    lifecycle.acknowledge(incident.id, actor=actor_of(phones.binh), now=phones.now)
    assert phones.text("1") == "asked" and phones.said_of(duty) == ""
    phones.texted()
    assert phones.text("1") == "answered" and phones.said_of(duty) == "confirmed"


def test_a_list_that_nobody_picked_from_is_not_in_the_way_of_the_next_incident(phones: Telephones) -> None:
    duty = phones.tomorrow("BI1")
    first = phones.log()
    phones.texted()
    phones.text("1")
    phones.texted()
    lifecycle.resolve(first.id, actor=ADMIN, now=phones.now)
    with transaction() as session:
        session.add(_confirmed(session.get_one(Duty, duty)))
    phones.at(4 * 3600)
    second = phones.log("Cháy kho")
    phones.texted()
    assert phones.text("1") == "answered" and status(second) == "acknowledged"


def test_machines_that_answer_each_other_stop_after_three(phones: Telephones) -> None:
    phones.tomorrow("BI1")
    phones.log()
    phones.texted()
    before = len(phones.sms.asked)
    # A text of choices answers each "1" of a machine that ends the list by an answer that was not one of it.
    states = []
    for _turn in range(6):
        states.append(phones.text("1"))
        with transaction() as session:
            for each in session.scalars(select(TextedChoices)):
                each.ended_at = phones.now
    phones.pulse()
    assert states == ["asked"] * choices.MOST_ANSWERS.attempts + ["unclear"] * 3
    assert len(phones.sms.asked) == before + choices.MOST_ANSWERS.attempts


def test_a_gateway_texts_back_so_often_a_day_and_the_operator_reads_that_it_stopped(
    phones: Telephones, new_client: Any
) -> None:
    """However many numbers ask: what they wrote waits at the desk, and tomorrow it goes on."""
    with transaction() as session:
        row = session.scalars(select(Gateway).where(Gateway.channel == "sms")).one()
        row.settings = {**row.settings, "answers_daily": 2}
    phones.tomorrow("BI1")
    phones.log()
    phones.texted()
    desk = new_client()
    sign_in(desk, "an1")
    assert "hạn mức" not in desk.get("/roster/replies/").text
    states = []
    for _turn in range(3):
        states.append(phones.text("1"))
        with transaction() as session:
            for each in session.scalars(select(TextedChoices)):
                each.ended_at = phones.now
    assert states == ["asked", "asked", "unclear"]
    assert "hôm nay đã nhắn lại đủ hạn mức 2 tin" in desk.get("/roster/replies/").text
    database.session.rollback()
    assert sent_back.is_spent(row.id, now=phones.now)
    assert not sent_back.is_spent(row.id, now=phones.now + timedelta(days=1))


def test_a_stranger_a_shared_number_and_a_riddle_wait_at_the_desk(phones: Telephones) -> None:
    incident = phones.log()
    phones.texted()
    assert phones.text("1", sender="+84911222333") == "unclear"
    assert phones.text("1 lát nữa tôi gọi") == "unclear"
    assert phones.text("Khuyến mại 50% giá trị thẻ nạp", sender="VinaPhone") == "ignored"
    with transaction() as session:
        for code in ("BI1", "PH1"):
            office = {"channel": "phone", "address": "02693000000", "unit_id": phones.night.ids["BDA"], "position": 5}
            session.add(ContactMethod(person_id=phones.night.ids[code], **office))
    assert phones.text("1", sender="0269 3000 000") == "unclear", "it may be either of them"
    assert status(incident) == "open"


def test_the_operator_settles_what_was_unclear_with_one_tap(phones: Telephones, new_client: Any) -> None:
    incident = phones.log()
    phones.texted()
    phones.text("chị đang ra xe đây em")
    desk = new_client()
    sign_in(desk, "an1")
    page = desk.get("/roster/replies/").text
    assert "chị đang ra xe đây em" in page and "Có thể là" in page and f"Ghi: nhận {incident.code}" in page
    reply = database.session.scalars(select(Reply)).one()
    said = {"person": "BI1", "kind": "call", "ref": str(incident.id), "do": "yes"}
    assert desk.post(f"/roster/replies/{reply.id}", data=said).status_code == 303
    assert phones.has(incident) == phones.night.ids["BI1"]
    again = desk.post(f"/roster/replies/{reply.id}", data=said)
    assert again.status_code == 409 and "đã được xử lý" in again.text
    assert "Nguyễn Văn An" in desk.get("/roster/replies/").text


def test_another_units_manager_sees_neither_the_text_nor_settles_it(phones: Telephones, new_client: Any) -> None:
    phones.log()
    phones.texted()
    phones.text("chị đang ra xe đây em")
    phones.text("1", sender="+84911222333")
    other, whole = new_client(), new_client()
    sign_in(other, "ch1")
    sign_in(whole, "qt1")
    page = other.get("/roster/replies/").text
    assert "ra xe" not in page and "0911" not in page, "strangers are read by who answers for the enterprise"
    first = database.session.scalars(select(Reply).order_by(Reply.id)).first()
    assert first is not None
    assert other.post(f"/roster/replies/{first.id}", data={"do": "done"}).status_code == 403
    seen = whole.get("/roster/replies/").text
    assert "ra xe" in seen and "0911 222 333" in seen
    assert whole.post(f"/roster/replies/{first.id}", data={"do": "done"}).status_code == 303
    assert "ra xe" not in whole.get("/roster/replies/").text.partition("Đã hiểu")[0]


def test_a_restricted_incident_is_not_on_the_list_of_whoever_may_not_see_it(
    phones: Telephones, new_client: Any
) -> None:
    with transaction() as session:
        session.get_one(Person, phones.night.ids["BI1"]).unit_id = phones.night.ids["BDC"]
    incident = phones.log(restricted=True)
    phones.texted()
    phones.text("chị đang ra xe đây em")
    manager = new_client()
    sign_in(manager, "ch1")
    page = manager.get("/roster/replies/").text
    assert "chị đang ra xe" in page and incident.code not in page
    reply = database.session.scalars(select(Reply)).one()
    said = {"person": "BI1", "kind": "call", "ref": str(incident.id), "do": "yes"}
    guessed = manager.post(f"/roster/replies/{reply.id}", data=said)
    nothing = manager.post(f"/roster/replies/{reply.id}", data={**said, "ref": "999"})
    assert (guessed.status_code, nothing.status_code) == (409, 409) and status(incident) == "open"
    assert phones.text("1") == "answered" and status(incident) == "acknowledged"
    assert incident.code not in manager.get("/roster/replies/").text


def test_ringing_back_from_a_wall_telephone_waits_at_the_desk_where_no_text_can_ask(phones: Telephones) -> None:
    with transaction() as session:
        session.query(ContactMethod).filter_by(address="0900000102").one().address = "02693824999"
    for number in range(2):
        phones.log(f"Cảnh báo {number}")
    phones.pulse()
    assert phones.ring("0269 3824 999") == "unclear"


def test_a_flood_hides_nothing_from_the_managers_of_those_who_wait(
    phones: Telephones, new_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones.log()
    phones.texted()
    phones.text("chị đang ra xe đây em")
    states = [
        phones.text(f"tin {count}", sender="+84911222333") for count in range(replies.MOST_OF_NUMBER.attempts + 1)
    ]
    assert states == ["unclear"] * replies.MOST_OF_NUMBER.attempts + ["ignored"]
    monkeypatch.setattr(queries, "SHOWN", 5)
    for login in ("an1", "qt1"):
        desk = new_client()
        sign_in(desk, login)
        page = desk.get("/roster/replies/").text
        assert "chị đang ra xe" in page
        assert ("Còn 26 tin nữa" in page) == (login == "qt1")
    monkeypatch.setattr(replies, "MOST_OF_GATEWAY", replace(replies.MOST_OF_GATEWAY, attempts=3))
    row = database.session.scalars(select(Gateway)).one()
    said = {"status": "received", "from": BINH, "text": "1", "id": "flut"}
    refused = phones.client.post(urlsplit(gateways.report_url(row)).path, json=said)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0


def test_a_wrong_address_says_nothing(phones: Telephones) -> None:
    row = database.session.scalars(select(Gateway)).one()
    said = {"status": "received", "from": BINH, "text": "1", "id": "x"}
    assert phones.client.post(f"/gateways/{row.id}/report/{'x' * 43}", json=said).status_code == 404
    assert database.session.scalars(select(Reply)).all() == []


def test_she_reads_it_in_her_language(phones: Telephones) -> None:
    from people.models import User

    phones.tomorrow("BI1")
    phones.log()
    with transaction() as session:
        session.query(User).filter_by(login="bi1").one().locale = "en"
    phones.texted()
    phones.text("ok")
    assert "1 = take SC-" in phones.texted()


def test_ready_by_text(phones: Telephones) -> None:
    with transaction() as session:
        session.get_one(DutyKind, "emergency").ready_since = phones.now
    duty = phones.tomorrow("PH1")
    with transaction() as session:
        row = session.get_one(Duty, duty)
        row.form, row.starts_at = "standby", phones.now + timedelta(hours=2)
        session.merge(_confirmed(row))
    phones.tell("PH1", f"ready/{duty}")
    assert phones.text("Sẵn sàng", sender=PHONG) == "answered"
    assert database.session.get_one(Presence, (duty, "ready")).note == "Trả lời bằng tin nhắn."


def test_long_names_leave_room_for_every_number_and_for_until_when(
    phones: Telephones, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "nhận ca 23/01 của Công Tằng Tôn Nữ Thị Hương Giang"
    several = [registry.PendingAction("swap", str(number), registry.LATER, long, long) for number in range(12)]
    monkeypatch.setattr(registry, "waiting_for", lambda *_person, **_now: several)
    assert phones.text("1") == "asked"
    asked = phones.texted()
    assert len(asked) <= 160 and "1 = nhan ca 23/01" in asked and "2 = nhan ca 23/01" in asked
    assert asked.endswith("Tra loi bang mot so truoc 02:40.")


def test_of_many_incidents_one_choice_takes_them_all(phones: Telephones) -> None:
    incidents = [phones.log(f"Cảnh báo {number}") for number in range(5)]
    phones.pulse()
    assert phones.text("1") == "asked"
    phones.pulse()
    texts = [each.json["text"] for each in phones.sms.asked]
    [asked] = [text for text in texts if "1 = nhan ca 5 su co; 2 = nhan SC-" in text]
    assert len(asked) <= 160
    assert phones.text("1") == "answered"
    assert {status(each) for each in incidents} == {"acknowledged"}
