"""An upgrade over absences of which nobody kept when they were noted: last year's covered campaign stays covered."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text

from core import clock
from core.db import db as handle
from people.absences import spans
from people.models import Absence
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20261127_plans"
UPGRADED = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
NOTED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
AGAIN = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
IMPORTED, KNOWN, RENEWED = 1, 2, 3
DAYS = {
    IMPORTED: ("2026-02-16", "2026-02-16"),
    KNOWN: ("2026-11-20", "2026-12-02"),
    RENEWED: ("2026-11-20", "2026-11-22"),
}


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_what_was_over_when_it_became_known_is_history(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            _absences(connection)
        # A copy is made before, and named by the moment: another one for each database.
        upgraded = UPGRADED + timedelta(minutes=int(server is not None))
        with clock.travel(upgraded):
            upgrade()
        found = dict(handle.session.execute(select(Absence.person_id, Absence.recorded_at)).tuples().all())
        assert found == {IMPORTED: upgraded, KNOWN: NOTED, RENEWED: AGAIN}
        last_tet = datetime(2026, 2, 16, 0, 0, tzinfo=UTC), datetime(2026, 2, 16, 10, 0, tzinfo=UTC)
        this_week = UPGRADED, datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
        known = spans.during(DAYS, last_tet[0], this_week[1])
        assert spans.hit(known[IMPORTED], *last_tet) is None
        assert spans.hit(known[KNOWN], *this_week) is not None


def _absences(connection: Any) -> None:
    connection.execute(
        text(
            "INSERT INTO units (code, name, search_key, kind, phone, address, serves_party_state, is_demo) "
            "VALUES ('T', 'Tỉnh', '', 'province', '', '', false, false)"
        )
    )
    person = text(
        "INSERT INTO people (id, code, full_name, sort_key, search_key, unit_id, position, share, skills, limits, "
        "no_night, no_overtime, active, work_pattern, is_demo, overtime_month_minutes, overtime_year_minutes) "
        "VALUES (:id, :code, :code, '', '', 1, '', 100, '[]', '{}', false, false, true, 'shift', false, 0, 0)"
    )
    absence = text(
        "INSERT INTO absences (person_id, from_on, to_on, kind, note) VALUES (:person, :first, :last, 'sick', '')"
    )
    entry = text(
        "INSERT INTO audit_entries (at, actor, via, action, thing, thing_id, detail) "
        "VALUES (:at, 'A', 'web', :action, 'person', :person, :detail)"
    )
    for number, (first, last) in DAYS.items():
        connection.execute(person, {"id": number, "code": f"N{number}"})
        connection.execute(absence, {"person": number, "first": first, "last": last})
    said = [(KNOWN, "absence.add", NOTED), (KNOWN, "absence.add", AGAIN)]
    said += [(RENEWED, "absence.add", NOTED), (RENEWED, "absence.remove", NOTED), (RENEWED, "absence.add", AGAIN)]
    for number, action, at in said:
        days = json.dumps(dict(zip(("from_on", "to_on"), DAYS[number], strict=True)))
        moment = at.strftime("%Y-%m-%d %H:%M:%S") + ("+00:00" if connection.dialect.name == "postgresql" else ".000000")
        connection.execute(entry, {"at": moment, "action": action, "person": str(number), "detail": days})
