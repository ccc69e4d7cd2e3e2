"""Power cuts at every place there is: one night in which the program dies between any two of its steps.

Each cut is a process of its own (forked, so that the night stays short) that dies without any clean-up; real worker
processes die in test_kill_the_worker.py and test_delivery.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from core.models import AuditEntry, SystemFault
from core.observability import heartbeat
from core.storage import failpoints
from desk.audit import auditor
from incidents.escalation import engine
from incidents.policies import drafts
from incidents.record.models import Escalation, Incident, Page
from incidents.response import lifecycle
from notify import delivery
from notify.alone import services as alone
from notify.channels.registry import Channels
from notify.models import Message
from tests.boundaries.tree import ROOT, product_python
from tests.support.policies import set_policy
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs("what a dead program's connection held is let go by each database in its own way")

BINH = "bi1@buudien.example"
KILLED = 137
ELSEWHERE = {
    "solve.claimed",
    "solve.thought",
    "solve.finished",
    "plan.made",
    "plan.written",
    "backup.made",
    "backup.written",
    "batch.claimed",
    "batch.file",
    "mail.counted",
}
"""Tried in test_kill_the_worker.py, test_short_writes.py, test_backup.py, test_batches.py and
test_mail_that_kills.py."""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sink(app: Flask) -> Iterator[SmtpSink]:
    with smtp_sink() as server:
        app.config.update(MAIL_URL=server.url, MAIL_FROM="truc@buudien.example")
        yield server


@pytest.fixture
def night(night: Night) -> Night:
    set_policy(
        night.ids["BDA"],
        [drafts.StepSpec(duty="operations", after_seconds=0)],
        repeat_after_seconds=3600,
        ack_timeout_seconds=3600,
        actor=ADMIN,
        now=NIGHT,
    )
    return night


def cut(place: str, act: Callable[[], Any]) -> None:
    """``act()`` in a process that must die at ``place``."""
    database.session.remove()
    database.engine.dispose()
    child = os.fork()
    if child == 0:
        os.environ.update(APP_ENV="test", FAILPOINT=place)
        try:
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED, f"never came to {place}"
    assert place in failpoints.PLACES
    _tried.add(place)


_tried: set[str] = set()


def log(night: Night) -> int:
    return night.log(category="other", severity=2).id


def deliver(now: Any) -> int:
    """What senders of slot 0 do after their predecessors died; from the third death on they carry a message alone."""
    with clock.travel(now):
        delivery.free_leases("node/0/", now=now)
        carried = delivery.deliver_due(owner="node/0/0")
        while (claimed := alone.claim("node/0/alone", now=now)) is not None:
            delivery.carry(claimed, Channels(current_app.config))
            carried += 1
        return carried


def count(model: Any) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(model)) or 0


def only(model: Any) -> Any:
    database.session.rollback()
    return database.session.scalars(select(model).execution_options(populate_existing=True)).one()


def test_a_night_with_a_power_cut_between_any_two_steps(app: Flask, night: Night, sink: SmtpSink) -> None:
    _tried.clear()
    before = count(AuditEntry)
    cut("incident.logged", lambda: log(night))
    # Who was not answered 2xx knows it: not a trace, not even half of one (P1).
    assert (count(Incident), count(Escalation), count(AuditEntry)) == (0, 0, before)
    incident_id = log(night)
    assert (count(Incident), count(Escalation), count(AuditEntry)) == (1, 1, before + 1)

    for place in ("escalation.claimed", "escalation.called"):
        cut(place, lambda: engine.escalate_due(NIGHT))
        assert (count(Page), count(Message), only(Escalation).fired) == (0, 0, 0), place
    cut("escalation.fired", lambda: engine.escalate_due(NIGHT))
    assert (count(Page), count(Message)) == (1, 1)
    assert engine.escalate_due(NIGHT) == 0, "it was fired before the lights went out"

    places = ((0, "outbox.claimed"), (0, "outbox.opened"), (0, "outbox.worded"), (1, "outbox.accepted"))
    for letters, place in places:
        cut(place, lambda: deliver(NIGHT))
        assert (only(Message).state, len(sink.arrivals)) == ("leased", letters), place
    cut("outbox.marked", lambda: deliver(NIGHT))
    assert (only(Message).state, only(Message).deaths) == ("sent", 4)
    assert deliver(NIGHT + 5 * MINUTE) == 0
    # Called once. The letter came twice, as one letter, for one cut fell between "taken" and our note of it (P3).
    assert [arrival.recipient for arrival in sink.arrivals] == [BINH] * 2
    assert len({arrival.message_id for arrival in sink.arrivals}) == 1

    binh = night.ids["BI1"]
    cut("incident.changed", lambda: lifecycle.acknowledge(incident_id, person_id=binh, actor=ADMIN, now=NIGHT))
    assert (only(Incident).status, only(Incident).acknowledged_by) == ("open", "")
    lifecycle.acknowledge(incident_id, person_id=binh, actor=ADMIN, now=NIGHT + MINUTE)
    assert only(Incident).status == "acknowledged"

    late = only(Escalation).next_at + 2 * MINUTE
    heartbeat.beat(heartbeat.WORKER, now=late)
    cut("audit.kept", lambda: auditor.inspect(late))
    auditor.inspect(late)
    assert (only(SystemFault).kind, only(SystemFault).told) == ("incidents_overdue", 1)
    assert _tried == failpoints.PLACES.keys() - ELSEWHERE


def test_every_place_is_in_the_program_and_every_place_in_the_program_is_named() -> None:
    code = "".join(path.read_text() for path in product_python() if path != ROOT / "core" / "failpoints.py")
    assert {place for place in failpoints.PLACES if f'hit("{place}"' in code} == failpoints.PLACES.keys()
    named = {part.split('"')[0] for part in code.split('hit("')[1:]}
    assert named == failpoints.PLACES.keys()


def test_a_misspelt_place_is_no_silent_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "test")
    monkeypatch.setenv("FAILPOINT", "outbox.clamed")
    with pytest.raises(ValueError, match=r"outbox\.clamed"):
        failpoints.hit("outbox.claimed")


def test_outside_of_tests_nothing_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("FAILPOINT", "outbox.claimed")
    failpoints.hit("outbox.claimed")


@pytest.mark.parametrize("env", ["development", "production"])
def test_nobody_can_have_a_real_night_cut_short(env: str) -> None:
    passing = "from core.storage.failpoints import hit; hit('outbox.claimed'); print('it goes on')"
    environment = {**os.environ, "APP_ENV": env, "FAILPOINT": "outbox.claimed"}
    done = subprocess.run(
        [sys.executable, "-c", passing], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "it goes on\n"
