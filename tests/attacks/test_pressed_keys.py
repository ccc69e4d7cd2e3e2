"""Keys of calls, pressed by others or again: by whoever has a letter's link, by a provider that reports twice or late.

A key that counts where nobody pressed it is silence: the machine stops calling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db as database, transaction
from incidents.escalation.models import Ask
from incidents.paging import bundle
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.response import lifecycle, responders
from people import queries as people
from people.models import ContactMethod
from tests.support.reach_story import ReachStory, status
from tests.support.tet_night import ADMIN


class Telephones(ReachStory):
    """Bình and Em have telephones alone; the leader of the night is written to."""

    def __init__(self, app: Flask, stack: ExitStack, client: FlaskClient) -> None:
        super().__init__(app, stack)
        self.client, self.voice = client, self.sink("voice")
        only = [self.night.ids["BI1"], self.night.ids["EM1"]]
        with transaction() as session:
            mails = session.query(ContactMethod).filter(
                ContactMethod.person_id.in_(only), ContactMethod.channel == "email"
            )
            mails.delete(synchronize_session=False)

    def path(self, number: int = -1) -> str:
        """Where the key of that call is reported."""
        return str(self.voice.asked[number].json["callback"]).removeprefix(self.app.config["PUBLIC_URL"])

    def press(self, path: str, key: str) -> Any:
        return self.client.post(path, data={"digits": key})

    def until(self, seconds: int, *, since: int = 0, step: int = 5) -> None:
        for second in range(since, seconds + 1, step):
            self.at(second)
            self.pulse()

    def holder(self, incident: Incident) -> int | None:
        database.session.rollback()
        return database.session.get_one(Incident, incident.id, populate_existing=True).acknowledged_by_id

    def next_at(self, incident: Incident) -> Any:
        database.session.rollback()
        return database.session.scalar(select(Escalation.next_at).where(Escalation.incident_id == incident.id))

    def entries(self, incident: Incident, kind: str) -> int:
        database.session.rollback()
        of_kind = TimelineEntry.incident_id == incident.id, TimelineEntry.kind == kind
        return int(database.session.scalar(select(func.count()).select_from(TimelineEntry).where(*of_kind)) or 0)


@pytest.fixture
def phones(app: Flask, client: FlaskClient) -> Iterator[Telephones]:
    with ExitStack() as stack:
        told = Telephones(app, stack, client)
        yield told
        told.close()


def test_the_link_of_a_letter_presses_no_key(reach: ReachStory, client: FlaskClient) -> None:
    """Bình's mail is forwarded, or lies in the office's mailbox. Sent to the door of calls, its secret answered as the
    key on her own telephone would: "Bấm phím 1 khi nghe máy", and not a word of a link."""
    reach.sink("voice")
    incident = reach.log()
    reach.pulse()
    mail = re.search(r"/a/([\w-]+)", reach.mail.arrivals[0].body)
    assert mail is not None
    for door in ("/v/", "/v/b/"):
        assert client.get(f"{door}{mail[1]}").status_code == 404
        assert client.post(f"{door}{mail[1]}", data={"digits": "1"}).status_code == 404
    assert status(incident) == "open"


def test_neither_does_the_link_of_a_letter_about_several(phones: Telephones) -> None:
    incident = phones.log()
    phones.pulse()
    token = bundle.token_for(phones.night.ids["BI1"], phones.now)
    for door in (f"/v/b/{token}", f"/v/b/{token}/{incident.id}"):
        assert phones.client.get(door).status_code == 404
        assert phones.press(door, "1").status_code == 404
    assert status(incident) == "open"
    assert phones.client.post(f"/b/{token}", data={"incident": str(incident.id)}).status_code == 200
    assert status(incident) == "acknowledged", "the control: at its own door it takes"


@pytest.mark.both_dbs("what was read aloud is told by the order of calls")
def test_a_key_takes_nothing_that_came_after_its_call(phones: Telephones) -> None:
    """The provider reports the key of ten past two once more at a quarter past, or for the first time. Nobody has read
    the fire pump aloud to anybody, and it was taken."""
    heard = [phones.log(f"Cảnh báo {number}") for number in range(9)]
    phones.until(6, step=2)
    path = phones.path()
    assert path.startswith("/v/b/")
    since = phones.log("Bơm cứu hỏa mất điện")
    words = phones.client.get(path).json["text"]
    phones.until(60, since=8)
    assert phones.press(path, "1").json["taken"] == [each.code for each in heard]
    assert (status(since), phones.holder(since)) == ("open", None)
    assert "9 sự cố" in words, "who fetches the words reads what the key takes"
    assert "không còn chờ" in phones.client.get(f"{path}/{since.id}").json["text"]
    assert phones.press(f"{path}/{since.id}", "1").json["taken"] == [] and status(since) == "open"
    assert any(each.startswith("/v/") for each in map(phones.path, range(len(phones.voice.asked))))


def test_what_came_back_is_not_taken_by_the_key_of_before(phones: Telephones, api: Any) -> None:
    """Bình pressed 1 and fell asleep again. It came back and calls anew; the old report comes once more, and it was
    hers and silent for another ten minutes."""
    follows(api)
    incident = phones.log()
    phones.pulse()
    path = phones.path(0)
    assert phones.press(path, "1").json["taken"] == [incident.code]
    assert phones.press(path, "1").json["taken"] == [incident.code], "pressed twice while it is hers: said again"
    assert phones.entries(incident, "acknowledged") == 1
    phones.until(620, since=590)
    assert status(incident) == "open", "the control: nothing was heard of her"
    assert phones.press(path, "1").json["taken"] == []
    assert status(incident) == "open"
    assert phones.press(phones.path(), "1").json["taken"] == [incident.code], "the new call's key takes it"


def test_a_key_that_came_too_late_takes_nothing_when_it_is_reported_again(phones: Telephones) -> None:
    """Em was quicker. It was done, and opened again: Bình has pressed nothing since."""
    incident, em = phones.log(), people.person_by_id(phones.night.ids["EM1"])
    phones.pulse()
    path = phones.path()
    lifecycle.acknowledge(incident.id, person_id=em.id, actor=ADMIN, now=phones.now)
    assert "đã có" in phones.press(path, "1").json["text"]
    lifecycle.resolve(incident.id, note="Đã có điện", actor=ADMIN, now=phones.now)
    lifecycle.reopen(incident.id, note="Lại mất điện", actor=ADMIN, now=phones.now)
    assert phones.press(path, "1").json["taken"] == [] and status(incident) == "open"


def test_neither_does_one_of_a_call_about_several(phones: Telephones) -> None:
    several = [phones.log(f"Cảnh báo {number}") for number in range(9)]
    phones.until(6, step=2)
    path, em = phones.path(), phones.night.ids["EM1"]
    lifecycle.acknowledge(several[0].id, person_id=em, actor=ADMIN, now=phones.now)
    assert phones.press(path, "1").json["taken"] == [each.code for each in several[1:]]
    lifecycle.resolve(several[0].id, note="Đã có điện", actor=ADMIN, now=phones.now)
    lifecycle.reopen(several[0].id, note="Lại mất điện", actor=ADMIN, now=phones.now)
    assert phones.press(path, "1").json["taken"] == [] and status(several[0]) == "open"


def test_a_no_of_before_gives_nothing_back(phones: Telephones, api: Any) -> None:
    follows(api)
    incident = phones.log()
    phones.pulse()
    first = phones.path(0)
    assert "không đi được" in phones.press(first, "2").json["text"]
    phones.until(320, since=10)
    assert phones.path() != first and phones.press(phones.path(), "1").json["taken"] == [incident.code]
    assert "không đi được" in phones.press(first, "2").json["text"]
    assert phones.holder(incident) == phones.night.ids["BI1"] and phones.entries(incident, "passed") == 1


def test_a_key_answers_the_question_of_its_call_and_no_later_one(phones: Telephones) -> None:
    """Em was chosen, and could not. Chosen again an hour later, the "1" of another question answers nothing."""
    incident, em = phones.log(), phones.night.ids["EM1"]
    phones.pulse()
    phones.press(phones.path(), "1")
    responders.reassign(incident.id, person_id=em, actor=ADMIN, now=phones.now)
    phones.pulse()
    old = phones.path()
    phones.press(old, "2")
    phones.at(60)
    responders.reassign(incident.id, person_id=em, actor=ADMIN, now=phones.now)
    phones.pulse()
    assert phones.path() != old
    assert "không còn chờ" in phones.press(old, "1").json["text"]
    database.session.rollback()
    assert database.session.scalars(select(Ask.state).order_by(Ask.id)).all() == ["declined", "open"]
    assert phones.holder(incident) == phones.night.ids["BI1"]
    assert phones.press(phones.path(), "1").json["taken"] == [incident.code]
    assert phones.holder(incident) == em


def test_a_sign_of_life_is_given_once_a_call(phones: Telephones, api: Any) -> None:
    """The key that said "still on it", reported every few minutes for a day, kept a sleeper's incident silent."""
    follows(api, alive_seconds=600)
    incident = phones.log()
    phones.pulse()
    phones.press(phones.path(), "1")
    assert api("admin")("POST", f"/incidents/{incident.code}/notes", {"note": "Đang đi"}).status_code == 201
    phones.until(620, since=590)
    path = phones.path()
    assert "còn" in str(phones.voice.asked[-1].json["text"]), "the control: she is asked"
    assert "Đã ghi nhận" in phones.press(path, "1").json["text"]
    heard = phones.next_at(incident)
    phones.at(800)
    assert "Đã ghi nhận" in phones.press(path, "1").json["text"]
    assert phones.next_at(incident) == heard and phones.entries(incident, "alive") == 1


def follows(api: Any, **more: Any) -> None:
    """One step that is repeated after five minutes; what was taken comes back after ten."""
    steps = {
        "steps": [{"duty": "operations", "after_seconds": 0}],
        "repeat_after_seconds": 300,
        "ack_timeout_seconds": 600,
    }
    assert api("admin")("PUT", "/escalation-policies/BDA", steps | more).status_code == 200
