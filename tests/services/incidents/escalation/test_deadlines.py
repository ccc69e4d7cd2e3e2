"""How far away a deadline may be: as far as its policy allows, whatever policy, people or the clock do meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db as database, is_sqlite, transaction
from core.models import Setting
from incidents.escalation import engine, resuming
from incidents.policies import drafts, selection
from incidents.record.models import Escalation, Incident
from incidents.response import lifecycle, responders
from notify import pause
from tests.support.incident_facts import fresh
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RESTORED = NIGHT + HOUR
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
    taken, snoozed, called_again = log(night), log(night), log(night)
    engine.escalate_due(NIGHT)
    later = NIGHT + 2 * SEC  # after the worker has read its clock, before it looks at these
    for incident in (taken, snoozed):
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=later)
    until = later + selection.snooze_most(database.session.get_one(Incident, snoozed.id))
    responders.snooze(snoozed.id, until=until, reason="Chờ thợ điện", actor=night.actor("BI1"), now=later)
    lifecycle.escalate_now(called_again.id, actor=ADMIN, now=later)
    with clock.travel(later + SEC):
        engine.escalate_due(later + SEC)
        assert engine.keep_deadlines_near(NIGHT) == 0
    assert next_in(taken) == 602 * SEC
    assert next_in(snoozed) == until - NIGHT
    assert next_in(called_again) == 123 * SEC


def test_a_policy_that_waits_less_holds_back_nothing_for_as_long_as_the_old_one_would_have(night: Night) -> None:
    waits, taken, snoozed = log(night), log(night), log(night)
    engine.escalate_due(NIGHT)
    for incident in (taken, snoozed):
        lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    until = NIGHT + 1000 * SEC
    responders.snooze(snoozed.id, until=until, reason="Chờ thợ điện", actor=night.actor("BI1"), now=NIGHT)
    quick: dict[str, Any] = {"repeat_after_seconds": 60, "ack_timeout_seconds": 90, "actor": ADMIN, "now": NIGHT}
    set_policy(night.ids["BDA"], [drafts.StepSpec(duty="operations", after_seconds=0)], **quick)
    for incident in (waits, taken, snoozed):
        lifecycle.apply_policy(incident.id, actor=ADMIN, now=NIGHT + 10 * SEC)
    assert (next_in(waits), next_in(taken)) == (70 * SEC, 100 * SEC)
    assert next_in(snoozed) == 1000 * SEC, "that hour was agreed"
    with clock.travel(NIGHT + 10 * SEC):
        engine.escalate_due(NIGHT + 10 * SEC)
    assert (next_in(waits), next_in(taken), next_in(snoozed)) == (70 * SEC, 100 * SEC, 1000 * SEC)
    assert not fresh(waits).escalation.exhausted, "nobody of the new policy has been called yet"


def put_off(night: Night) -> Incident:
    """Restored an hour after its first call under a policy with short waits; somebody chose that it is called later."""
    quick: dict[str, Any] = {"repeat_after_seconds": 20, "ack_timeout_seconds": 20, "actor": ADMIN, "now": NIGHT}
    steps = [drafts.StepSpec(duty="operations", after_seconds=0), drafts.StepSpec(duty="emergency", after_seconds=20)]
    set_policy(night.ids["BDA"], steps, **quick)
    incident = log(night)
    engine.escalate_due(NIGHT)
    with transaction() as session:
        session.add(Setting(key=pause.KEY, value=pause.value(RESTORED, NIGHT)))
    with clock.travel(RESTORED):
        resuming.resume("skip", actor=ADMIN, now=RESTORED)
    assert next_in(incident) == HOUR + MINUTE, "a minute is the least that is put off"
    return incident


def look(now: datetime) -> None:
    with clock.travel(now):
        engine.escalate_due(now)


def test_what_was_put_off_after_a_restore_stays_put_off_where_waits_are_short(night: Night) -> None:
    incident = put_off(night)
    for seconds in (0, 2, 30, 59):
        look(RESTORED + seconds * SEC)
        assert next_in(incident) == HOUR + MINUTE
    look(RESTORED + MINUTE)
    assert next_in(incident) == HOUR + MINUTE + 20 * SEC, "called when it was to be, then as the policy says"


def test_a_clock_set_back_after_that_is_still_put_right(night: Night) -> None:
    incident, back = put_off(night), RESTORED - 2 * HOUR
    look(back)
    if is_sqlite():
        assert next_in(incident) == back + MINUTE - NIGHT, "a minute from now, as was said, not in two hours"
        look(back + 30 * SEC)
        assert next_in(incident) == back + MINUTE - NIGHT
        look(back - 2 * HOUR)
        assert next_in(incident) == back - 2 * HOUR + MINUTE - NIGHT, "also the second time"


def test_a_later_deadline_has_the_waits_of_its_policy_again(night: Night) -> None:
    incident = put_off(night)
    look(RESTORED + MINUTE)
    look(RESTORED - HOUR)
    if is_sqlite():
        assert next_in(incident) == 20 * SEC
