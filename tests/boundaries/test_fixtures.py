"""The ground the other tests stand on."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import transaction
from core.heartbeat import beat
from core.models import Heartbeat


@pytest.mark.both_dbs
@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_on_a_freshly_migrated_database(db: Any, dialect: str, turn: int) -> None:
    assert db.engine.dialect.name == dialect
    assert db.session.scalars(select(Heartbeat)).all() == []
    beat("worker", now=clock.now())
    assert db.session.scalars(select(Heartbeat)).all() != []


@pytest.mark.both_dbs
def test_a_request_sees_what_the_test_wrote_and_nothing_of_its_session(client: FlaskClient) -> None:
    assert "worker_late" in client.get("/readyz").get_json()["reasons"]
    with transaction() as session:
        session.add(Heartbeat(name="worker", beat_at=clock.now(), detail={}))
    assert client.get("/readyz").get_json()["reasons"] == []


def test_unsaved_rows_are_refused_before_a_request(db: Any, client: FlaskClient) -> None:
    db.session.add(Heartbeat(name="other", beat_at=clock.now(), detail={}))
    with pytest.raises(AssertionError, match="unsaved rows"):
        client.get("/healthz")


def test_the_browser_reads_pages_through_a_real_socket(page: Any) -> None:
    assert page.goto("/healthz").status == 200
