"""Whom no words reach hears it read aloud, and one key answers: a check, minutes of a hand-over, a missing check-in.

The night of Mùng 1; nobody has anything but a telephone, and there is a gateway of calls alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from duty.attendance import no_show_job
from duty.duty_checks import services as checks
from duty.duty_checks.models import DutyCheckAsk
from duty.duty_checks.services import CheckWanted
from incidents.handovers import late, services as handovers
from incidents.handovers.content import ChecklistItem, TypedMinutes
from incidents.handovers.models import Handover
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery
from people.models import ContactMethod, DutyKind
from roster.models import Duty
from roster.presence.models import Presence
from tests.support.carriers import set_up
from tests.support.cast import ADMIN, NIGHT
from tests.support.http_sink import HttpSink, http_sink
from tests.support.tet_night import Night

CHANGE = NIGHT + timedelta(hours=9)
SIGNS = CHANGE - timedelta(minutes=15)
FINE = TypedMinutes(
    (ChecklistItem("Tiền mặt", "fine"), ChecklistItem("Máy phát điện", "attention", "dầu còn 1 phần 3"))
)


class Telephones:
    """``heard``: (words, path to answer at) of each call so far, once the worker has sent what is due."""

    def __init__(self, app: Flask, night: Night, sink: HttpSink) -> None:
        self.app, self.night, self.sink = app, night, sink

    def heard(self, now: datetime) -> list[tuple[str, str]]:
        with clock.travel(now):
            delivery.deliver_due(owner="story")
        db.session.rollback()
        base = self.app.config["PUBLIC_URL"]
        return [(each.json["text"], each.json["callback"].removeprefix(base)) for each in self.sink.asked]


@pytest.fixture
def phones(app: Flask, night: Night) -> Iterator[Telephones]:
    with ExitStack() as stack:
        sink = stack.enter_context(http_sink())
        app.config.update(OUTGOING_ALLOW="127.0.0.0/8", MAIL_URL=None)
        set_up("voice", sink, now=NIGHT)
        with transaction() as session:
            session.query(ContactMethod).filter_by(channel="email").delete()
        yield Telephones(app, night, sink)


def asked(code: str, night: Night) -> DutyCheckAsk:
    db.session.rollback()
    wanted = select(DutyCheckAsk).where(DutyCheckAsk.person_id == night.ids[code])
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


@pytest.mark.both_dbs("a key is kept in a table that was made anew around its rows")
def test_a_check_is_answered_by_1(phones: Telephones, client: Any) -> None:
    night = phones.night
    checks.start(CheckWanted([night.ids["BDA"]], who=["BI1"], second_yes=True), actor=ADMIN, now=NIGHT)
    assert asked("BI1", night).channel == "voice"
    [(words, path)] = phones.heard(NIGHT)
    assert "Kiểm tra trực đột xuất" in words and words.endswith("Bấm phím 1 để báo đang trực.")
    assert client.get(path).json["text"] == words
    assert "Chưa ghi nhận" in client.post(path, data={"digits": "5"}).json["text"]
    assert "không từ chối được" in client.post(path, data={"digits": "2"}).json["text"]
    assert asked("BI1", night).answered_at is None
    assert client.post(path, data={"digits": "1"}).json["text"] == "Đã ghi: báo đang trực."
    row = asked("BI1", night)
    assert row.answered_at == NIGHT and (row.via, row.note) == ("link", "Bấm phím 1 khi nghe máy.")
    assert "không còn chờ" in client.post(path, data={"digits": "1"}).json["text"]


def test_a_check_that_is_over_is_answered_no_more(phones: Telephones, client: Any) -> None:
    checks.start(CheckWanted([phones.night.ids["BDA"]], who=["BI1"], second_yes=True), actor=ADMIN, now=NIGHT)
    [(_words, path)] = phones.heard(NIGHT)
    with clock.travel(NIGHT + timedelta(minutes=16)):
        assert "không cần trả lời nữa" in client.get(path).json["text"]
        assert "không còn chờ" in client.post(path, data={"digits": "1"}).json["text"]
    assert asked("BI1", phones.night).answered_at is None


def signed(night: Night) -> Handover:
    """Em follows Bình on operations; one incident is Bình's."""
    night.publish("operations", "EM1", start=CHANGE)
    incident = night.log("Xe thư hỏng ở đèo", "vehicle")
    lifecycle.acknowledge(incident.id, actor=ADMIN, now=NIGHT, person_id=night.ids["BI1"])
    seat = db.session.get_one(Duty, night.duty("operations")).seat_id
    return handovers.write_and_sign(seat, FINE, actor=night.actor("BI1"), now=SIGNS)


def test_minutes_are_accepted_by_1_with_the_incidents_that_were_signed_for(phones: Telephones, client: Any) -> None:
    night = phones.night
    with clock.travel(SIGNS):
        row = signed(night)
        [(words, path)] = phones.heard(SIGNS)[-1:]
        assert f"đã ký biên bản bàn giao số {row.label}" in words
        assert "1 sự cố chuyển theo. 1 mục cần chú ý. Bấm phím 1 để nhận ca" in words
        assert "Đã ghi: nhận ca" in client.post(path, data={"digits": "1"}).json["text"]
    db.session.rollback()
    row = db.session.get_one(Handover, row.id, populate_existing=True)
    assert (row.state, row.accepted_by_id, row.accepted_via) == ("accepted", night.ids["EM1"], "link")
    [incident] = db.session.scalars(select(Incident).execution_options(populate_existing=True))
    assert incident.acknowledged_by_id == night.ids["EM1"]


def test_a_key_takes_what_is_left_of_what_was_signed_for_and_nothing_else(phones: Telephones, client: Any) -> None:
    night = phones.night
    with clock.travel(SIGNS):
        row = signed(night)
        [(_words, path)] = phones.heard(SIGNS)[-1:]
        [first] = db.session.scalars(select(Incident)).all()
        lifecycle.resolve(first.id, actor=ADMIN, now=SIGNS)
        later = night.log("Mất điện", "power")
        lifecycle.acknowledge(later.id, actor=ADMIN, now=SIGNS, person_id=night.ids["BI1"])
        assert "Đã ghi: nhận ca" in client.post(path, data={"digits": "1"}).json["text"]
    db.session.rollback()
    assert db.session.get_one(Handover, row.id, populate_existing=True).state == "accepted"
    incident = db.session.get_one(Incident, later.id, populate_existing=True)
    assert incident.acknowledged_by_id == night.ids["BI1"], "nobody read it to Em: it stays Bình's, who hears of it"


def test_2_leaves_it_with_who_signed_and_tells_them(phones: Telephones, client: Any) -> None:
    with clock.travel(SIGNS):
        row = signed(phones.night)
        [(_words, path)] = phones.heard(SIGNS)[-1:]
        assert "không nhận được" in client.post(path, data={"digits": "2"}).json["text"]
    db.session.rollback()
    row = db.session.get_one(Handover, row.id, populate_existing=True)
    assert row.state == "signed" and [note.kind for note in row.notes] == ["declined"]
    assert row.notes[0].text == "Bấm phím 2 khi nghe máy."


def test_whoever_comes_and_is_silent_is_rung_once_more_a_quarter_of_an_hour_late(phones: Telephones) -> None:
    with clock.travel(SIGNS):
        signed(phones.night)
        before = len(phones.heard(SIGNS))
    now = CHANGE + timedelta(minutes=15)
    with clock.travel(now):
        late.look(now)
    assert len(phones.heard(now)) == before + 1


def test_whoever_is_missed_says_by_1_that_they_are_there(phones: Telephones, client: Any) -> None:
    night = phones.night
    with transaction() as session:
        session.get_one(DutyKind, "operations").check_in_since = NIGHT - timedelta(days=1)
    now = NIGHT + timedelta(minutes=31)
    duty = night.publish("operations", "PH1", "BDA-1", start=NIGHT + timedelta(minutes=15))
    with clock.travel(now):
        no_show_job.look(now)
        found = [each for each in phones.heard(now + timedelta(minutes=1)) if "Chưa thấy đồng chí" in each[0]]
        assert all(words.endswith("Bấm phím 1 nếu đã có mặt.") for words, _path in found)
        paths = {path for _words, path in found}
        said = [client.post(path, data={"digits": "1"}).json["text"] for path in sorted(paths)]
    assert "Đã ghi: báo có mặt." in said
    db.session.rollback()
    row = db.session.get(Presence, (duty, "check_in"))
    assert row is not None and row.at == now
