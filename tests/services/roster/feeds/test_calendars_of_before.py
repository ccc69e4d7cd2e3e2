"""An upgrade over calendars of which nobody counted on how many days they were read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text

from core import clock
from core.db import db as handle
from roster.feeds.models import FeedSubscription
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20261130_shadows_told"
UPGRADED = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
MADE = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
READ = {1: None, 2: MADE + timedelta(minutes=5), 3: MADE + timedelta(days=2), 4: MADE + timedelta(days=9)}
"""Never; looked at once it was made; two days later; by a telephone that has it."""


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_what_was_read_long_after_it_was_made_is_in_use(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        ends = ".000000" if dialect == "sqlite" else "+00:00"
        row = text(
            "INSERT INTO feed_subscriptions "
            "(id, scope, owner, show_phones, created_at, last_fetched_at, last_fetched_by) "
            "VALUES (:id, 'person', 'person:1', false, :made, :read, '')"
        )
        with handle.engine.begin() as connection:
            for number, at in READ.items():
                made, read = (each and each.strftime("%Y-%m-%d %H:%M:%S") + ends for each in (MADE, at))
                connection.execute(row, {"id": number, "made": made, "read": read})
        # A copy is made before, and named by the moment: another one for each database.
        with clock.travel(UPGRADED + timedelta(minutes=int(server is not None))):
            upgrade()
        found = dict(handle.session.execute(select(FeedSubscription.id, FeedSubscription.days_fetched)).tuples().all())
        assert found == {1: 0, 2: 1, 3: 1, 4: 3}
