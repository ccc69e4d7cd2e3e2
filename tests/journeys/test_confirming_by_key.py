"""A driver with nothing but a telephone confirms by one key; in the morning another is rung to take a shift.

Three days of Tết Canh Tý. O1 serves operations by day on 23 January and by night on the 24th.
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
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from duty.illness import services as illness
from duty.illness.services import IllnessPlan
from duty.voice_prompts import services as voice_prompts
from duty.voice_prompts.models import SpokenAsk
from notify import delivery
from notify.models import Message
from people import queries as people
from people.models import ContactMethod
from roster.confirmations import queries as confirmations, services as answering
from roster.models import Duty
from tests.support import factories
from tests.support.carriers import set_up
from tests.support.http_sink import HttpSink, http_sink
from tests.support.published import Published

NOON = datetime(2020, 1, 21, 12, 0, tzinfo=VN)


@pytest.fixture
def voice(app: Flask, roster: Published) -> Iterator[HttpSink]:
    with ExitStack() as stack:
        sink = stack.enter_context(http_sink())
        app.config.update(OUTGOING_ALLOW="127.0.0.0/8")
        set_up("voice", sink, now=NOON)
        stack.enter_context(clock.travel(NOON))
        yield sink


def calls(app: Flask, sink: HttpSink, now: datetime = NOON) -> list[tuple[str, str]]:
    """(words, path to answer at) of each call so far, once the worker has sent what is due."""
    with clock.travel(now):
        delivery.deliver_due(owner="story")
    base = app.config["PUBLIC_URL"]
    return [(each.json["text"], each.json["callback"].removeprefix(base)) for each in sink.asked]


def states(roster: Published, code: str, now: datetime = NOON) -> list[str]:
    duties = confirmations.coming(roster.person[code], now=now)
    said = confirmations.answers_for(duties)
    return [said[each.id].state if each.id in said else "waiting" for each in duties]


def everybody_but(roster: Published, *codes: str) -> None:
    """All others have answered already."""
    for code, person_id in roster.person.items():
        if code not in codes:
            duties = confirmations.coming(person_id, now=NOON)
            if duties:
                seen = {each.id: each.sequence for each in duties}
                actor = Actor(name=code, role="staff", via="link", person_id=person_id)
                answering.answer_all(person_id, seen=seen, actor=actor, now=NOON)


def test_one_key_confirms_what_was_read_aloud(app: Flask, roster: Published, voice: HttpSink, client: Any) -> None:
    everybody_but(roster, "O1")
    assert voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON) == 1
    assert voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON) == 0, (
        "not twice in an hour"
    )
    [(words, path)] = calls(app, voice)
    assert "có 1 ca trực chờ xác nhận" in words and "Bấm phím 1 để xác nhận" in words
    assert client.get(path).json["keys"] == {"1": "take", "2": "pass"}
    assert states(roster, "O1") == ["waiting", "waiting"], "the night of the 24th is more than three days away"
    assert "Chưa ghi nhận" in client.post(path, data={"digits": "7"}).json["text"]
    assert "xác nhận" in client.post(path, data={"digits": "1"}).json["text"]
    assert states(roster, "O1") == ["confirmed", "waiting"]
    client.post(path, data={"digits": "1"})
    assert states(roster, "O1") == ["confirmed", "waiting"]


def test_two_says_no_and_a_shift_that_moved_is_not_answered(
    app: Flask, roster: Published, voice: HttpSink, client: Any
) -> None:
    everybody_but(roster, "O1", "O2")
    voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON)
    found = {words.split("chí ")[1].split(" có")[0]: path for words, path in calls(app, voice)}
    first, second = found[people.person_by_code("O1").full_name], found[people.person_by_code("O2").full_name]
    roster.reassign("operations", 1, "O4", at=NOON)
    assert "không cần trả lời nữa" in client.get(second).json["text"]
    assert "không cần trả lời nữa" in client.post(second, data={"digits": "1"}).json["text"]
    assert "không trực được" in client.post(first, data={"digits": "2"}).json["text"]
    assert states(roster, "O1")[0] == "refused"


def test_nobody_is_rung_at_night(app: Flask, roster: Published, voice: HttpSink) -> None:
    late = datetime(2020, 1, 21, 23, 0, tzinfo=VN)
    with clock.travel(late):
        everybody_but(roster, "O1")
        voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=late)
    assert calls(app, voice, late) == []
    assert len(calls(app, voice, datetime(2020, 1, 22, 6, 31, tzinfo=VN))) == 1


def test_an_old_call_answers_nothing_and_is_forgotten(
    app: Flask, roster: Published, voice: HttpSink, client: Any
) -> None:
    everybody_but(roster, "O1")
    voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON)
    [(_words, path)] = calls(app, voice)
    tomorrow = NOON + timedelta(days=1)
    with clock.travel(tomorrow):
        assert client.post(path, data={"digits": "1"}).status_code == 410
        voice_prompts.forget_old(tomorrow + timedelta(hours=1))
        assert db.session.scalars(select(SpokenAsk)).all() == []
        assert client.get(path).status_code == 404


def test_whoever_is_asked_to_cover_in_two_hours_is_rung_and_takes_it_by_1(
    app: Flask, roster: Published, voice: HttpSink, client: Any
) -> None:
    dawn = datetime(2020, 1, 23, 5, 10, tzinfo=VN)
    with clock.travel(dawn):
        plan = IllnessPlan("O1", dawn.date(), {roster.seat("operations", 0): ["O4"]}, "gọi điện 05:10")
        illness.report(plan, actor=factories.ADMIN, now=dawn)
        words, path = calls(app, voice, dawn)[-1]
        assert "nhờ đồng chí trực thay" in words and "Bấm phím 1 nếu nhận" in words
        assert "đồng chí nhận" in client.post(path, data={"digits": "1"}).json["text"]
        held = select(Duty).where(Duty.shift_id == roster.shifts("operations")[0], Duty.cancelled_at.is_(None))
        assert db.session.scalars(held).one().person.code == "O4"
        assert "đã kết thúc" in client.post(path, data={"digits": "1"}).json["text"]
    rung = db.session.scalars(select(Message).where(Message.channel == "voice")).all()
    numbers = select(ContactMethod.address).where(ContactMethod.person_id == people.person_by_code("O4").id)
    assert {each.address for each in rung} <= set(db.session.scalars(numbers))


def test_rung_before_and_after_the_hour_in_the_night_it_is_one_call_in_the_morning(
    app: Flask, roster: Published, voice: HttpSink
) -> None:
    everybody_but(roster, "O1")
    for late in (datetime(2020, 1, 21, 22, 50, tzinfo=VN), datetime(2020, 1, 21, 23, 10, tzinfo=VN)):
        with clock.travel(late):
            voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=late)
    assert len(calls(app, voice, datetime(2020, 1, 22, 6, 31, tzinfo=VN))) == 1


def test_a_no_given_by_link_is_not_overturned_by_a_key(
    app: Flask, roster: Published, voice: HttpSink, client: Any
) -> None:
    everybody_but(roster, "O1")
    voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON)
    [(_words, path)] = calls(app, voice)
    duties = confirmations.coming(roster.person["O1"], now=NOON)
    actor = Actor(name="O1", role="staff", via="link", person_id=roster.person["O1"])
    seen = {each.id: each.sequence for each in duties}
    answering.answer_all(roster.person["O1"], set(seen), seen=seen, actor=actor, now=NOON)
    assert "không cần trả lời nữa" in client.post(path, data={"digits": "1"}).json["text"]
    assert states(roster, "O1") == ["refused", "refused"]


def test_who_has_answered_before_the_call_leaves_is_not_rung(app: Flask, roster: Published, voice: HttpSink) -> None:
    everybody_but(roster, "O1")
    voice_prompts.ring_to_confirm(roster.campaign_id, actor=factories.ADMIN, now=NOON)
    everybody_but(roster)
    assert calls(app, voice) == []
