"""Giao thừa, and somebody does not come: they are called, then whoever waits for them, then it is an incident.

Tết Canh Tý: O1 serves on site from 19:30 on 24 January to 07:30, after O3. Operations has switched check-in on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import worker
from core import clock
from core.calendar.dates import VN
from core.db import db
from core.models import Setting
from duty.attendance import calls, no_show_job, services
from duty.attendance.deputies import candidates
from duty.on_duty import rehearsals
from incidents.coverage import no_shows
from incidents.coverage.models import NoShowIncident
from incidents.record.models import Incident, TimelineEntry
from incidents.response import lifecycle
from notify import pause
from notify.models import Message
from people import queries as people, services as services_of_people
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Absence
from roster.confirmations import services as confirmations
from roster.draft import services as drafts
from roster.models import Duty, Shift
from roster.presence import queries
from roster.presence.models import NoShow, Presence
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import Published
from tests.support.statements import statements

NIGHT, BEFORE, OUTGOING = 3, 2, "O3"
"""Turns of operations: the night of Giao thừa, and the day before it."""


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


class Night:
    """``go`` sets the clock and lets the worker do what it does at a tick."""

    def __init__(self, app: Flask, roster: Published) -> None:
        self.app, self.roster, self._travels = app, roster, ExitStack()
        with clock.travel(factories.NOW):
            ask("operations")

    def look(self, moment: datetime) -> datetime:
        self._travels.close()
        self._travels.enter_context(clock.travel(moment))
        return moment

    def go(self, moment: datetime) -> None:
        self.look(moment)
        for job in (*worker.jobs("tick"), *worker.jobs("calling")):
            job.run(moment)
            db.session.rollback()

    def close(self) -> None:
        self._travels.close()

    def duty(self, duty: str = "operations", turn: int = NIGHT) -> Duty:
        seat = self.roster.seat(duty, turn)
        return db.session.scalars(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None))).one()

    def calls(self, code: str) -> list[Message]:
        mine = select(Message).where(
            Message.person_id == self.roster.person[code], Message.idempotency_key.like("no_show/%")
        )
        return list(db.session.scalars(mine.order_by(Message.id)))

    def called(self) -> list[str]:
        return [code for code in self.roster.person if self.calls(code)]


def ask(duty: str, **wanted: bool) -> None:
    wanted = wanted or {"asks_check_in": True}
    services_of_people.save_duty_kind(duty, wanted, now=factories.NOW, actor=factories.ADMIN)


def staffing() -> list[Incident]:
    db.session.rollback()
    return list(db.session.scalars(select(Incident).where(Incident.category == "staffing").order_by(Incident.id)))


def lines(incident: Incident) -> str:
    wanted = select(TimelineEntry.note).where(TimelineEntry.incident_id == incident.id).order_by(TimelineEntry.id)
    return " ".join(db.session.scalars(wanted))


@pytest.fixture
def giao_thua(app: Flask, roster: Published) -> Iterator[Night]:
    told = Night(app, roster)
    told.look(at(7, 25))
    services.say(
        roster.seat("operations", BEFORE), "check_in", note="gặp ở bàn trực", actor=factories.ADMIN, now=at(7, 25)
    )
    yield told
    told.close()


@pytest.mark.both_dbs("who is called is claimed by a conditional insert, and each step by a conditional update")
def test_at_giao_thua_one_is_called_then_who_waits_for_them_then_it_is_an_incident(
    giao_thua: Night, client: Any
) -> None:
    giao_thua.go(at(19, 44))
    assert giao_thua.called() == [], "a quarter of an hour is theirs"
    giao_thua.go(at(19, 45))
    assert giao_thua.called() == ["O1"]
    [call, *_rest] = giao_thua.calls("O1")
    assert call.urgent and "Chưa thấy đồng chí ở ca" in call.subject
    giao_thua.go(at(19, 49))
    assert giao_thua.called() == ["O1"]
    giao_thua.go(at(19, 50))
    assert giao_thua.called() == ["O1", OUTGOING], "the one whom they should have relieved is still there"
    assert people.person_by_code("O1").full_name in giao_thua.calls(OUTGOING)[0].body
    giao_thua.go(at(19, 54))
    assert staffing() == []
    giao_thua.go(at(19, 55))
    [incident] = staffing()
    assert people.person_by_code("O1").full_name in incident.title and incident.status == "open"
    assert "0900" not in incident.description, "a viewer of the unit reads incidents, and nobody's number"
    giao_thua.go(at(20, 30))
    assert len(staffing()) == 1 and len(giao_thua.calls("O1")) == len({each.channel for each in giao_thua.calls("O1")})
    giao_thua.look(at(0, 5, 25))
    path = re.search(r"/p/me/[\w-]+", next(each.body for each in giao_thua.calls("O1") if "/p/me/" in each.body))
    assert path is not None
    page = client.get(path[0]).text
    assert "Chưa thấy đồng chí có mặt" in page and "Tôi đã có mặt" in page
    duty = re.search(r'name="duty" value="(\d+)"', page)
    assert duty is not None
    assert client.post(path[0], data={"do": "check_in", "duty": duty[1]}).status_code == 303
    assert "có mặt 00:05" in client.get(path[0]).text
    giao_thua.go(at(0, 6, 25))
    [incident] = staffing()
    assert incident.status == "resolved", "nobody had taken it"
    assert "có mặt lúc 00:05" in lines(incident)
    unsent = ("pending", "leased", "held")
    assert not [each for each in (*giao_thua.calls("O1"), *giao_thua.calls(OUTGOING)) if each.state in unsent]


def test_whoever_was_to_be_relieved_sees_on_their_page_for_whom_they_stand_in(giao_thua: Night, client: Any) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.go(at(19, 50))
    path = re.search(r"/p/me/[\w-]+", giao_thua.calls(OUTGOING)[0].body)
    assert path is not None
    client.post(path[0], data={"do": "me"})
    page = client.get(path[0]).text
    assert "Đề nghị trực thay cho tới khi có người" in page and people.person_by_code("O1").full_name in page


def test_who_left_in_time_is_not_called_back_but_the_standing_chain(giao_thua: Night) -> None:
    giao_thua.look(at(19, 35))
    seat = giao_thua.roster.seat("operations", BEFORE)
    services.say(seat, "check_out", note="gặp ở bàn trực", actor=factories.ADMIN, now=at(19, 35))
    giao_thua.go(at(19, 45))
    giao_thua.go(at(19, 50))
    chain = [code for code in giao_thua.called() if code != "O1"]
    assert chain and all(code.startswith("L") for code in chain), chain


def test_somebody_taken_it_hears_of_the_arrival_and_keeps_it(giao_thua: Night) -> None:
    for minute in (45, 50, 55):
        giao_thua.go(at(19, minute))
    [incident] = staffing()
    lifecycle.acknowledge(incident.id, actor=factories.ADMIN, now=at(20), note="")
    giao_thua.look(at(20, 10))
    services.say(
        giao_thua.roster.seat("operations", NIGHT), "check_in", note="gặp", actor=factories.ADMIN, now=at(20, 10)
    )
    giao_thua.go(at(20, 11))
    [incident] = staffing()
    assert incident.status == "acknowledged" and "có mặt lúc 20:10" in lines(incident)


def test_who_comes_between_the_call_and_the_next_step_troubles_nobody_else(giao_thua: Night) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.look(at(19, 48))
    services.say(
        giao_thua.roster.seat("operations", NIGHT), "check_in", note="gặp", actor=factories.ADMIN, now=at(19, 48)
    )
    for minute in (50, 55, 59):
        giao_thua.go(at(19, minute))
    assert giao_thua.called() == ["O1"] and staffing() == []
    assert all(each.state == "cancelled" for each in giao_thua.calls("O1") if each.sent_at is None)


def test_who_says_that_they_cannot_come_is_awaited_no_more(giao_thua: Night) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.look(at(19, 47))
    seat = giao_thua.roster.seat("operations", NIGHT)
    confirmations.answer(seat, "refused", person="O1", note="gọi", actor=factories.ADMIN, now=at(19, 47))
    for minute in (50, 55, 59):
        giao_thua.go(at(19, minute))
    assert OUTGOING not in giao_thua.called() and staffing() == [], "it is a gap, and that is raised as one"
    assert db.session.get_one(NoShow, giao_thua.duty().id).ended_as == "excused"


def test_a_seat_given_to_another_late_begins_anew_for_them(giao_thua: Night) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.look(at(19, 47))
    giao_thua.roster.reassign("operations", NIGHT, "O4", at=at(19, 47))
    for minute in (50, 55, 59):
        giao_thua.go(at(19, minute))
    assert OUTGOING not in giao_thua.called() and "O4" not in giao_thua.called() and staffing() == []
    giao_thua.go(at(20, 1))
    assert "O4" not in giao_thua.called(), "they have had it for fourteen minutes"
    giao_thua.go(at(20, 2))
    assert "O4" in giao_thua.called()


def test_while_sending_is_paused_nobody_is_called_nor_is_anything_raised(giao_thua: Night) -> None:
    db.session.add(Setting(key=pause.KEY, value=pause.value(at(19), at(18))))
    db.session.commit()
    for minute in (45, 50, 55):
        giao_thua.go(at(19, minute))
    assert giao_thua.called() == [] and staffing() == []


@pytest.mark.parametrize("end", ["over", "absent", "moved", "closed", "switched off"])
def test_after_a_pause_nothing_is_raised_of_whom_nobody_awaits_any_more(giao_thua: Night, end: str) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.go(at(19, 50))
    db.session.add(Setting(key=pause.KEY, value=pause.value(at(19, 51), at(19, 51))))
    db.session.commit()
    giao_thua.go(at(19, 56))
    now = giao_thua.look(at(8, day=25) if end == "over" else at(20, 30))
    if end == "absent":
        absent = Absence(person_id=giao_thua.roster.person["O1"], from_on=now.date(), to_on=now.date(), kind="sick")
        absent.recorded_at = at(20)
        db.session.add(absent)
    elif end == "moved":
        giao_thua.roster.reassign("operations", NIGHT, "O4", at=at(20, 20))
    elif end == "closed":
        giao_thua.roster.campaign.state = "closed"
    elif end == "switched off":
        services_of_people.save_duty_kind("operations", {"asks_check_in": False}, now=now, actor=factories.ADMIN)
    db.session.delete(db.session.get_one(Setting, pause.KEY))
    db.session.commit()
    giao_thua.go(now)
    assert staffing() == []


@pytest.mark.parametrize("end", ["closed", "switched off"])
def test_who_is_asked_no_more_is_not_said_to_be_away(giao_thua: Night, end: str) -> None:
    for minute in (45, 50, 55):
        giao_thua.go(at(19, minute))
    now = giao_thua.look(at(20))
    if end == "closed":
        giao_thua.roster.campaign.state = "closed"
        db.session.commit()
    else:
        services_of_people.save_duty_kind("operations", {"asks_check_in": False}, now=now, actor=factories.ADMIN)
    giao_thua.go(now)
    giao_thua.go(at(20, 1))
    [incident] = staffing()
    assert incident.status == "resolved" and "không trực được" not in lines(incident)
    assert "không chờ" in lines(incident)


def test_who_lost_the_duty_while_the_worker_was_thinking_is_not_called(
    giao_thua: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    giao_thua.look(at(19, 45))
    asked = no_show_job.missing_now

    def meanwhile(now: datetime) -> dict[int, Duty]:
        found = asked(now)
        giao_thua.roster.reassign("operations", NIGHT, "O4", at=now)
        return found

    monkeypatch.setattr(no_show_job, "missing_now", meanwhile)
    no_show_job.look(at(19, 45))
    assert giao_thua.called() == [] and db.session.scalars(select(NoShow)).all() == []


def test_of_a_campaign_that_is_closed_and_of_shifts_that_are_over_nobody_is_missed(giao_thua: Night) -> None:
    giao_thua.go(at(8, 0, 28))
    assert giao_thua.called() == []
    giao_thua.roster.campaign.state = "closed"
    db.session.commit()
    giao_thua.go(at(19, 50))
    assert giao_thua.called() == []


def test_a_rehearsal_of_giao_thua_wakes_nobody(giao_thua: Night) -> None:
    now = giao_thua.look(at(15, day=20))
    rehearsals.start(
        giao_thua.roster.campaign_id, play_at=at(20, 30), source="published", now=now, actor=factories.ADMIN
    )
    for minute in (1, 6, 11):
        giao_thua.go(at(15, minute, day=20))
    assert giao_thua.called() == [] and staffing() == []


def test_switched_on_in_the_middle_of_a_shift_it_asks_from_the_next_on(app: Flask, roster: Published) -> None:
    told = Night.__new__(Night)
    told.app, told.roster, told._travels = app, roster, ExitStack()
    told.look(at(21))
    services_of_people.save_duty_kind("operations", {"asks_check_in": True}, now=at(21), actor=factories.ADMIN)
    told.go(at(21, 30))
    assert told.called() == []
    told.go(at(7, 45, 25))
    assert told.called() == ["O2"]
    told.close()


def test_a_worker_that_was_away_does_not_call_everybody_at_once(giao_thua: Night) -> None:
    giao_thua.go(at(23))
    assert giao_thua.called() == ["O1"]
    giao_thua.go(at(23, 5))
    assert OUTGOING in giao_thua.called() and staffing() == []
    giao_thua.go(at(23, 10))
    assert len(staffing()) == 1


@pytest.mark.parametrize("step", ["call", "deputy", "raise"])
def test_a_worker_killed_in_the_middle_of_a_step_loses_nothing_and_says_nothing_twice(
    giao_thua: Night, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    moments = {"call": at(19, 45), "deputy": at(19, 50), "raise": at(19, 55)}
    for name, moment in moments.items():
        if name == step:
            module, work = (no_shows, "_link") if step == "raise" else (calls, "make")
            with monkeypatch.context() as killed, pytest.raises(SystemError):
                killed.setattr(module, work, dying(getattr(module, work)))
                giao_thua.go(moment)
            db.session.rollback()
            moment += timedelta(seconds=30)
        giao_thua.go(moment)
    for moment in (at(19, 57), at(20, 1), at(20, 2)):  # each step waits for the one before as it was really taken
        giao_thua.go(moment)
    assert len(staffing()) == 1
    ways = [(each.person_id, each.channel) for code in ("O1", OUTGOING) for each in giao_thua.calls(code)]
    assert len(ways) == len(set(ways)) == 2 * len(giao_thua.calls("O1")), "each was called once, and nobody not at all"


def dying(work: Any) -> Any:
    """Does all of it, and is killed before the commit."""

    def half(*args: Any, **more: Any) -> None:
        work(*args, **more)
        raise SystemError("killed here")

    return half


@pytest.mark.both_dbs("two workers claim each step by a conditional write, and rows under a lock")
def test_two_workers_at_once_call_once_and_raise_one_incident(giao_thua: Night, app: Flask) -> None:
    for moment in (at(19, 45), at(19, 50), at(19, 55)):
        giao_thua.look(moment)

        def tick(_number: int, now: datetime = moment) -> None:
            app.extensions.pop("duty.attendance.no_show_job", None)
            app.extensions.pop("incidents.coverage.no_shows", None)
            no_show_job.look(now)
            for job in worker.jobs("tick"):
                if job.name == "no shows":
                    job.run(now)

        in_parallel(app, 2, tick)
    ways = [(each.person_id, each.channel) for code in ("O1", OUTGOING) for each in giao_thua.calls(code)]
    assert ways and len(ways) == len(set(ways)) and len(staffing()) == 1


@pytest.mark.both_dbs("a check-in and the call for it wait for each other")
def test_a_check_in_at_the_very_moment_of_the_call_leaves_nobody_missed(giao_thua: Night, app: Flask) -> None:
    giao_thua.look(at(19, 45))
    seat = giao_thua.roster.seat("operations", NIGHT)

    def both(number: int) -> None:
        if number:
            services.say(seat, "check_in", person="O1", note="gặp", actor=factories.ADMIN, now=at(19, 45))
        else:
            no_show_job.look(at(19, 45))

    in_parallel(app, 2, both)
    db.session.rollback()
    row = db.session.get(NoShow, giao_thua.duty().id)
    assert row is None or row.ended_as == "arrived"
    assert db.session.get(Presence, (giao_thua.duty().id, "check_in")) is not None


class Many:
    """``count`` people of a unit serve on site in one and the same night."""

    def __init__(self, count: int) -> None:
        unit = factories.make_unit("TINH", name="Bưu điện tỉnh")
        self.codes = [f"P{number:02}" for number in range(1, count + 1)]
        for number, code in enumerate(self.codes):
            factories.make_person(code, unit, duties=("operations",), phone=f"09000002{number:02}")
        factories.make_demand(unit, "operations", "Đêm", "19:30", 12, form="onsite", headcount=count)
        campaign = factories.make_campaign(unit, first="2020-01-24", last="2020-01-24")
        [shift] = db.session.scalars(select(Duty.shift_id)).all() or [_only_shift(campaign.id)]
        drafts.set_people(shift, self.codes, actor=factories.ADMIN, now=factories.NOW)
        publishing.publish(campaign.id, PublishTerms(accept_gaps="thử"), actor=factories.ADMIN, now=factories.NOW)
        ask("operations")
        self.duties = {duty.person.code: duty for duty in db.session.scalars(select(Duty))}


def _only_shift(campaign_id: int) -> int:
    return db.session.scalars(select(Shift.id).where(Shift.campaign_id == campaign_id)).one()


def _tick(*moments: datetime) -> None:
    for moment in moments:
        with clock.travel(moment):
            for job in worker.jobs("tick"):
                job.run(moment)
                db.session.rollback()


def test_eleven_who_do_not_come_are_one_incident_with_a_list_that_ends_when_all_are_there(app: Flask) -> None:
    many = Many(11)
    _tick(at(19, 45), at(19, 50), at(19, 55), at(20))
    [incident] = staffing()
    assert incident.title.startswith("11 người chưa có mặt")
    assert all(people.person_by_code(code).full_name in incident.description for code in many.codes)
    assert len(db.session.scalars(select(NoShowIncident)).all()) == 11
    first, *others = [many.duties[code].id for code in many.codes]
    services.say_for_many([first], "check_in", note="gặp", actor=factories.ADMIN, now=at(20, 1))
    _tick(at(20, 2))
    [incident] = staffing()
    assert incident.status == "open" and "có mặt lúc 20:01" in lines(incident)
    services.say_for_many(others, "check_in", note="gặp", actor=factories.ADMIN, now=at(20, 3))
    _tick(at(20, 4))
    [incident] = staffing()
    assert incident.status == "resolved"


def test_ten_who_do_not_come_are_ten_incidents(app: Flask) -> None:
    Many(10)
    _tick(at(19, 45), at(19, 50), at(19, 55))
    assert len(staffing()) == 10


def test_one_who_joins_eleven_missing_is_added_to_the_list(app: Flask) -> None:
    many = Many(12)
    late = many.duties["P12"]
    late.changed_at = at(19, 40)
    db.session.commit()
    _tick(at(19, 45), at(19, 50), at(19, 55), at(20, 0), at(20, 5))
    [incident] = staffing()
    assert incident.title.startswith("11 người")
    assert people.person_by_code("P12").full_name in lines(incident)


def test_who_is_missing_after_ten_alone_begins_a_list_of_all_and_the_next_joins_it(app: Flask) -> None:
    many = Many(12)
    many.duties["P11"].changed_at, many.duties["P12"].changed_at = at(19, 35), at(19, 40)
    db.session.commit()
    _tick(*(at(19, minute) for minute in (45, 50, 55)), *(at(20, minute) for minute in (0, 5, 10)))
    *alone, listed = staffing()
    assert len(alone) == 10 and listed.title.startswith("11 người chưa có mặt")
    assert "10 người nữa đã có sự cố riêng" in listed.description and alone[0].code in listed.description
    assert people.person_by_code("P11").full_name in listed.description
    assert people.person_by_code("P12").full_name in lines(listed)


def test_whoever_stands_in_for_several_is_rung_until_the_last_of_them_is_there(app: Flask) -> None:
    many = Many(2)
    leader = factories.make_person("L1", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000399")
    _tick(at(19, 45), at(19, 50))
    calls_for = select(Message).where(Message.person_id == leader.id, Message.idempotency_key.like("no_show/%"))

    def unsent() -> list[Message]:
        db.session.rollback()
        return [each for each in db.session.scalars(calls_for) if each.state != "cancelled" and each.sent_at is None]

    before = len(unsent())
    assert before and "2 người chưa có mặt" in unsent()[0].subject
    services.say_for_many([many.duties["P01"].id], "check_in", note="gặp", actor=factories.ADMIN, now=at(19, 51))
    assert len(unsent()) == before, "one is missing still"
    services.say_for_many([many.duties["P02"].id], "check_in", note="gặp", actor=factories.ADMIN, now=at(19, 52))
    assert unsent() == []


def test_who_could_stand_in_is_looked_up_once_a_unit_however_many_are_missing(app: Flask) -> None:
    many = Many(12)
    factories.make_person("L1", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000399")
    db.session.rollback()
    missing, counts = list(many.duties.values()), []
    for few in (missing[:2], missing):
        with statements() as sent:
            chosen = candidates.deputies_for(few, {each.person_id for each in missing}, at(19, 50))
        assert all(len(found) == 1 for found in chosen.values())
        counts.append(len(sent))
    assert counts[1] - counts[0] <= 5 * 10, counts


def test_whoever_was_reached_as_a_stand_in_hears_that_they_are_not_needed(giao_thua: Night) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.go(at(19, 50))
    reached = giao_thua.calls(OUTGOING)[0]
    reached.state, reached.sent_at = "sent", at(19, 50)
    db.session.commit()
    giao_thua.look(at(19, 53))
    seat = giao_thua.roster.seat("operations", NIGHT)
    for _time in range(2):
        services.say(seat, "check_in", note="gặp", actor=factories.ADMIN, now=at(19, 53))
    db.session.rollback()
    there = db.session.scalars(select(Message).where(Message.topic == f"no_show/{giao_thua.duty().id}/there")).all()
    assert [each.person_id for each in there] == [giao_thua.roster.person[OUTGOING]]
    assert "không phải trực thay nữa" in there[0].body and not there[0].urgent


def test_whom_no_call_to_stand_in_has_reached_hears_nothing(giao_thua: Night) -> None:
    giao_thua.go(at(19, 45))
    giao_thua.go(at(19, 50))
    giao_thua.look(at(19, 51))
    seat = giao_thua.roster.seat("operations", NIGHT)
    services.say(seat, "check_in", note="gặp", actor=factories.ADMIN, now=at(19, 51))
    db.session.rollback()
    assert db.session.scalars(select(Message).where(Message.topic.endswith("/there"))).all() == []


def test_an_operator_ticks_twelve_people_with_one_note(app: Flask, client: Any) -> None:
    many = Many(12)
    account = accounts.create_user(
        NewAccount("bdt", "Lan", "manager", unit_code="TINH"), now=factories.NOW, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    with clock.travel(at(19, 20)):
        enterprise.sign_in(client, "bdt")
        page = client.get("/roster/presence/?day=2020-01-24").text
        ids = sorted(set(re.findall(r'name="duty" value="(\d+)"', page)))
        assert len(ids) == 12 and page.count("chưa điểm danh") == 12
        without = client.post("/roster/presence/?day=2020-01-24", data={"do": "check_in", "duty": ids})
        assert without.status_code == 409 and "Ghi đã biết bằng cách nào" in without.text
        assert len(re.findall(r'name="duty"[^>]* checked', without.text)) == 12, "what was ticked is kept"
        said = {"do": "check_in", "duty": ids, "note": "điểm danh đầu ca"}
        done = client.post("/roster/presence/?day=2020-01-24", data=said, follow_redirects=True)
        assert "Đã ghi 12 người." in done.text and done.text.count("có mặt 19:20") >= 12
        assert client.post("/roster/presence/", data=said).status_code == 303, "a second time changes nothing"
        left = client.post("/roster/presence/", data={"do": f"check_out.{ids[0]}", "note": ""})
        assert left.status_code == 409
    rows = db.session.scalars(select(Presence)).all()
    assert {(row.via, row.said_by, row.note) for row in rows} == {("phone", "Lan", "điểm danh đầu ca")}
    _tick(at(19, 45), at(19, 50), at(19, 55))
    assert staffing() == [] and queries.real_spans([many.duties["P01"]])[many.duties["P01"].id][0] == at(19, 30)


def test_a_long_list_has_pages_and_comes_back_to_the_one_that_was_ticked(app: Flask, client: Any) -> None:
    Many(51)
    account = accounts.create_user(
        NewAccount("bdt", "Lan", "manager", unit_code="TINH"), now=factories.NOW, actor=factories.ADMIN
    )
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    with clock.travel(at(19, 20)):
        enterprise.sign_in(client, "bdt")
        second = client.get("/roster/presence/?day=2020-01-24&page=2").text
        [only] = re.findall(r'name="duty" value="(\d+)"', second)
        said = {"do": "check_in", "duty": [only], "note": "gặp"}
        done = client.post("/roster/presence/?day=2020-01-24&page=2", data=said)
        assert done.status_code == 303 and "page=2" in done.location
