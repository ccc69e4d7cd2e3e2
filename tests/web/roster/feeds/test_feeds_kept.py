"""Calendars given by the response cache are, whatever changed, what a look inside would give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from core import clock
from core.db import db as database, transaction
from core.server import response_cache
from people.access import guard
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Unit, User
from roster.feeds import services as subscriptions
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FeedDocument, FeedSubscription
from tests.support import enterprise, factories
from tests.support.published import NOW, Published
from tests.support.statements import statements

INSIDE = {"Cookie": "nothing=known"}
"""Whoever comes with a cookie is not answered at the door."""
CHANGES = {
    "somebody is renamed": "UPDATE people SET full_name = 'Nguyễn Văn Minh' WHERE code = 'O1'",
    "a number is changed": "UPDATE contact_methods SET address = '0900000999' WHERE address = '0900000111'",
    "a unit is renamed": "UPDATE units SET name = 'Bưu điện mới'",
    "a shift is withdrawn": "UPDATE duties SET cancelled_at = starts_at",
    "phones are switched off": "UPDATE feed_subscriptions SET show_phones = false",
    "it is to be read in English": "UPDATE feed_subscriptions SET lang = 'en'",
    "it is revoked": "UPDATE feed_subscriptions SET revoked_at = '2020-01-20 00:00:00.000000'",
    "its address is another": "UPDATE feed_addresses SET ended_at = '2020-01-20 00:00:00.000000'",
    "its owner only looks on": "UPDATE users SET role = 'viewer', unit_id = (SELECT id FROM units WHERE code = 'XA')",
    "its owner may not sign in": "UPDATE users SET active = false",
    "its owner has left": "UPDATE people SET active = false WHERE code = 'QL'",
}


@pytest.fixture
def address(db: Any) -> str:
    """The calendar of a unit, with phones, which its manager has made."""
    with clock.travel(NOW):
        roster = Published()
        factories.make_person(
            "QL", database.session.get_one(Unit, roster.unit_id), name="Lê Quản Lý", phone="0900000777"
        )
        factories.make_unit("XA")
        made = accounts.create_user(
            NewAccount("ql", "Lê Quản Lý", "manager", unit_code="TINH", person_code="QL", password=enterprise.PASSWORD),
            now=NOW,
            actor=enterprise.ROOT,
        )
        owner = guard.actor_of(database.session.get_one(User, made.id))
        row = subscriptions.subscribe(
            Subject("unit", unit_id=roster.unit_id), Options(phones=True), now=NOW, actor=owner
        )
        return f"/feeds/{subscriptions.token_of(row)}.ics"


@pytest.fixture
def entered(app: Flask) -> Iterator[list[str]]:
    """The paths of requests that the response cache did not answer."""
    seen: list[str] = []

    def note(_sender: Flask, **_given: Any) -> None:
        seen.append(request.full_path)

    with request_started.connected_to(note, app):
        yield seen


def get(client: FlaskClient, address: str, after: timedelta = timedelta(0), **headers: str) -> Any:
    with clock.travel(NOW + after):
        return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_what_is_read_again_takes_one_statement(client: FlaskClient, address: str) -> None:
    first = [get(client, address) for _turn in range(2)][-1]
    with statements() as asked:
        again = get(client, address, timedelta(minutes=1))
    assert again.data == first.data and b"BEGIN:VEVENT" in again.data
    [only] = asked
    assert "feed_addresses" in only and "feed_stamps" in only


@pytest.mark.both_dbs("the shared cache reads what each database tells of commits")
def test_at_the_door_and_inside_they_are_the_same(client: FlaskClient, address: str, entered: list[str]) -> None:
    get(client, address)  # written down: it is read
    etag = get(client, address, **INSIDE).headers["ETag"]
    ways = [
        {},
        {"Accept_Encoding": "gzip"},
        {"If_None_Match": etag},
        {"If_Modified_Since": "Sat, 01 Feb 2020 00:00:00 GMT"},
    ]
    for way in ways:
        get(client, address, **way)
        before = len(entered)
        door = get(client, address, **way)
        assert len(entered) == before, way
        inside = get(client, address, **way, **INSIDE)
        assert (door.status_code, door.data) == (inside.status_code, inside.data)
        assert sorted(door.headers) == sorted(inside.headers)


@pytest.mark.both_dbs("the shared cache reads what each database tells of commits")
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_by_hand_in_the_database_holds_from_the_next_reader_on(
    client: FlaskClient, address: str, change: str
) -> None:
    before = [get(client, address).data for _turn in range(3)][-1]
    strange = create_engine(database.engine.url)  # not ours, which would leave a note of what it writes
    with strange.begin() as connection:
        connection.exec_driver_sql(CHANGES[change])
    strange.dispose()
    after = get(client, address)
    inside = get(client, address, **INSIDE)
    assert (after.status_code, after.data) == (inside.status_code, inside.data)
    assert after.data != before


def test_a_new_day_is_looked_at_inside(client: FlaskClient, address: str, entered: list[str]) -> None:
    for after in (timedelta(0), timedelta(0), timedelta(minutes=1)):
        get(client, address, after)
    assert len(entered) == 2
    to_midnight = clock.at_local(clock.local_date(NOW) + timedelta(days=1)) - NOW
    get(client, address, to_midnight - timedelta(seconds=1))
    before = len(entered)
    get(client, address, to_midnight)
    assert len(entered) == before + 1


def test_that_it_is_read_is_written_down_every_five_minutes(
    client: FlaskClient, address: str, entered: list[str]
) -> None:
    for minutes in (0, 1, 2, 7, 8):
        get(client, address, timedelta(minutes=minutes))
    database.session.rollback()
    assert database.session.query(FeedSubscription).one().last_fetched_at == NOW + timedelta(minutes=7)
    assert len(entered) == 3


def test_a_calendar_as_it_was_while_another_renders_is_not_kept(client: FlaskClient, address: str) -> None:
    old = get(client, address).data
    with transaction() as session:
        session.execute(text(CHANGES["somebody is renamed"]))
        session.query(FeedDocument).update({"claimed_until": NOW + timedelta(seconds=20)})
    assert get(client, address).data == old
    with transaction() as session:
        session.query(FeedDocument).update({"claimed_until": None})
    assert "Nguyễn Văn Minh" in get(client, address).get_data(as_text=True).replace("\r\n ", "")


def test_a_large_calendar_is_not_kept_at_the_door(
    client: FlaskClient, address: str, entered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(response_cache, "LARGEST", 100)
    for _turn in range(3):
        get(client, address)
    assert len(entered) == 3


def test_what_is_kept_at_the_door_is_bounded_in_bytes(
    client: FlaskClient, address: str, entered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(get(client, address).data)
    monkeypatch.setattr(response_cache, "MOST_BYTES", 2 * size)
    for language in ("vi", "en", "fr", "vi"):  # the third pushes the first two out
        get(client, address, Accept_Language=language)
    assert len(entered) == 5
