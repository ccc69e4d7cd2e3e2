"""Messages that kill whoever carries them, and workers that die for other reasons: real processes, killed for real.

From the third death on a message is a suspect: it goes alone, by a process of its own, and the worker lives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from incidents.paging import manual_calls
from incidents.policies import drafts
from incidents.record.models import Incident
from notify import outbox
from notify.deaths.rules import SUSPECT_FROM
from notify.models import Delivery, Message
from notify.senders import POOLS
from tests.support.policies import set_policy
from tests.support.smtp_sink import SmtpSink, smtp_sink, wait_until
from tests.support.tet_night import ADMIN, Night
from tests.support.worker import running_worker

pytestmark = [
    pytest.mark.both_dbs("workers die holding leases, which each database lets go in its own way"),
    pytest.mark.rest,  # four workers die before the first story ends; test_kill_the_worker.py tells how one dies
]
KILLED = 137
DEADLY = "chữ làm hỏng máy"
BINH, EM = "bi1@buudien.example", "em1@buudien.example"
NEUTRAL = "[Trực Tết] Có việc gọi đồng chí"
PATIENCE = 300


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def tonight(app: Flask) -> Night:
    """Bình serves operations and An leads, right now, since a worker's clock cannot travel; nobody else is called."""
    tonight, start = Night(), clock.now() - timedelta(hours=3)
    tonight.withdraw("operations", "emergency", "leadership")
    for duty, code in (("operations", "BI1"), ("emergency", "EM1")):
        tonight.publish(duty, code, start=start)
    set_policy(
        tonight.ids["BDA"],
        [drafts.StepSpec(duty="operations", after_seconds=0)],
        repeat_after_seconds=3600,
        ack_timeout_seconds=3600,
        actor=ADMIN,
        now=clock.now(),
    )
    return tonight


def log(tonight: Night, title: str, *, severity: int = 2) -> Incident:
    return tonight.log(title, "power", severity=severity, now=clock.now())


def messages(*which: Any) -> list[Message]:
    db.session.rollback()
    wanted = select(Message).where(*which).order_by(Message.id).execution_options(populate_existing=True)
    return list(db.session.scalars(wanted))


def about(incident: Incident) -> Message:
    return messages(Message.topic == f"incident/{incident.id}")[0]


def dies(app: Flask, data: Path, place: str) -> None:
    with running_worker(app, data, FAILPOINT=place) as worker:
        assert worker.wait() == KILLED, worker.log.read_text()


def test_a_message_that_kills_takes_the_worker_along_three_times_and_then_a_process_of_its_own(
    app: Flask, tonight: Night, sink: SmtpSink, tmp_path: Path
) -> None:
    place = f"outbox.worded~{DEADLY}"
    deadly = log(tonight, f"Mất điện, {DEADLY}")
    worst = [log(tonight, f"Cháy kho {number}", severity=1) for number in (1, 2)]
    for _life in range(SUSPECT_FROM):
        dies(app, tmp_path, place)
    with running_worker(app, tmp_path, FAILPOINT=place) as worker:
        wait_until(lambda: about(deadly).state == "sent", seconds=PATIENCE, what="the call in plain words")
        wait_until(lambda: {about(each).state for each in worst} == {"sent"}, seconds=PATIENCE, what="the others")
        assert worker.process.poll() is None, "it has outlived what killed the others"
        assert worker.terminate() == 0
    called = about(deadly)
    assert (called.deaths, called.deaths_alone, called.attempts) == (SUSPECT_FROM + 1, 1, SUSPECT_FROM + 2)
    letters = [each for each in sink.arrivals if each.message_id == called.message_id]
    assert [str(each.mail["Subject"]) for each in letters] == [NEUTRAL]
    assert letters[0].recipient == BINH and letters[0].page == "" and DEADLY not in letters[0].body
    assert f"{deadly.code} {app.config['PUBLIC_URL']}/a/" in letters[0].body
    said = db.session.scalars(select(Delivery.answer).where(Delivery.message_id == called.id).order_by(Delivery.id))
    assert list(said) == ["the process that carried it alone ended with 137", "250 2.0.0 OK"]
    # Who was in hand beside it was never called more often than the worker died.
    assert all(count <= SUSPECT_FROM for count in Counter(each.message_id for each in sink.arrivals).values())


def test_a_worker_that_dies_again_and_again_calls_on_and_not_the_same_people(
    app: Flask, sink: SmtpSink, tmp_path: Path
) -> None:
    """Twenty calls, and eight workers each of which dies as soon as a letter is taken, before it is noted."""
    for number in range(20):
        put(f"p{number:02d}")
    for _life in range(8):
        dies(app, tmp_path, "outbox.accepted")
    came = Counter(each.recipient for each in sink.arrivals)
    assert max(came.values()) <= SUSPECT_FROM
    # Which of those in hand arrives before the death is chance; once it was the same four, one of them five times.
    assert sum(each.deaths > 0 for each in messages()) > POOLS["email"]
    with running_worker(app, tmp_path):
        wait_until(lambda: {each.state for each in messages()} == {"sent"}, seconds=PATIENCE, what="all of them")
    assert {each.recipient for each in sink.arrivals} == {each.address for each in messages()}
    keys = {(each.recipient, each.message_id) for each in sink.arrivals}
    assert len(keys) == 20, "however often one came, it was the same letter"


def test_the_first_call_of_another_incident_leaves_while_workers_die(
    app: Flask, tonight: Night, sink: SmtpSink, tmp_path: Path
) -> None:
    """Bình cannot be written to at all, whatever is said: the worker lives, all others are called, people are told."""
    place = f"outbox.worded~{BINH}"
    lost = log(tonight, "Mất điện")
    dies(app, tmp_path, place)
    put("worst", rank=0)
    dies(app, tmp_path, place)
    dies(app, tmp_path, place)
    with running_worker(app, tmp_path, FAILPOINT=place) as worker:
        wait_until(lambda: about(lost).deaths_alone >= 2, seconds=PATIENCE, what="plain words that kill, too")
        put("later", rank=0)
        wait_until(lambda: sink_has(sink, "worst", "later"), seconds=PATIENCE, what="the first calls of others")
        wait_until(lambda: about(lost).deaths_alone >= 3, seconds=PATIENCE, what="another try: it is never given up")
        assert worker.process.poll() is None
        assert (about(lost).state in ("pending", "leased"), sink_has(sink, "bi1")) == (True, False)
    now = clock.now()
    assert [line.person.code for line in manual_calls.waiting(ADMIN, now=now)] == ["BI1"]


def sink_has(sink: SmtpSink, *names: str) -> bool:
    return set(names) <= {each.recipient.partition("@")[0] for each in sink.arrivals}


def put(name: str, **changes: Any) -> Message:
    facts: dict[str, Any] = {"channel": "email", "recipient": "Nguyễn Thị An", "subject": f"Sự cố {name}"}
    facts |= {"body": "Đề nghị tiếp nhận.", "urgent": True, "topic": f"incident/{name}", **changes}
    return outbox.enqueue(key=name, address=f"{name}@vidu.vn", now=clock.now(), **facts)


def test_two_nodes_that_die_of_it_in_turn_count_together(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    """Each takes over what the other has left, a lease later; neither has been killed three times."""
    place, nodes = f"outbox.worded~{DEADLY}", [tmp_path / "a", tmp_path / "b"]
    for node in nodes:
        node.mkdir()
    facts = {"code": "SC-2026-0001", "title": DEADLY}
    deadly = put("p", body=f"Đề nghị tiếp nhận: {DEADLY}", link="https://truc.example/a/1", facts=facts)
    for node in (nodes[0], nodes[1], nodes[0]):
        dies(app, node, place)
        lease_over()
    with running_worker(app, nodes[1], FAILPOINT=place) as worker:
        wait_until(lambda: {each.state for each in messages()} == {"sent"}, seconds=PATIENCE, what="the plain words")
        assert worker.process.poll() is None
    found = messages(Message.id == deadly.id)[0]
    assert (found.deaths, found.deaths_alone) == (SUSPECT_FROM + 1, 1)
    assert [each.message_id for each in sink.arrivals] == [found.message_id]
    assert sink.arrivals[0].body.split()[-2:] == ["SC-2026-0001", "https://truc.example/a/1"]


def lease_over() -> None:
    """75 seconds pass."""
    with transaction() as session:
        held = update(Message).where(Message.state == "leased")
        session.execute(held.values(leased_until=clock.now() - timedelta(seconds=1)))


def test_told_to_stop_it_waits_for_the_suspect_that_is_on_its_way_and_nobody_died(
    app: Flask, sink: SmtpSink, tmp_path: Path
) -> None:
    sink.script[:] = ["slow"]
    on_its_way, next_one = put("a"), put("b")
    with transaction() as session:
        session.execute(update(Message).values(deaths=SUSPECT_FROM))
    with running_worker(app, tmp_path) as worker:
        wait_until(lambda: not sink.script, seconds=PATIENCE, what="the letter")
        assert worker.terminate() == 0
    assert [(each.id, each.state, each.deaths) for each in messages()] == [
        (on_its_way.id, "sent", 0),  # it let its sender live
        (next_one.id, "pending", SUSPECT_FROM),
    ]


def test_a_worker_that_is_killed_takes_its_sender_process_along(app: Flask, sink: SmtpSink, tmp_path: Path) -> None:
    """Else that one would hand over what the next worker has claimed already."""
    sink.script[:] = ["hang"]
    message = put("a")
    with transaction() as session:
        session.execute(update(Message).values(deaths=SUSPECT_FROM))
    with running_worker(app, tmp_path) as worker:
        wait_until(lambda: not sink.script, seconds=PATIENCE, what="the letter")
        (child,) = children(worker.process.pid)
        worker.kill()
        wait_until(lambda: not Path(f"/proc/{child}").exists(), what="the end of the sender process")
    with running_worker(app, tmp_path):
        wait_until(lambda: {each.state for each in messages()} == {"sent"}, seconds=PATIENCE, what="the letter")
        wait_until(lambda: not any(each.deaths for each in messages()), seconds=PATIENCE, what="the end of suspicion")
    assert [each.message_id for each in sink.arrivals] == [message.message_id]
    (found,) = messages()
    assert found.deaths_alone == 0, "that it was killed is not its fault"


def children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for threads in told for each in threads.read_text().split()]
