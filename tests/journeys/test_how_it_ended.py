"""Whoever was woken hears how it ended: by a text or push, never by a call, and never beside something newer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from core.db import db as database, transaction
from incidents.endings import words
from incidents.escalation import engine
from incidents.escalation.models import Ask
from incidents.figures import morning
from incidents.intake import ingest, sources
from incidents.intake.formats import Alarm
from incidents.merging import services as merging
from incidents.policies.drafts import StepSpec
from incidents.public_reports import status as public_status
from incidents.record import queries as record
from incidents.record.models import Incident, Page
from incidents.response import lifecycle, responders
from incidents.triage import classification
from notify import claims, delivery, results
from notify.gateways.models import Gateway
from notify.models import Message
from people.models import ContactMethod, User
from people.notification_rules import ladders, order, rules as rungs
from people.notification_rules.rules import ChannelWish
from tests.support.desk_story import DeskStory
from tests.support.policies import set_policy
from tests.support.reach_story import ReachStory, status
from tests.support.statements import statements
from tests.support.tet_night import ADMIN, NIGHT

NOTHING_LEFT = "Dong chi khong phai lam gi nua."
MORNING = timedelta(hours=4, minutes=25, seconds=1)


class Woken(ReachStory):
    """``reach`` with a gateway for texts and one for calls."""

    def __init__(self, app: Flask, stack: ExitStack) -> None:
        super().__init__(app, stack)
        self.sms, self.voice = self.sink("sms"), self.sink("voice")


@pytest.fixture
def woken(app: Flask) -> Iterator[Woken]:
    with ExitStack() as stack:
        told = Woken(app, stack)
        yield told
        told.close()


def endings(*states: str) -> list[Message]:
    """Messages that tell how something went on, in order; of these states only."""
    database.session.rollback()
    told = select(Message).where(Message.topic.like("incident/%/over"))
    told = told.where(Message.state.in_(states)) if states else told
    return list(database.session.scalars(told.order_by(Message.id)))


def texts(woken: Woken, code: str = "BI1") -> list[str]:
    """What that person got by text of how something went on: calls by text have a link."""
    number = {"AN1": "84900000101", "BI1": "84900000102", "EM1": "84900000105"}[code]
    return [
        each.json["text"] for each in woken.sms.asked if each.json["to"] == number and "/a/" not in each.json["text"]
    ]


def opens(code: str, woken: ReachStory, incident: Incident) -> None:
    """They open the link of their call."""
    with transaction() as session:
        mine = (Page.incident_id == incident.id, Page.person_id == woken.night.ids[code])
        session.execute(update(Page).where(*mine).values(opened_at=woken.now))


def takes(woken: ReachStory, incident: Incident, code: str, **more: Any) -> None:
    database.session.rollback()
    lifecycle.acknowledge(incident.id, actor=woken.night.actor(code), now=woken.now, **more)


def resolves(woken: Woken, incident: Incident, code: str) -> None:
    database.session.rollback()
    lifecycle.resolve(incident.id, actor=woken.night.actor(code, "manager"), now=woken.now)


def rung(woken: Woken, **more: Any) -> Incident:
    """Bình is called, and a minute later her telephone rings."""
    incident = woken.log("Mất điện bưu cục Đường Hoà Bình", **more)
    woken.pulse()
    woken.at(60)
    woken.pulse()
    return incident


def goes_on(woken: ReachStory, seconds: float) -> None:
    """The worker looks once more that much later, without calling anybody anew."""
    woken.at((woken.now - NIGHT).total_seconds() + seconds)
    database.session.rollback()
    delivery.deliver_due(owner="story")
    database.session.rollback()


@pytest.mark.both_dbs("written in a savepoint, found by an index of its own")
def test_who_was_rung_and_sleeps_on_is_told_by_text_that_somebody_else_has_it(woken: Woken) -> None:
    incident = rung(woken)
    assert len(woken.voice.asked) == 1
    woken.at(90)
    takes(woken, incident, "EM1")
    woken.pulse()
    assert texts(woken) == [], "what is tapped by mistake is taken back by then"
    goes_on(woken, 16)
    assert texts(woken) == [f"{incident.code}: Ro Cham Em da nhan luc 02:11. {NOTHING_LEFT}"]
    assert len(woken.voice.asked) == 1, "nobody is rung for it"
    assert texts(woken, "EM1") == [], "nor is who did it told"
    assert "Đường Hoà" not in endings()[0].subject + endings()[0].body


def test_who_neither_answered_nor_opened_nor_was_rung_reads_of_it_in_the_morning(woken: Woken) -> None:
    incident = woken.log()
    woken.pulse()
    woken.at(30)
    takes(woken, incident, "EM1")
    mails = len(woken.mail.arrivals)
    goes_on(woken, 3600)
    assert texts(woken) == [] and len(woken.mail.arrivals) == mails
    resolves(woken, incident, "EM1")
    woken.at(MORNING.total_seconds())
    delivery.deliver_due(owner="story")
    (letter,) = [each for each in woken.mail.arrivals[mails:] if "bi1@" in each.recipient]
    assert f"{incident.code}: đã xong lúc 03:10" in letter.body and "không phải làm gì nữa" in letter.body
    assert "Mất điện" not in letter.body
    assert woken.voice.asked == []


@pytest.mark.both_dbs("found by an index of its own")
def test_whoever_gets_the_message_of_the_morning_reads_it_there(woken: Woken) -> None:
    incident = woken.log(severity=2)
    woken.night.publish("leadership", "BI1", unit="BDT", hours=24)
    woken.pulse()
    woken.at(30)
    takes(woken, incident, "EM1")
    mails = len(woken.mail.arrivals)
    at_half_past = NIGHT + timedelta(hours=4, minutes=20)
    database.session.rollback()
    morning.tell(at_half_past)
    woken.at(MORNING.total_seconds())
    delivery.deliver_due(owner="story")
    (letter,) = [each for each in woken.mail.arrivals[mails:] if "bi1@" in each.recipient]
    assert "Việc đồng chí đã được gọi" in letter.body
    assert f"- {incident.code}: Rơ Châm Em đã nhận lúc 02:10." in letter.body


def test_taken_opened_again_and_taken_is_one_message(woken: Woken) -> None:
    incident = rung(woken)
    for seconds, again in ((70, False), (74, True), (78, False)):
        woken.at(seconds)
        if again:
            lifecycle.escalate_now(incident.id, actor=ADMIN, now=woken.now)
        else:
            takes(woken, incident, "EM1")
    goes_on(woken, 16)
    assert len(texts(woken)) == 1
    # And again within ten minutes, after it has left: the same would be no news.
    lifecycle.escalate_now(incident.id, actor=ADMIN, now=woken.now)
    takes(woken, incident, "EM1")
    goes_on(woken, 601)
    assert len(texts(woken)) == 1
    assert [each.state for each in endings()][-1] == "cancelled"


def test_what_comes_within_ten_minutes_is_one_message(woken: Woken) -> None:
    first, second, third = rung(woken), woken.log("Hai"), woken.log("Ba")
    woken.pulse()
    woken.at(120)
    woken.pulse()
    for each in (first, second, third):
        opens("BI1", woken, each)
    takes(woken, first, "EM1")
    database.session.rollback()
    assert status(second) == "open"
    takes(woken, second, "EM1")
    takes(woken, third, "EM1")
    goes_on(woken, 16)
    assert texts(woken) == [f"{first.code}, {second.code}, {third.code}: Ro Cham Em da nhan luc 02:12. {NOTHING_LEFT}"]
    resolves(woken, first, "EM1")
    resolves(woken, second, "EM1")
    lifecycle.reopen(second.id, actor=ADMIN, now=woken.now)
    goes_on(woken, 60)
    assert len(texts(woken)) == 1
    goes_on(woken, 541)
    assert len(texts(woken)) == 2 and f"{second.code}: mo lai luc 02:12" in texts(woken)[1]
    assert NOTHING_LEFT not in texts(woken)[1]


def test_forty_alarms_that_are_taken_at_once_are_one_message(woken: Woken) -> None:
    lost = [woken.log(f"Mất kết nối trạm {n}", category="connectivity") for n in range(40)]
    while engine.escalate_due(woken.now):
        pass
    woken.pulse()
    for each in lost:
        opens("EM1", woken, each)
    for each in lost:
        takes(woken, each, "AN1")
    calls = len(woken.sms.asked)
    goes_on(woken, 16)
    assert len(woken.sms.asked) == calls + 1
    (told,) = texts(woken, "EM1")
    assert re.fullmatch(r"SC-2020-0001, .* \+3\d: Nguyen Van An da nhan luc 02:10\. " + re.escape(NOTHING_LEFT), told)
    assert len(told) <= 160 and len({each.letter_id for each in endings("sent")}) == 1


def test_called_off_while_somebody_is_on_the_way_is_told_at_once_always(woken: Woken) -> None:
    incident = rung(woken)
    takes(woken, incident, "BI1")
    other = woken.log("Khác")
    woken.pulse()
    opens("BI1", woken, other)
    takes(woken, other, "EM1")
    goes_on(woken, 16)
    assert len(texts(woken)) == 1
    responders.expect_arrival(
        incident.id, at=woken.now + timedelta(hours=2), actor=woken.night.actor("BI1"), now=woken.now
    )
    woken.at(400)  # within ten minutes of that message, and long after she answered
    resolves(woken, incident, "AN1")
    goes_on(woken, 16)
    assert texts(woken)[1] == f"{incident.code}: da xong luc 02:16. {NOTHING_LEFT}"


def test_done_is_told_to_those_who_took_part_and_to_leaders_of_levels_1_and_2(woken: Woken) -> None:
    for level, leader_hears in ((3, False), (2, True)):
        incident = woken.log(severity=level)
        for seconds in (0, 300, 600, 660):
            woken.at(seconds if level == 3 else 5000 + seconds)
            woken.pulse()
        opens("AN1", woken, incident)
        takes(woken, incident, "EM1")
        goes_on(woken, 16)
        before = {code: len(texts(woken, code)) for code in ("AN1", "BI1")}
        assert before["AN1"], level
        woken.at((woken.now - NIGHT).total_seconds() + 1000)
        responders.call_more(
            incident.id, person_ids=[woken.night.ids["BI1"]], actor=woken.night.actor("EM1"), now=woken.now
        )
        woken.pulse()
        (ask,) = [each for each in _asks(incident) if each.kind == "more"]
        responders.answer(incident.id, ask.id, accept=True, actor=woken.night.actor("BI1"), now=woken.now)
        resolves(woken, incident, "EM1")
        goes_on(woken, 16)
        told = {code: len(texts(woken, code)) - before[code] for code in ("AN1", "BI1")}
        assert told["BI1"] == 1 and "da xong" in texts(woken, "BI1")[-1]
        waiting = [each.person_id for each in endings("pending", "sent") if "/done/" in each.idempotency_key]
        assert (woken.night.ids["AN1"] in waiting) == leader_hears, level


def _asks(incident: Incident) -> list[Ask]:
    database.session.rollback()
    return list(database.session.scalars(select(Ask).where(Ask.incident_id == incident.id)))


@pytest.mark.parametrize("why", ["opened again", "asked something newer"])
def test_the_last_look_drops_what_has_become_untrue(woken: Woken, why: str) -> None:
    incident = rung(woken)
    takes(woken, incident, "EM1")
    assert [each.state for each in endings()] == ["pending"]
    if why == "opened again":  # by another hand, past all services
        with transaction() as session:
            session.execute(update(Incident).where(Incident.id == incident.id).values(status="open"))
    else:
        woken.at(70)
        newer = woken.log("Cháy nhà kho", category="fire", severity=1)
        woken.pulse()
        assert status(newer) == "open"
    calls = len(woken.sms.asked)
    goes_on(woken, 30)
    assert texts(woken) == [] and len(woken.sms.asked) == calls
    assert [each.state for each in endings()] == ["cancelled"]
    assert not endings()[0].body and not endings()[0].facts


def test_it_is_told_after_all_once_the_newer_one_is_over_too(woken: Woken) -> None:
    incident = woken.log()
    woken.pulse()
    takes(woken, incident, "EM1")
    woken.at(70)
    newer = woken.log("Hai")
    woken.pulse()
    takes(woken, newer, "EM1")
    mails = len(woken.mail.arrivals)
    woken.at(MORNING.total_seconds())
    delivery.deliver_due(owner="story")
    (letter,) = [each for each in woken.mail.arrivals[mails:] if "bi1@" in each.recipient]
    assert incident.code in letter.body and newer.code in letter.body


def test_nobody_is_told_to_do_nothing_while_others_are_waited_for(woken: Woken) -> None:
    incident = rung(woken)
    responders.call_more(incident.id, person_ids=[woken.night.ids["AN1"]], actor=ADMIN, now=woken.now)
    takes(woken, incident, "EM1")
    goes_on(woken, 16)
    assert texts(woken) == [f"{incident.code}: Ro Cham Em da nhan luc 02:11."]


def test_whoever_is_reached_by_voice_only_gets_a_text(woken: Woken) -> None:
    wishes = [ChannelWish(rungs.way(each), 0, used=each.channel == "voice") for each in ladders.ladder(woken.binh)]
    order.save("BI1", wishes, now=woken.now, actor=ADMIN)
    incident = woken.log()
    woken.pulse()
    assert len(woken.voice.asked) == 1 and woken.sms.asked == []
    takes(woken, incident, "EM1")
    goes_on(woken, 16)
    assert len(texts(woken)) == 1 and len(woken.voice.asked) == 1


def test_by_mail_where_there_is_nothing_else(reach: ReachStory) -> None:
    incident = reach.log()
    reach.pulse()
    opens("BI1", reach, incident)
    with transaction() as session:
        session.execute(update(User).where(User.person_id == reach.binh.id).values(locale="en"))
    takes(reach, incident, "EM1")
    mails = len(reach.mail.arrivals)
    goes_on(reach, 16)
    (letter,) = reach.mail.arrivals[mails:]
    assert letter.mail["Subject"] == f"{incident.code}: Rơ Châm Em has acknowledged"
    assert "You have nothing left to do." in letter.body


def test_a_policy_may_leave_it_out_and_running_incidents_keep_theirs(woken: Woken) -> None:
    before = rung(woken)
    set_policy(
        woken.night.ids["BDA"],
        [StepSpec(0, "operations")],
        repeat_after_seconds=300,
        ack_timeout_seconds=1800,
        tells_end=False,
        actor=ADMIN,
        now=woken.now,
    )
    after = woken.log("Sau")
    woken.pulse()
    opens("BI1", woken, after)
    for each in (before, after):
        takes(woken, each, "EM1")
    goes_on(woken, 16)
    (told,) = texts(woken)
    assert before.code in told and after.code not in told


def test_what_was_merged_or_went_away_by_itself_is_called_off(woken: Woken) -> None:
    main = rung(woken)
    joined = woken.log("Một việc khác")
    woken.pulse()
    opens("BI1", woken, joined)
    merging.join(joined.id, main_id=main.id, actor=ADMIN, now=woken.now)
    goes_on(woken, 16)
    assert texts(woken) == [f"{joined.code}: gop vao {main.code} luc 02:11."], "about the other she is still waited for"
    intake, _key = sources.create(
        sources.NewSource("Giám sát", "generic", woken.night.ids["BDA"], category="power"), actor=ADMIN, now=woken.now
    )
    alarm = ingest.receive(intake.id, Alarm("trigger", "a", "Mất nguồn"), b"", now=woken.now).incident
    assert alarm is not None
    woken.pulse()
    takes(woken, main, "EM1")
    opens("BI1", woken, alarm)
    ingest.receive(intake.id, Alarm("resolve", "a"), b"", now=woken.now)
    goes_on(woken, 601)
    (told,) = texts(woken)[1:]
    assert f"{alarm.code}: tu het luc 02:11" in told and f"{main.code}: Ro Cham Em da nhan luc 02:11" in told


def test_whoever_was_chosen_first_hears_that_another_is_asked_instead(woken: Woken) -> None:
    incident = woken.log()
    woken.pulse()
    takes(woken, incident, "BI1")
    boss = woken.night.actor("AN1", "manager")
    responders.reassign(incident.id, person_id=woken.night.ids["EM1"], actor=boss, now=woken.now)
    woken.pulse()
    with transaction() as session:
        mine = (Page.person_id == woken.night.ids["EM1"], Page.purpose == "reassign")
        session.execute(update(Page).where(*mine).values(opened_at=woken.now))
    responders.reassign(incident.id, person_id=woken.night.ids["PH1"], actor=boss, now=woken.now)
    goes_on(woken, 16)
    assert texts(woken, "EM1") == [f"{incident.code}: khong can dong chi tra loi nua."]


def test_it_neither_replaces_a_call_nor_goes_before_one(woken: Woken) -> None:
    incident = rung(woken)
    takes(woken, incident, "EM1")
    woken.at(76)
    call = woken.log("Hai", unit_id=woken.night.ids["BDA"])
    engine.escalate_due(woken.now)
    taken = claims.claim("a", now=woken.now, only=("sms",))
    assert taken is not None and taken.parts[0].letter.facts["code"] == call.code
    told = claims.claim("b", now=woken.now, only=("sms",))
    assert told is not None and told.parts[0].id == endings()[0].id
    assert all(each.topic != endings()[0].topic for each in _calls())


def _calls() -> list[Message]:
    database.session.rollback()
    return list(database.session.scalars(select(Message).where(Message.topic.not_like("%/over"))))


def test_a_worker_that_is_killed_loses_nothing(woken: Woken) -> None:
    incident = rung(woken)
    takes(woken, incident, "EM1")
    woken.at(76)
    lost = claims.claim("dead/0", now=woken.now, only=("sms",))
    assert lost is not None
    delivery.deliver_due(owner="story")
    assert texts(woken) == []
    delivery.free_leases("dead/", now=woken.now)
    delivery.deliver_due(owner="story")
    assert len(texts(woken)) == 1 and endings()[0].attempts == 2


def test_it_is_kept_when_what_called_them_is_dropped_before_it_left(woken: Woken) -> None:
    """Whose call never left knows nothing of it, and is told nothing."""
    incident = woken.log()
    engine.escalate_due(woken.now)  # written, not sent
    takes(woken, incident, "EM1")
    goes_on(woken, 16)
    assert endings() == []
    assert database.session.scalar(select(Message.id).where(Message.state == "sent")) is None


def test_nothing_is_written_where_nothing_carries_it(woken: Woken) -> None:
    incident = rung(woken)
    with transaction() as session:
        session.execute(delete(Gateway))
    woken.app.config.update(MAIL_URL="")
    takes(woken, incident, "EM1")
    assert endings() == []


def test_what_is_wrong_with_the_words_for_others_takes_it_from_nobody(
    woken: Woken, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = rung(woken)

    def breaks(*_facts: object) -> str:
        raise ValueError("a name that cannot be written")

    monkeypatch.setattr(words, "subject", breaks)
    takes(woken, incident, "EM1")
    assert status(incident) == "acknowledged" and endings() == []


def test_taking_costs_the_same_however_many_and_however_often_were_called(woken: Woken) -> None:
    counted = []
    for turns in (1, 6):
        incident = woken.log(f"Lần {turns}")
        for turn in range(turns):
            woken.at(1000 * turns + 300 * turn)
            woken.pulse()
        opens("BI1", woken, incident)
        with statements() as seen:
            takes(woken, incident, "EM1")
        counted.append(len(seen))
    assert counted[1] <= counted[0] + 3, "one more person to be told, and no more for each turn"


def test_the_api_says_and_sets_whether_it_is_told(story: DeskStory) -> None:
    steps = {
        "steps": [{"duty": "operations", "after_seconds": 0}],
        "repeat_after_seconds": 60,
        "ack_timeout_seconds": 600,
    }
    assert story.api("GET", "/escalation-policies/BDA")["tells_end"] is True
    assert story.api("PUT", "/escalation-policies/BDA", steps | {"tells_end": False})["tells_end"] is False
    assert story.api("GET", "/escalation-policies/BDA")["tells_end"] is False
    assert story.api("PUT", "/escalation-policies/BDA", steps)["tells_end"] is True
    night = {"name": "Đêm", "conditions": {"severities": [1]}, "tells_end": False}
    assert story.api("POST", "/escalation-policies/BDA/conditional", steps | night, 201)["tells_end"] is False


def test_an_exercise_says_that_it_is_one_and_that_it_has_ended(woken: Woken) -> None:
    played = woken.night.rehearse(now=woken.now, minutes=5)
    incident = woken.log("Cháy nhà kho", rehearsal=played)
    woken.pulse()
    opens("BI1", woken, incident)
    woken.at(301)
    engine.end_rehearsals(woken.now)
    goes_on(woken, 16)
    (told,) = texts(woken)
    assert told.startswith(f"DIEN TAP {incident.code}: dien tap ket thuc luc 02:15.") and NOTHING_LEFT in told


def test_who_could_not_go_and_is_called_again_hears_that_another_has_it(woken: Woken) -> None:
    incident = rung(woken)
    database.session.rollback()
    lifecycle.pass_on(incident.id, actor=woken.night.actor("BI1"), now=woken.now)
    rings = len(woken.voice.asked)
    for second in range(120, 1800, 60):
        woken.at(second)
        woken.pulse()
        if any(each.json["to"] == "84900000102" for each in woken.voice.asked[rings:]):
            break
    assert second < 1740, "nobody rang again"
    takes(woken, incident, "EM1")
    goes_on(woken, 20)
    assert len(texts(woken, "BI1")) == 1


def test_the_letter_of_the_morning_leaves_what_is_said_at_once_alone(woken: Woken) -> None:
    """On the way to it five seconds before: not in a letter that is read at breakfast, but now."""
    incident = woken.log("Mất điện", severity=2)
    for second in (14_400, 14_460):
        woken.at(second)
        woken.pulse()
    woken.night.publish("leadership", "BI1", unit="BDT", hours=24)
    takes(woken, incident, "BI1")
    woken.at(14_400 + 20 * 60 - 5)
    resolves(woken, incident, "AN1")
    database.session.rollback()
    woken.at(14_400 + 20 * 60 + 1)
    morning.tell(woken.now)
    woken.at(14_400 + 20 * 60 + 60)
    delivery.deliver_due(owner="story")
    assert len(texts(woken)) == 1


def test_what_is_just_being_said_counts_as_said_when_it_opens_again(woken: Woken) -> None:
    """The gateway has it when the holder gives the incident back: it arrives, and so must the word that it is open."""
    incident = rung(woken)
    woken.at(90)
    takes(woken, incident, "EM1")
    woken.at(106)
    database.session.rollback()
    leaving = claims.claim("x", now=woken.now)
    assert leaving is not None
    database.session.rollback()
    lifecycle.escalate_now(incident.id, actor=ADMIN, now=woken.now)
    database.session.rollback()
    results.mark(leaving, results.AttemptResult("sent", "250 ok", "sms/1"), now=woken.now)
    database.session.rollback()
    told = [each.idempotency_key.split("/")[3] for each in endings() if each.person_id == woken.night.ids["BI1"]]
    assert told == ["taken", "reopened"]


def test_what_becomes_restricted_by_another_is_not_read_aloud_either(woken: Woken) -> None:
    main = woken.log("Bí danh Nguyễn Bị Lộ bị bắt")
    other = woken.log("Việc khác hẳn")
    merging.join(other.id, main_id=main.id, actor=ADMIN, now=woken.now)
    database.session.rollback()
    engine.escalate_due(woken.now)
    database.session.rollback()
    classification.restrict(other.id, restricted=True, reason="điều tra", actor=ADMIN, now=woken.now)
    database.session.rollback()
    written = database.session.scalars(select(Message).where(Message.topic == f"incident/{main.id}")).all()
    assert written
    assert [each.channel for each in written if "Bị Lộ" in f"{each.subject} {each.body} {each.facts}"] == []


def test_of_whom_no_machine_has_words_nobody_says_that_they_are_being_called(woken: Woken) -> None:
    database.session.execute(delete(ContactMethod))
    database.session.commit()
    incident = woken.log("Mất điện")
    woken.pulse()
    called = record.called_now([incident.id])[incident.id]
    assert called.names and not called.has_left
    seen = public_status.seen(database.session.get_one(Incident, incident.id))
    assert seen.called and not any(each.has_left for each in seen.called)
