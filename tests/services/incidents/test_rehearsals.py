"""Exercises beside real incidents: short steps, their own end, keys of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from core.db import db as database, transaction
from core.errors import Conflict, Invalid
from incidents.escalation import engine
from incidents.record import transitions
from incidents.response import lifecycle
from roster.models import Rehearsal
from tests.support.incident_facts import called, fresh, kinds, mails, next_in
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC = timedelta(seconds=1)


def test_a_real_report_cannot_use_the_keys_of_an_exercise(night: Night) -> None:
    drill = night.log(dedup_key="ups-1", rehearsal=night.rehearse(now=NIGHT))
    with pytest.raises(Invalid, match="incident.dedup_key"):
        night.log(dedup_key=drill.dedup_key)
    assert night.log(dedup_key="rehearsal/room").dedup_key == "rehearsal/room"


def test_a_rehearsal_is_called_in_short_steps_and_says_so(night: Night) -> None:
    november = datetime.fromisoformat("2026-11-25T03:00:00+00:00")
    rehearsal = night.rehearse(now=november)
    incident = night.log(now=november, rehearsal=rehearsal)
    assert incident.phase == "during"
    engine.escalate_due(november)
    engine.escalate_due(november + 20 * SEC)
    assert [code for _, code, _ in called(incident)] == ["BI1", "EM1"]
    for mail in mails():
        assert "DIỄN TẬP" in mail.subject and "DIỄN TẬP" in mail.body


def test_when_the_rehearsal_is_over_what_is_open_closes_itself(night: Night) -> None:
    rehearsal = night.rehearse(now=NIGHT, minutes=30)
    drill, real = night.log(rehearsal=rehearsal), night.log()
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + timedelta(minutes=30))
    assert (fresh(drill).status, next_in(drill), kinds(drill)[-1]) == ("closed", None, "ended")
    assert len(called(drill)) == 1, "and nobody was called at the moment it ended"
    assert fresh(real).status == "open"
    with pytest.raises(Conflict, match="rehearsal_over"):
        lifecycle.reopen(drill.id, actor=ADMIN, now=NIGHT + timedelta(minutes=31))


def test_what_is_real_never_joins_an_exercise(night: Night) -> None:
    drill = night.log(dedup_key="ups-1", rehearsal=night.rehearse(now=NIGHT))
    assert night.log(dedup_key="ups-1").id != drill.id
    assert database.session.scalar(select(func.count()).select_from(Rehearsal)) == 1


def test_an_exercise_that_somebody_else_ended_is_over_for_the_next_transaction(night: Night) -> None:
    rehearsal = night.rehearse(now=NIGHT)
    first, second = (night.log(rehearsal=rehearsal) for _each in range(2))
    with transaction() as session:
        held = transitions.exclusively(session, first.id)  # as a worker holds the incident before
        assert not held.is_exercise_over(NIGHT)
    with database.engine.begin() as elsewhere:
        elsewhere.execute(update(Rehearsal).values(ended_at=NIGHT))
    with transaction() as session:
        assert transitions.exclusively(session, second.id).is_exercise_over(NIGHT)
    assert held.is_exercise_over(NIGHT), "and for what was held before"
