"""Several calls in one letter: what goes again goes whole, and a clock that jumped makes no storm."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from notify import claims, delivery, outbox
from notify.bundles.rules import FREE
from notify.gateways import breakers
from notify.gateways.breakers import GatewayTrial
from notify.models import Message
from tests.support.smtp_sink import smtp_sink, wait_until

NOW = datetime(2020, 1, 24, 10, 0, tzinfo=UTC)
LETTER = "<several@vidu.vn>"


def call(number: int) -> int:
    """One urgent call that may share a letter; its id."""
    return outbox.enqueue(
        topic=f"incident/{number}",
        key=f"call {number}",
        now=NOW,
        channel="email",
        address="an@vidu.vn",
        recipient="Nguyễn Thị An",
        subject=f"SC-{number}",
        body="Đề nghị tiếp nhận.",
        urgent=True,
        ladder=f"incident/{number}/1/1",
        facts={"code": f"SC-{number}"},
    ).id


@pytest.fixture
def broken_off(app: Flask) -> list[int]:
    """Three calls whose common letter was under way when its sender died; due again."""
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@vidu.vn")
    ids = [call(number) for number in range(3)]
    with transaction() as session:
        session.execute(update(Message).values(letter_id=LETTER, attempts=1))
    return ids


@pytest.mark.both_dbs("several senders lock one letter")
def test_what_goes_again_is_one_senders_alone(app: Flask, broken_off: list[int]) -> None:
    together, taken = threading.Barrier(4), list[list[int]]()

    def work(number: int) -> None:
        with app.app_context():
            together.wait()
            claim = claims.claim(f"t/{number}", now=NOW)
            if claim is not None:
                taken.append([part.id for part in claim.parts])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sorted(ids) for ids in taken] == [broken_off]


@pytest.mark.postgres  # on SQLite only one can claim at a time
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_no_part_of_it_goes_while_somebody_else_has_the_rest(app: Flask, broken_off: list[int]) -> None:
    with db.engine.begin() as other:  # a sender between its look and its claim
        other.execute(select(Message.id).where(Message.id == broken_off[-1]).with_for_update())
        assert claims.claim("late", now=NOW) is None
    again = claims.claim("later", now=NOW)
    assert again is not None and again.letter_id == LETTER and sorted(p.id for p in again.parts) == broken_off


@pytest.mark.both_dbs
def test_what_was_put_off_goes_with_the_rest(broken_off: list[int]) -> None:
    with transaction() as session:
        session.execute(update(Message).where(Message.id == broken_off[0]).values(next_at=NOW + timedelta(seconds=30)))
    again = claims.claim("again", now=NOW)
    assert again is not None and sorted(part.id for part in again.parts) == broken_off


@pytest.mark.both_dbs
def test_letters_that_a_wrong_clock_put_into_the_future_are_no_storm(broken_off: list[int]) -> None:
    with transaction() as session:
        session.execute(update(Message).values(letter_id=""))
    for number in range(10, 10 + FREE):
        with transaction() as session:
            sent = {"state": "sent", "sent_at": NOW + timedelta(hours=2), "letter_id": f"<{number}@vidu.vn>"}
            session.execute(update(Message).where(Message.id == call(number)).values(**sent))
    assert claims.claim("now", now=NOW) is not None


@pytest.mark.both_dbs("several senders lock one gateway")
def test_several_senders_may_be_the_first_to_see_a_gateway_fail(app: Flask) -> None:
    together, faults = threading.Barrier(4), list[BaseException]()

    def work() -> None:
        with app.app_context():
            together.wait()
            try:
                breakers.note([GatewayTrial("email", "451")], now=NOW)
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=work) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert [(row.name, row.failures) for row in breakers.known()] == [("email", 4)]
    breakers.note([GatewayTrial("email"), *[GatewayTrial("email", "451")] * 2], now=NOW)
    assert [(row.failures, row.opened_at) for row in breakers.known()] == [(2, None)], "a success starts anew"


@pytest.mark.both_dbs("several senders lock one gateway")
def test_a_clock_that_jumps_ahead_ends_no_lease_of_a_sender_that_lives(app: Flask) -> None:
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@vidu.vn")
        sink.script[:] = ["held"]
        call(1)

        def work() -> None:
            with app.app_context():
                delivery.deliver_due(owner="one")

        sender = threading.Thread(target=work)
        with clock.travel(NOW):
            sender.start()
            wait_until(lambda: sink.arrivals, what="the letter")
        with clock.travel(NOW + timedelta(hours=2)):
            assert delivery.deliver_due(owner="two") == 0
            sink.let.set()
            sender.join()
        assert len(sink.arrivals) == 1
