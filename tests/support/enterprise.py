"""A small enterprise for tests: two districts under a province, with An, Bình, Chi and Dũng.

An manages the district BDA, Bình works in it, Chi manages the other district, BDC, where Dũng only looks on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import argon2
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock, text
from core.db import db, transaction
from people.accounts import queries as account_queries, services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, Person, PersonDuty, Unit
from people.queries import search_key, unit_by_code
from people.sign_in import sessions
from people.sign_in.views import COOKIE
from roster.models import Shift
from tests.support import factories, worlds
from tests.support.cast import ADMIN, PASSWORD, PEOPLE, UNITS, Someone

NOW = datetime(2020, 1, 20, 3, 0, tzinfo=UTC)
ROOT = ADMIN


CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Of the same kind as the product's, at the least price."""


@lru_cache
def password_hash() -> str:
    """Thousands of times somebody signs in with it."""
    return CHEAP.hash(PASSWORD)


def make(now: datetime = NOW) -> dict[str, int]:
    """Write it and answer ids by code (units and people) and by login (``user:an1``)."""
    return worlds.begin(("enterprise", now), lambda: _write(now))


def make_planned(now: datetime = NOW) -> dict[str, int]:
    """The same, and ``campaign``: a draft of the district A, with its first ``shift``."""
    return worlds.begin(("planned", now), lambda: _write_planned(now))


def _write_planned(now: datetime) -> dict[str, int]:
    made, unit = _write(now), unit_by_code("BDA")
    factories.make_demand(unit)
    campaign = factories.make_campaign(unit, now=now)
    first = db.session.scalars(select(Shift.id).order_by(Shift.starts_at, Shift.id)).first()
    return made | {"campaign": campaign.id, "shift": first or 0}


def _write(now: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    with transaction() as session:
        for code, parent, name, kind in UNITS:
            unit = Unit(code=code, name=name, kind=kind, parent_id=ids.get(parent or ""), search_key=text.fold(name))
            session.add(unit)
            session.flush()
            ids[code] = unit.id
        for someone in PEOPLE:
            ids[someone.code] = add_person(session, someone, ids[someone.unit])
        for someone in PEOPLE:
            ids[f"user:{someone.code.lower()}"] = _account(someone, now)
    return ids


def add_person(session: Any, someone: Someone, unit_id: int) -> int:
    """Their id."""
    person = Person(
        code=someone.code,
        full_name=someone.name,
        unit_id=unit_id,
        sort_key=text.name_sort_key(someone.name),
        search_key=search_key(someone.name, someone.code, [someone.phone]),
        position="Nhân viên",
        duties=[PersonDuty(duty=duty) for duty in someone.duties],
    )
    found = [("phone", someone.phone), ("email", someone.mail)]
    person.contacts = [
        ContactMethod(channel=channel, address=address, position=position)
        for position, (channel, address) in enumerate(found)
        if address
    ]
    session.add(person)
    session.flush()
    return person.id


def _account(someone: Someone, now: datetime) -> int:
    user = accounts.create_user(
        NewAccount(
            someone.code.lower(),
            someone.name,
            someone.role,
            unit_code=None if someone.role == "admin" else someone.unit,
            person_code=someone.code,
        ),
        now=now,
        actor=ADMIN,
    )
    user.password_hash = password_hash()
    return user.id


def sign_in(client: FlaskClient, login: str) -> None:
    """The browser has a session as after the sign-in form, which is not sent: it costs ten times as much, and what it
    refuses is the affair of tests/web/people/sign_in/test_auth.py."""
    now = clock.now()
    with transaction():
        user = account_queries.user_for_sign_in(login)
        assert user is not None, f"nobody signs in as {login}"
        token = sessions.start_session(user, user_agent="", now=now)
    with client.session_transaction() as cookies:
        cookies.clear()
        cookies.permanent = True
        cookies[COOKIE] = token


def post_sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> Any:
    """Post the sign-in form; answers the response."""
    return client.post("/login", data={"identifier": login, "password": password})
