"""An upgrade where several people share a number: it goes through, and the number signs in whom it is known to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from core.db import db as handle
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20261126_feed"
PROVED = "2026-01-05 00:00:00"
LATER = "2026-01-06 00:00:00"
PEOPLE = {
    "An": [("phone", "0900000001", None), ("email", "bd@x.example", None)],
    "Bình": [("phone", "0900000001", PROVED), ("email", "bd@x.example", None)],
    "Chi": [("phone", "0900000001", LATER), ("email", "chi@x.example", None)],
    "Dũng": [("phone", "0900000004", None)],
}


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_a_shared_address_stays_with_whoever_proved_it_first_else_with_the_office(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            _people(connection)
        upgrade()
        with handle.engine.connect() as connection:
            found = connection.execute(
                text(
                    "SELECT p.full_name, c.address, c.unit_id IS NULL FROM contact_methods c "
                    "JOIN people p ON p.id = c.person_id ORDER BY c.address, p.full_name"
                )
            )
            own = {(name, address) for name, address, is_own in found if is_own}
    assert own == {("Bình", "0900000001"), ("Chi", "chi@x.example"), ("Dũng", "0900000004")}


def _people(connection: Any) -> None:
    connection.execute(
        text(
            "INSERT INTO units (code, name, search_key, kind, phone, address, serves_party_state, is_demo) "
            "VALUES ('T', 'Tỉnh', '', 'province', '', '', false, false)"
        )
    )
    person = text(
        "INSERT INTO people (id, code, full_name, sort_key, search_key, unit_id, position, share, skills, limits, "
        "no_night, no_overtime, active, work_pattern, is_demo, overtime_month_minutes, overtime_year_minutes) "
        "VALUES (:id, :code, :name, :name, '', 1, '', 100, '[]', '{}', false, false, true, 'shift', false, 0, 0)"
    )
    contact = text(
        "INSERT INTO contact_methods (person_id, channel, address, position, verified_at) "
        "VALUES (:person, :channel, :address, :place, :at)"
    )
    for number, (name, contacts) in enumerate(PEOPLE.items(), 1):
        connection.execute(person, {"id": number, "code": f"N{number}", "name": name})
        for place, (channel, address, proved) in enumerate(contacts):
            connection.execute(
                contact, {"person": number, "channel": channel, "address": address, "at": proved, "place": place}
            )
