"""A key ends: who made it hears so in time, once for each of its last days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.models import AuditEntry
from notify.message_states import still_true
from notify.models import Message
from people.accounts import key_ends, keys, services as accounts
from people.models import ApiKey, ContactMethod
from tests.support.enterprise import NOW, ROOT


def actor(ids: dict[str, int], login: str) -> Actor:
    return Actor(name=login, role="admin", via="session", user_id=ids[f"user:{login}"])


pytestmark = pytest.mark.usefixtures("mail")


@pytest.fixture(autouse=True)
def _day(ids: dict[str, int]) -> Iterator[None]:
    with clock.travel(NOW):
        yield


@pytest.fixture
def admin(ids: dict[str, int]) -> Any:
    """The administrator, whom mail reaches; a second one is An, who has mail as well."""
    with transaction() as session:
        if not session.scalar(select(ContactMethod).filter_by(person_id=ids["QT1"], channel="email")):
            session.add(ContactMethod(person_id=ids["QT1"], channel="email", address="qt1@buudien.example", position=9))
    return actor(ids, "qt1")


def key(made_by: Any, days: int = 90) -> ApiKey:
    return keys.create_api_key(keys.NewApiKey("Giám sát", "viewer", days=days), now=NOW, actor=made_by)[0]


def warned(row: ApiKey) -> list[str]:
    """To whom, a letter each, in order."""
    found = select(Message).where(Message.topic == f"key/{row.id}").order_by(Message.id)
    return [each.recipient for each in db.session.scalars(found)]


def look(at: datetime) -> int:
    with clock.travel(at):
        return key_ends.warn(at)


@pytest.mark.both_dbs("the row is locked while it is told")
def test_its_maker_is_told_a_month_a_week_and_a_day_before_and_once_each(ids: dict[str, int], admin: Any) -> None:
    row = key(admin)
    end = NOW + timedelta(days=90)
    told = []
    for hour in range(0, 90 * 24, 6):
        if look(NOW + timedelta(hours=hour)):
            told.append((end - NOW - timedelta(hours=hour)) / timedelta(days=1))
    assert told == [30, 7, 1]
    assert look(end) == 0 and look(end + timedelta(days=3)) == 0
    assert warned(row) == ["Lê Quản Trị"] * 3
    letter = db.session.scalars(select(Message).where(Message.topic == f"key/{row.id}")).first()
    assert letter is not None and "Giám sát" in letter.subject and "/people/keys" in letter.body
    noted = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "key.ending").order_by(AuditEntry.id)
    ).all()
    assert [entry.detail["days"] for entry in noted] == [30, 7, 1]


def test_what_nothing_carries_is_not_said_to_have_been_told(app: Flask, ids: dict[str, int], admin: Any) -> None:
    row, server = key(admin), app.config["MAIL_URL"]
    app.config["MAIL_URL"] = None
    at = NOW + timedelta(days=61)
    assert look(at) == look(at) == 0
    assert db.session.scalars(select(AuditEntry).where(AuditEntry.action == "key.ending")).all() == []
    app.config["MAIL_URL"] = server
    assert look(at + timedelta(days=23)) == 1 and row.told_days == 7


def test_a_short_key_is_not_announced_on_the_day_it_is_made(ids: dict[str, int], admin: Any) -> None:
    row = key(admin, days=7)
    assert look(NOW + timedelta(minutes=10)) == 0
    assert look(NOW + timedelta(days=6)) == 1
    assert warned(row) == ["Lê Quản Trị"]


def test_after_a_week_without_the_worker_only_the_nearest_day_is_told(ids: dict[str, int], admin: Any) -> None:
    row = key(admin)
    assert look(NOW + timedelta(days=84)) == 1  # of the month and of the week
    assert look(NOW + timedelta(days=85)) == 0
    assert warned(row) == ["Lê Quản Trị"]


def test_where_the_maker_has_gone_every_administrator_hears_it(ids: dict[str, int], admin: Any) -> None:
    accounts.set_role(ids["user:an1"], "admin", None, now=NOW, actor=ROOT)
    row = key(actor(ids, "an1"))
    accounts.set_active(ids["user:an1"], False, now=NOW, actor=ROOT)
    by_command = key(ROOT)
    assert look(NOW + timedelta(days=60)) == 2
    assert warned(row) == warned(by_command) == ["Lê Quản Trị"]


def test_on_the_last_day_every_administrator_hears_it(ids: dict[str, int], admin: Any) -> None:
    accounts.set_role(ids["user:an1"], "admin", None, now=NOW, actor=ROOT)
    row = key(admin)
    look(NOW + timedelta(days=60))
    assert warned(row) == ["Lê Quản Trị"]
    look(NOW + timedelta(days=89))
    assert sorted(warned(row)[1:]) == ["Lê Quản Trị", "Nguyễn Văn An"]


def test_revoked_keys_and_those_of_before_say_nothing(ids: dict[str, int], admin: Any) -> None:
    revoked, old = key(admin), key(admin)
    keys.revoke_api_key(revoked.id, now=NOW, actor=ROOT)
    with transaction() as session:
        session.execute(update(ApiKey).where(ApiKey.id == old.id).values(ends_at=None))
    assert look(NOW + timedelta(days=89)) == 0
    assert key_ends.ending(NOW + timedelta(days=89)) == []


def test_a_letter_that_waits_is_void_once_the_key_is_revoked(ids: dict[str, int], admin: Any) -> None:
    row, other = key(admin), key(admin)
    at = NOW + timedelta(days=60)
    look(at)
    keys.revoke_api_key(row.id, now=at, actor=ROOT)
    letters = db.session.scalars(select(Message).where(Message.topic.like("key/%"))).all()
    by_key = {each.topic: each.id for each in letters}
    assert still_true.untrue(letters, now=at) == {by_key[f"key/{row.id}"]: "over"}
    ended = still_true.untrue(letters, now=NOW + timedelta(days=90))
    assert set(ended) == {by_key[f"key/{row.id}"], by_key[f"key/{other.id}"]}


def test_what_a_program_still_asks_with_is_listed_when_it_ends(ids: dict[str, int], admin: Any) -> None:
    """``doctor`` and the page of keys: a monitor that is refused reports nothing any more."""
    used, unused = key(admin), key(admin)
    end = NOW + timedelta(days=90)
    with transaction() as session:
        session.execute(update(ApiKey).where(ApiKey.id == used.id).values(last_used_at=end - timedelta(days=1)))
    assert key_ends.ending(end - timedelta(days=8)) == []
    for at in (end - timedelta(days=6), end, end + timedelta(days=6)):
        assert [row.id for row in key_ends.ending(at)] == [used.id]
    assert key_ends.ending(end + timedelta(days=8)) == []
    assert unused.last_used_at is None
