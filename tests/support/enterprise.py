"""A small enterprise for tests: two districts under a province, with An, Bình, Chi and Dũng.

An manages the district BDA, Bình works in it, Chi manages the other district, BDC, where Dũng only looks on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import argon2
from flask.testing import FlaskClient

from core import text
from core.actor import Actor
from core.db import transaction
from people.accounts import services as accounts
from people.models import ContactMethod, Person, PersonDuty, Unit
from people.queries import search_key
from tests.support import worlds

NOW = datetime(2020, 1, 20, 3, 0, tzinfo=UTC)
ROOT = Actor(name="Kiểm thử", role="admin", via="cli")
PASSWORD = "hoa-mai-vang-2020"

UNITS = [
    ("BDT", None, "Bưu điện tỉnh", "province"),
    ("BDA", "BDT", "Bưu điện huyện A", "district"),
    ("BDA-1", "BDA", "Điểm phục vụ A1", "service_point"),
    ("BDC", "BDT", "Bưu điện huyện C", "district"),
]
PEOPLE = [
    # code, name, unit, phone, duties, role
    ("QT1", "Lê Quản Trị", "BDT", "0900000100", ("leadership",), "admin"),
    ("AN1", "Nguyễn Văn An", "BDA", "0900000101", ("leadership",), "manager"),
    ("BI1", "Trần Thị Bình", "BDA", "0900000102", ("operations", "emergency"), "staff"),
    ("CH1", "Phạm Thị Chi", "BDC", "0900000103", ("leadership",), "manager"),
    ("DU1", "Hoàng Văn Dũng", "BDC", "0900000104", (), "viewer"),
]


@lru_cache
def _password_hash() -> str:
    """Of the same kind as the product's, at the least price: thousands of times somebody signs in with it."""
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def make(now: datetime = NOW) -> dict[str, int]:
    """Write it and answer ids by code (units and people) and by login (``user:an1``)."""
    return worlds.begin(("enterprise", now), lambda: _write(now))


def _write(now: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    with transaction() as session:
        for code, parent, name, kind in UNITS:
            unit = Unit(code=code, name=name, kind=kind, parent_id=ids.get(parent or ""), search_key=text.fold(name))
            session.add(unit)
            session.flush()
            ids[code] = unit.id
        for code, name, unit_code, phone, duties, _role in PEOPLE:
            person = Person(
                code=code,
                full_name=name,
                unit_id=ids[unit_code],
                sort_key=text.name_sort_key(name),
                search_key=search_key(name, code, [phone]),
                position="Nhân viên",
                contacts=[
                    ContactMethod(channel="phone", address=phone, position=0),
                    ContactMethod(channel="email", address=f"{code.lower()}@buudien.example", position=1),
                ],
                duties=[PersonDuty(duty=duty) for duty in duties],
            )
            session.add(person)
            session.flush()
            ids[code] = person.id
        for code, name, unit_code, _phone, _duties, role in PEOPLE:
            unit_for_role = None if role == "admin" else unit_code
            user = accounts.create_user(
                code.lower(), name, role, unit_code=unit_for_role, person_code=code, now=now, actor=ROOT
            )
            user.password_hash = _password_hash()
            ids[f"user:{code.lower()}"] = user.id
    return ids


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD) -> Any:
    """Post the sign-in form; answers the response."""
    return client.post("/login", data={"identifier": login, "password": password})
