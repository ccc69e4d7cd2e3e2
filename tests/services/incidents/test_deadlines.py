"""How far away a deadline may be: as far as its policy allows, whatever policy, people or the clock do meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db as database
from incidents.escalation import engine
from incidents.policies import drafts, selection, versions
from incidents.record.models import Escalation, Incident
from incidents.response import lifecycle, responders
from tests.support.incident_facts import fresh
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC = timedelta(seconds=1)
pytestmark = pytest.mark.both_dbs("deadlines are told by the host's clock, or by the database's")


def log(night: Night) -> Incident:
    return night.log(severity=2)


def next_in(incident: Incident) -> timedelta:
    database.session.rollback()
    at: datetime = database.session.scalars(
        select(Escalation.next_at).where(Escalation.incident_id == incident.id)
    ).one()  # type: ignore[assignment]
    return at - NIGHT


def test_what_is_taken_or_put_off_while_the_worker_looks_is_no_jump_of_the_clock(night: Night) -> None:
    taken, put_off, called_again = log(night), log(night), log(night)
    engine.escalate_due(NIGHT)
    later = NIGHT + 2 * SEC  # after the worker has read its clock, before it looks at these
    for incident in (taken, put_off):
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=later)
    until = later + selection.snooze_most(database.session.get_one(Incident, put_off.id))
    responders.snooze(put_off.id, until=until, reason="Chờ thợ điện", actor=night.actor("BI1"), now=later)
    lifecycle.escalate_now(called_again.id, actor=ADMIN, now=later)
    with clock.travel(later + SEC):
        engine.escalate_due(later + SEC)
        assert engine.keep_deadlines_near(NIGHT) == 0
    assert next_in(taken) == 602 * SEC
    assert next_in(put_off) == until - NIGHT
    assert next_in(called_again) == 123 * SEC


def test_a_policy_that_waits_less_holds_back_nothing_for_as_long_as_the_old_one_would_have(night: Night) -> None:
    waits, taken, put_off = log(night), log(night), log(night)
    engine.escalate_due(NIGHT)
    for incident in (taken, put_off):
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    until = NIGHT + 1000 * SEC
    responders.snooze(put_off.id, until=until, reason="Chờ thợ điện", actor=night.actor("BI1"), now=NIGHT)
    quick: dict[str, Any] = {"repeat_after_seconds": 60, "ack_timeout_seconds": 90, "actor": ADMIN, "now": NIGHT}
    versions.set_policy(night.ids["BDA"], [drafts.StepSpec(duty="operations", after_seconds=0)], **quick)
    for incident in (waits, taken, put_off):
        lifecycle.apply_policy(incident.id, actor=ADMIN, now=NIGHT + 10 * SEC)
    assert (next_in(waits), next_in(taken)) == (70 * SEC, 100 * SEC)
    assert next_in(put_off) == 1000 * SEC, "that hour was agreed"
    with clock.travel(NIGHT + 10 * SEC):
        engine.escalate_due(NIGHT + 10 * SEC)
    assert (next_in(waits), next_in(taken), next_in(put_off)) == (70 * SEC, 100 * SEC, 1000 * SEC)
    assert not fresh(waits).escalation.exhausted, "nobody of the new policy has been called yet"
