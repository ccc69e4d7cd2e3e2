"""At seven each manager hears what is left before the coming shifts: once, of their own units, and only news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.models import Setting
from core.observability import heartbeat
from desk.backups import schedule
from desk.readiness import morning
from notify.models import Message
from people.absences import services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, Unit, User
from tests.journeys.test_readiness import all_is_well
from tests.support import enterprise, factories
from tests.support.factories import ADMIN
from tests.support.in_parallel import in_parallel
from tests.support.published import Published


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return clock.at_local(date(2020, 1, day), hour, minute)


@pytest.fixture(autouse=True)
def enterprise_of_two(app: Flask, roster: Published) -> Iterator[None]:
    """L1 manages the province; K1 the office below, which needs nobody yet."""
    with clock.travel(at(22, 8)):
        below = factories.make_unit("BDH", parent=db.session.get_one(Unit, roster.unit_id), name="Bưu điện huyện")
        factories.make_person("K1", below, duties=())
        for login, unit, code in (("ql", "TINH", "L1"), ("kh", "BDH", "K1")):
            accounts.create_user(
                NewAccount(login, "Quản lý", "manager", unit_code=unit, person_code=code), now=at(22, 8), actor=ADMIN
            )
        all_is_well(app, roster)
        with transaction() as session:
            session.execute(update(User).values(password_hash=enterprise.password_hash()))
        yield


def tell(now: datetime) -> int:
    heartbeat.beat(heartbeat.worker("one/0"), now=now)
    heartbeat.beat(schedule.GOOD, now=now)
    with clock.travel(now):
        return morning.tell(now)


def letters() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.topic.like("readiness/%")).order_by(Message.id)))


def ill(code: str, day: int = 23) -> None:
    absence_services.add_absence(
        code, date(2020, 1, day), date(2020, 1, day), "sick", note="sốt", actor=ADMIN, now=at(22, 8)
    )


def well() -> None:
    absence_services.remove_absence(db.session.scalars(select(Absence.id)).first() or 0, actor=ADMIN, now=at(22, 8))


def test_silent_until_something_is_wrong_and_while_it_stays_the_same(roster: Published) -> None:
    assert tell(at(21, 7)) == 0, "all is well, and it always was"
    ill("O1")
    assert tell(at(22, 6, 59)) == 0
    assert tell(at(22, 7)) == 1, "L1; the office of K1 has no part in it"
    assert tell(at(22, 7, 1)) == 0
    first = letters()[-1]
    assert first.person_id == roster.person["L1"] and first.subject.startswith("Sẵn sàng bảy ngày tới: 98/100.")
    assert "−2 · 1 lượt không chắc (trước 07:30 23/01): Nguyễn Văn O1" in first.body
    assert "sốt" not in first.body, "why is nobody's business"
    assert "/readiness/" in first.body
    assert tell(at(23, 7)) == 0, "they know"
    # Another falls ill for tomorrow: news, and tomorrow is soon enough for what is read in the morning.
    ill("L3", 24)
    assert tell(at(23, 7, 30)) == 0, "once a day"
    assert tell(at(24, 7)) == 1
    assert "Nguyễn Văn L3" in letters()[-1].body and "Nguyễn Văn O1" not in letters()[-1].body


def test_that_all_is_well_again_is_news_once() -> None:
    ill("O1")
    assert tell(at(22, 7)) == 1
    well()
    assert tell(at(23, 7)) == 1
    assert "Không còn việc nào" in letters()[-1].subject and "100/100" in letters()[-1].subject
    assert tell(at(24, 7)) == 0


def test_not_in_the_night_after_the_worker_was_away() -> None:
    ill("O1")
    assert tell(at(22, 21)) == 0 and tell(at(22, 20, 59)) == 1


def test_each_hears_of_their_own_units_in_their_language(roster: Published) -> None:
    below = db.session.scalars(select(Unit).where(Unit.code == "BDH")).one()
    factories.make_demand(below, "support", form="standby")
    ill("O1")
    with transaction() as session:
        session.execute(update(User).where(User.login == "kh").values(locale="en"))
    assert tell(at(22, 7)) == 2
    told = {message.person_id: message for message in letters()}
    mine = told.pop(roster.person["L1"])
    (theirs,) = told.values()
    assert "1 lượt không chắc" in mine.body and "1 đơn vị chưa có lịch ban hành" in mine.body
    assert "1 unit has no published roster" in theirs.body and "O1" not in theirs.body
    assert "Of the whole installation, judged at the topmost unit" in theirs.body


def test_the_page_says_what_the_morning_was(client: FlaskClient) -> None:
    ill("O1")
    tell(at(22, 7))
    well()
    enterprise.sign_in(client, "ql")
    page = client.get("/readiness/").text
    assert "Thư sáng 22/01: 98." in page
    assert "Thư sáng" not in client.get("/readiness/?unit=TINH").text, "another sum"


@pytest.mark.both_dbs("told once, behind a locked row")
def test_two_workers_tell_once_and_one_that_dies_tells_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ill("O1")
    real = morning._send

    def dies(*_given: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(morning, "_send", dies)
    with pytest.raises(RuntimeError):
        tell(at(22, 7))
    assert letters() == [] and (db.session.get(Setting, morning.SETTING) is None)
    monkeypatch.setattr(morning, "_send", real)
    now = at(22, 7)
    told = in_parallel(app, 3, lambda _n: morning.tell(now))
    assert sorted(told) == [0, 0, 1] and len(letters()) == 1
    assert tell(now + timedelta(minutes=1)) == 0
