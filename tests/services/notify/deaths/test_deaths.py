"""Deaths of senders: what counts as one, who is suspected, when a suspect goes, and what becomes of one that kills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select, update

from core import clock
from core.db import db as database, transaction
from desk.audit.findings import findings
from notify import claims, delivery, outbox, precedence
from notify.alone import services as alone
from notify.bundles import services as bundles
from notify.channels.registry import Channels
from notify.claims import ClaimedMessages
from notify.deaths.rules import BEHIND_OTHERS, SUSPECT_FROM
from notify.models import Delivery, Message
from tests.support.smtp_sink import SmtpSink, smtp_sink

pytestmark = pytest.mark.both_dbs("what died is counted where it is claimed and freed, under the rows' locks")
NOW = datetime(2020, 1, 24, 10, 0, tzinfo=UTC)
SEC = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@vidu.vn")
        yield server


def put(key: str, **changes: Any) -> Message:
    facts: dict[str, Any] = {"channel": "email", "recipient": "Nguyễn Thị An", "subject": f"Sự cố {key}"}
    facts |= {"address": f"{key}@vidu.vn", "topic": f"incident/{key}", "body": "Đề nghị tiếp nhận.", "urgent": True}
    return outbox.enqueue(key=key, now=NOW, **{**facts, **changes})


def fresh(message: Message) -> Message:
    database.session.rollback()
    database.session.expire_all()
    return database.session.get_one(Message, message.id)


def die(message: Message, times: int = SUSPECT_FROM) -> Message:
    """Whoever carried it has died so often, with others in hand."""
    with transaction() as session:
        session.execute(update(Message).where(Message.id == message.id).values(deaths=times))
    return message


def kill(message: Message, *, now: datetime = NOW) -> ClaimedMessages:
    """It kills the process that carries it alone."""
    claimed = alone.claim("node/0/alone", now=now)
    assert claimed is not None and claimed.parts[0].id == message.id
    alone.note_death(claimed, "ended with -9", now=now)
    return claimed


def carry_alone(now: datetime = NOW) -> None:
    with clock.travel(now):
        claimed = alone.claim("node/0/alone", now=now)
        assert claimed is not None
        delivery.carry(claimed, Channels(current_app.config))


def test_a_death_is_counted_and_an_orderly_stop_and_a_fault_of_the_gateway_are_none(app: Flask, sink: SmtpSink) -> None:
    message = put("a")
    delivery.claim("node/1/0", now=NOW)
    delivery.free_leases("node/1/", now=NOW, died=False)
    assert fresh(message).deaths == 0
    sink.script[:] = ["451 try later", "drop"]
    for seconds in (0, 10):
        with clock.travel(NOW + seconds * SEC):
            assert delivery.deliver_due(owner="node/1/0") == 1
    assert (fresh(message).deaths, fresh(message).attempts) == (0, 3)
    delivery.claim("node/1/0", now=LATER)
    delivery.free_leases("node/1/", now=LATER)
    assert (fresh(message).deaths, fresh(message).state) == (1, "pending")


def test_a_lease_that_nobody_gave_back_was_a_dead_senders(app: Flask, sink: SmtpSink) -> None:
    message, now = put("a"), NOW
    for deaths in range(SUSPECT_FROM):
        assert delivery.claim("one", now=now) is not None
        assert fresh(message).deaths == deaths
        now += bundles.LEASE
    assert delivery.claim("two", now=now) is None, "the third death makes a suspect, before anybody dies of it again"
    assert (delivery.due_channels(now=now), alone.is_any(now=now)) == (frozenset(), True)
    claimed = alone.claim("alone", now=now)
    assert claimed is not None and (fresh(message).deaths, claimed.plain) == (SUSPECT_FROM, False)


def test_twice_it_keeps_its_place_and_then_it_goes_last_among_its_urgency_and_alone(app: Flask, sink: SmtpSink) -> None:
    suspect, reminder = put("a"), put("reminder", rank=precedence.AGAIN)
    others = [put(key) for key in "bc"]
    assert alone.in_turn(now=NOW) == []
    for number in range(SUSPECT_FROM):
        claimed = delivery.claim("node/1/0", now=NOW)
        assert claimed is not None and claimed.parts[0].id == suspect.id, number
        delivery.free_leases("node/1/", now=NOW)
    assert alone.is_any(now=NOW) and alone.in_turn(now=NOW) == [], "others of its urgency have not left"
    for other in others:
        claimed = delivery.claim("node/1/0", now=NOW)
        assert claimed is not None and claimed.parts[0].id == other.id
    assert alone.in_turn(now=NOW) == [suspect.id], "a reminder is less urgent"
    claimed = alone.claim("node/1/alone", now=NOW)
    assert claimed is not None and [part.id for part in claimed.parts] == [suspect.id]
    assert fresh(reminder).state == "pending"


def test_whoever_is_carried_alone_and_lets_its_sender_live_is_cleared(app: Flask, sink: SmtpSink) -> None:
    """A gateway that refuses kills nobody: the next call about the same goes beside all others again."""
    suspect, company = die(put("a")), put("b", topic="incident/a")
    sink.script[:] = ["451 try later"]
    claimed = alone.claim("node/1/alone", now=NOW)
    assert claimed is not None and claimed.parts[0].id == company.id, "which is due first and has died of nothing"
    delivery.free_leases("node/1/", now=NOW, died=False)
    with transaction() as session:
        session.execute(update(Message).where(Message.id == company.id).values(next_at=NOW + 60 * SEC))
    claimed = alone.claim("node/1/alone", now=NOW + BEHIND_OTHERS)
    assert claimed is not None and claimed.parts[0].id == suspect.id
    with clock.travel(NOW + BEHIND_OTHERS):
        delivery.carry(claimed, Channels(current_app.config))
    alone.cleared(claimed)
    assert (fresh(suspect).deaths, fresh(suspect).state) == (0, "pending")
    claimed = delivery.claim("node/1/0", now=NOW + 120 * SEC)
    assert claimed is not None and claimed.parts[0].id in (suspect.id, company.id)


def test_a_first_call_about_what_is_suspected_is_no_later_for_it(app: Flask, sink: SmtpSink) -> None:
    suspect, first = die(put("a")), put("b", topic="incident/a")
    put("other")
    assert alone.in_turn(now=NOW) == [first.id], "while something else is due, and the suspect waits for that"
    assert suspect.id not in alone.in_turn(now=NOW)


def test_what_a_sender_has_in_hand_is_not_taken_when_the_clock_jumps(app: Flask, sink: SmtpSink) -> None:
    message = die(put("a"), SUSPECT_FROM - 1)
    claimed = delivery.claim("node/1/0", now=NOW)
    assert claimed is not None
    with delivery._in_good_hands(claimed):
        assert alone.claim("node/1/alone", now=LATER) is None
        assert fresh(message).deaths == SUSPECT_FROM - 1
    assert alone.claim("node/1/alone", now=LATER) is not None


def test_what_was_handed_over_before_its_sender_died_is_not_said_to_have_failed(app: Flask, sink: SmtpSink) -> None:
    message = die(put("a"))
    claimed = alone.claim("node/1/alone", now=NOW)
    assert claimed is not None
    with clock.travel(NOW):
        delivery.carry(claimed, Channels(current_app.config))
    alone.note_death(claimed, "ended with -9", now=NOW)
    tried = database.session.scalars(select(Delivery.accepted).where(Delivery.message_id == message.id)).all()
    assert (fresh(message).state, tried) == ("sent", [True])


def test_no_suspect_waits_for_ever_behind_calls_that_keep_coming(app: Flask, sink: SmtpSink) -> None:
    suspect = die(put("a"))
    put("b")
    assert alone.in_turn(now=NOW + BEHIND_OTHERS - SEC) == []
    assert alone.in_turn(now=NOW + BEHIND_OTHERS) == [suspect.id]


def test_a_suspect_shares_no_letter_and_stands_in_nobodys_way(app: Flask, sink: SmtpSink) -> None:
    """A storm to one address: what is suspected of it goes apart."""
    one = {"address": "an@vidu.vn", "ladder": "x", "facts": {"code": "SC-1", "step": 1}}
    for number in range(5):
        sent = put(f"sent{number}", **one)
        with transaction() as session:
            gone = {"state": "sent", "sent_at": NOW, "letter_id": sent.message_id}
            session.execute(update(Message).where(Message.id == sent.id).values(gone))
    suspect, others = die(put("suspect", **one)), [put(key, **one) for key in "ab"]
    soon = NOW + 20 * SEC
    claimed = delivery.claim("node/1/0", now=soon)
    assert claimed is not None and {part.id for part in claimed.parts} == {each.id for each in others}
    lone = alone.claim("node/1/alone", now=soon)
    assert lone is not None and [part.id for part in lone.parts] == [suspect.id]


def test_what_kills_goes_again_at_once_in_words_that_nobody_wrote_and_then_more_and_more_seldom(
    app: Flask, sink: SmtpSink
) -> None:
    link = "https://truc.example/a/bi-mat"
    facts = {"code": "SC-2026-0007", "title": "Cháy kho", "language": "vi"}
    message = die(put("a", body=f"Cháy kho\n\n{link}", link=link, facts=facts))
    assert kill(message).plain is False
    assert (fresh(message).state, fresh(message).next_at, fresh(message).deaths_alone) == ("pending", NOW, 1)
    for wait in (5, 10, 20, 40, 60, 60):
        now = fresh(message).next_at
        assert kill(message, now=now).plain is True
        assert fresh(message).next_at == now + wait * SEC
    carry_alone(fresh(message).next_at)
    arrival = sink.arrivals[0]
    assert (arrival.message_id, str(arrival.mail["To"])) == (message.message_id, "a@vidu.vn")
    assert str(arrival.mail["Subject"]) == "[Trực Tết] Có việc gọi đồng chí"
    assert arrival.body.split("\r\n") == ["Có việc đang gọi đồng chí. Xem và trả lời:", f"SC-2026-0007 {link}", ""]
    assert fresh(message).state == "sent"
    tried = database.session.scalars(select(Delivery.answer).where(Delivery.message_id == message.id))
    assert sorted(tried) == ["250 2.0.0 OK", *["ended with -9"] * 7]


def test_the_next_way_to_the_person_is_due_at_once(app: Flask, sink: SmtpSink) -> None:
    first = die(put("a", ladder="incident/a/1/7", topic="incident/a"))
    second = put("b", ladder="incident/a/1/7", topic="incident/a", rung=1, delay=timedelta(minutes=2))
    kill(first)
    assert (fresh(second).next_at, fresh(second).state) == (NOW, "pending")


def test_a_new_call_about_the_same_as_a_suspect_goes_alone_too_until_that_one_has_left(
    app: Flask, sink: SmtpSink
) -> None:
    """Each turn of calls is a new message: one by one they would take three workers along."""
    suspect = die(put("a", address="an@vidu.vn"))
    newer = put("b", topic="incident/a", address="binh@vidu.vn")
    other = put("c", address="an@vidu.vn")
    claimed = delivery.claim("node/1/0", now=NOW)
    assert claimed is not None and claimed.parts[0].id == other.id, "another incident, to the same person"
    assert delivery.claim("node/1/0", now=NOW) is None
    for _each in range(2):
        carry_alone()
    assert {fresh(each).state for each in (suspect, newer)} == {"sent"}
    assert [each.recipient for each in sink.arrivals] == ["binh@vidu.vn", "an@vidu.vn"], "who died least goes first"
    last = put("d", topic="incident/a")
    claimed = delivery.claim("node/1/0", now=NOW)
    assert claimed is not None and claimed.parts[0].id == last.id, "all of it was innocent"


def test_what_is_about_the_same_as_a_killer_goes_alone_and_in_plain_words_for_a_day(app: Flask, sink: SmtpSink) -> None:
    killer = die(put("a", address="an@vidu.vn"))
    kill(killer)
    carry_alone()
    assert fresh(killer).state == "sent"
    same_topic, notice = put("b", topic="incident/a"), put("c", topic="incident/a", urgent=False)
    same_address = put("d", address="an@vidu.vn")
    claimed = [delivery.claim("node/1/0", now=NOW) for _each in range(3)]
    assert [each and each.parts[0].id for each in claimed] == [same_address.id, notice.id, None]
    lone = alone.claim("node/1/alone", now=NOW)
    assert lone is not None and (lone.parts[0].id, lone.plain) == (same_topic.id, True)
    alone.give_back(lone, now=NOW)
    claimed = [delivery.claim("node/2/0", now=NOW + timedelta(days=1, seconds=1)) for _each in range(3)]
    assert same_topic.id in [each.parts[0].id for each in claimed if each is not None]


def test_where_even_plain_words_kill_whatever_goes_there_goes_alone(app: Flask, sink: SmtpSink) -> None:
    killer = die(put("a", address="an@vidu.vn"))
    kill(killer)
    kill(killer)
    other = put("b", address="an@vidu.vn")
    assert delivery.claim("node/1/0", now=NOW) is None
    lone = alone.claim("node/1/alone", now=NOW)
    assert lone is not None and (lone.parts[0].id, lone.plain) == (other.id, False)


def test_a_notice_is_given_up_after_three_such_deaths_and_a_call_never(app: Flask, sink: SmtpSink) -> None:
    notice, now = die(put("a", urgent=False)), NOW
    for number in range(1, 4):
        assert kill(notice, now=now).plain is False
        assert (fresh(notice).state == "failed_permanent") is (number == 3)
        now += timedelta(minutes=2)
    assert (fresh(notice).body, fresh(notice).last_error) == ("", "ended with -9")
    assert not alone.is_any(now=now)


def test_whoever_is_told_to_carry_what_another_has_taken_over_carries_nothing(app: Flask, sink: SmtpSink) -> None:
    message = die(put("a"))
    first = alone.claim("node/0/alone", now=NOW)
    assert first is not None
    taken = alone.claim("node/1/alone", now=NOW + bundles.LEASE)
    assert taken is not None
    assert claims.in_hand(first.owner, {message.id: first.parts[0].attempt}, plain=False) is None
    assert claims.in_hand(taken.owner, {message.id: taken.parts[0].attempt}, plain=True) is not None
    alone.note_death(first, "ended with -9", now=NOW + bundles.LEASE)
    assert (fresh(message).state, fresh(message).deaths_alone) == ("leased", 0), "the lease is another's"


def test_one_that_was_given_back_has_killed_nobody(app: Flask, sink: SmtpSink) -> None:
    message = die(put("a"))
    claimed = alone.claim("node/0/alone", now=NOW)
    assert claimed is not None
    alone.give_back(claimed, now=NOW)
    assert (fresh(message).state, fresh(message).deaths, fresh(message).deaths_alone) == ("pending", SUSPECT_FROM, 0)


def test_a_letter_for_several_goes_again_whole_and_its_plain_words_name_each(app: Flask, sink: SmtpSink) -> None:
    letter = "<several@vidu.vn>"
    parts = []
    for number in (1, 2):
        link = f"https://truc.example/a/{number}"
        facts = {"code": f"SC-2026-000{number}", "step": 1}
        parts.append(die(put(str(number), address="an@vidu.vn", ladder=str(number), link=link, facts=facts)))
    with transaction() as session:
        together = update(Message).where(Message.id.in_([each.id for each in parts]))
        session.execute(together.values(letter_id=letter))
    for _twice in range(2):
        claimed = alone.claim("node/0/alone", now=NOW)
        assert claimed is not None and {part.id for part in claimed.parts} == {each.id for each in parts}
        alone.note_death(claimed, "ended with -9", now=NOW)
    carry_alone(NOW + 5 * SEC)
    (arrival,) = sink.arrivals
    assert arrival.message_id == letter
    assert [f"SC-2026-000{number} https://truc.example/a/{number}" in arrival.body for number in (1, 2)] == [True, True]


def test_a_call_that_kills_and_leaves_by_no_other_way_is_a_fault_that_is_told(app: Flask, sink: SmtpSink) -> None:
    message = die(put("a", ladder="incident/a/1/7", topic="incident/a"))
    other = put("b", ladder="incident/a/1/7", topic="incident/a", rung=1, delay=timedelta(minutes=2))

    def found() -> list[tuple[str, int, bool]]:
        database.session.rollback()
        return [(each.kind, each.count, each.grave) for each in findings(now=NOW) if each.kind == "messages_deadly"]

    assert found() == []
    kill(message)
    assert found() == [("messages_deadly", 1, True)]
    with transaction() as session:
        session.execute(update(Message).where(Message.id == other.id).values(state="sent", sent_at=NOW))
    assert found() == []
