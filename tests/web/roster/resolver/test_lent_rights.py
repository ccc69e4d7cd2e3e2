"""A staff member on leadership duty: what the night needs is lent, what goes on working afterwards is not.

Bình, staff of the district A, leads the whole province from 9 to 21 o'clock on 20/01/2020. Every route is walked
twice: with names that exist nowhere (the gate) and with something of the own unit (what is behind it).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.models import AuditEntry
from people.access import permissions
from people.models import Absence, Invitation
from roster.models import Duty, Seat, Shift
from tests.support import enterprise
from tests.support.isolation import IsolatedClient
from tests.support.stores import SqliteStore
from tests.web.core.test_route_matrix import (
    CASES,
    Start,
    _filled,
    ask,
    concrete,
    cookie_of,
    declared_action,
    drawn,
    keys_of_everybody,
    routes,
    start,
    statuses,
    things_of_bda,
)

__all__ = ["drawn", "keys_of_everybody", "start", "statuses", "things_of_bda"]

BEGINS, ENDS = datetime(2020, 1, 20, 2, 0, tzinfo=UTC), datetime(2020, 1, 20, 14, 0, tzinfo=UTC)
ON_DUTY, AFTER = enterprise.NOW, ENDS + timedelta(minutes=5)

LENT = {
    "incident.read",
    "incident.log",
    "incident.act",
    "incident.dispatch",
    "incident.close",
    "maintenance.confirm",
    "maintenance.plan",
    "person.contact",
    "person.directory",
    "absence.now",
    "duty.attend",
    "coordination.read",
    "coordination.write",
    "notice.write",
    "reporting.read",
    "reporting.write",
    "visit.read",
    "visit.write",
    "duty.confirm",
    "roster.cover",
    "roster.amend",
    "policy.read",
    "policy.apply",
    "check.run",
}
"""Said again on purpose: what is added to the list has to be added here, by somebody who means it."""


@pytest.fixture(scope="module")
def on_duty(start: Start, _sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, str]:
    """The database in which Bình leads, and the cookie of his browser."""
    store, application = _sqlite
    store.reset(start.database)
    with clock.travel(ON_DUTY), application.app_context():
        lead(start.ids["BI1"], start.ids["BDT"], start.ids["shift"])
        cookie = cookie_of(application, "bi1")
        db.session.remove()
        db.engine.dispose()
    return store.keep("leadership"), cookie


@pytest.fixture
def ids(
    app: Flask, start: Start, on_duty: tuple[Path, str], _sqlite: tuple[SqliteStore, Flask]
) -> Iterator[dict[str, Any]]:
    _sqlite[0].reset(on_duty[0])
    with clock.travel(ON_DUTY):
        yield start.ids


def lead(person_id: int, unit_id: int, shift_id: int, duty: str = "leadership") -> None:
    """A published duty as the resolver reads it."""
    shift = db.session.get_one(Shift, shift_id)
    seat = db.session.scalars(select(Seat).where(Seat.shift_id == shift_id)).first()
    assert seat is not None
    with transaction() as session:
        session.add(
            Duty(
                seat_id=seat.id,
                shift_id=shift_id,
                campaign_id=shift.campaign_id,
                unit_id=unit_id,
                person_id=person_id,
                duty=duty,
                template="Ngày",
                form="command",
                starts_at=BEGINS,
                ends_at=ENDS,
                sequence=1,
                changed_at=BEGINS,
            )
        )


@pytest.fixture
def leader(app: Flask, ids: dict[str, Any], on_duty: tuple[Path, str]) -> FlaskClient:
    client = IsolatedClient(app)
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], on_duty[1])
    return client


def test_the_list_is_short_and_explicit() -> None:
    assert LENT == permissions.LENT_BY_DUTY | permissions.LENT_TO_LEADERSHIP
    for_good = (
        "account.",
        "key.",
        "unit.",
        "person.write",
        "import.",
        "intake.",
        "outbox.",
        "report.",
        "settings.",
        "catalogue.",
        "directory.",
        "campaign.",
        "rehearsal.",
        "demo.",
        "holiday.",
        "points.",
        "dutykind.",
        "feed.",
        "policy.write",
        "absence.write",
        "reach.",
    )
    assert [each for each in LENT if each.startswith(for_good)] == []


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("turn", [0, pytest.param(1, marks=pytest.mark.rest)])
def test_leadership_passes_no_gate_but_those_of_the_list(
    app: Flask, leader: FlaskClient, start: Start, turn: int
) -> None:
    """Every address of the product, asked by a staff member on leadership duty: what is closed to them or lent to them
    has the first turn, what staff may do anyway the second; the route matrix walks there without a duty."""
    wrong = []
    for rule, method in routes(app):
        action = declared_action(app, rule.endpoint)
        if action not in permissions.TABLE:
            continue
        anyway = permissions.may_anywhere("staff", action)
        if anyway != bool(turn):
            continue
        status = ask(leader, method, concrete(rule), None, start.api_keys["bi1"]).status_code
        may = anyway or action in LENT
        if (not may and status != 403) or (may and status in (401, 500)):
            wrong.append(f"{method} {rule.rule} ({action}) → {status}")
    assert wrong == []


@pytest.mark.usefixtures("statuses")
@pytest.mark.parametrize("route", sorted(CASES), ids=" ".join)
def test_things_of_the_own_unit_obey_the_list(leader: FlaskClient, start: Start, route: tuple[str, str]) -> None:
    case = CASES[route]
    data = {name: _filled(value, start.ids) for name, value in case.data.items()} if case.data is not None else None
    answer = ask(leader, route[0], _filled(case.path, start.ids), data, start.api_keys["bi1"])
    relation: permissions.Relation = "self" if case.mine else "own"
    if permissions.may("staff", case.action, relation) or case.action in LENT:
        assert answer.status_code in (200, 201, 202, 204, 303, 404, 409, 422), answer.text[:500]
    else:
        assert answer.status_code == 403


def test_leadership_on_duty_cannot_take_over_a_colleague(
    app: Flask, leader: FlaskClient, ids: dict[str, Any], start: Start
) -> None:
    """The attack: reset a manager's password by an invitation, make an account, a person, a key, release held mail."""
    key = {"Authorization": f"Bearer {start.api_keys['bi1']}"}
    tries = [
        leader.post("/people/invitations", data={"user": ids["user:ch1"]}),
        leader.post(f"/people/accounts/{ids['user:ch1']}/active", data={"active": "no"}),
        leader.post("/api/v1/people", json={"code": "MA1", "full_name": "Ma", "unit_code": "BDC"}, headers=key),
        leader.post("/api/v1/people", json={"code": "CH1", "phone": "0900000999"}, headers=key),
        leader.post("/api/v1/intakes", json={"name": "X", "kind": "generic", "unit": "BDC"}, headers=key),
        leader.post("/outbox/send"),
        leader.get("/outbox/"),
        leader.post("/roster/demand/"),
    ]
    assert {answer.status_code for answer in tries} <= {403, 404, 405}
    assert [answer.status_code for answer in tries].count(403) >= 6
    assert db.session.scalars(select(Invitation)).all() == []


def test_an_absence_is_lent_for_today_only(leader: FlaskClient, ids: dict[str, Any]) -> None:
    def record(first: str, last: str) -> Any:
        form = {"from_on": first, "to_on": last, "kind": "sick"}
        return leader.post("/people/person/CH1/absences", data=form)

    assert record("2020-01-20", "2020-01-20").status_code == 303
    for first, last in (("2020-01-21", "2020-01-21"), ("2020-01-20", "2020-01-25"), ("2020-01-19", "2020-01-19")):
        refused = record(first, last)
        assert refused.status_code == 403
        assert "chỉ ghi được vắng mặt của hôm nay" in refused.text
    of_chi = db.session.scalars(select(Absence).where(Absence.person_id == ids["CH1"])).all()
    assert [(f"{each.from_on}", f"{each.to_on}") for each in of_chi] == [("2020-01-20", "2020-01-20")]
    # What stands is not changed: leave that somebody approved does not become sickness.
    form = {"from_on": "2020-01-20", "to_on": "2020-01-20", "kind": "other"}
    assert leader.post("/people/person/CH1/absences", data=form).status_code == 422
    assert leader.post(f"/people/absences/{of_chi[0].id}/remove").status_code == 403


def test_a_form_sent_after_the_shift_is_refused_in_words(leader: FlaskClient, ids: dict[str, Any]) -> None:
    """Opened on duty, posted five minutes after: nothing is written, and the page says why."""
    assert leader.get("/people/person/CH1").text.count("Thêm khoảng nghỉ") == 1
    form = {"from_on": "2020-01-20", "to_on": "2020-01-20", "kind": "sick"}
    with clock.travel(AFTER):
        late = leader.post("/people/person/CH1/absences", data=form)
        behind = leader.post("/incidents/policy/BDC/apply")
        never = leader.post("/people/invitations", data={"user": ids["user:ch1"]})
    assert (late.status_code, behind.status_code, never.status_code) == (403, 403, 403)
    assert "ca đã hết lúc 21:00 ngày 20/01" in late.text
    assert "ca đã hết lúc 21:00 ngày 20/01" in behind.text
    assert "ca đã hết" not in never.text
    assert db.session.scalars(select(Absence).where(Absence.person_id == ids["CH1"])).all() == []
    refused = select(AuditEntry.action).where(AuditEntry.action == "access.refused")
    assert len(db.session.scalars(refused).all()) == 3


def test_a_day_later_a_refusal_is_like_any_other(leader: FlaskClient, ids: dict[str, Any]) -> None:
    with clock.travel(ENDS + timedelta(hours=13)):
        form = {"from_on": "2020-01-21", "to_on": "2020-01-21", "kind": "sick"}
        late = leader.post("/people/person/CH1/absences", data=form)
    assert late.status_code == 403
    assert "ca đã hết" not in late.text
