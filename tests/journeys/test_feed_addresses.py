"""Addresses of feeds across what happens to a database: upgrades, the end of the demo, copies put back."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from core import clock
from core.db import db as handle, transaction
from core.errors import NotFound
from desk.demo import clearing
from people.models import Unit
from roster.feeds import reading, services as subscriptions
from roster.feeds.models import FeedSubscription
from tests.support import factories
from tests.support.isolation import IsolatedClient
from tests.support.older import at_revision
from tests.support.published import NOW, Published, feed

pytestmark = pytest.mark.both_dbs("upgrades and copies are each database's own")

BEFORE = "20261126_lists"
OLD = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def old(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """The product on a database of before, with four feeds: (the application, feed id → generation)."""
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server) as app:
        with handle.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO units (code, name, search_key, kind, phone, address, "
                    "serves_party_state, is_demo) VALUES ('T', 'Tỉnh', '', 'province', '', '', "
                    "false, false)"
                )
            )
            for generation, revoked in [(1, None), (3, None), (2, OLD), (1, None)]:
                connection.execute(
                    text(
                        "INSERT INTO feed_subscriptions (scope, unit_id, generation, owner, show_phones, created_at, "
                        "revoked_at, last_fetched_by) VALUES ('unit', 1, :generation, 'cli:x', false, :at, :revoked, "
                        "'iPhone')"
                    ),
                    {"generation": generation, "at": str(OLD)[:19], "revoked": str(revoked)[:19] if revoked else None},
                )
            connection.execute(text("DELETE FROM feed_subscriptions WHERE id = 4"))
        upgrade()
        yield app


def token_of_before(app: Flask, feed_id: int, generation: int) -> str:
    message = f"feed\x1f{feed_id}\x1f{generation}".encode()
    mac = hmac.new(app.config["SECRET_KEY"].encode(), message, hashlib.sha256).digest()[:20]
    return f"{feed_id}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def test_addresses_of_before_go_on_until_rotated_or_revoked_and_none_is_that_of_a_new_feed(old: Flask) -> None:
    client = IsolatedClient(old)
    for feed_id, generation in ((1, 1), (2, 3)):
        token = token_of_before(old, feed_id, generation)
        assert client.get(f"/feeds/{token}.ics").status_code == 200
        row = handle.session.get_one(FeedSubscription, feed_id)
        assert subscriptions.token_of(row) == token, "its owner reads it as before"
    # Rotated away: thirty days to empty phones, since nobody knows when. Revoked: long ago.
    assert "VEVENT" not in client.get(f"/feeds/{token_of_before(old, 2, 1)}.ics").text
    assert client.get(f"/feeds/{token_of_before(old, 3, 2)}.ics").status_code == 410
    assert client.get(f"/feeds/{token_of_before(old, 3, 3)}.ics").status_code == 404

    subscriptions.rotate(1, now=NOW, actor=factories.ADMIN)
    with clock.travel(NOW + timedelta(days=31)):
        assert client.get(f"/feeds/{token_of_before(old, 1, 1)}.ics").status_code == 410

    # The number of the feed that was deleted comes again on SQLite: no address of before may be that of the new one.
    with transaction() as session:
        session.execute(text("UPDATE units SET name = 'Khác'"))
    new = feed("unit", unit_id=handle.session.query(Unit.id).scalar())
    with pytest.raises(NotFound):
        reading.answer(token_of_before(old, new.id, 1), now=NOW)


def test_the_demos_addresses_never_show_what_is_real(app: Flask, db: Any, client: FlaskClient) -> None:
    unit = factories.make_unit("DEMO")
    with transaction() as session:
        session.execute(text("UPDATE units SET is_demo = true"))
    first = feed("unit", unit_id=unit.id)
    first_id, token = first.id, subscriptions.token_of(first)
    clearing.clear(now=NOW, actor=factories.ADMIN)
    with transaction() as session:
        left = session.get_one(FeedSubscription, first_id)
        assert (left.owner, left.unit_id, left.person_id, left.last_fetched_by) == (None, None, None, "")
    roster = Published()
    real = feed("unit", unit_id=roster.unit_id)
    assert real.id != first_id and subscriptions.token_of(real) != token
    with clock.travel(NOW + timedelta(days=1)):
        assert "VEVENT" not in client.get(f"/feeds/{token}.ics").text
    with clock.travel(NOW + timedelta(days=30)):
        assert client.get(f"/feeds/{token}.ics").status_code == 410


def test_a_copy_put_back_gives_no_old_address_to_another_feed(app: Flask, db: Any) -> None:
    """A feed made after the copy is lost with it; the next one gets its number, and must not get its address."""
    roster = Published()
    lost = feed("unit", unit_id=roster.unit_id)
    token, number = subscriptions.token_of(lost), lost.id
    with transaction() as session:
        session.execute(text("DELETE FROM feed_addresses"))
        session.execute(text("DELETE FROM feed_subscriptions"))
        if db.engine.dialect.name == "sqlite":
            session.execute(text("DELETE FROM sqlite_sequence WHERE name = 'feed_subscriptions'"))
        else:
            session.execute(text("ALTER SEQUENCE feed_subscriptions_id_seq RESTART"))
    again = feed("person", person_id=roster.person["O1"])
    assert again.id == number
    with pytest.raises(NotFound):
        reading.answer(token, now=NOW)
