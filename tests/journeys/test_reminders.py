"""A day and an hour before a shift, by what is read and does not ring, and never in the night.

Three days of Tết Canh Tý. O1 serves by day on 23 January (07:30 to 19:30), O2 the night after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from core.calendar.dates import VN
from core.clock import travel
from core.db import db
from duty.reminders import telling
from notify import delivery
from notify.gateways.providers import RECIPES
from notify.models import Message
from people.models import Person
from roster.confirmations import services as confirmations
from tests.support import carriers, factories
from tests.support.http_sink import http_sink
from tests.support.published import Published

NOON = datetime(2020, 1, 21, 12, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def _noon(roster: Published) -> Iterator[None]:
    with travel(NOON):
        assert telling.remind(NOON) == 0, "what was due before reminders began is not told"
        yield


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


def told(code: str, roster: Published) -> list[Message]:
    mine = select(Message).where(Message.person_id == roster.person[code], Message.topic.like("reminder/%"))
    return list(db.session.scalars(mine.order_by(Message.id)))


@pytest.mark.both_dbs("one worker of several takes the minute by a locked row")
def test_twice_each_and_no_more(roster: Published) -> None:
    for moment in (at(22, 7, 29), at(22, 7, 30), at(22, 7, 31), at(22, 20, 29), at(22, 20, 31), at(23, 7, 0)):
        telling.remind(moment)
    texts = [message.body for message in told("O1", roster)]
    assert len(texts) == 2, texts
    assert "chưa xác nhận" in texts[0] and "/p/me/" in texts[0] and "23/01" in texts[0]
    assert len(told("O2", roster)) == 1, "whose night begins at 19:30 is told the day before, and an hour before"
    telling.remind(at(23, 18, 31))
    assert len(told("O2", roster)) == 2


def test_after_the_worker_was_away_the_last_one_is_enough(roster: Published) -> None:
    telling.remind(at(23, 7, 15))
    assert len(told("O1", roster)) == 1
    telling.remind(at(24, 9))
    assert not [message for message in told("O1", roster)[1:] if "23/01" in message.subject], "it has begun"


def test_who_confirmed_is_not_asked_again_and_who_will_not_come_is_not_reminded(roster: Published) -> None:
    confirmations.answer(
        roster.seat("operations", 0), "confirmed", person="O1", note="gọi", actor=factories.ADMIN, now=NOON
    )
    confirmations.answer(
        roster.seat("operations", 1), "refused", person="O2", note="gọi", actor=factories.ADMIN, now=NOON
    )
    telling.remind(at(22, 7, 31))
    telling.remind(at(22, 19, 31))
    [only] = told("O1", roster)
    assert "chưa xác nhận" not in only.body
    assert told("O2", roster) == []
    assert told("E2", roster), "others of that night are"


def test_whoever_is_moved_away_is_not_reminded_and_whoever_comes_is(roster: Published) -> None:
    roster.reassign("operations", 0, "O4", at=at(22, 6))
    telling.remind(at(22, 8))
    assert told("O1", roster) == [] and len(told("O4", roster)) == 1


def test_two_workers_say_it_once(roster: Published, app: object) -> None:
    telling.remind(at(22, 8))
    app.extensions.pop(telling.__name__)  # type: ignore[attr-defined]  # as another process, which remembers nothing
    telling.remind(at(22, 8))
    assert len(told("O1", roster)) == 1


def test_who_has_a_telephone_alone_is_reminded_by_an_approved_template(roster: Published) -> None:
    person = db.session.get_one(Person, roster.person["O1"])
    db.session.delete(next(each for each in person.contacts if each.channel == "email"))
    db.session.commit()
    with http_sink() as sink:
        carriers.set_up("sms", sink, now=NOON, templates={"shift": RECIPES["zalo"]["settings"]["templates"]["shift"]})
        telling.remind(at(22, 7, 31))
        with travel(at(22, 7, 32)):
            delivery.deliver_due(owner="story", only=("sms",))
    (sent,) = [each for each in sink.asked if each.json["phone"] == f"84{person.phone[1:]}"]
    values = sent.json["template_data"]
    assert "23/01" in values["shift"] and values["unit"] and "tháng Chạp" in values["when"], values
    assert values["token"] and "/" not in values["token"]
