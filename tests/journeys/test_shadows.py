"""Somebody new stands beside whoever serves: shown and told, and never counted on.

Three days of Tết Canh Tý. O1 serves operations on 23 January by day; O4, who has no shift, goes along to learn.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from core.errors import Conflict, DomainError, Forbidden, NotFound
from notify.models import Message
from people import services
from people.absences import services as absence_services
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import ContactMethod, Unit, User
from roster.coverage import covered, unsure
from roster.feeds import reading, services as feeds
from roster.models import Duty
from roster.reachability import report
from roster.resolver import resolver
from roster.shadows import moving, queries, services as shadows
from roster.shadows.models import Shadow
from tests.journeys.test_one_tap import link_of
from tests.support import enterprise, factories
from tests.support.factories import ADMIN
from tests.support.in_parallel import in_parallel
from tests.support.published import Published, feed

EVE = clock.at_local(date(2020, 1, 22), 8)
SERVES = clock.at_local(date(2020, 1, 23), 9)


@pytest.fixture(autouse=True)
def _eve(app: Flask, roster: Published) -> Iterator[None]:
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    with clock.travel(EVE):
        yield


@pytest.fixture
def manager(client: FlaskClient, roster: Published) -> FlaskClient:
    accounts.create_user(
        NewAccount("ql", "Quản lý", "manager", unit_code="TINH", person_code="L1"), now=EVE, actor=ADMIN
    )
    with transaction() as session:
        session.execute(update(User).values(password_hash=enterprise.password_hash()))
    enterprise.sign_in(client, "ql")
    return client


def put(roster: Published, code: str = "O4", turn: int = 0, now: datetime = EVE) -> Shadow:
    return shadows.add(roster.seat("operations", turn), code, actor=ADMIN, now=now)


def letters(roster: Published, code: str = "O4") -> list[Message]:
    mine = select(Message).where(Message.person_id == roster.person[code], Message.topic.like("shadow/%"))
    return list(db.session.scalars(mine.order_by(Message.id)))


def calendar_of(roster: Published, code: str = "O4", now: datetime = EVE) -> str:
    found = feed("person", person_id=roster.person[code])
    kept = reading.answer(feeds.url_of(found).rpartition("/")[2].removesuffix(".ics"), now=now)
    return gzip.decompress(kept.body or b"").decode().replace("\r\n ", "")


def test_the_manager_puts_somebody_beside_and_everybody_sees_it(
    manager: FlaskClient, roster: Published, new_client: Any
) -> None:
    shift = roster.shifts("operations")[0]
    page = manager.get(f"/roster/shifts/{shift}").text
    assert "Kèm trực" in page and 'value="O4 · Nguyễn Văn O4"' in page and "O1 · Nguyễn Văn O1" not in page
    seat = re.search(r'name="seat" value="(\d+)"', page)
    assert seat is not None
    fields = {"do": "add", "seat": seat[1], "person": "O4 · Nguyễn Văn O4"}
    said = manager.post(f"/roster/shifts/{shift}/shadows", data=fields, follow_redirects=True).text
    assert "Đã thêm người kèm trực: Nguyễn Văn O4." in said and "kèm Nguyễn Văn O1" in said
    # Told, with the address of their own page; there, and on the page of whom they go with.
    (letter,) = letters(roster)
    assert letter.subject == "Kèm trực: Trực điều hành, 07:30 23/01 – 19:30"
    assert "cùng Nguyễn Văn O1" in letter.body and "không bị gọi khi có sự cố" in letter.body
    browser = new_client()
    assert "Tôi kèm Nguyễn Văn O1" in browser.get(link_of(roster.person["O4"])).text
    assert "Nguyễn Văn O4 kèm tôi" in browser.get(link_of(roster.person["O1"])).text
    assert "Nguyễn Văn O4 kèm tôi" not in browser.get(link_of(roster.person["O2"])).text
    printed = manager.get(f"/roster/campaigns/{roster.campaign_id}/print").text
    assert "(kèm trực: Nguyễn Văn O4)" in printed
    with clock.travel(SERVES):
        tonight = manager.get("/tonight").text
    assert "kèm trực: Nguyễn Văn O4" in tonight
    # Taken off again.
    (row,) = queries.list_for_shift(shift)
    ended = manager.post(f"/roster/shifts/{shift}/shadows", data={"do": "end", "shadow": row.id}, follow_redirects=True)
    assert "Đã thôi kèm trực: Nguyễn Văn O4." in ended.text and queries.list_for_shift(shift) == []
    assert letters(roster)[-1].subject.startswith("Thôi kèm trực:")
    assert "kèm trực: " not in manager.get(f"/roster/campaigns/{roster.campaign_id}/print").text


def test_a_shadow_never_covers(roster: Published) -> None:
    """O1 falls ill: the seat is unsure whoever goes along, and nobody who asks is given the name of O4."""
    put(roster)
    absence_services.add_absence("O1", date(2020, 1, 23), date(2020, 1, 23), "sick", note="sốt", actor=ADMIN, now=EVE)
    assert [each.code for each in unsure.coming(None, now=EVE, days=7)] == ["O1"]
    facts = covered.as_facts(covered.covered_time(roster.campaign, now=EVE), with_people=True)
    assert [gap["why"] for kind in facts for gap in kind["gaps"] if gap["shift"]] == ["at_risk"]
    answer = resolver.who_is_on(roster.unit_id, "operations", SERVES)
    assert "O4" not in {who.code for who in (*answer.people, *answer.next)}
    assert resolver.on_duty_roles(roster.person["O4"], SERVES) == []
    assert roster.person["O4"] not in {each.person.id for each in report.lacking(None, now=EVE)}
    assert db.session.scalar(select(Duty.id).where(Duty.person_id == roster.person["O4"])) is None


def test_their_calendar_has_it_and_loses_it(roster: Published) -> None:
    first = calendar_of(roster)
    assert "BEGIN:VEVENT" not in first
    row = put(roster)
    shown = calendar_of(roster, now=EVE + timedelta(minutes=1))
    assert f"UID:shadow-{row.id}@" in shown and "SUMMARY:Kèm trực Trực điều hành · Ngày" in shown
    assert "Cùng ca: Nguyễn Văn O1" in shown and "STATUS:CONFIRMED" in shown
    assert calendar_of(roster, now=EVE + timedelta(minutes=2)) == shown, "the same facts are the same bytes"
    assert "shadow-" not in calendar_of(roster, "O1", now=EVE + timedelta(minutes=2))
    shadows.end(row.id, actor=ADMIN, now=EVE + timedelta(minutes=3))
    gone = calendar_of(roster, now=EVE + timedelta(minutes=4))
    assert f"UID:shadow-{row.id}@" in gone and "STATUS:CANCELLED" in gone
    assert sequence(gone) > sequence(shown)
    assert "BEGIN:VEVENT" not in calendar_of(roster, now=EVE + timedelta(days=90))


def sequence(calendar: str) -> int:
    found = re.search(r"SEQUENCE:(\d+)", calendar)
    assert found is not None
    return int(found[1])


def test_it_follows_the_seat_and_ends_with_it(roster: Published) -> None:
    put(roster)
    roster.reassign("operations", 0, "O3", at=EVE)
    assert [each.holder for each in queries.list_for_person(roster.person["O4"], now=EVE)] == ["Nguyễn Văn O3"]
    roster.reassign("operations", 0, "O4", at=EVE)
    assert queries.list_for_person(roster.person["O4"], now=EVE) == [], "who serves stands beside nobody"
    assert "STATUS:CANCELLED" in calendar_of(roster, now=EVE + timedelta(minutes=1))
    assert queries.list_for_person(roster.person["O4"], now=SERVES + timedelta(days=1)) == []


def test_who_stands_beside_hears_when_the_seat_moves_or_is_nobodys_and_once(roster: Published) -> None:
    """Whatever moved it: what they were told is compared with what is published."""
    put(roster)
    roster.reassign("operations", 0, "O3", at=EVE)
    assert moving.look(EVE) == 0 and len(letters(roster)) == 1, "who holds it is no news of when"
    held = select(Duty).where(Duty.seat_id == roster.seat("operations", 0), Duty.cancelled_at.is_(None))
    duty = db.session.scalars(held).one()
    duty.ends_at -= timedelta(hours=3)
    db.session.commit()
    assert moving.look(EVE) == 1 and moving.look(EVE) == 0
    assert letters(roster)[-1].subject == "Kèm trực đổi giờ: Trực điều hành, 07:30 23/01 – 16:30"
    duty.cancelled_at = EVE
    db.session.commit()
    said = len(letters(roster))
    assert moving.look(EVE) == 1 and moving.look(EVE) == 0
    assert letters(roster)[-1].subject.startswith("Thôi kèm trực: Trực điều hành, 07:30 23/01")
    duty.cancelled_at = None
    db.session.commit()
    assert moving.look(EVE + timedelta(minutes=1)) == 1 and letters(roster)[-1].subject.startswith("Kèm trực: ")
    assert len(letters(roster)) == said + 2
    assert moving.look(SERVES + timedelta(days=1)) == 0, "what is over is over"


def test_who_comes_to_serve_there_is_not_told_that_they_no_longer_go_along(roster: Published) -> None:
    put(roster)
    roster.reassign("operations", 0, "O4", at=EVE)
    assert moving.look(EVE) == 0 and len(letters(roster)) == 1


@pytest.mark.both_dbs("what was told is changed with the message, on a condition")
def test_two_workers_tell_of_a_move_once(app: Flask, roster: Published) -> None:
    put(roster)
    duty = db.session.scalars(select(Duty).where(Duty.seat_id == roster.seat("operations", 0))).one()
    duty.ends_at -= timedelta(hours=3)
    db.session.commit()
    assert sorted(in_parallel(app, 3, lambda _n: moving.look(EVE))) == [0, 0, 1]
    assert len(letters(roster)) == 2


def test_who_cannot_stand_there(roster: Published) -> None:
    def refused(code: str, turn: int = 0, now: datetime = EVE) -> str:
        with pytest.raises(DomainError) as fault:
            put(roster, code, turn, now)
        return fault.value.code

    assert refused("O1") == "shadow.serves"
    assert refused("L1") == "shadow.busy", "who leads in these hours"
    put(roster)
    with pytest.raises(Conflict) as busy:
        shadows.add(roster.seat("emergency", 0), "O4", actor=ADMIN, now=EVE)
    assert busy.value.code == "shadow.busy", "beside one at a time"
    absence_services.add_absence("L3", date(2020, 1, 23), date(2020, 1, 23), "sick", note="", actor=ADMIN, now=EVE)
    assert refused("L3") == "shadow.away"
    assert refused("O3", 0, SERVES + timedelta(days=3)) == "seat.over"
    assert refused("KHONG") == "person.unknown"
    services.save_person("L3", {"active": False}, actor=ADMIN, now=EVE)
    assert refused("L3", 1) == "shadow.left"
    with pytest.raises(NotFound):
        shadows.end(99, actor=ADMIN, now=EVE)


def test_what_was_typed_is_kept_with_the_reason(manager: FlaskClient, roster: Published) -> None:
    shift, seat = roster.shifts("operations")[0], roster.seat("operations", 0)
    other = roster.shifts("operations")[1]
    fields = {"do": "add", "seat": str(seat), "person": "L1"}
    page = manager.post(f"/roster/shifts/{shift}/shadows", data=fields, follow_redirects=True).text
    assert "đã trực hoặc kèm trực nơi khác trong giờ này" in page and 'value="L1"' in page
    assert manager.post(f"/roster/shifts/{other}/shadows", data=fields).status_code == 404, "a seat of another shift"
    assert manager.post(f"/roster/shifts/{shift}/shadows", data={"do": "end", "shadow": "7"}).status_code == 404
    manager.post("/language", data={"language": "en"})
    page = manager.post(f"/roster/shifts/{shift}/shadows", data=fields, follow_redirects=True).text
    assert "is on duty or stands beside somebody elsewhere" in page


def test_managers_elsewhere_put_nobody_here(roster: Published) -> None:
    other = factories.make_unit("BDH", parent=db.session.get_one(Unit, roster.unit_id))
    stranger = factories.make_person("K1", other, duties=())
    with pytest.raises(Forbidden):
        shadows.add(roster.seat("operations", 0), stranger.code, actor=factories.manager_of(other.id), now=EVE)
    row = put(roster)
    with pytest.raises(Forbidden):
        shadows.end(row.id, actor=factories.manager_of(other.id), now=EVE)


@pytest.mark.both_dbs("one at a time for each person, behind a held key")
def test_twice_and_at_once_is_once(app: Flask, roster: Published) -> None:
    seat = roster.seat("operations", 0)
    ids = in_parallel(app, 4, lambda _n: shadows.add(seat, "O4", actor=ADMIN, now=EVE).id)
    assert len(set(ids)) == 1 and len(letters(roster)) == 1
    ended = in_parallel(app, 3, lambda _n: shadows.end(ids[0], actor=ADMIN, now=EVE).code)
    assert ended == ["O4"] * 3 and len(letters(roster)) == 2
    again = put(roster)
    assert again.id > ids[0], "an id is never used again"
    # Beside two who serve at the same time: one of the two is refused.
    shadows.end(again.id, actor=ADMIN, now=EVE)
    seats = [seat, roster.seat("emergency", 0)]

    def try_one(n: int) -> str:
        try:
            shadows.add(seats[n], "O4", actor=ADMIN, now=EVE)
        except Conflict as fault:
            return fault.code
        return "added"

    assert sorted(in_parallel(app, 2, try_one)) == ["added", "shadow.busy"]


def test_whom_nothing_reaches_is_shown_all_the_same(roster: Published) -> None:
    with transaction() as session:
        for contact in session.scalars(select(ContactMethod).where(ContactMethod.person_id == roster.person["O4"])):
            session.delete(contact)
    put(roster)
    assert letters(roster) == [] and len(queries.list_for_person(roster.person["O4"], now=EVE)) == 1
