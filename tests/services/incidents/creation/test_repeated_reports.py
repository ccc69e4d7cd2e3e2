"""Told once more: what is worse than known holds, and nothing gets milder by itself."""

from __future__ import annotations

from datetime import timedelta

from core.db import db as database
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Incident, Page, TimelineEntry
from tests.support.tet_night import ADMIN, NIGHT, Night

DOWN = {"title": "Bưu cục 12 mất mạng", "category": "connectivity", "dedup_key": "bc-12", "actor": ADMIN}


def told(night: Night, minutes: int = 0, **more: object) -> Incident:
    now = NIGHT + timedelta(minutes=minutes)
    incident, _new = creation.log(IncidentReport(unit_id=night.ids["BDA"], **DOWN | more), now=now)  # type: ignore[arg-type]
    database.session.rollback()
    return database.session.get_one(Incident, incident.id, populate_existing=True)


def kinds() -> list[str]:
    return [entry.kind for entry in database.session.query(TimelineEntry).order_by(TimelineEntry.id)]


def test_a_worse_level_holds_and_a_milder_one_does_not(night: Night) -> None:
    assert told(night, severity=3).severity == 3
    first = told(night, 1, severity=2)
    assert first.severity == 2 and kinds() == ["logged", "reported_again", "reclassified"]
    assert told(night, 2, severity=4).severity == 2
    assert kinds().count("reclassified") == 1


def test_what_is_worse_is_called_no_later_than_its_policy_wants(night: Night) -> None:
    told(night, severity=4)
    engine.escalate_due(NIGHT)
    waiting = database.session.get_one(Incident, 1, populate_existing=True).escalation.next_at
    sooner = told(night, 1, severity=1).escalation.next_at
    assert waiting is not None and sooner is not None and sooner < waiting
    assert engine.escalate_due(sooner) == 1
    assert database.session.query(Page).count() >= 2


def test_party_and_state_are_heard_of_later_too(night: Night) -> None:
    assert not told(night, severity=4).party_state
    later = told(night, 1, party_state=True)
    assert later.party_state and later.severity <= 2
