"""What a stolen copy of the database tells: no link, no code, no address of a device, no PIN that can be tried out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import String, select, text, type_coerce

from core.db import db, transaction
from desk import resealing
from incidents.public_reports import codes
from notify import erasing, outbox
from notify.channels import push_keys
from notify.claims import claim
from notify.gateways import services as gateways
from notify.models import Delivery, Message
from notify.results import AttemptResult, mark
from people import queries as people
from people.contact import verification
from people.desks.models import DeskPin
from people.links import services as personal, slips
from people.models import Unit, User
from people.notification_rules import ladders, rules as rungs
from people.notification_rules.models import Endpoint
from people.sign_in import pins
from roster.feeds import services as subscriptions
from roster.feeds.facts import Subject
from roster.lists import queries as lists, services as collecting
from roster.lists.models import UnitList
from tests.support import factories
from tests.support.factories import ADMIN, NOW

on_both = pytest.mark.both_dbs("what a dump of each database holds")

LINK = "https://truc.example/a/QmVpX2xpbmtfMTkyX2JpdF9v"
SERVICE = "jsons://bot-token@chat.example/room"


def enqueued(channel: str = "email", address: str = "an@buudien.example", key: str = "1") -> Message:
    return outbox.enqueue(
        topic="incident/1",
        key=key,
        channel=channel,
        address=address,
        recipient="An",
        subject="SC-2020-0001",
        body=f"Bấm để nhận:\n{LINK}\n",
        link=LINK,
        facts={"spoken": LINK},
        now=NOW,
    )


@pytest.fixture(autouse=True)
def _gateway(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("app").config["MAIL_URL"] = "smtp://127.0.0.1:9"


def everything_of(model: type[Message] | type[Delivery]) -> str:
    """All columns of all rows, as they lie in the file."""
    db.session.rollback()
    columns = [type_coerce(column, String) for column in model.__table__.columns]
    return "\n".join("|".join(str(value) for value in row) for row in db.session.execute(select(*columns)))


@on_both
@pytest.mark.parametrize("outcome", ["sent", "refused"])
def test_a_link_is_gone_when_its_message_is_delivered_or_refused(app: Flask, outcome: str) -> None:
    number = enqueued().id
    claimed = claim("w/1", now=NOW)
    assert claimed is not None and LINK in claimed.parts[0].letter.body
    mark(claimed, AttemptResult(outcome, f"250 queued: {LINK}"), now=NOW)  # type: ignore[arg-type]
    kept = db.session.get_one(Message, number, populate_existing=True)
    assert (kept.subject, kept.recipient, kept.body, kept.facts) == ("SC-2020-0001", "An", "", {})
    for model in (Message, Delivery):
        assert "QmVpX2xpbmtfMTkyX2JpdF9v" not in everything_of(model)


@on_both
def test_a_link_is_gone_when_its_message_is_taken_back(app: Flask) -> None:
    enqueued()
    assert outbox.cancel("incident/1", now=NOW) == 1
    assert LINK not in everything_of(Message)


@on_both
def test_a_message_that_goes_again_keeps_its_words_until_it_has_gone(app: Flask) -> None:
    enqueued()
    first = claim("w/1", now=NOW)
    assert first is not None
    mark(first, AttemptResult("again", "451 try later", unsure=True), now=NOW)
    second = claim("w/1", now=NOW + timedelta(minutes=5))
    assert second is not None and second.parts[0].letter.body == first.parts[0].letter.body


@on_both
def test_what_a_voice_says_is_kept_while_a_provider_may_fetch_it(app: Flask) -> None:
    number = enqueued("voice", "0900000001").id
    outbox.cancel("incident/1", now=NOW)
    kept = db.session.get_one(Message, number, populate_existing=True)
    assert (bool(kept.body), kept.link) == (True, "")
    assert erasing.sweep(now=NOW + timedelta(hours=24)) == 0
    assert erasing.sweep(now=NOW + timedelta(hours=26)) == 1
    assert LINK not in everything_of(Message)


def test_a_code_that_proves_an_address_stands_in_no_subject_and_is_not_shown(app: Flask) -> None:
    unit = factories.make_unit()
    person = factories.make_person("AN", unit, email="an@buudien.example")
    verification.send("AN", rungs.way(ladders.standings(person)[0].rung), now=NOW, actor=ADMIN)
    message = db.session.scalars(select(Message)).one()
    digits = [word for word in message.body.replace(",", " ").split() if word.isdecimal() and len(word) == 6]
    assert digits and digits[0] not in message.subject
    claimed = claim("w/1", now=NOW)
    assert claimed is not None
    mark(claimed, AttemptResult("sent", "250 OK"), now=NOW)
    assert digits[0] not in everything_of(Message)


@on_both
def test_addresses_of_devices_are_sealed_and_found_all_the_same(app: Flask) -> None:
    unit = factories.make_unit()
    person = factories.make_person("AN", unit)
    with transaction() as session:
        session.add(
            Endpoint(person_id=person.id, channel="apprise", address=SERVICE, digest="d", name="Zalo", created_at=NOW)
        )
    enqueued("apprise", SERVICE)
    for model in (Endpoint, Message):
        lying = db.session.scalars(select(type_coerce(model.address, String))).one()
        assert lying.startswith("sealed:") and "bot-token" not in lying
        assert db.session.scalars(select(model.address).where(model.address == SERVICE)).one() == SERVICE
    claimed = claim("w/1", now=NOW)
    assert claimed is not None and claimed.address == SERVICE


def pinned(app: Flask) -> User:
    with transaction() as session:
        user = User(login="an", name="An", role="staff", created_at=NOW)
        session.add(user)
        session.flush()
        pins.write(user, "2580", by="owner", actor=ADMIN, now=NOW)
    return user


def test_a_pin_cannot_be_tried_out_by_whoever_has_only_the_database(app: Flask) -> None:
    user = pinned(app)
    kept = db.session.get_one(DeskPin, user.id).pin_hash
    hashed = kept[kept.index("$argon2id$") :]
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(hashed, "2580")
    assert pins.matches(user, "2580", name="", place="desk", now=NOW)
    assert not pins.matches(user, "2581", name="", place="desk", now=NOW)


def test_a_pin_from_before_the_pepper_works_and_gets_it_when_used(app: Flask) -> None:
    user = pinned(app)
    with transaction() as session:
        session.get_one(DeskPin, user.id).pin_hash = argon2.PasswordHasher().hash("2580")
    assert pins.matches(user, "2580", name="", place="desk", now=NOW)
    assert pins.is_current(db.session.get_one(DeskPin, user.id).pin_hash)
    assert pins.matches(user, "2580", name="", place="desk", now=NOW)


@contextmanager
def another_key(app: Flask, key: str, old: str = "") -> Iterator[None]:
    before = app.config["SECRET_KEY"], app.config["SECRET_KEY_OLD"]
    app.config.update(SECRET_KEY=key, SECRET_KEY_OLD=old)
    db.session.expire_all()
    yield
    app.config.update(SECRET_KEY=before[0], SECRET_KEY_OLD=before[1])


def test_a_personal_link_stands_nowhere_as_it_is(app: Flask) -> None:
    person = factories.make_person("O9", factories.make_unit("GOC"))
    token = slips.print_each([person], actor=ADMIN, now=NOW).urls[person.id].rpartition("/")[2]
    rows = db.session.execute(text("SELECT * FROM personal_links")).all()
    assert rows and token not in str(rows)
    assert personal.visit(token, "").person.code == "O9"


def unit_list() -> UnitList:
    unit = factories.make_unit("TINH")
    factories.make_demand(unit, "operations", "Ngày", "07:30", 12)
    campaign = factories.make_campaign(unit, first="2020-01-24", last="2020-01-25")
    collection, _told = collecting.collect(
        campaign.id, units=[unit.id], due_at=NOW + timedelta(days=3), message="", actor=ADMIN, now=NOW
    )
    return lists.lists(collection)[0]


@on_both
def test_a_new_key_opens_what_the_old_one_closed_and_after_resealing_alone(app: Flask, runner: FlaskCliRunner) -> None:
    from tests.services.people.test_addresses import make_gateway

    first = app.config["SECRET_KEY"]
    unit = factories.make_unit("GOC")
    report_address, gateway_name = make_gateway()
    public = push_keys.public_key()
    private = push_keys.private_key().private_numbers()
    enqueued("apprise", SERVICE)
    sheet = codes.token_of(unit, 1)
    feed = subscriptions.subscribe(Subject("unit", unit_id=unit.id), now=NOW, actor=ADMIN)
    calendar = subscriptions.token_of(feed)
    user = pinned(app)
    holder = factories.make_person("O9", unit)
    own = slips.print_each([holder], actor=ADMIN, now=NOW).urls
    asked = unit_list()
    list_link = lists.url(asked)

    def all_works() -> None:
        db.session.rollback()
        db.session.expire_all()
        assert subscriptions.token_of(feed) == calendar
        assert lists.url(db.session.get_one(UnitList, asked.id)) == list_link != ""
        assert codes.by_token(sheet)[0].code == "GOC"
        assert slips.print_each([people.person_by_code("O9")], actor=ADMIN, now=NOW).urls == own
        number, _report, token = report_address.split("/")
        assert gateways.is_report_token(gateways.by_id(int(number)), token)
        assert {ready.name for ready in gateways.ready("sms")} == {f"sms/{gateway_name}"}
        assert push_keys.public_key() == public and push_keys.private_key().private_numbers() == private
        assert db.session.scalars(select(Message.address).where(Message.channel == "apprise")).one() == SERVICE

    with another_key(app, "moi" * 20, old=first):
        all_works()
        told = runner.invoke(args=["secrets", "reseal"])
        assert told.exit_code == 0, told.output
        assert "1 PINs change" in told.output
        assert pins.matches(user, "2580", name="", place="desk", now=NOW)
        all_works()
        again = resealing.reseal(actor=ADMIN, now=NOW)
        assert (again.signed, again.pins, again.lost) == (0, 0, ())
    with another_key(app, "moi" * 20):
        all_works()
        fresh = codes.token_of(db.session.get_one(Unit, unit.id), 1)
        assert fresh != sheet and codes.by_token(fresh)[0].code == "GOC"
        assert pins.matches(user, "2580", name="", place="desk", now=NOW)
    with another_key(app, "khac" * 20):
        told = runner.invoke(args=["secrets", "reseal"])
        assert told.exit_code == 1
        assert gateway_name in told.output and "push key" in told.output
