"""The ground the other tests stand on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.db import transaction
from core.models import Heartbeat
from core.heartbeat import beat
from core import clock


@pytest.mark.both_dbs
@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_starts_on_a_freshly_migrated_database(db, client, dialect, turn):
    assert db.engine.dialect.name == dialect
    assert db.session.scalars(select(Heartbeat)).all() == []
    beat("worker", now=clock.now())
    assert db.session.scalars(select(Heartbeat)).all() != []


@pytest.mark.both_dbs
def test_a_request_sees_what_the_test_wrote_and_nothing_of_its_session(db, client):
    beat("worker", now=clock.now())
    assert client.get("/healthz").status_code == 200
    with transaction() as session:
        session.add(Heartbeat(name="other", beat_at=clock.now(), detail={}))
    assert client.get("/healthz").status_code == 200


def test_unsaved_rows_are_refused_before_a_request(db, client):
    db.session.add(Heartbeat(name="other", beat_at=clock.now(), detail={}))
    with pytest.raises(AssertionError, match="unsaved rows"):
        client.get("/healthz")
