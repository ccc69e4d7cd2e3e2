"""Whoever is refused is written down by name, also by key; a thousand tries leave a number and a few entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core.db import db as database, transaction
from core.models import AuditEntry, Refusal
from core.security import refusals
from people.accounts import keys
from tests.support import enterprise
from tests.support.enterprise import NOW, ROOT

pytestmark = pytest.mark.both_dbs("counted by ON CONFLICT")


@pytest.fixture
def viewer(db: Any) -> tuple[int, dict[str, str]]:
    """Id of a key that may only read, and its header."""
    enterprise.make()
    key, secret = keys.create_api_key(keys.NewApiKey("chỉ xem", "viewer", "BDA"), now=NOW, actor=ROOT)
    return key.id, {"Authorization": f"Bearer {secret}"}


def refused() -> list[AuditEntry]:
    database.session.rollback()
    wanted = select(AuditEntry).filter_by(action="access.refused").order_by(AuditEntry.id)
    return list(database.session.scalars(wanted))


def test_a_call_that_is_refused_names_the_key(client: FlaskClient, viewer: tuple[int, dict[str, str]]) -> None:
    key_id, header = viewer
    body = {"code": "X", "name": "X", "kind": "district", "parent_code": "BDT"}
    assert client.post("/api/v1/units", json=body, headers=header).status_code == 403
    assert [(each.actor, each.thing_id, each.detail["method"]) for each in refused()] == [
        (f"key:{key_id}", "people_api.save_unit", "POST")
    ]


def test_a_thousand_refusals_of_a_day_are_one_number_and_a_few_entries(viewer: tuple[int, dict[str, str]]) -> None:
    found = keys.identify(viewer[1]["Authorization"].partition(" ")[2], NOW)
    assert found is not None
    for tried in range(101):
        refusals.note(found.actor, "somewhere", "GET", now=NOW + timedelta(seconds=tried))
    with transaction() as session:  # 897 more, none of which was written down
        session.execute(update(Refusal).values(count=998))
    for tried in (998, 999):
        refusals.note(found.actor, "somewhere", "GET", now=NOW + timedelta(seconds=tried))
    refusals.note(found.actor, "somewhere", "GET", now=NOW + timedelta(days=1))
    assert [each.detail["today"] for each in refused()] == [1, 2, 3, 4, 5, 10, 100, 1000, 1]
    counted = database.session.execute(
        select(Refusal.count, Refusal.first_at, Refusal.last_at).order_by(Refusal.on_day)
    )
    assert [tuple(each) for each in counted] == [
        (1000, NOW, NOW + timedelta(seconds=999)),
        (1, NOW + timedelta(days=1), NOW + timedelta(days=1)),
    ]
