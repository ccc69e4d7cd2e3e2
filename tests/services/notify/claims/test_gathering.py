"""Notices that are gathered: one message to a person, whoever of the senders comes first; behind every call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db as database
from notify import claims, delivery, outbox, precedence
from notify.last_look import services as last_look
from notify.last_look.services import JUDGED, LastLook
from notify.models import Message
from tests.support.in_parallel import in_parallel
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = pytest.mark.both_dbs("senders share what is gathered by locking its rows")
NOW = datetime(2020, 1, 24, 10, 0, tzinfo=UTC)
DROPPED = "không còn đúng"


def put(number: int, *, seconds: float = 0, person_id: int = 1, **changes: Any) -> Message:
    facts = {
        "channel": "email",
        "address": f"nguoi{person_id}@vidu.vn",
        "recipient": f"Người {person_id}",
        "subject": f"SC-{number}: đã xong",
        "body": f"SC-{number}",
        "rank": precedence.ENDING,
        "facts": {JUDGED: "ending"},
        "person_id": person_id,
        "delay": timedelta(seconds=seconds),
    }
    return outbox.enqueue(topic=f"incident/{number}/over", key=f"over/{number}/{person_id}", now=NOW, **facts | changes)


def states() -> dict[str, str]:
    database.session.rollback()
    rows = database.session.execute(select(Message.topic, Message.state).order_by(Message.id))
    return dict(rows.tuples().all())


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpSink]:
    def judge(_channel: str, messages: Any, _now: datetime) -> LastLook:
        kept = {each.id: each.subject for each in messages if DROPPED not in each.subject}
        return LastLook(f"{len(kept)} việc", " ".join(kept.values()), kept)

    monkeypatch.setattr(last_look, "_judge", judge)
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url)
        yield server


def test_what_is_due_soon_goes_along_and_what_waits_for_the_morning_does_not(sink: SmtpSink) -> None:
    for number, seconds in ((1, 0), (2, 30), (3, 600), (4, 601), (5, 6 * 3600)):
        put(number, seconds=seconds)
    put(1, person_id=2)
    claimed = claims.claim("a", now=NOW)
    assert claimed is not None and len(claimed.parts) == 3
    other = claims.claim("b", now=NOW)
    assert other is not None and other.address == "nguoi2@vidu.vn" and len(other.parts) == 1
    assert claims.claim("c", now=NOW) is None


def test_it_is_behind_every_call_and_every_other_notice(sink: SmtpSink) -> None:
    put(1)
    outbox.enqueue(
        topic="k", key="k", channel="email", address="x@vidu.vn", recipient="X", subject="Lịch", body="b", now=NOW
    )
    outbox.enqueue(
        topic="incident/1",
        key="c",
        channel="email",
        address="nguoi1@vidu.vn",
        recipient="Người 1",
        subject="Gọi",
        body="b",
        now=NOW,
        urgent=True,
        rank=precedence.AGAIN,
    )
    order = [claims.claim(owner, now=NOW) for owner in ("a", "b", "c")]
    assert [each.parts[0].letter.subject for each in order if each] == ["Gọi", "Lịch", "SC-1: đã xong"]


def test_what_is_not_true_any_more_is_taken_back_and_the_rest_is_told(sink: SmtpSink) -> None:
    put(1)
    put(2, subject=DROPPED)
    put(3, person_id=2, subject=DROPPED)
    with clock.travel(NOW):
        delivery.deliver_due(owner="a")
    assert [each.mail["Subject"] for each in sink.arrivals] == ["1 việc"]
    database.session.rollback()
    found = database.session.scalars(select(Message).order_by(Message.id)).all()
    assert [each.state for each in found] == ["sent", "cancelled", "cancelled"]
    assert [(each.body, each.facts, each.lease_owner) for each in found[1:]] == [("", {}, None)] * 2
    assert [len(each.deliveries) for each in found] == [1, 0, 0]


def test_two_senders_make_one_message_of_it(app: Flask, sink: SmtpSink) -> None:
    for number in range(12):
        put(number)
    letters = set[str]()
    for turn in range(8):  # who was put off comes again
        now = NOW + timedelta(seconds=turn)
        claimed = in_parallel(app, 3, lambda n, now=now, turn=turn: claims.claim(f"{turn}/{n}", now=now))
        letters |= {each.letter_id for each in claimed if each is not None}
    assert len(letters) == 1
    assert set(states().values()) == {"leased"}


def test_a_sender_that_finds_part_of_it_held_comes_again(sink: SmtpSink) -> None:
    first, second = put(1).id, put(2).id
    if database.engine.dialect.name == "postgresql":  # SQLite has one writer, who is alone
        database.session.rollback()
        with database.engine.begin() as other:  # somebody takes the second one back at this moment
            other.execute(select(Message.id).where(Message.id == second).with_for_update())
            assert claims.claim("a", now=NOW) is None
    claimed = claims.claim("a", now=NOW + timedelta(seconds=1))
    assert claimed is not None and {part.id for part in claimed.parts} == {first, second}


def test_one_that_may_have_arrived_goes_again_as_it_was(sink: SmtpSink) -> None:
    put(1)
    put(2)
    first = claims.claim("dead", now=NOW)
    assert first is not None
    put(3)
    later = NOW + timedelta(minutes=5)
    again = claims.claim("b", now=later)
    assert again is not None and again.letter_id == first.letter_id
    assert {part.id for part in again.parts} == {part.id for part in first.parts}
    fresh = claims.claim("c", now=later)
    assert fresh is not None and len(fresh.parts) == 1


def test_more_than_fit_are_two(sink: SmtpSink) -> None:
    for number in range(203):
        put(number)
    sizes = []
    while (claimed := claims.claim("a", now=NOW)) is not None:
        sizes.append(len(claimed.parts))
    assert sizes == [200, 3]
