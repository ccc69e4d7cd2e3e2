"""An upgrade over solves and lists of before: bounds wait to be verified, lists keep what they were signed with."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.types import JSON, Boolean, Date, Integer

from core.db import db as handle
from roster.models import Shift
from roster.solving.models import SolveRun
from tests.support.older import at_revision

pytestmark = pytest.mark.rest
KIND = "province"
BEFORE = "20261219_added_by_hand"
AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)


def put(connection: Connection, table: str, **values: Any) -> None:
    """A row of a table as it was, whatever else it has to have being empty."""
    found = Table(table, MetaData(), autoload_with=connection)
    row: dict[str, Any] = {}
    for column in found.columns:
        if column.nullable or column.server_default is not None or column.name in values:
            continue
        row[column.name] = _empty(column.type)
    named = {name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in values.items()}
    for name, value in values.items():
        if isinstance(found.c[name].type, JSON):
            named[name] = value
    connection.execute(found.insert().values(row | named))


def _empty(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return 0
    if isinstance(kind, Date):
        return date(2027, 2, 5)
    return AT if "DATE" in str(kind).upper() or "TIME" in str(kind).upper() else ""


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_bounds_wait_to_be_verified_and_lists_keep_their_numbers(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            put(connection, "units", id=1, code="BDA", name="Bưu điện huyện A", kind=KIND)
            put(connection, "campaigns", id=1, unit_id=1, name="Tết", tet_year=2027, state="published", revision=2)
            shift = {"campaign_id": 1, "unit_id": 1, "duty": "operations", "phase": "during", "form": "onsite"}
            for number, asked in ((1, 4), (2, 1), (3, 2)):
                put(connection, "shifts", id=number, template=f"Ca {number}", headcount=asked, **shift)
            for number, asked in ((1, 1), (2, 2)):
                content = [{"shift": 1, "required": asked}, {"shift": 2, "required": 1}]
                put(connection, "revisions", id=number, campaign_id=1, number=number, content=content, proof={})
            for number, status, bound in ((1, "optimal", 500), (2, "feasible", None), (3, "queued", None)):
                put(connection, "solve_runs", id=number, campaign_id=1, status=status, mode="whole", bound=bound)
        upgrade()
        asked = dict(handle.session.execute(select(Shift.id, Shift.published_for)).tuples().all())
        assert asked == {1: 2, 2: 1, 3: None}, "as the last revision says, whatever the draft asks for by now"
        found = dict(handle.session.execute(select(SolveRun.id, SolveRun.recheck)).tuples().all())
        assert found == {1: "pending", 2: None, 3: None}
