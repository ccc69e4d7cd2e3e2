"""An upgrade over promises after incidents and policies that name people: each as it was, with room for a name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import MetaData, func, inspect, select
from sqlalchemy.exc import IntegrityError

from core import clock
from core.db import db as handle, transaction
from incidents.policies.models import PolicyTarget, PolicyVersion
from incidents.reviews.models import ReviewAction
from tests.support.older import at_revision

pytestmark = pytest.mark.rest

BEFORE = "20261128_noted"
UPGRADED = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)
NIGHT = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)
HEAD, PERSON, DUTY = 0, 1, 2


@pytest.mark.both_dbs("migrations have statements of their own for each database")
def test_promises_and_policies_of_before_are_as_they_were(
    dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("pg_server") if dialect == "postgresql" else None
    with at_revision(BEFORE, tmp_path, server):
        with handle.engine.begin() as connection:
            version = _written(connection)
        # A copy is made before, and named by the moment: another one for each database.
        with clock.travel(UPGRADED + timedelta(minutes=int(server is not None))):
            upgrade()
        action = handle.session.scalars(select(ReviewAction)).one()
        assert (action.text, action.owner_id, action.owner_said, action.done_at) == ("Thay", 1, "Lan", None)
        assert action.due_on == date(2020, 2, 1) and handle.session.get_one(PolicyVersion, version).catch_all == [1]
        rows = handle.session.scalars(select(PolicyTarget).filter_by(policy_id=version).order_by(PolicyTarget.place))
        found = [(each.head, each.person_id, each.duty, each.gone) for each in rows]
        assert found == [("own", None, None, None), (None, 1, None, None), (None, None, "operations", None)]
        names = {each["name"] for each in inspect(handle.engine).get_indexes("review_actions")}
        assert names == {"ix_review_actions_incident_id"}
        _still_checked(action, version)


def _still_checked(action: ReviewAction, version: int) -> None:
    """Nobody's action, a target without or with two meanings, steps that lose their policy: as strict as before."""
    with pytest.raises(IntegrityError), transaction():
        action.owner_id = None
    handle.session.rollback()
    for meaning in ({}, {"gone": "Lan", "person_id": 1}, {"head": "nobody"}, {"person_id": 99}):
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(PolicyTarget(policy_id=version, position=0, place=3, **meaning))
        handle.session.rollback()
    with transaction() as session:
        session.add(PolicyTarget(policy_id=version, position=0, place=3, gone="Lan"))
        action.owner_id, action.owner_name = None, "Lan"
    with transaction() as session:
        session.execute(PolicyVersion.__table__.delete().where(PolicyVersion.id == version))
    left = handle.session.scalar(select(func.count()).select_from(PolicyTarget).filter_by(policy_id=version))
    assert left == 0, "targets go with their policy"


def blank(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, "")


def no(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, False)


def _written(connection: Any) -> int:
    """A review with a promise, and a policy that calls a head, a person and a duty; the id of the policy."""
    tables = MetaData()
    tables.reflect(connection)

    def add(table: str, /, **values: Any) -> Any:
        return connection.execute(tables.tables[table].insert().values(values)).inserted_primary_key

    unit = {"code": "T", "name": "Tỉnh", "kind": "province"} | blank("search_key", "phone", "address")
    add("units", id=1, **unit, **no("serves_party_state", "is_demo"))
    person = {"code": "L", "full_name": "Lan", "unit_id": 1, "share": 100, "skills": {}, "limits": {}, "active": True}
    hours = {"work_pattern": "shift", "overtime_month_minutes": 0, "overtime_year_minutes": 0}
    named = person | hours | blank("sort_key", "search_key", "position")
    add("people", id=1, **named, **no("no_night", "no_overtime", "is_demo"))
    incident = {"code": "SC-1", "version": 1, "title": "Mất điện", "category": "power", "severity": 1, "unit_id": 1}
    incident |= {"status": "resolved", "detected_at": NIGHT, "created_at": NIGHT, "created_by": "A"}
    incident |= blank("description", "search_key", "reporter", "acknowledged_by")
    add("incidents", id=1, **incident, **no("party_state", "is_demo"))
    texts = blank("happened", "cause", "consequence", "remedy", "went_well", "went_badly")
    add("reviews", incident_id=1, version=1, updated_at=NIGHT, updated_by="A", **texts)
    add("review_actions", id=1, incident_id=1, text="Thay", owner_id=1, due_on=date(2020, 2, 1), done_by="")
    waits = {"repeat_after_seconds": 60, "ack_timeout_seconds": 600}
    kept = {"unit_id": 1, "band": "any", "number": 1, "catch_all": [1], "created_at": NIGHT, "created_by": "A"}
    (version,) = add("policy_versions", **waits, **kept)
    add("policy_steps", policy_id=version, position=0, after_seconds=0, all_must=False)
    for place, meaning in ((HEAD, {"head": "own"}), (PERSON, {"person_id": 1}), (DUTY, {"duty": "operations"})):
        add("policy_targets", policy_id=version, position=0, place=place, **meaning)
    return int(version)
