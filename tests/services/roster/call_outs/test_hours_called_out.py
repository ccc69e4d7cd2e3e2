"""Who serves at home is called at night: the hours are counted, too little rest is told, nothing is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, transaction
from duty.attendance import services as presence
from duty.timekeeping import queries as duty_hours
from incidents.paging import manual_results, manual_undo
from incidents.record.models import Incident
from incidents.response import lifecycle, responders
from people.models import Absence, Person
from people.services import save_duty_kind
from roster.call_outs import queries as call_outs, words as call_out_words
from roster.campaigns.models import Campaign
from roster.fairness import report
from roster.models import Duty, Shift
from roster.rulebook import services as rule_settings
from tests.support.tet_night import ADMIN, NIGHT, Night

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MORNING = NIGHT + 4 * HOUR
BY_LAW = 12 * 60


def at_home(night: Night, duty_id: int, *, ends_at: datetime = NIGHT + 5 * HOUR, form: str = "standby") -> None:
    """Make a published duty one at home, until ``ends_at``."""
    with transaction() as session:
        row = session.get_one(Duty, duty_id)
        row.form, row.ends_at = form, ends_at
        session.execute(update(Shift).where(Shift.id == row.shift_id).values(form=form, ends_at=ends_at))


@pytest.fixture
def night(night: Night) -> Night:
    """Em stands by at home from 23:10 to 07:10, and is on site from 07:30 (Mùng 1 of Canh Tý)."""
    at_home(night, night.duty("emergency"))
    night.publish("emergency", "EM1", hours=8, start=NIGHT + 5 * HOUR + 20 * MINUTE)
    return night


def called_out(night: Night, since: datetime = NIGHT, until: datetime | None = NIGHT + 170 * MINUTE) -> Incident:
    """Em takes an incident, and has done with it at ``until``."""
    incident = night.log(now=since)
    lifecycle.acknowledge(incident.id, actor=night.actor("EM1"), now=since)
    if until is not None:
        lifecycle.resolve(incident.id, actor=night.actor("EM1"), now=until)
    return incident


def found(night: Night, now: datetime = MORNING) -> list[call_outs.CalledRest]:
    return call_outs.list_for_campaign(night.campaign, now=now)


@pytest.mark.both_dbs
def test_from_ten_past_two_until_five_and_then_two_and_a_half_hours_of_rest(night: Night) -> None:
    incident = called_out(night)
    (each,) = found(night)
    assert (each.person.code, each.out.codes) == ("EM1", (incident.code,))
    assert (each.out.starts_at, each.out.ends_at, each.out.minutes) == (NIGHT, NIGHT + 170 * MINUTE, 170)
    assert (each.out.rest, each.required, each.is_short) == (150, BY_LAW, True)
    assert call_out_words.sentence(each) == (
        "Rơ Châm Em bị gọi 02:10 25/01 – 05:00 khi trực ở nhà; ca tại chỗ tiếp theo 07:30: nghỉ 2 giờ 30 phút"
    )
    assert call_out_words.asked(each) == "quy tắc đang áp dụng cần 12 giờ"
    assert call_outs.list_for_person(night.ids["EM1"], now=MORNING) == [each]
    assert call_outs.list_for_person(night.ids["BI1"], now=MORNING) == []
    told = call_outs.split([each], MORNING)
    assert told is not None and (told.ahead, told.others) == ((each,), ())
    later = call_outs.split([each], NIGHT + 6 * HOUR)
    assert later is not None and (later.ahead, later.others) == ((), (each,)), "what has begun is nobody's to change"


def test_the_rest_lasts_until_they_really_came(night: Night) -> None:
    called_out(night)
    save_duty_kind("emergency", {"asks_check_in": True}, now=NIGHT - HOUR, actor=ADMIN)
    came = NIGHT + 6 * HOUR
    duty = db.session.scalars(select(Duty.id).order_by(Duty.starts_at.desc())).first()
    presence.say_for_many([duty or 0], "check_in", note="gặp ở bàn trực", actor=ADMIN, now=came)
    (each,) = found(night, came)
    assert each.out.rest == 190, "not until 07:30, when the roster had them"


@pytest.mark.both_dbs
def test_the_ledger_counts_the_hours_apart_for_whoever_pays_them(night: Night) -> None:
    called_out(night)
    ledger = report.ledger_for(night.campaign, source="published", now=MORNING)
    rows = [dict(zip(report.COLUMNS, report.as_row(each), strict=True)) for each in ledger.entries]
    hours = {row["code"]: row["called_hours"] for row in rows}
    assert hours.pop("EM1") == 2.83 and set(hours.values()) == {0}
    assert next(row["hours"] for row in rows if row["code"] == "EM1") == 16, "those of the roster stay what they are"


def test_what_the_campaign_asks_decides_whether_the_rest_is_short(night: Night) -> None:
    called_out(night)
    rule = "rest.between_shifts"
    rule_settings.save(night.campaign, {rule: {"parameters": {"minutes": 150}}}, actor=ADMIN, now=MORNING)
    assert [(each.required, each.is_short) for each in found(night)] == [(150, False)]
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "EM1").values(limits={f"{rule}:minutes": 151}))
    assert [(each.required, each.is_short) for each in found(night)] == [(151, True)], "their own number comes first"
    rule_settings.save(night.campaign, {rule: {"on": False}}, actor=ADMIN, now=MORNING)
    assert [(each.required, each.is_short) for each in found(night)] == [(None, False)]
    assert found(night)[0].out.minutes == 170, "hours count whatever the rules ask"


def test_ordinary_work_needs_rest_before_it_unless_it_is_dropped(app: Flask) -> None:
    night, workday = Night(), datetime(2020, 2, 11, 19, 10, tzinfo=NIGHT.tzinfo)  # 02:10 of a Wednesday
    with transaction() as session:
        session.execute(update(Person).where(Person.code == "EM1").values(work_pattern="office5"))
    start = workday - 3 * HOUR
    at_home(night, night.publish("emergency", "EM1", start=start), ends_at=workday + 4 * HOUR, form="command")
    called_out(night, workday, workday + 170 * MINUTE)
    (each,) = found(night, workday + 3 * HOUR)
    assert each.out.following is not None and each.out.following.shift_id is None
    assert (clock.local(each.out.following.starts_at).strftime("%H:%M"), each.out.rest) == ("07:30", 150)
    assert "giờ làm việc tiếp theo 07:30: nghỉ 2 giờ 30 phút" in call_out_words.sentence(each) and each.is_short
    with transaction() as session:
        day = clock.local_date(workday)
        session.add(Absence(person_id=night.ids["EM1"], from_on=day, to_on=day, kind="annual_leave"))
    (each,) = found(night, workday + 3 * HOUR)
    assert each.out.rest is None or each.out.rest > BY_LAW, "on leave that day: no work in the morning"


@pytest.mark.both_dbs
def test_handed_on_it_is_hers_until_then_and_while_it_runs_until_now(night: Night) -> None:
    incident = called_out(night, until=None)
    (each,) = found(night, NIGHT + HOUR)
    assert each.out.running and each.out.minutes == 60
    said = call_out_words.sentence(each)
    assert "bị gọi từ 02:10 25/01/2020 khi trực ở nhà, chưa xong; ca tại chỗ tiếp theo 07:30" in said
    assert said.endswith("nghỉ nhiều nhất 4 giờ 20 phút")
    at = NIGHT + 90 * MINUTE
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=at, mode="over")
    (each,) = found(night)
    assert (each.person.code, each.out.ends_at, each.out.running) == ("EM1", at, False)


def test_what_is_put_off_until_the_morning_is_nobodys_work(night: Night) -> None:
    incident = called_out(night, until=None)
    responders.snooze(
        incident.id, until=NIGHT + 50 * MINUTE, reason="Chờ thợ", actor=night.actor("EM1"), now=NIGHT + 20 * MINUTE
    )
    lifecycle.resolve(incident.id, actor=night.actor("EM1"), now=NIGHT + 45 * MINUTE)
    assert [each.out.minutes for each in found(night)] == [20]


def test_a_call_by_hand_that_was_taken_back_never_was(night: Night) -> None:
    incident = night.log()
    manual_results.result(
        manual_results.CalledAbout([incident]), night.ids["EM1"], "taken", actor=ADMIN, now=NIGHT + MINUTE
    )
    assert [each.person.code for each in found(night)] == ["EM1"]
    manual_undo.undo([incident], night.ids["EM1"], actor=ADMIN, now=NIGHT + 2 * MINUTE)
    assert found(night) == []


def test_exercises_are_no_call_outs_and_few_may_know_which_incident_it_was(night: Night) -> None:
    incident = called_out(night)
    with transaction() as session:
        session.execute(update(Incident).where(Incident.id == incident.id).values(restricted=True))
    assert [each.out.codes for each in found(night)] == [()], "hours are told, the incident is not named"
    rehearsal = night.rehearse(now=NIGHT)
    with transaction() as session:
        session.execute(update(Incident).where(Incident.id == incident.id).values(rehearsal_id=rehearsal.id))
    assert found(night) == []


def test_a_filter_by_duty_or_unit_filters_them_too(night: Night) -> None:
    called_out(night)
    assert (
        len(call_outs.list_for_campaign(night.campaign, now=MORNING, duty="emergency", unit_id=night.ids["BDA"])) == 1
    )
    assert call_outs.list_for_campaign(night.campaign, now=MORNING, duty="operations") == []
    other = next(unit for code, unit in night.ids.items() if code.startswith("BD") and code not in ("BDT", "BDA"))
    assert call_outs.list_for_campaign(night.campaign, now=MORNING, unit_id=other) == []


def test_duty_on_site_is_no_duty_at_home(night: Night) -> None:
    incident = night.log()
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    lifecycle.resolve(incident.id, actor=night.actor("BI1"), now=NIGHT + HOUR)
    assert found(night) == [], "he is on duty on site: it is part of his shift"


def test_called_out_on_a_holiday_night_is_overtime_and_standing_by_is_nothing(night: Night) -> None:
    called_out(night)
    campaign, em = db.session.get_one(Campaign, night.campaign), db.session.get_one(Person, night.ids["EM1"])
    own = duty_hours.hours_for_people(campaign, [em], now=NIGHT + 5 * HOUR)[em.id]
    assert [(each.minutes, each.rate.percent, each.called) for each in own.pieces] == [(170, 390, True)]
    assert (own.sums.called, own.sums.on_site) == (170, 0)
    assert own.pieces_of(-1) == list(own.pieces)
    at_work = duty_hours.hours_for_people(campaign, [em], now=NIGHT + 14 * HOUR)[em.id]
    assert (at_work.sums.called, at_work.sums.on_site) == (170, 8 * 60)
