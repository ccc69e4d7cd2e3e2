"""Two people work on one incident from pages of some minutes ago: nothing of what one wrote is lost to the other."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, transaction
from incidents.catalogue.models import IncidentCategory
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.escalation.models import Ask
from incidents.record import queries
from incidents.record.models import Incident
from incidents.response import lifecycle
from people.models import Person
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, Night

pytestmark = pytest.mark.both_dbs("two at once: locks")


class Two(ClockHand):
    """An, who manages the unit, and the administrator, each with the incident open."""

    def __init__(self, new_client: Any) -> None:
        self.night = Night()
        self.at(0)
        self.an, self.chief = new_client(), new_client()
        sign_in(self.an, "an1")
        sign_in(self.chief, "qt1")

    def log(self, **more: Any) -> str:
        facts = {"title": "Xe thư hỏng ở đèo", "category": "vehicle", "unit_id": self.night.ids["BDA"], "severity": 3}
        made, _new = creation.log(IncidentReport(**facts | more, actor=ADMIN), now=self.now)
        code = made.code
        self.pulse()
        return code

    def pulse(self) -> None:
        db.session.rollback()
        engine.escalate_due(self.now)
        db.session.rollback()

    def incident(self, code: str) -> Incident:
        db.session.rollback()
        db.session.expire_all()
        return queries.by_code(code)


@pytest.fixture
def two(app: Flask, new_client: Any) -> Iterator[Two]:
    told = Two(new_client)
    yield told
    told.close()


def form(client: FlaskClient, code: str, verb: str) -> dict[str, str]:
    """The inputs of a form on the incident's page, as they stand there."""
    page = client.get(f"/incidents/{code}").get_data(as_text=True)
    return inputs(page, code, verb)


def inputs(page: str, code: str, verb: str) -> dict[str, str]:
    body = re.search(rf'<form method="post" action="/incidents/{code}/{verb}".*?</form>', page, re.S).group()  # type: ignore[union-attr]
    found = re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*?(?:\bvalue="([^"]*)")?[^>]*>', body)
    named = {name: html.unescape(value) for name, value in found if name not in ("csrf_token", "party_state")}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="radio"' not in tag and name[1] in named:
            named[name[1]] = html.unescape(value[1])
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        named[name] = chosen[1] if chosen else ""
    return named


def send(client: FlaskClient, code: str, verb: str, typed: dict[str, str]) -> Any:
    return client.post(f"/incidents/{code}/{verb}", data=typed)


def test_facts_of_two_forms_are_both_kept(two: Two) -> None:
    """The chief's form was opened before An wrote down the driver: it does not blank what he wrote."""
    code = two.log()
    stale = form(two.chief, code, "facts")
    texts = [name for name, value in stale.items() if name.startswith("facts.") and name != "facts" and value == ""]
    first, second = [name for name in texts if name.endswith(("plate", "driver", "place", "driver_phone", "where"))][:2]
    assert send(two.an, code, "facts", {**form(two.an, code, "facts"), first: "Rơ Châm Tuấn"}).status_code == 303
    assert send(two.chief, code, "facts", {**stale, second: "Đèo Mang Yang"}).status_code == 303
    kept = two.incident(code).facts
    assert (
        kept[first.removeprefix("facts.")] == "Rơ Châm Tuấn" and kept[second.removeprefix("facts.")] == "Đèo Mang Yang"
    )

    # Both write the same field: the second is told, what was typed stays, and saving once more is a decision.
    refused = send(two.chief, code, "facts", {**stale, first: "Ksor Nam"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409 and "người khác vừa sửa" in page and "Rơ Châm Tuấn" in page
    again = inputs(page, code, "facts")
    assert again[first] == "Ksor Nam" and again[second] == "Đèo Mang Yang", "the rest as it is now"
    assert send(two.chief, code, "facts", again).status_code == 303
    assert two.incident(code).facts[first.removeprefix("facts.")] == "Ksor Nam"
    # What was there can be taken away on purpose.
    assert send(two.an, code, "facts", {**form(two.an, code, "facts"), first: ""}).status_code == 303
    assert first.removeprefix("facts.") not in two.incident(code).facts


def test_a_level_that_somebody_has_just_raised_is_not_lowered_by_an_old_form(two: Two) -> None:
    code = two.log()
    stale = form(two.chief, code, "classify")
    given = {"category": "vehicle", "severity": "1", "note": "Túi KT1 trên xe", "seen": stale["seen"]}
    assert send(two.an, code, "classify", given).status_code == 303
    old = {"category": "vehicle", "severity": "4", "note": "Chỉ thủng lốp", "seen": stale["seen"]}
    refused = send(two.chief, code, "classify", old)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409 and "Người khác vừa sửa loại hoặc mức độ" in page and "Chỉ thủng lốp" in page
    assert two.incident(code).severity == 1
    assert send(two.chief, code, "classify", old | {"seen": inputs(page, code, "classify")["seen"]}).status_code == 303
    assert two.incident(code).severity == 4


def test_one_resolves_while_the_other_writes(two: Two) -> None:
    """Every button of the stale page is answered in words, with what was typed; a note still reaches the timeline."""
    code = two.log()
    two.an.get(f"/incidents/{code}")
    assert send(two.chief, code, "resolve", {"note": "Xe đã chạy"}).status_code == 303
    assert send(two.an, code, "note", {"note": "Thợ tới lúc 02:40"}).status_code == 303
    pressed: dict[str, dict[str, str]] = {
        "acknowledge": {},
        "escalate": {},
        "resolve": {"note": "Xong"},
        "snooze": {"until": "04:00", "reason": "Chờ"},
        "reassign": {"person": "EM1"},
        "call": {"person": "BI1", "outcome": "no_answer"},
        "more": {"people": "EM1"},
    }
    for verb, typed in pressed.items():
        answer = send(two.an, code, verb, typed)
        assert answer.status_code == 409, verb
        assert 'id="errors"' in answer.get_data(as_text=True), verb
    assert two.incident(code).status == "resolved"


def test_both_hand_it_over_and_one_of_the_two_has_it(two: Two) -> None:
    """Two choose different people: the later choice holds, and whoever was asked before hears that it is over."""
    code = two.log()
    lifecycle.acknowledge(two.incident(code).id, person_id=two.night.ids["BI1"], actor=ADMIN, now=two.now)
    for client, person in ((two.an, "EM1"), (two.chief, "AN1")):
        assert send(client, code, "reassign", {"person": person, "note": "Giao"}).status_code == 303
    asked = {ask.person.code: (str(ask.id), ask.state) for ask in db.session.query(Ask).filter_by(kind="reassign")}
    assert (asked["EM1"][1], asked["AN1"][1]) == ("ended", "open")
    late = send(two.chief, code, "answer", {"ask": asked["EM1"][0], "accept": "1"})
    assert late.status_code == 409 and "không còn chờ trả lời" in late.get_data(as_text=True)
    assert two.incident(code).acknowledged_by == "Trần Thị Bình", "who has it keeps it until somebody accepts"
    assert send(two.an, code, "answer", {"ask": asked["AN1"][0], "accept": "1"}).status_code == 303
    assert send(two.an, code, "answer", {"ask": asked["AN1"][0], "accept": "1"}).status_code == 303, "a second tap"
    assert two.incident(code).acknowledged_by == "Nguyễn Văn An"
    assert [entry.kind for entry in queries.timeline(two.incident(code).id)].count("reassigned") == 1


def test_who_is_called_leaves_or_is_renamed_while_the_calls_go_on(two: Two) -> None:
    code = two.log()
    with transaction() as session:
        session.get_one(Person, two.night.ids["EM1"]).full_name = "Rơ Châm Emly"
    assert "Rơ Châm Emly" in two.an.get(f"/incidents/{code}").get_data(as_text=True), (
        "the calls to come, by the new name"
    )
    with transaction() as session:
        session.get_one(Person, two.night.ids["EM1"]).active = False
    page = two.an.get(f"/incidents/{code}?live=1").get_data(as_text=True)
    assert "Rơ Châm Emly" not in page.split("Đã gọi")[0], "nobody is announced who has left"
    for minutes in range(1, 8):
        two.at(minutes)
        two.pulse()
    named = {page.person.code for page in queries.pages(two.incident(code).id)}
    assert "EM1" not in named and len(named) >= 2 and two.incident(code).escalation.next_at > two.now


@pytest.mark.both_dbs
def test_a_category_that_is_no_longer_offered_goes_on_in_what_runs(two: Two) -> None:
    code = two.log()
    with transaction() as session:
        session.get_one(IncidentCategory, "vehicle").active = False
    page = two.an.get(f"/incidents/{code}").get_data(as_text=True)
    assert "Hỏng phương tiện" in page and 'value="vehicle" selected' in page
    two.at(2)
    two.pulse()
    assert len(queries.pages(two.incident(code).id)) >= 1
    assert send(two.an, code, "note", {"note": "Vẫn xử lý"}).status_code == 303
    assert send(two.an, code, "resolve", {}).status_code == 303
