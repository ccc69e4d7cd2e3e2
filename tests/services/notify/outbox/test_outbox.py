"""The outbox: what is put in, taken back, held, claimed, retried and marked; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text, update

from core import clock
from core.actor import SYSTEM
from core.db import db as database, transaction
from core.errors import Conflict, NotFound
from core.models import AuditEntry
from notify import claims, delivery, outbox, precedence
from notify.bundles import services as bundles
from notify.models import Delivery, Message
from tests.support.live import dead_port
from tests.support.smtp_sink import smtp_sink

pytestmark = pytest.mark.both_dbs("senders share the outbox by locking its rows")
NOW = datetime(2020, 1, 24, 10, 0, tzinfo=UTC)


def put(key: str = "a", *, now: datetime = NOW, topic: str = "incident/1", **changes: Any) -> Message:
    facts = {
        "channel": "email",
        "address": "an@vidu.vn",
        "recipient": "Nguyễn Thị An",
        "subject": "Sự cố BĐ-0001",
        "body": "Đề nghị tiếp nhận.",
        "urgent": True,
    }
    return outbox.enqueue(topic=topic, key=key, now=now, **{**facts, **changes})


def fresh(message: Message) -> Message:
    with transaction() as session:
        return session.scalars(
            select(Message).where(Message.id == message.id).execution_options(populate_existing=True)
        ).one()


def state(message: Message) -> str:
    return fresh(message).state


def deliveries(message: Message) -> list[tuple[int, bool, str]]:
    with transaction() as session:
        rows = session.scalars(select(Delivery).where(Delivery.message_id == message.id).order_by(Delivery.id))
        return [(row.attempt, row.accepted, row.answer) for row in rows]


@pytest.fixture
def sink(app: Flask) -> Any:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@vidu.vn")
        yield server


@pytest.fixture
def silent(app: Flask) -> Iterator[None]:
    """A gateway on this machine that is not there."""
    with dead_port() as port:
        app.config.update(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="truc@vidu.vn")
        yield


def carry(at: datetime = NOW) -> int:
    with clock.travel(at):
        return delivery.deliver_due(owner="test")


def test_a_key_makes_one_message(app: Flask, sink: Any) -> None:
    assert put().id == put(subject="Lần hai").id
    assert put("b").id != put().id


def test_a_message_belongs_to_the_callers_transaction(app: Flask, sink: Any, db: Any) -> None:
    with pytest.raises(RuntimeError), transaction():
        put()
        raise RuntimeError
    assert db.session.scalars(select(Message)).all() == []


def test_what_is_due_is_carried_once_with_its_own_message_id(app: Flask, sink: Any) -> None:
    message = put()
    assert carry() == 1
    assert carry() == 0
    assert [(a.recipient, a.message_id) for a in sink.arrivals] == [("an@vidu.vn", message.message_id)]
    assert state(message) == "sent"
    assert deliveries(message) == [(1, True, "250 2.0.0 OK")]


def test_without_a_gateway_a_message_is_held_until_a_person_lets_it_go(app: Flask) -> None:
    message = put()
    assert (message.state, message.hold_reason) == ("held", "no_gateway")
    with pytest.raises(Conflict, match=r"message\.no_gateway"):
        outbox.send_held(message.id, actor=SYSTEM, now=NOW)
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url)
        assert carry() == 0, "a gateway alone sends nothing that was held"
        outbox.send_held(message.id, actor=SYSTEM, now=NOW)
        assert carry() == 1
        assert len(server.arrivals) == 1
        with pytest.raises(Conflict, match=r"message\.not_held"):
            outbox.send_held(message.id, actor=SYSTEM, now=NOW)


def test_letting_go_is_audited_and_unknown_ids_are_refused(app: Flask, db: Any) -> None:
    message = put()
    app.config.update(MAIL_URL="smtp://127.0.0.1:1")
    outbox.send_held(message.id, actor=SYSTEM, now=NOW)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "message.send_held")).one()
    assert (entry.thing_id, entry.actor) == (str(message.id), "system:worker")
    with pytest.raises(NotFound):
        outbox.send_held(10**6, actor=SYSTEM, now=NOW)


def test_a_nonsense_gateway_holds_and_breaks_nothing(app: Flask) -> None:
    app.config.update(MAIL_URL="không phải địa chỉ")
    assert put().state == "held"
    assert put("b", channel="carrier-pigeon").state == "held"


def test_demo_people_are_reached_through_this_machine_only(app: Flask, sink: Any) -> None:
    local = put("here", local_only=True)
    assert local.state == "pending"
    app.config.update(MAIL_URL="smtp://mail.vidu.vn")
    away = put("away", local_only=True, topic="incident/2")
    assert (away.state, away.hold_reason) == ("held", "demo_not_local")
    assert carry() == 1, "the claim of what was put in while the gateway was local"
    assert (state(local), fresh(local).hold_reason) == ("held", "demo_not_local")
    assert sink.arrivals == []


def test_what_waits_when_the_gateway_goes_is_held(app: Flask, sink: Any) -> None:
    message = put()
    app.config.update(MAIL_URL=None)
    carry()
    assert (state(message), fresh(message).hold_reason) == ("held", "no_gateway")


def test_cancelling_takes_back_everything_unsent_of_the_topic(app: Flask, sink: Any) -> None:
    sent, waiting, other = put("a"), put("b", address="binh@vidu.vn"), put("c", topic="incident/2")
    delivery.claim("dead", now=NOW)  # takes a, the oldest
    with transaction() as session:
        session.execute(update(Message).where(Message.id == sent.id).values(state="sent"))
        session.execute(update(Message).where(Message.id == other.id).values(state="held"))
    assert outbox.cancel("incident/1", now=NOW) == 1
    assert outbox.cancel("incident/2", now=NOW) == 1
    assert [state(each) for each in (sent, waiting, other)] == ["sent", "cancelled", "cancelled"]
    assert carry(NOW + timedelta(hours=1)) == 0


def test_an_acknowledgement_between_claim_and_sending_stops_the_words(
    app: Flask, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = put()
    look = delivery.still_ours

    def acknowledged_meanwhile(claimed: delivery.ClaimedMessages) -> delivery.ClaimedMessages | None:
        outbox.cancel("incident/1", now=NOW)
        return look(claimed)

    monkeypatch.setattr(delivery, "still_ours", acknowledged_meanwhile)
    carry()
    assert sink.arrivals == []
    assert (state(message), deliveries(message)) == ("cancelled", [])


def test_what_was_accepted_too_late_to_take_back_was_sent(app: Flask, sink: Any) -> None:
    message = put()
    claimed = delivery.claim("me", now=NOW)
    assert claimed is not None
    outbox.cancel("incident/1", now=NOW)
    assert delivery.mark(claimed, delivery.AttemptResult("again", "451 later"), now=NOW) is False
    assert state(message) == "cancelled"
    assert delivery.mark(claimed, delivery.AttemptResult("sent", "250 OK"), now=NOW) is True
    assert state(message) == "sent"


def test_a_refusal_for_good_is_final_and_a_passing_one_is_tried_again(app: Flask, sink: Any) -> None:
    for script, expected in (("550 no such person", "failed_permanent"), ("rcpt 553 no", "failed_permanent")):
        sink.script[:] = [script]
        message = put(script)
        carry()
        assert state(message) == expected
        assert carry(NOW + timedelta(days=1)) == 0
    sink.script[:] = ["451 try later", "rcpt 450 busy"]
    message = put("c")
    carry()
    assert (state(message), fresh(message).next_at) == ("pending", NOW + timedelta(seconds=5))
    assert fresh(message).last_error == "451 try later"
    assert carry(NOW + timedelta(seconds=4)) == 0
    carry(NOW + timedelta(seconds=5))
    assert fresh(message).next_at == NOW + timedelta(seconds=15)
    carry(NOW + timedelta(seconds=15))
    assert [(attempt, accepted) for attempt, accepted, _answer in deliveries(message)] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_a_bad_address_is_refused_where_everybody_sees_it(app: Flask, sink: Any) -> None:
    for key, address in (("a", ""), ("b", "an@vidu.vn, binh@vidu.vn"), ("c", "an@vidu.vn\r\nRCPT TO:<x@y.vn>")):
        message = put(key, address=address)
        carry()
        assert state(message) == "failed_permanent"
    assert sink.arrivals == []


def test_an_absent_gateway_is_asked_again_for_ever(app: Flask, silent: None) -> None:
    message, at = put(), NOW
    for wait in (5, 10, 20, 40, 60, 60):
        assert carry(at) == 1
        assert fresh(message).next_at == at + timedelta(seconds=wait)
        at += timedelta(seconds=wait)
    assert "refused" in fresh(message).last_error.lower()


def test_a_dropped_line_is_tried_again_on_a_new_one(app: Flask, sink: Any) -> None:
    sink.script[:] = ["drop"]
    message = put()
    carry()
    assert state(message) == "pending"
    carry(NOW + timedelta(seconds=5))
    assert (state(message), len(sink.arrivals), sink.connections) == ("sent", 1, 2)


def test_one_line_carries_many_letters(app: Flask, sink: Any) -> None:
    for number in range(5):
        put(str(number), address=f"p{number}@vidu.vn")
    assert carry() == 5
    assert sink.connections == 1


def test_the_urgent_first_then_the_oldest(app: Flask, sink: Any) -> None:
    for minute in range(3):
        put(
            f"roster/{minute}",
            topic=f"roster/{minute}",
            urgent=False,
            subject=f"Lịch {minute}",
            now=NOW + timedelta(minutes=minute),
        )
        put(
            f"incident/{minute}",
            topic=f"incident/{minute}",
            subject=f"Sự cố {minute}",
            now=NOW - timedelta(minutes=5 - minute),
        )
    carry(NOW + timedelta(hours=1))
    assert sink.subjects == ["Sự cố 0", "Sự cố 1", "Sự cố 2", "Lịch 0", "Lịch 1", "Lịch 2"]


def test_after_an_outage_older_steps_to_the_same_address_step_back(app: Flask, sink: Any) -> None:
    old, same, elsewhere, newest = (
        put("1"),
        put("2", address="binh@vidu.vn"),
        put("3", topic="incident/2"),
        put("4", subject="Bước 2"),
    )
    carry()
    assert [state(each) for each in (old, same, elsewhere, newest)] == ["superseded", "sent", "sent", "sent"]
    assert sorted(sink.subjects) == ["Bước 2", "Sự cố BĐ-0001", "Sự cố BĐ-0001"]


def test_two_people_who_share_a_mailbox_each_get_theirs(app: Flask, sink: Any) -> None:
    first, second = put("1"), put("2", recipient="Trần Thị Bình")
    carry()
    assert [state(first), state(second)] == ["sent", "sent"]


def test_a_claim_is_exclusive_until_its_lease_ends(app: Flask, sink: Any) -> None:
    put()
    first = delivery.claim("one", now=NOW)
    assert first is not None and first.parts[0].attempt == 1
    assert delivery.claim("two", now=NOW + bundles.LEASE - timedelta(seconds=1)) is None
    second = delivery.claim("two", now=NOW + bundles.LEASE)
    assert second is not None
    assert (second.parts[0].id, second.parts[0].attempt) == (first.parts[0].id, 2)


def test_whoever_lost_the_lease_cannot_write_over_the_one_who_has_it(app: Flask, sink: Any) -> None:
    message = put()
    first = delivery.claim("one", now=NOW)
    second = delivery.claim("two", now=NOW + bundles.LEASE)
    assert first is not None and second is not None
    assert not delivery.still_ours(first)
    assert delivery.still_ours(second)
    assert delivery.mark(first, delivery.AttemptResult("refused", "550 no"), now=NOW) is False
    assert state(message) == "leased"
    assert delivery.mark(second, delivery.AttemptResult("sent", "250 OK"), now=NOW) is True
    assert state(message) == "sent"
    assert [attempt for attempt, _accepted, _answer in deliveries(message)] == [1, 2]


def test_a_slot_frees_its_own_leases_only(app: Flask, sink: Any) -> None:
    mine, other = put("a"), put("b", address="binh@vidu.vn")
    delivery.claim("node/1/0", now=NOW)  # a, the oldest
    delivery.claim("node/10/0", now=NOW)
    assert delivery.free_leases("node/1/", now=NOW) == 1
    assert (state(mine), state(other)) == ("pending", "leased")


def test_after_a_clock_that_jumped_back_nothing_waits_longer_than_meant(app: Flask, dialect: str, sink: Any) -> None:
    new, tried = put("a"), put("b", address="binh@vidu.vn", topic="incident/2")
    with transaction() as session:
        session.execute(update(Message).where(Message.id == tried.id).values(attempts=2))
    back = NOW - timedelta(hours=2)
    moved = delivery.clamp(now=back)
    if dialect == "postgresql":
        assert moved == 0, "its clock is the database's"
        return
    assert moved == 2
    assert (fresh(new).next_at, fresh(tried).next_at) == (back, back + timedelta(seconds=10))
    assert delivery.clamp(now=back) == 0


Deliver = Callable[[], None]


def many_senders(app: Flask, count: int = 4) -> None:
    """``count`` threads that carry what is due, started at the same moment."""
    together = threading.Barrier(count)

    def work(number: int) -> None:
        with app.app_context():
            together.wait()
            delivery.deliver_due(owner=f"t/{number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_senders_carry_each_message_once(app: Flask, sink: Any) -> None:
    keys = [put(str(n), topic=f"incident/{n}", now=clock.now()).message_id for n in range(40)]
    many_senders(app)
    assert sorted(arrival.message_id for arrival in sink.arrivals) == sorted(keys)


def test_counter_test_without_the_conditional_claim_senders_carry_twice(
    app: Flask, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: a claim that first looks and then writes lets two senders have the same message."""
    looked = threading.Barrier(2)

    def look_then_write(owner: str, *, now: datetime, **_filters: Any) -> delivery.ClaimedMessages | None:
        from core.db import db

        due = select(Message).where(bundles.is_due(now)).limit(1)
        message = db.session.scalars(due.execution_options(populate_existing=True)).one_or_none()
        db.session.rollback()
        if message is None:
            return None
        looked.wait(5)
        with transaction() as session:
            session.execute(
                update(Message).where(Message.id == message.id).values(state="leased", attempts=message.attempts + 1)
            )
        return delivery.ClaimedMessages(owner, message.channel, False, message.message_id, (claims._part(message),))

    monkeypatch.setattr(delivery, "claim", look_then_write)
    monkeypatch.setattr(delivery, "still_ours", lambda claimed: claimed)
    monkeypatch.setattr(delivery, "mark", lambda claimed, result, now: False)
    message = put(now=clock.now())
    many_senders(app, 2)
    assert [arrival.message_id for arrival in sink.arrivals] == [message.message_id] * 2


def test_first_calls_leave_before_repeats_however_many_there_are(app: Flask, sink: Any) -> None:
    for number in range(30):  # a storm of people who do not answer
        put(
            f"again/{number}",
            topic=f"incident/{number}",
            address=f"p{number}@vidu.vn",
            subject=f"Nhắc {number}",
            rank=precedence.AGAIN,
            now=NOW + timedelta(seconds=number),
        )
    put("next", topic="incident/98", address="b@vidu.vn", subject="Bước 2", now=NOW + timedelta(seconds=40))
    put(
        "new",
        topic="incident/99",
        address="c@vidu.vn",
        subject="Sự cố mới",
        rank=precedence.OPENING,
        now=NOW + timedelta(seconds=50),
    )
    carry(NOW + timedelta(minutes=1))
    assert sink.subjects == ["Sự cố mới", "Bước 2", *(f"Nhắc {number}" for number in range(30))]


def test_what_its_sender_died_with_keeps_its_place(app: Flask, sink: Any) -> None:
    for number in range(4):
        put(
            str(number),
            topic=f"incident/{number}",
            address=f"p{number}@vidu.vn",
            subject=str(number),
            now=NOW + timedelta(seconds=number),
        )
    delivery.claim("node/1/0", now=NOW + timedelta(seconds=9))
    delivery.free_leases("node/1/", now=NOW + timedelta(seconds=10))
    carry(NOW + timedelta(seconds=10))
    assert sink.subjects == ["0", "1", "2", "3"]


def test_the_newest_goes_in_the_place_of_the_oldest_to_one_person_about_one_thing(app: Flask, sink: Any) -> None:
    step_1 = put("1", subject="Bước 1", rank=precedence.OPENING)
    put("other", topic="incident/2", address="b@vidu.vn", subject="Khác", now=NOW + timedelta(seconds=1))
    repeat = put("2", subject="Nhắc lại", rank=precedence.AGAIN, now=NOW + timedelta(minutes=5))
    later = put("3", subject="Bậc sau", now=NOW + timedelta(minutes=5), delay=timedelta(minutes=1))
    carry(NOW + timedelta(minutes=5))
    assert sink.subjects == ["Nhắc lại", "Khác"]
    assert [state(each) for each in (step_1, repeat, later)] == ["superseded", "sent", "pending"]


def test_a_long_backlog_is_neither_read_nor_sorted_for_each_letter(app: Flask, dialect: str, sink: Any) -> None:
    """An index holds all that a claim asks for, in its order."""
    row = {column.key: getattr(put(), column.key) for column in Message.__table__.columns if column.key != "id"}

    def many(state: str, count: int) -> list[dict[str, Any]]:
        due = [NOW + timedelta(seconds=n % 50) for n in range(count)]
        return [row | {"idempotency_key": f"{state}{n}", "next_at": at, "state": state} for n, at in enumerate(due)]

    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "messages.rank" in statement and "ORDER BY messages.rank" in statement:
            asked.append((statement, parameters))

    with transaction() as session:
        session.execute(insert(Message), many("sent", 2000))
        if dialect == "postgresql":  # what it knows of the table is from a quiet hour
            session.execute(text("ANALYZE messages"))
        session.execute(insert(Message), many("pending", 5000))
    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        delivery.claim("one", now=NOW + timedelta(minutes=1), only=("email",))
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)
    [(statement, parameters)] = asked
    explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
    with transaction() as session:
        plan = "\n".join(str(row) for row in session.connection().exec_driver_sql(explain + statement, parameters))
    assert "ix_messages_claim" in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan
