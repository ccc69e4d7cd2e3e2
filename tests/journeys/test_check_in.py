"""Who is there says so: on one's own page, by link, at the shared desk, by the operator, by API; and who stands ready.

Tết Canh Tý: operations serves on site, leadership at home. O1 has the day of 23 January from 07:30, L1 stands by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db
from core.errors import Conflict, Forbidden
from core.models import AuditEntry
from duty.attendance import corrections, no_show_job, readiness, services
from notify.models import Message
from people import queries as people, services as services_of_people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Absence
from roster.confirmations import listing as confirmed, queries as confirmations_of, services as confirmations
from roster.coverage import unsure
from roster.models import Duty
from roster.presence import queries
from roster.presence.models import NoShow, Presence
from roster.resolver import resolver
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.own_links import own_path
from tests.support.published import Published

ADMIN = factories.ADMIN


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


@pytest.fixture(autouse=True)
def _asked(roster: Published) -> Iterator[None]:
    with clock.travel(factories.NOW):
        ask("operations", asks_check_in=True)
        ask("leadership", asks_ready=True)
    with clock.travel(at(7)):
        yield


def ask(duty: str, **wanted: bool) -> None:
    services_of_people.save_duty_kind(duty, wanted, now=factories.NOW, actor=ADMIN)


def duty_of(roster: Published, kind: str = "operations", turn: int = 0) -> Duty:
    seat = roster.seat(kind, turn)
    return db.session.scalars(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None))).one()


def state(roster: Published, now: datetime, kind: str = "operations", turn: int = 0) -> str:
    db.session.rollback()
    [line] = queries.lines_of([duty_of(roster, kind, turn)], now=now)
    return line.state


def account_of(client: Any, login: str, role: str, person: str | None = None, unit: str = "TINH") -> None:
    account = accounts.create_user(
        NewAccount(login, login, role, unit_code=unit, person_code=person), now=factories.NOW, actor=ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, login)


def path_of(code: str, now: datetime) -> str:
    return own_path(code, now=now)


def test_by_link_one_comes_goes_and_comes_back(roster: Published, client: Any) -> None:
    path = path_of("O1", at(7))
    with clock.travel(at(6, 29)):
        assert "Tôi đã có mặt" not in client.get(path).text, "more than an hour before"
    with clock.travel(at(7, 20)):
        assert "Tôi đã có mặt" in client.get(path).text
        duty = str(duty_of(roster).id)
        assert client.post(path, data={"do": "check_in", "duty": duty}).status_code == 303
        assert "có mặt 07:20" in client.get(path).text
    with clock.travel(at(12)):
        client.post(path, data={"do": "check_in", "duty": duty})
        assert db.session.get_one(Presence, (int(duty), "check_in")).at == at(7, 20), "what was said first stands"
        client.post(path, data={"do": "check_out", "duty": duty})
        assert state(roster, at(12)) == "left" and "Tôi quay lại ca" in client.get(path).text
        client.post(path, data={"do": "check_in", "duty": duty})
        assert state(roster, at(12)) == "here"
    with clock.travel(at(20, 10)):
        client.post(path, data={"do": "check_out", "duty": duty})
        assert queries.real_spans([duty_of(roster)]) == {int(duty): (at(7, 30), at(20, 10))}


def test_who_forgot_to_say_that_they_left_says_it_later_without_hours_more(roster: Published, client: Any) -> None:
    for turn in (0, 1):
        services.say(roster.seat("operations", turn), "check_in", note="gặp", actor=ADMIN, now=at(7 + 12 * turn, 20))
    first, second = duty_of(roster), duty_of(roster, turn=1)
    path = path_of("O1", at(7))
    with clock.travel(at(19, 29)):
        assert "Tôi rời ca đúng giờ" not in client.get(path).text
        early = client.post(path, data={"do": "left_at_end", "duty": str(first.id)})
        assert early.status_code == 409 and "không thể sau lúc này" in early.text
    with clock.travel(at(6, 30, day=24)):
        page = client.get(path).text
        assert "Ca đã hết giờ" in page and "Tôi rời ca đúng giờ, 19:30" in page
        assert client.post(path, data={"do": "left_at_end", "duty": str(first.id)}).status_code == 303
    assert queries.real_spans([first]) == {first.id: (at(7, 30), at(19, 30))}
    account_of(client, "bdt", "manager")
    with clock.travel(at(12, day=24)):
        enterprise.sign_in(client, "bdt")
        listed = "/roster/presence/?day=2020-01-23"
        assert "Rời ca 07:30" in client.get(listed).text
        said = {"do": f"left_at_end.{second.id}", "note": "gọi điện"}
        assert client.post(listed, data=said).status_code == 303
    assert queries.real_spans([second]) == {second.id: (at(19, 30), at(7, 30, day=24))}


def test_the_list_says_who_is_not_counted_on_and_that_they_were_called_only_when_they_were(
    roster: Published, client: Any
) -> None:
    account_of(client, "bdt", "manager")
    listed = "/roster/presence/?day=2020-01-23"
    with clock.travel(at(7, 50)):
        enterprise.sign_in(client, "bdt")
        silent = client.get(listed).text
        assert "1 người chưa có mặt" in silent and "Đến lượt gọi" not in silent
        no_show_job.look(at(7, 50))
        assert "Đến lượt gọi 1 người." in client.get(listed).text
        seat = roster.seat("operations", 0)
        confirmations.answer(seat, "refused", person="O1", note="gọi", actor=ADMIN, now=at(7, 51))
        no_show_job.look(at(7, 52))
    with clock.travel(at(7, 53)):
        known = client.get(listed).text
        assert "không chắc" in known and "Đến lượt gọi" not in known


def test_what_cannot_be_noted_is_said_also_when_nothing_is_left_to_note(roster: Published, client: Any) -> None:
    account_of(client, "bdt", "manager")
    with clock.travel(at(19, 40)):
        enterprise.sign_in(client, "bdt")
        said = {"do": "check_in", "duty": [str(duty_of(roster).id)], "note": "gặp"}
        late = client.post("/roster/presence/?day=2020-01-23", data=said)
        assert late.status_code == 409 and "Ca này đã qua" in late.text


def test_on_ones_own_page_signed_in(roster: Published, client: Any) -> None:
    account_of(client, "o1", "staff", "O1")
    with clock.travel(at(7, 40)):
        enterprise.sign_in(client, "o1")
        page = client.get("/me/").text
        assert "Tôi đã có mặt" in page
        duty = re.search(r'name="duty" value="(\d+)"', page)
        assert duty is not None
        assert client.post("/me/", data={"do": "check_in", "duty": duty[1]}).status_code == 303
        assert "có mặt 07:40" in client.get("/me/").text
        others = duty_of(roster, turn=1).id
        wrong = client.post("/me/", data={"do": "check_in", "duty": str(others)})
        assert wrong.status_code == 409 and "không còn là của người đó" in wrong.text


def test_who_left_yesterday_evening_checks_in_this_morning_by_a_button_that_names_no_shift(
    roster: Published, client: Any
) -> None:
    roster.reassign("operations", 2, "O1")
    account_of(client, "o1", "staff", "O1")
    for kind, now in (("check_in", at(7, 20)), ("check_out", at(19, 30))):
        services.say(roster.seat("operations", 0), kind, note="gặp", actor=ADMIN, now=now)
    with clock.travel(at(7, 10, day=24)):
        enterprise.sign_in(client, "o1")
        said = client.post("/me/", data={"do": "check_in"})
        assert said.status_code == 303, said.text
        assert client.post("/me/", data={"do": "check_in"}).status_code == 303, "a second time changes nothing"
    assert state(roster, at(7, 11, day=24), turn=2) == "here"
    assert state(roster, at(7, 11, day=24)) == "left", "yesterday stays as it was"


def test_what_cannot_be_said_is_refused_with_what_to_do(roster: Published) -> None:
    seat = roster.seat("operations", 0)
    with pytest.raises(Conflict) as early:
        services.say(seat, "check_in", note="gặp", actor=ADMIN, now=at(6))
    assert early.value.code == "presence.early" and "06:30" in early.value.message()
    with pytest.raises(Conflict) as how:
        services.say(seat, "check_in", actor=ADMIN, now=at(7))
    assert how.value.field == "note"
    for kind, now, code in (
        ("check_in", at(20), "presence.over"),
        ("check_out", at(8), "presence.not_here"),
        ("ready", at(8), "presence.not_asked"),
    ):
        with pytest.raises(Conflict) as refused:
            services.say(seat, kind, note="gặp", actor=ADMIN, now=now)
        assert refused.value.code == code
    with pytest.raises(Conflict) as to_come:
        services.say(seat, "check_in", at=at(9), note="gặp", actor=ADMIN, now=at(8))
    assert to_come.value.code == "presence.to_come"
    with pytest.raises(Conflict) as emergency:
        services.say(roster.seat("emergency", 0), "ready", note="gọi", actor=ADMIN, now=at(7))
    assert emergency.value.code == "presence.not_asked", "that kind has not switched it on"


def test_for_others_only_who_answers_for_their_unit(roster: Published) -> None:
    seat = roster.seat("operations", 0)
    other = factories.make_unit("KHAC", name="Tỉnh khác")
    stranger = Actor(name="Khác", role="manager", via="session", unit_id=other.id)
    colleague = Actor(name="O2", role="staff", via="link", person_id=roster.person["O2"], unit_id=roster.unit_id)
    with pytest.raises(Forbidden):
        services.say(seat, "check_in", person="O1", note="gặp", actor=stranger, now=at(7))
    with pytest.raises(Forbidden):
        services.say(seat, "check_in", person="O1", note="gặp", actor=colleague, now=at(7))
    with pytest.raises(Forbidden):
        services.say_for_many([duty_of(roster).id], "check_in", note="gặp", actor=stranger, now=at(7))
    with pytest.raises(Forbidden):
        corrections.correct(duty_of(roster).id, "check_in", at(7), "nhầm", actor=colleague, now=at(8))
    assert db.session.scalars(select(Presence)).all() == []
    on_duty = Actor(name="L1", role="staff", via="session", person_id=roster.person["L1"], unit_id=roster.unit_id)
    services.say(seat, "check_in", person="O1", note="gặp", actor=on_duty, now=at(8))
    with pytest.raises(Forbidden):
        corrections.correct(duty_of(roster).id, "check_in", at(7), "nhầm", actor=on_duty, now=at(8))


def test_another_units_manager_sees_who_is_there_and_neither_notes_nor_ticks(roster: Published, client: Any) -> None:
    services.say(roster.seat("operations", 0), "check_in", note="chị Lan gặp", actor=ADMIN, now=at(7, 20))
    factories.make_unit("KHAC", name="Tỉnh khác")
    account_of(client, "khac", "manager", unit="KHAC")
    duty = duty_of(roster, "leadership").id
    with clock.travel(at(7, 25)):
        enterprise.sign_in(client, "khac")
        page = client.get("/roster/presence/?unit=TINH&day=2020-01-23").text
        assert "có mặt 07:20" in page and "chị Lan gặp" not in page
        assert 'name="duty"' not in page and "Sửa giờ" not in page
        said = {"do": "ready", "duty": [str(duty)], "note": "gọi"}
        assert client.post("/roster/presence/?unit=TINH", data=said).status_code == 403
        corrected = {"do": "withdraw", "kind": "check_in", "note": "nhầm"}
        assert client.post(f"/roster/presence/{duty_of(roster).id}", data=corrected).status_code == 403
    assert len(db.session.scalars(select(Presence)).all()) == 1


def test_by_the_api(roster: Published, client: Any) -> None:
    seat = roster.seat("operations", 0)
    own = keys.create_api_key(keys.NewApiKey("của O1", "staff", None, "O1"), now=at(7), actor=ADMIN)[1]
    head = {"Authorization": f"Bearer {own}"}
    answer = client.post(f"/api/v1/seats/{seat}/check-in", json={}, headers=head)
    assert answer.status_code == 200, answer.json
    assert (answer.json["state"], answer.json["check_in"]["via"]) == ("here", "api")
    later = client.post(f"/api/v1/seats/{seat}/check-out", json={"at": "2031-01-01T00:00:00+07:00"}, headers=head)
    assert (later.status_code, later.json["code"]) == (409, "presence.to_come")
    others = client.post(f"/api/v1/seats/{roster.seat('operations', 1)}/check-in", json={}, headers=head)
    assert (others.status_code, others.json["code"]) == (409, "seat.anothers")
    assert client.post("/api/v1/seats/999999/ready", json={}, headers=head).status_code == 404
    kinds = client.get("/api/v1/duty-kinds", headers=head).json["items"]
    assert {each["code"]: each["asks_check_in"] for each in kinds}["operations"] is True


def test_the_api_of_who_is_on_duty_says_who_is_there_at_once(roster: Published, client: Any) -> None:
    key = keys.create_api_key(keys.NewApiKey("màn hình", "viewer", "TINH"), now=at(7), actor=ADMIN)[1]
    head = {"Authorization": f"Bearer {key}"}

    def told(now: datetime) -> dict[str, str | None]:
        with clock.travel(now):
            duties = client.get("/api/v1/on-duty", headers=head).json["duties"]
        return {each["duty"]: each["people"][0]["presence"] for each in duties}

    before = told(at(7, 40))
    assert (before["operations"], before["leadership"], before["emergency"]) == ("expected", "not_ready", None)
    assert told(at(7, 45))["operations"] == "missing"
    services.say(roster.seat("operations", 0), "check_in", note="gặp", actor=ADMIN, now=at(7, 45))
    assert told(at(7, 45))["operations"] == "here"


def test_a_manager_corrects_with_a_reason_and_the_first_word_stays_in_the_audit(roster: Published, client: Any) -> None:
    seat, duty = roster.seat("operations", 0), duty_of(roster).id
    services.say(seat, "check_in", note="gặp", actor=ADMIN, now=at(7, 50))
    account_of(client, "bdt", "manager")
    with clock.travel(at(9)):
        enterprise.sign_in(client, "bdt")
        page = f"/roster/presence/{duty}?day=2020-01-23"
        said = {"do": "correct", "kind": "check_in", "at": "23/01/2020 07:28", "note": ""}
        without = client.post(page, data=said)
        assert without.status_code == 422 and "Ghi lý do sửa giờ" in without.text and "23/01/2020 07:28" in without.text
        unread = client.post(page, data=said | {"at": "sáng", "note": "xem camera"})
        assert unread.status_code == 422 and "Ghi ngày giờ" in unread.text
        outside = client.post(page, data=said | {"at": "23/01/2020 05:00", "note": "xem camera"})
        assert outside.status_code == 422 and "nằm ngoài ca" in outside.text
        done = client.post(page, data=said | {"note": "xem camera"}, follow_redirects=True)
        assert "có mặt 07:28" in done.text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "duty.presence_corrected")).one()
    assert at(7, 50) == datetime.fromisoformat(entry.detail["was"]) and entry.detail["reason"] == "xem camera"


def test_a_wrong_tick_taken_back_lets_them_be_looked_for_again(roster: Published) -> None:
    seat, duty = roster.seat("operations", 0), duty_of(roster).id
    no_show_job.look(at(7, 46))
    services.say(seat, "check_in", note="gặp", actor=ADMIN, now=at(7, 47))
    assert db.session.get_one(NoShow, duty).ended_as == "arrived"
    with pytest.raises(Conflict):
        corrections.withdraw(duty, "check_out", "nhầm", actor=ADMIN, now=at(7, 48))
    corrections.withdraw(duty, "check_in", "ghi nhầm người", actor=ADMIN, now=at(7, 48))
    assert state(roster, at(7, 48)) == "missing"
    no_show_job.look(at(7, 49))
    assert db.session.get_one(NoShow, duty).called_at == at(7, 49)


@pytest.mark.both_dbs("the first word of two stands, by a lock of the person")
def test_two_words_at_once_leave_one(roster: Published, app: Flask) -> None:
    duty = duty_of(roster).id

    def say(number: int) -> None:
        services.say_for_many([duty], "check_in", note=f"gặp {number}", actor=ADMIN, now=at(7, number))

    in_parallel(app, 2, say)
    db.session.rollback()
    assert len(db.session.scalars(select(Presence)).all()) == 1
    written = select(AuditEntry).where(AuditEntry.action == "duty.check_in")
    assert len(db.session.scalars(written).all()) == 1


@pytest.mark.both_dbs("one worker of several takes the minute by a locked row")
def test_who_stands_ready_says_so_and_who_does_not_is_reminded_twice_and_listed(roster: Published, client: Any) -> None:
    readiness.remind(at(12))
    for moment in (at(18, 59), at(19, 0), at(19, 1), at(19, 19), at(19, 20), at(19, 22), at(19, 31)):
        readiness.remind(moment)
    told = reminders(roster, "L2")
    assert len(told) == 2 and all("Đề nghị báo sẵn sàng" in each.subject for each in told)
    assert not any(each.urgent for each in told), "nobody is woken for it"
    account_of(client, "bdt", "manager")
    with clock.travel(at(19, 35)):
        enterprise.sign_in(client, "bdt")
        page = client.get("/roster/presence/?day=2020-01-23").text
        assert "1 người chưa báo sẵn sàng" in page
        no_show_job.look(at(19, 50))
        assert (
            db.session.scalars(
                select(NoShow).join(Duty, Duty.id == NoShow.duty_id).where(Duty.duty == "leadership")
            ).all()
            == []
        )
        path = path_of("L2", at(19, 35))
        assert "Tôi sẵn sàng" in client.get(path).text
        client.post(path, data={"do": "ready", "duty": str(duty_of(roster, "leadership", 1).id)})
        assert "chưa báo sẵn sàng:" not in client.get("/roster/presence/?day=2020-01-23").text
    assert state(roster, at(19, 36), "leadership", 1) == "ready"


def test_who_refused_is_not_ready_before_they_confirm_after_all(roster: Published, client: Any) -> None:
    seat = roster.seat("leadership", 1)
    confirmations.answer(seat, "refused", person="L2", note="gọi", actor=ADMIN, now=at(9))
    path = path_of("L2", at(18))
    with clock.travel(at(18)):
        assert "Tôi sẵn sàng" not in client.get(path).text
        said = {"do": "ready", "duty": str(duty_of(roster, "leadership", 1).id)}
        refused = client.post(path, data=said)
        assert refused.status_code == 409 and "đã báo không trực được ca này" in refused.text
        confirmations.answer(seat, "confirmed", person="L2", note="gọi", actor=ADMIN, now=at(18))
        assert client.post(path, data=said).status_code == 303
    assert state(roster, at(18, 1), "leadership", 1) == "ready"


def test_whoever_has_come_or_stands_ready_is_not_rung_to_confirm(roster: Published) -> None:
    def to_ring() -> set[str]:
        db.session.rollback()
        return {each.person.code for each in confirmed.to_ring(roster.campaign_id, None, now=at(8))}

    assert {"O1", "L1", "O2"} <= to_ring()
    services.say(roster.seat("operations", 0), "check_in", note="gặp", actor=ADMIN, now=at(8))
    services.say(roster.seat("leadership", 0), "ready", note="gọi", actor=ADMIN, now=at(8))
    said = confirmations_of.answers_for([duty_of(roster), duty_of(roster, "leadership")])
    assert {(each.state, each.via) for each in said.values()} == {("confirmed", "phone")} and len(said) == 2
    waiting = {each.seat_id for each in confirmed.to_ring(roster.campaign_id, None, now=at(8))}
    assert not waiting & {roster.seat("operations", 0), roster.seat("leadership", 0)}
    refused = roster.seat("operations", 1)
    confirmations.answer(refused, "refused", person="O2", note="gọi", actor=ADMIN, now=at(9))
    services.say(refused, "check_in", note="gặp", actor=ADMIN, now=at(19))
    assert confirmations_of.answers_for([duty_of(roster, turn=1)])[duty_of(roster, turn=1).id].state == "refused"


def reminders(roster: Published, code: str) -> list[Message]:
    mine = select(Message).where(Message.person_id == roster.person[code], Message.topic.like("ready/%"))
    return list(db.session.scalars(mine.order_by(Message.id)))


def test_who_is_ready_in_time_is_not_reminded_and_a_seat_that_moves_asks_again(roster: Published) -> None:
    readiness.remind(at(12))
    services.say(roster.seat("leadership", 1), "ready", note="gọi", actor=ADMIN, now=at(18))
    readiness.remind(at(19, 5))
    assert reminders(roster, "L2") == []
    roster.reassign("leadership", 1, "L3", at=at(18, 30))
    roster.reassign("leadership", 1, "L2", at=at(18, 40))
    assert state(roster, at(18, 41), "leadership", 1) == "not_ready"


def test_a_confirmed_standby_of_a_kind_that_asks_nothing_counts_as_ready(roster: Published) -> None:
    seat = roster.seat("emergency", 0)
    assert state(roster, at(7), "emergency") == "ahead"
    confirmations.answer(seat, "confirmed", person="E1", note="gọi", actor=ADMIN, now=at(7))
    assert state(roster, at(7), "emergency") == "confirmed"


def test_whoever_is_there_is_called_although_they_were_noted_as_away(roster: Published) -> None:
    person = roster.person["O1"]
    db.session.add(
        Absence(person_id=person, from_on=date(2020, 1, 23), to_on=date(2020, 1, 23), kind="sick", recorded_at=at(6))
    )
    db.session.commit()
    away = resolver.who_is_on(roster.unit_id, "operations", at(8)).people[0]
    assert away.at_risk and [each.code for each in unsure.serving(now=at(8))] == ["O1"]
    services.say(roster.seat("operations", 0), "check_in", note="gặp", actor=ADMIN, now=at(8))
    there = resolver.who_is_on(roster.unit_id, "operations", at(8)).people[0]
    assert there.code == "O1" and not there.at_risk and there.away_until is None
    assert unsure.serving(now=at(8)) == [], "whoever has come serves"
    noted = db.session.scalars(select(Absence).where(Absence.person_id == person)).one()
    noted.recorded_at = at(11)
    db.session.commit()
    assert resolver.who_is_on(roster.unit_id, "operations", at(12)).people[0].at_risk, "fallen ill at their desk"


def test_a_no_show_is_still_named_with_the_word_that_they_are_not_there(roster: Published, client: Any) -> None:
    account_of(client, "bdt", "manager")
    with clock.travel(at(7, 50)):
        enterprise.sign_in(client, "bdt")
        name = people.person_by_code("O1").full_name
        for page in ("/", "/tonight"):
            text = client.get(page).text
            assert name in text and "chưa có mặt" in text, page
        answers = f"/roster/campaigns/{roster.campaign_id}/confirmations"
        assert "chưa có mặt" in client.get(answers).text
        services.say(roster.seat("operations", 0), "check_in", note="gặp", actor=ADMIN, now=at(7, 50))
        for page in ("/", "/tonight", f"{answers}?state=confirmed"):
            assert "có mặt 07:50" in client.get(page).text, page


def test_the_page_of_kinds_switches_it_on_and_off(roster: Published, client: Any) -> None:
    account_of(client, "qt", "admin")
    enterprise.sign_in(client, "qt")
    assert client.post("/roster/duty-kinds/asked", data={"ready": ["emergency"]}).status_code == 303
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    assert kinds["emergency"].asks_ready and not kinds["operations"].asks_check_in
    assert no_show_job.look(at(7, 59)) == 0
    page = client.get("/roster/presence/?day=2020-01-23").text
    assert "Tại chỗ" not in page and "chưa báo sẵn sàng" in page


def test_who_manages_but_a_district_cannot_switch_it_for_all(roster: Published, client: Any) -> None:
    factories.make_unit("HUYEN", parent=people.unit_by_code("TINH"), name="Huyện")
    account_of(client, "huyen", "manager", unit="HUYEN")
    assert client.post("/roster/duty-kinds/asked", data={}).status_code == 403
    assert {kind.code for kind in people.duty_kinds() if kind.asks_check_in} == {"operations"}


def test_in_english(roster: Published, client: Any) -> None:
    account_of(client, "bdt", "manager")
    with clock.travel(at(7, 50)):
        enterprise.sign_in(client, "bdt")
        client.post("/language", data={"language": "en"})
        assert "not here yet" in client.get("/roster/presence/").text


def test_of_a_shift_that_passed_without_them_nothing_was_served(roster: Published) -> None:
    no_show_job.look(at(7, 50))
    no_show_job.look(at(19, 30))
    duty = duty_of(roster)
    assert db.session.get_one(NoShow, duty.id).ended_as == "over"
    assert queries.real_spans([duty])[duty.id] == (at(7, 30), at(7, 30))
    corrections.correct(duty.id, "check_in", at(8, 15), "có mặt, quên điểm danh", actor=ADMIN, now=at(21))
    corrections.correct(duty.id, "check_out", at(18), "về sớm", actor=ADMIN, now=at(21))
    db.session.rollback()
    assert queries.real_spans([duty_of(roster)])[duty.id] == (at(8, 15), at(18))
    assert timedelta(hours=9, minutes=45) == at(18) - at(8, 15)
