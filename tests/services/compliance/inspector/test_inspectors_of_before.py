"""An upgrade over links of inspectors: whoever the audit names answers for theirs; one that it does not name stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, func, select

from compliance.inspector import services as inspector
from compliance.inspector.models import InspectorLink
from core import clock
from core.db import db as handle
from core.errors import Gone
from core.security import tokens
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20270107_refused_mails"
UPGRADED = datetime(2027, 1, 13, 4, 0, tzinfo=UTC)
THEN = datetime(2027, 1, 10, 4, 0, tzinfo=UTC)


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_a_link_of_before_ends_with_the_account_that_the_audit_names(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            _written(connection)
        # A copy is made before, and named by the moment: another one for each database.
        with clock.travel(UPGRADED + timedelta(minutes=int(server is not None))):
            upgrade()
        rows = handle.session.scalars(select(InspectorLink).order_by(InspectorLink.id))
        assert [row.owner for row in rows] == ["user:7", ""]
        with pytest.raises(Gone):  # nobody has the account of the first any more
            inspector.opened("link-1", now=UPGRADED)
        assert inspector.opened("link-2", now=UPGRADED).made_for == "Sở"


def _written(connection: Any) -> None:
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, /, **values: Any) -> None:
        connection.execute(tables.tables[table].insert().values(values))

    unit = {"code": "T", "name": "T", "kind": "province", "search_key": "", "phone": "", "address": ""}
    add("units", id=1, **unit, serves_party_state=False, is_demo=False, salt="muoi")
    directive = connection.execute(select(func.min(tables.tables["directives"].c.id))).scalar_one()
    for number in (1, 2):
        link = {"directive_id": directive, "unit_id": 1, "made_for": "Sở", "made_at": THEN, "made_by": "A"}
        digest = tokens.digest(f"link-{number}")
        add("inspector_links", **link, digest=digest, sealed="", expires_at=THEN + timedelta(days=60), ended_by="")
    said = {"at": THEN, "actor": "user:7", "via": "session", "action": "inspector.make", "origin": ""}
    add("audit_entries", **said, thing="directive", thing_id=str(directive), detail={"link": 1, "days": 60})
