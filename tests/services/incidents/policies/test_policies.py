"""Which policy holds where, and which cannot be saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import db as database
from core.errors import Invalid, NotFound
from incidents.escalation import engine
from incidents.policies import drafts, selection
from incidents.policies.models import PolicyVersion
from incidents.response import lifecycle
from tests.support.incident_facts import called, next_in
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

SEC = timedelta(seconds=1)


def test_the_nearest_policy_holds_and_running_incidents_keep_theirs(night: Night) -> None:
    before = night.log()
    set_policy(
        night.ids["BDT"],
        [drafts.StepSpec(0, person="CH1")],
        repeat_after_seconds=60,
        ack_timeout_seconds=600,
        catch_all=["QT1"],
        actor=ADMIN,
        now=NIGHT,
    )
    after = night.log()
    engine.escalate_due(NIGHT)
    assert (called(before), called(after)) == ([(0, "BI1", "email")], [(0, "CH1", "email")])
    assert next_in(after) == 60 * SEC
    assert selection.catch_all(night.ids["BDA-1"]) == [night.ids["QT1"]]
    lifecycle.apply_policy(before.id, actor=ADMIN, now=NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(before)[-1] == (0, "CH1", "email")


def test_a_catch_all_that_was_emptied_stays_empty(night: Night) -> None:
    for codes in (["CH1"], []):
        set_policy(
            night.ids["BDA"],
            [drafts.StepSpec(0, duty="operations")],
            repeat_after_seconds=60,
            ack_timeout_seconds=600,
            catch_all=codes,
            actor=ADMIN,
            now=NIGHT,
        )
    assert selection.catch_all(night.ids["BDA"]) == []


def test_the_defaults_are_rows_by_band(night: Night) -> None:
    urgent, normal = (
        selection.played(selection.policy_for(night.ids["BDA"], level), night.ids["BDA"], level, "other")
        for level in (2, 3)
    )
    assert [step.duty for step in normal.steps] == ["operations", "emergency", "leadership"]
    assert [step.after // SEC for step in urgent.steps] == [0, 120, 120]
    assert (urgent.repeat_after, urgent.ack_timeout) == (120 * SEC, 600 * SEC)
    assert (normal.repeat_after, normal.ack_timeout) == (300 * SEC, 1800 * SEC)


@pytest.mark.parametrize(
    ("steps", "changes", "fault"),
    [
        ([], {}, "policy.steps"),
        ([drafts.StepSpec(0)], {}, "policy.one_target"),
        ([drafts.StepSpec(0, duty="choir")], {}, "duty.unknown"),
        ([drafts.StepSpec(0, person="XX9")], {}, "person.unknown"),
        ([drafts.StepSpec(0, duty="operations")], {"repeat_after_seconds": 0}, "policy.wait"),
        ([drafts.StepSpec(-1, duty="operations")], {}, "policy.wait"),
    ],
)
def test_policies_that_cannot_be_used(night: Night, steps: Any, changes: dict[str, int], fault: str) -> None:
    waits = {"repeat_after_seconds": 60, "ack_timeout_seconds": 600} | changes
    with pytest.raises((Invalid, NotFound), match=fault):
        set_policy(night.ids["BDA"], steps, **waits, actor=ADMIN, now=NIGHT)
    assert database.session.scalar(select(func.count()).select_from(PolicyVersion)) == 2
