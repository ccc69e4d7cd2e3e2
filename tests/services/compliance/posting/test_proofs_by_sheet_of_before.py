"""An upgrade over one code for both sheets: photos by a sheet wait, those of people signed in stay, old sheets work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, select

from compliance.posting.models import Posting
from core import clock
from core.db import db as handle
from core.errors import Gone
from incidents.public_reports import codes, counter_codes
from people import queries as people
from people.models import Unit
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20261230_put_off_by_a_person"
UPGRADED = datetime(2027, 1, 2, 4, 0, tzinfo=UTC)
THEN = datetime(2026, 12, 20, 4, 0, tzinfo=UTC)


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_what_came_by_a_sheet_waits_and_what_somebody_sent_stays(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            _written(connection)
        # A copy is made before, and named by the moment: another one for each database.
        with clock.travel(UPGRADED + timedelta(minutes=int(server is not None))):
            upgrade()
        rows = {row.key: row for row in handle.session.scalars(select(Posting))}
        assert {key: (row.sheet, row.waits) for key, row in rows.items()} == {
            "by-sheet": ("old", True),
            "by-name": ("old", True),
            "by-key": ("", False),
            "said": ("", False),
        }
        assert (rows["by-key"].accepted_at, rows["by-key"].accepted_by) == (THEN, "Phần mềm quầy")
        assert rows["said"].accepted_at is None
        first, second = (handle.session.get_one(Unit, number) for number in (1, 2))
        assert counter_codes.by_token(codes.token_of(first, 1)).is_old
        assert counter_codes.by_token(codes.token_of(second, 3)).is_old  # replaced twice before
        assert not counter_codes.by_token(counter_codes.token_of(first, 1)).is_old
        with pytest.raises(Gone):
            counter_codes.by_token(codes.token_of(second, 2))
        assert people.unit_by_id(1).code == "T"


def _written(connection: Any) -> None:
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, /, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(values))

    for number, code in ((1, "T"), (2, "X")):
        unit = {"code": code, "name": code, "kind": "service_point", "search_key": "", "phone": "", "address": ""}
        add("units", id=number, **unit, serves_party_state=False, is_demo=False, salt=f"muoi-{number}")
    add("report_codes", unit_id=2, generation=3, changed_at=THEN, changed_by="A")
    said = {"unit_id": 1, "what": "prohibited", "edition": "0123456789ab", "posted_on": date(2026, 12, 20)}
    for key, who, photo in (
        ("by-sheet", "Mã QR", "a" * 64),
        ("by-name", "Siu Thảo (mã QR)", "b" * 64),
        ("by-key", "Phần mềm quầy", "c" * 64),
        ("said", "Phần mềm quầy", ""),
    ):
        add("postings", **said, key=key, said_by=who, said_at=THEN, photo_sha256=photo, photo_type="", withdrawn_by="")
