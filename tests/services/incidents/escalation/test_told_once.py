"""Who counts as told, and who is offered to be rung: what never left tells nobody, and the absent are not rung."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import local_date
from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine, targets
from incidents.escalation.lookups import EscalationLookups
from incidents.record.models import Incident
from notify.models import Message
from people.models import Absence
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs


@pytest.fixture
def night(night: Night) -> Night:
    night.publish("operations", "EM1")
    return night


@pytest.fixture
def incident(night: Night) -> Incident:
    """Bình and Em serve operations, and have been written to."""
    made = creation.log(
        IncidentReport(title="Mất điện", category="power", unit_id=night.ids["BDA"], actor=ADMIN), now=NIGHT
    )[0]
    engine.escalate_due(NIGHT)
    return made


@pytest.mark.parametrize(
    ("state", "told"), [("sent", True), ("pending", True), ("cancelled", False), ("superseded", False)]
)
def test_a_message_that_never_left_told_nobody(night: Night, incident: Incident, state: str, told: bool) -> None:
    with transaction() as session:
        session.query(Message).update({"state": state})
    assert EscalationLookups().told(db.session.get_one(Incident, incident.id)) == (
        {night.ids["BI1"], night.ids["EM1"]} if told else set()
    )


def test_whoever_is_absent_is_not_offered_to_be_rung(night: Night, incident: Incident) -> None:
    day = local_date(NIGHT)

    def offered() -> str:
        here = db.session.get_one(Incident, incident.id)
        found = targets.on_duty_to_ring(here, NIGHT + timedelta(minutes=2), reader=night.ids["AN1"])
        return found.code if found else ""

    first = offered()
    assert first in ("BI1", "EM1")
    for person in (first, {"BI1": "EM1", "EM1": "BI1"}[first]):
        with transaction() as session:
            session.add(Absence(person_id=night.ids[person], from_on=day, to_on=day, kind="sick", recorded_at=NIGHT))
        assert offered() != person
    assert offered() == "", "nobody is there"
