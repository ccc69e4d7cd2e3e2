"""A report becomes an incident: code, severity, phase, deadline, and what is the same as before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core.db import db as database
from core.errors import Forbidden, Invalid, NotFound
from core.models import AuditEntry
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.record import transitions
from incidents.record.models import Incident
from incidents.response import lifecycle
from tests.support.in_parallel import in_parallel
from tests.support.incident_facts import kinds, next_in
from tests.support.tet_night import ADMIN, NIGHT, Night

on_both = pytest.mark.both_dbs("many at once: locks")
SEC = timedelta(seconds=1)


def test_a_log_is_one_commit_of_incident_deadline_timeline_and_audit(night: Night) -> None:
    incident = night.log()
    assert (incident.code, incident.status, incident.severity) == ("SC-2020-0001", "open", 3)
    assert next_in(incident) == 0 * SEC
    assert kinds(incident) == ["logged"]
    audited = select(AuditEntry.thing_id).where(AuditEntry.action == "incident.log")
    assert list(database.session.scalars(audited)) == ["SC-2020-0001"]


def test_codes_count_within_the_local_year(night: Night) -> None:
    new_year = datetime.fromisoformat("2020-12-31T17:30:00+00:00")  # already 2021 in Việt Nam
    assert [night.log().code, night.log().code, night.log(now=new_year).code] == [
        "SC-2020-0001",
        "SC-2020-0002",
        "SC-2021-0001",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"category": "fire"}, 1),
        ({"severity": 4}, 4),
        ({"severity": 4, "party_state": True}, 2),
        ({"category": "kt1", "severity": 3}, 2),
        ({"severity": 1, "party_state": True}, 1),
    ],
)
def test_severity_comes_from_the_category_and_is_raised_never_refused(
    night: Night, given: dict[str, Any], expected: int
) -> None:
    assert night.log(**given).severity == expected


def test_the_phase_is_that_of_the_local_day(night: Night) -> None:
    assert night.log().phase == "during"
    assert night.log(now=NIGHT - timedelta(days=5)).phase == "before"
    assert night.log(now=NIGHT + timedelta(days=200)).phase is None


def test_what_cannot_be_logged(night: Night) -> None:
    with pytest.raises(Invalid, match="title_missing"):
        night.log(title="  ")
    with pytest.raises(NotFound, match="category.unknown"):
        night.log(category="weather")
    with pytest.raises(Forbidden):
        night.log(actor=night.actor("DU1", "viewer", "BDC"))
    assert database.session.scalar(select(func.count()).select_from(Incident)) == 0


def test_it_cannot_have_been_detected_in_the_future(night: Night) -> None:
    assert night.log(detected_at=NIGHT + timedelta(hours=2)).detected_at == NIGHT


def test_an_open_dedup_key_answers_the_incident_that_is_there(night: Night) -> None:
    first = night.log(dedup_key="ups-1")
    again, created = creation.log(
        IncidentReport(
            title="Vẫn mất điện", category="power", unit_id=night.ids["BDA"], dedup_key="ups-1", actor=ADMIN
        ),
        now=NIGHT,
    )
    assert (again.id, created) == (first.id, False)
    assert kinds(first) == ["logged", "reported_again"]
    lifecycle.resolve(first.id, actor=ADMIN, now=NIGHT)
    assert night.log(dedup_key="ups-1").id != first.id


def test_a_report_of_what_is_being_resolved_at_that_moment_is_a_new_one(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, real = night.log(dedup_key="ups-1"), transitions.all_exclusively

    def waited(session: Any, incident_ids: set[int]) -> dict[int, Incident]:
        # What another transaction commits while this one waits for the lock.
        session.execute(text("UPDATE incidents SET status = 'resolved' WHERE id = :id"), {"id": first.id})
        return real(session, incident_ids)

    monkeypatch.setattr(transitions, "all_exclusively", waited)
    assert night.log(dedup_key="ups-1").id != first.id


@on_both
def test_64_first_duplicates_at_once_make_one(night: Night, app: Flask) -> None:
    made = in_parallel(
        app,
        64,
        lambda n: creation.log(
            IncidentReport(
                title=f"Mất điện {n}", category="power", unit_id=night.ids["BDA"], dedup_key="ups-1", actor=ADMIN
            ),
            now=NIGHT,
        )[1],
    )
    assert sorted(made) == [False] * 63 + [True]
    assert database.session.scalar(select(func.count()).select_from(Incident)) == 1


@on_both
def test_codes_are_unique_and_without_gaps_when_many_log_at_once(night: Night, app: Flask) -> None:
    codes = in_parallel(app, 32, lambda n: night.log(title=f"Sự cố {n}").code)
    assert sorted(codes) == [f"SC-2020-{n:04d}" for n in range(1, 33)]
