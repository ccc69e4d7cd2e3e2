"""Log, escalate, acknowledge and everything after; on the real resolver, outbox and databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text, update

from core import clock
from core.db import db as database, transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import AuditEntry
from incidents.creation import services as creation
from incidents.creation.drafting import Report
from incidents.escalation import engine, pages
from incidents.policies import drafts, selection, versions
from incidents.policies.models import PolicyVersion
from incidents.record import transitions
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from incidents.response import lifecycle
from notify.models import Message
from people.models import Person
from roster.models import Rehearsal
from roster.resolver import resolver
from tests.support.tet_night import ADMIN, NIGHT, Night

on_both = pytest.mark.both_dbs("many at once: locks")

SEC = timedelta(seconds=1)


@pytest.fixture
def night(app: Flask) -> Night:
    return Night()


def log(night: Night, now: datetime = NIGHT, **changes: Any) -> Incident:
    given: dict[str, Any] = {"title": "Mất điện trung tâm", "category": "power", "unit_id": night.ids["BDA"]} | changes
    return creation.log(Report(**{"actor": ADMIN} | given), now=now)[0]


def fresh(incident: Incident) -> Incident:
    database.session.rollback()
    return database.session.get(Incident, incident.id, populate_existing=True)  # type: ignore[return-value]


def next_in(incident: Incident, since: datetime = NIGHT) -> timedelta | None:
    at = fresh(incident).escalation.next_at
    return at - since if at else None


def called(incident: Incident) -> list[tuple[int, str, str]]:
    """(step, person, channel) of every call, in order."""
    database.session.rollback()
    rows = database.session.execute(
        select(Page.step, Person.code, Page.channel)
        .join(Person, Person.id == Page.person_id)
        .where(Page.incident_id == incident.id)
        .order_by(Page.id)
    )
    return [tuple(row) for row in rows]


def mails(state: str | None = None) -> list[Message]:
    database.session.rollback()
    wanted = select(Message).order_by(Message.id)
    return list(database.session.scalars(wanted.where(Message.state == state) if state else wanted))


def kinds(incident: Incident) -> list[str]:
    database.session.rollback()
    mine = select(TimelineEntry.kind).where(TimelineEntry.incident_id == incident.id).order_by(TimelineEntry.id)
    return list(database.session.scalars(mine))


# --- logging -------------------------------------------------------------------------------------------------------


def test_a_log_is_one_commit_of_incident_deadline_timeline_and_audit(night: Night) -> None:
    incident = log(night)
    assert (incident.code, incident.status, incident.severity) == ("SC-2020-0001", "open", 3)
    assert next_in(incident) == 0 * SEC
    assert kinds(incident) == ["logged"]
    audited = select(AuditEntry.thing_id).where(AuditEntry.action == "incident.log")
    assert list(database.session.scalars(audited)) == ["SC-2020-0001"]


def test_codes_count_within_the_local_year(night: Night) -> None:
    new_year = datetime.fromisoformat("2020-12-31T17:30:00+00:00")  # already 2021 in Việt Nam
    assert [log(night).code, log(night).code, log(night, new_year).code] == [
        "SC-2020-0001",
        "SC-2020-0002",
        "SC-2021-0001",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"category": "fire"}, 1),
        ({"severity": 4}, 4),
        ({"severity": 4, "party_state": True}, 2),
        ({"category": "kt1", "severity": 3}, 2),
        ({"severity": 1, "party_state": True}, 1),
    ],
)
def test_severity_comes_from_the_category_and_is_raised_never_refused(
    night: Night, given: dict[str, Any], expected: int
) -> None:
    assert log(night, **given).severity == expected


def test_the_phase_is_that_of_the_local_day(night: Night) -> None:
    assert log(night).phase == "during"
    assert log(night, NIGHT - timedelta(days=5)).phase == "before"
    assert log(night, NIGHT + timedelta(days=200)).phase is None


def test_what_cannot_be_logged(night: Night) -> None:
    with pytest.raises(Invalid, match="title_missing"):
        log(night, title="  ")
    with pytest.raises(NotFound, match="category.unknown"):
        log(night, category="weather")
    with pytest.raises(Forbidden):
        log(night, actor=night.actor("DU1", "viewer", "BDC"))
    assert database.session.scalar(select(func.count()).select_from(Incident)) == 0


def test_it_cannot_have_been_detected_in_the_future(night: Night) -> None:
    assert log(night, detected_at=NIGHT + timedelta(hours=2)).detected_at == NIGHT


def test_an_open_dedup_key_answers_the_incident_that_is_there(night: Night) -> None:
    first = log(night, dedup_key="ups-1")
    again, created = creation.log(
        Report(title="Vẫn mất điện", category="power", unit_id=night.ids["BDA"], dedup_key="ups-1", actor=ADMIN),
        now=NIGHT,
    )
    assert (again.id, created) == (first.id, False)
    assert kinds(first) == ["logged", "reported_again"]
    lifecycle.resolve(first.id, actor=ADMIN, now=NIGHT)
    assert log(night, dedup_key="ups-1").id != first.id


def test_a_report_of_what_is_being_resolved_at_that_moment_is_a_new_one(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, real = log(night, dedup_key="ups-1"), transitions.all_exclusively

    def waited(session: Any, incident_ids: set[int]) -> dict[int, Incident]:
        # What another transaction commits while this one waits for the lock.
        session.execute(text("UPDATE incidents SET status = 'resolved' WHERE id = :id"), {"id": first.id})
        return real(session, incident_ids)

    monkeypatch.setattr(transitions, "all_exclusively", waited)
    assert log(night, dedup_key="ups-1").id != first.id


def test_a_real_report_cannot_use_the_keys_of_an_exercise(night: Night) -> None:
    drill = log(night, dedup_key="ups-1", rehearsal=night.rehearse(now=NIGHT))
    with pytest.raises(Invalid, match="incident.dedup_key"):
        log(night, dedup_key=drill.dedup_key)
    assert log(night, dedup_key="rehearsal/room").dedup_key == "rehearsal/room"


@on_both
def test_64_first_duplicates_at_once_make_one(night: Night, app: Flask) -> None:
    made = in_parallel(
        app,
        64,
        lambda n: creation.log(
            Report(title=f"Mất điện {n}", category="power", unit_id=night.ids["BDA"], dedup_key="ups-1", actor=ADMIN),
            now=NIGHT,
        )[1],
    )
    assert sorted(made) == [False] * 63 + [True]
    assert database.session.scalar(select(func.count()).select_from(Incident)) == 1


@on_both
def test_codes_are_unique_and_without_gaps_when_many_log_at_once(night: Night, app: Flask) -> None:
    codes = in_parallel(app, 32, lambda n: log(night, title=f"Sự cố {n}").code)
    assert sorted(codes) == [f"SC-2020-{n:04d}" for n in range(1, 33)]


def in_parallel(app: Flask, times: int, work: Callable[[int], Any]) -> list[Any]:
    """Results of ``work(n)`` done by that many threads at once; a thread's error fails the test."""
    database.session.rollback()
    gate, results, faults = threading.Barrier(times), [], []

    def run(n: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                results.append(work(n))
            except Exception as fault:
                faults.append(fault)
            finally:
                database.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return results


# --- calling -------------------------------------------------------------------------------------------------------


def test_whoever_is_on_duty_is_called_step_by_step_and_then_again(night: Night) -> None:
    incident = log(night)
    for minutes in (0, 5, 10, 15):
        assert engine.escalate_due(NIGHT + timedelta(minutes=minutes) - SEC) == 0
        assert engine.escalate_due(NIGHT + timedelta(minutes=minutes)) == 1
    assert called(incident) == [(0, "BI1", "email"), (1, "EM1", "email"), (2, "AN1", "email"), (0, "BI1", "email")]
    assert [page.cycle for page in database.session.scalars(select(Page).order_by(Page.id))] == [1, 1, 1, 2]


def test_the_mail_says_what_where_how_bad_and_how_to_answer(night: Night) -> None:
    incident = log(night, title="Mất điện <b>trung tâm</b>", description="UPS còn 20 phút", party_state=True)
    engine.escalate_due(NIGHT)
    (mail,) = mails()
    assert mail.address == "bi1@buudien.example"
    assert mail.topic == f"incident/{incident.id}"
    assert mail.idempotency_key == f"incident/{incident.id}/1/0/1/{night.ids['BI1']}/email"
    assert mail.urgent and "\n" not in mail.subject
    assert mail.subject == "SC-2020-0001 · mức 2 Nghiêm trọng · Mất điện <b>trung tâm</b> · bước 1"
    for words in (
        "Bưu điện huyện A",
        "UPS còn 20 phút",
        "Mùng 1 tháng Giêng năm Canh Tý",
        "Trong Tết",
        "/a/",
        "Nghiêm trọng",
        "Bước 1, lượt 1",
        "Mất điện <b>trung tâm</b>",
        "02:10 25/01/2020",
    ):
        assert words in mail.body, words
    assert "DIỄN TẬP" not in mail.subject + mail.body and "trễ" not in mail.subject + mail.body


def test_an_account_that_reads_english_gets_english_facts(night: Night) -> None:
    from people.models import User

    with transaction() as session:
        session.query(User).filter_by(person_id=night.ids["BI1"]).one().locale = "en"
    log(night)
    engine.escalate_due(NIGHT)
    assert "Operations duty" in mails()[0].body and "Power cut" in mails()[0].body


def test_a_step_with_nobody_published_is_recorded_and_skipped_at_once(night: Night) -> None:
    night.withdraw("operations", "emergency")
    incident = log(night)
    engine.escalate_due(NIGHT)
    assert called(incident) == [(2, "AN1", "email")]
    assert kinds(incident) == ["logged", "skipped", "called"]


def test_with_nobody_published_at_all_the_chain_is_called_and_called_again(night: Night) -> None:
    night.withdraw("operations", "emergency", "leadership")
    incident = log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(incident) == [(0, "AN1", "email"), (0, "QT1", "email")] * 2
    assert {page.rule for page in database.session.scalars(select(Page))} == {"standing_chain"}


def test_the_roster_is_asked_when_the_step_fires_not_when_it_is_logged(night: Night) -> None:
    incident = log(night)
    night.withdraw("emergency")
    night.publish("emergency", "BI1")
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(incident)[1] == (1, "BI1", "email")


def test_a_person_without_mail_is_shown_as_to_be_called_by_hand_and_costs_no_time(night: Night) -> None:
    night.withdraw("operations")
    night.publish("operations", "PH1")
    incident = log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "PH1", "none"), (1, "EM1", "email")]
    assert len(mails()) == 1


def only_phones(night: Night, *codes: str) -> None:
    with transaction() as session:
        for code in codes:
            person = session.get(Person, night.ids[code])
            person.contacts = [each for each in person.contacts if each.channel == "phone"]


def test_people_with_phones_only_also_bring_the_chain_that_has_mail(night: Night) -> None:
    only_phones(night, "BI1", "EM1")
    night.withdraw("leadership")
    incident = log(night)
    for _ in range(2):
        engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "BI1", "none"), (1, "EM1", "none"), (1, "AN1", "email"), (1, "QT1", "email")]
    assert kinds(incident) == ["logged", "called", "called", "called"]
    assert next_in(incident) == 0 * SEC
    engine.escalate_due(NIGHT)
    assert next_in(incident) == 300 * SEC


def test_a_first_step_that_waits_calls_nobody_before(night: Night) -> None:
    steps = [drafts.StepSpec(60, duty="operations"), drafts.StepSpec(120, duty="leadership")]
    versions.set_policy(
        night.ids["BDA"], steps, repeat_after_seconds=600, ack_timeout_seconds=600, actor=ADMIN, now=NIGHT
    )
    incident = log(night)
    assert next_in(incident) == 60 * SEC
    assert engine.escalate_due(NIGHT + 59 * SEC) == 0 and called(incident) == []
    assert engine.escalate_due(NIGHT + 60 * SEC) == 1
    assert [(step, person) for step, person, _channel in called(incident)] == [(0, "BI1")]
    assert next_in(incident) == 180 * SEC


def test_a_chain_with_phones_only_brings_the_catch_all_and_the_administrators(night: Night) -> None:
    versions.set_policy(
        night.ids["BDA"],
        [drafts.StepSpec(0, duty="operations")],
        repeat_after_seconds=60,
        ack_timeout_seconds=600,
        catch_all=["CH1"],
        actor=ADMIN,
        now=NIGHT,
    )
    leaders = [person.code for person in resolver.standing_chain(night.ids["BDA"])]
    only_phones(night, "BI1", *leaders)
    incident = log(night)
    engine.escalate_due(NIGHT)
    assert called(incident)[:2] == [(0, "BI1", "none"), (0, "CH1", "email")]


def test_a_fault_of_one_persons_call_leaves_the_others_theirs(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    night.publish("operations", "EM1")
    incident, real = log(night), pages.page_words.of

    def breaks(channel: str, incident: Any, page: Any, person: Any, *args: Any, **kwargs: Any) -> Any:
        if person.code == "BI1":
            raise RuntimeError("hỏng")
        return real(channel, incident, page, person, *args, **kwargs)

    monkeypatch.setattr(pages.page_words, "of", breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert sorted(called(incident)) == [(0, "BI1", "none"), (0, "EM1", "email")]
    entry = database.session.scalar(select(TimelineEntry).where(TimelineEntry.kind == "called"))
    assert entry is not None and entry.params["by_hand"] == ["Trần Thị Bình"]


def test_an_enterprise_without_anybody_keeps_trying(night: Night) -> None:
    with transaction() as session:
        for person in session.query(Person):
            person.active = False
    incident = log(night)
    engine.escalate_due(NIGHT)
    assert (called(incident), kinds(incident)) == ([], ["logged", "skipped", "nobody"])
    assert next_in(incident) == 300 * SEC


def test_after_downtime_one_step_fires_and_says_that_it_is_late(night: Night) -> None:
    incident = log(night)
    late = NIGHT + timedelta(hours=2)
    assert [engine.escalate_due(late), engine.escalate_due(late)] == [1, 0]
    assert called(incident) == [(0, "BI1", "email")]
    assert "trễ 2 giờ" in mails()[0].subject and "trễ 2 giờ" in mails()[0].body
    assert next_in(incident, late) == 300 * SEC


def test_a_clock_that_jumps_back_costs_at_most_the_longest_wait(night: Night) -> None:
    steps = [drafts.StepSpec(0, duty="operations"), drafts.StepSpec(60, duty="emergency")]
    waits = {"repeat_after_seconds": 900, "ack_timeout_seconds": 1800}
    versions.set_policy(night.ids["BDA"], steps, **waits, actor=ADMIN, now=NIGHT)
    incident, uncalled = log(night), log(night)
    engine.escalate_due(NIGHT)
    with database.engine.begin() as line:
        line.execute(update(Escalation).where(Escalation.incident_id == uncalled.id).values(step=0, next_at=NIGHT))
    earlier = NIGHT - timedelta(hours=2)
    with clock.travel(earlier):
        engine.escalate_due(earlier)
    assert next_in(uncalled, earlier) == 60 * SEC, "nobody was called yet: that is no pause between two turns"
    assert next_in(incident, earlier) == 60 * SEC, "between two steps nobody waits as long as between two turns"
    engine.escalate_due(earlier + 60 * SEC)
    again = earlier - timedelta(hours=2)
    with clock.travel(again):
        engine.escalate_due(again)
    assert next_in(incident, again) == 900 * SEC


def test_a_clock_that_jumps_back_respects_the_time_out_and_the_hurry_of_an_exercise(night: Night) -> None:
    taken, drill = log(night), log(night, rehearsal=night.rehearse(now=NIGHT, minutes=600))
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(taken.id, actor=night.actor("BI1"), now=NIGHT)
    earlier = NIGHT - timedelta(hours=2)
    with clock.travel(earlier):
        assert [engine.keep_deadlines_near(earlier), engine.keep_deadlines_near(earlier)] == [2, 0]
    assert (next_in(taken, earlier), next_in(drill, earlier)) == (1800 * SEC, 20 * SEC)


def test_watching_the_clock_takes_one_statement_however_many_are_open(night: Night) -> None:
    for _ in range(3):
        log(night)
    engine.escalate_due(NIGHT)
    database.session.rollback()
    asked: list[str] = []
    listener = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listener)
    try:
        assert engine.keep_deadlines_near(NIGHT) == 0
    finally:
        event.remove(database.engine, "before_cursor_execute", listener)
    assert len([each for each in asked if each != "BEGIN"]) == 1


@pytest.mark.parametrize("chore", ["end_rehearsals", "keep_deadlines_near"])
def test_a_fault_of_the_housekeeping_stops_no_call(night: Night, monkeypatch: pytest.MonkeyPatch, chore: str) -> None:
    incident = log(night)

    def breaks(now: datetime) -> int:
        raise RuntimeError("hỏng")

    breaks.__name__ = chore
    monkeypatch.setattr(engine, chore, breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert len(called(incident)) == 1


def test_one_faulty_incident_stops_no_other(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = log(night), log(night)
    real = engine.decide

    def breaks(policy: Any, *args: Any) -> Any:
        if database.session.get(Escalation, bad.id).fired and not database.session.get(Escalation, good.id).fired:  # type: ignore[union-attr]
            raise RuntimeError("hỏng")
        return real(policy, *args)

    monkeypatch.setattr(engine, "decide", breaks)
    assert engine.escalate_due(NIGHT) == 1
    assert (called(bad), len(called(good))) == ([], 1)
    assert database.session.scalar(select(AuditEntry.action).where(AuditEntry.action == "incident.fault"))
    monkeypatch.undo()
    assert engine.escalate_due(NIGHT + engine.AFTER_A_FAULT) == 1
    assert len(called(bad)) == 1


@on_both
def test_eight_workers_at_once_call_once(night: Night, app: Flask) -> None:
    incidents = [log(night, title=f"Sự cố {n}") for n in range(3)]
    fired = in_parallel(app, 8, lambda _n: engine.escalate_due(NIGHT))
    assert sum(fired) == 3
    assert [len(called(each)) for each in incidents] == [1, 1, 1]


@on_both
def test_a_step_that_somebody_else_has_claimed_is_not_fired_again(night: Night) -> None:
    log(night)
    (seen,) = engine.due(NIGHT)
    assert [engine.fire(seen, NIGHT), engine.fire(seen, NIGHT)] == [True, False]
    assert len(mails()) == 1


# --- acknowledging -------------------------------------------------------------------------------------------------


def test_acknowledging_stops_the_calls_and_what_has_not_left(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 30 * SEC)
    assert (fresh(incident).status, fresh(incident).acknowledged_by) == ("acknowledged", "Trần Thị Bình")
    assert [mail.state for mail in mails()] == ["cancelled"]
    assert engine.escalate_due(NIGHT + 300 * SEC) == 0
    assert next_in(incident, NIGHT + 30 * SEC) == 1800 * SEC
    assert database.session.scalar(select(Page.answer)) == "taken"


def test_the_same_person_may_say_it_twice_and_another_hears_who_and_when(night: Night) -> None:
    incident = log(night)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 9 * SEC)
    assert kinds(incident) == ["logged", "acknowledged"]
    with pytest.raises(Conflict) as refused:
        lifecycle.acknowledge(incident.id, actor=night.actor("EM1"), now=NIGHT + 10 * SEC)
    assert refused.value.state == {
        "code": "SC-2020-0001",
        "status": "acknowledged",
        "by": "Trần Thị Bình",
        "at": NIGHT,
    }
    assert "Trần Thị Bình nhận lúc 02:10 25/01/2020" in refused.value.message()


@on_both
def test_of_many_who_press_at_once_one_has_it(night: Night, app: Flask) -> None:
    incident, codes = log(night), ["BI1", "EM1", "AN1", "PH1"] * 4

    def press(n: int) -> str:
        try:
            lifecycle.acknowledge(incident.id, actor=night.actor(codes[n]), now=NIGHT)
        except Conflict:
            return "late"
        return codes[n]

    winners = {answer for answer in in_parallel(app, 16, press) if answer != "late"}
    assert len(winners) == 1
    assert kinds(incident) == ["logged", "acknowledged"]


@on_both
def test_acknowledging_and_calling_at_once_leave_no_message_to_send(night: Night, app: Flask) -> None:
    incident = log(night)

    def work(n: int) -> Any:
        if n == 0:
            return lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT).status
        return engine.escalate_due(NIGHT)

    in_parallel(app, 4, work)
    assert fresh(incident).status == "acknowledged"
    assert [mail for mail in mails() if mail.state != "cancelled"] == []


def test_a_repeated_report_does_not_refuse_whoever_takes_it(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    incident, real = log(night), lifecycle._ensure_for

    def meanwhile(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        database.session.execute(text("UPDATE incidents SET version = version + 1"))

    monkeypatch.setattr(lifecycle, "_ensure_for", meanwhile)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    assert fresh(incident).acknowledged_by == "Trần Thị Bình"


def test_acknowledge_and_forget_comes_back_from_the_first_step_at_once(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    lifecycle.acknowledge(incident.id, actor=night.actor("EM1"), now=NIGHT + 301 * SEC)
    back = NIGHT + 2101 * SEC
    assert [engine.escalate_due(back - SEC), engine.escalate_due(back)] == [0, 1]
    assert (fresh(incident).status, fresh(incident).acknowledged_by) == ("open", "")
    assert [step for step, _, _ in called(incident)] == [0, 1, 0]
    assert kinds(incident)[-2:] == ["timed_out", "called"]


def test_a_note_is_a_sign_of_life(night: Night) -> None:
    incident = log(night)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    later = NIGHT + 1700 * SEC
    lifecycle.add_note(incident.id, note="Đang chạy máy nổ", actor=night.actor("BI1"), now=later)
    assert next_in(incident, later) == 1800 * SEC
    with pytest.raises(Invalid, match="note_missing"):
        lifecycle.add_note(incident.id, note=" ", actor=night.actor("BI1"), now=later)


def test_taking_it_for_somebody_needs_the_right_to_dispatch(night: Night) -> None:
    incident, bi = log(night), night.ids["BI1"]
    with pytest.raises(Forbidden):
        lifecycle.acknowledge(incident.id, person_id=bi, actor=night.actor("PH1"), now=NIGHT)
    lifecycle.acknowledge(incident.id, person_id=bi, actor=night.actor("AN1", "manager"), now=NIGHT)
    assert fresh(incident).acknowledged_by == "Trần Thị Bình"
    assert database.session.scalar(select(TimelineEntry.who).order_by(TimelineEntry.id.desc())) == "AN1"


def test_staff_of_another_unit_may_act_only_when_called(night: Night) -> None:
    incident = log(night)
    stranger = night.actor("CH1", "staff", "BDC")
    with pytest.raises(Forbidden):
        lifecycle.acknowledge(incident.id, actor=stranger, now=NIGHT)
    night.withdraw("operations")
    night.publish("operations", "CH1", unit="BDT")
    engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "CH1", "email")]
    lifecycle.acknowledge(incident.id, actor=stranger, now=NIGHT + SEC)
    assert fresh(incident).acknowledged_by_id == night.ids["CH1"]


# --- passing on, calls by hand -------------------------------------------------------------------------------------


def test_passing_on_calls_the_next_at_once(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 20 * SEC)
    assert engine.escalate_due(NIGHT + 20 * SEC) == 1
    assert [code for _, code, _ in called(incident)] == ["BI1", "EM1"]
    assert next_in(incident, NIGHT + 20 * SEC) == 300 * SEC
    assert database.session.scalars(select(Page.answer).order_by(Page.id)).all() == ["passed", None]


def test_passing_on_twice_or_from_an_old_call_hurries_nobody(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    for _ in range(2):
        lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 310 * SEC)
    assert kinds(incident).count("passed") == 1
    assert next_in(incident) == 600 * SEC


def test_whoever_has_taken_it_may_give_it_back(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + SEC)
    with pytest.raises(Conflict):
        lifecycle.pass_on(incident.id, actor=night.actor("EM1"), now=NIGHT + 2 * SEC)
    lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 3 * SEC)
    assert (fresh(incident).status, next_in(incident)) == ("open", 3 * SEC)


def test_giving_it_back_when_nobody_is_left_does_not_wait_for_the_time_out(night: Night) -> None:
    incident = log(night)
    for n, code in enumerate(["BI1", "EM1"]):
        engine.escalate_due(NIGHT + n * SEC)
        lifecycle.pass_on(incident.id, actor=night.actor(code), now=NIGHT + n * SEC)
    engine.escalate_due(NIGHT + 2 * SEC)
    lifecycle.acknowledge(incident.id, actor=night.actor("AN1"), now=NIGHT + 10 * SEC)
    lifecycle.pass_on(incident.id, actor=night.actor("AN1"), now=NIGHT + 20 * SEC)
    assert (fresh(incident).status, next_in(incident)) == ("open", 320 * SEC)


def test_when_everybody_of_a_turn_has_said_no_they_get_the_pause(night: Night) -> None:
    incident = log(night)
    for n, code in enumerate(["BI1", "EM1", "AN1"]):
        engine.escalate_due(NIGHT + n * SEC)
        lifecycle.pass_on(incident.id, actor=night.actor(code), now=NIGHT + n * SEC)
    assert next_in(incident) == 302 * SEC


@pytest.mark.parametrize("outcome", ["no_answer", "unreachable"])
def test_a_call_by_hand_that_fails_brings_the_next_step(night: Night, outcome: Any) -> None:
    incident, dispatcher = log(night), night.actor("AN1", "manager")
    engine.escalate_due(NIGHT)
    lifecycle.log_call(incident.id, person_id=night.ids["BI1"], outcome=outcome, actor=dispatcher, now=NIGHT + 30 * SEC)
    assert next_in(incident) == 30 * SEC
    assert kinds(incident)[-1] == "call"


def test_a_failed_call_waits_for_the_others_of_the_same_step(night: Night) -> None:
    night.publish("operations", "PH1")
    incident, dispatcher = log(night), night.actor("AN1", "manager")
    engine.escalate_due(NIGHT)
    call = {"outcome": "no_answer", "actor": dispatcher, "now": NIGHT + 30 * SEC}
    lifecycle.log_call(incident.id, person_id=night.ids["BI1"], **call)
    assert next_in(incident) == 300 * SEC
    lifecycle.log_call(incident.id, person_id=night.ids["PH1"], **call)
    assert next_in(incident) == 30 * SEC


def test_a_call_by_hand_that_is_answered_takes_it_for_that_person(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    call = {"person_id": night.ids["EM1"], "outcome": "taken", "now": NIGHT + 30 * SEC}
    with pytest.raises(Forbidden):
        lifecycle.log_call(incident.id, actor=night.actor("PH1"), **call)
    lifecycle.log_call(incident.id, actor=night.actor("BI1"), **call)  # operations on duty may dispatch
    assert fresh(incident).acknowledged_by == "Rơ Châm Em"
    assert kinds(incident)[-2:] == ["call", "acknowledged"]


# --- the end, and back ---------------------------------------------------------------------------------------------


def test_resolve_close_reopen(night: Night) -> None:
    incident, manager = log(night), night.actor("AN1", "manager")
    with pytest.raises(Conflict, match="not_resolved"):
        lifecycle.close(incident.id, actor=manager, now=NIGHT)
    lifecycle.resolve(incident.id, note="Có điện lại", actor=night.actor("BI1"), now=NIGHT + SEC)
    assert next_in(incident) is None
    with pytest.raises(Conflict) as refused:
        lifecycle.resolve(incident.id, actor=manager, now=NIGHT + 2 * SEC)
    assert (refused.value.state["by"], refused.value.state["at"]) == ("BI1", NIGHT + SEC)
    with pytest.raises(Forbidden):
        lifecycle.close(incident.id, actor=night.actor("PH1"), now=NIGHT + 3 * SEC)
    lifecycle.close(incident.id, actor=manager, now=NIGHT + 3 * SEC)
    lifecycle.reopen(incident.id, actor=manager, now=NIGHT + 4 * SEC)
    assert (fresh(incident).status, next_in(incident), fresh(incident).closed_at) == ("open", 4 * SEC, None)
    assert kinds(incident) == ["logged", "resolved", "closed", "reopened"]


def test_reopening_what_was_reported_anew_is_refused(night: Night) -> None:
    first = log(night, dedup_key="ups-1")
    lifecycle.resolve(first.id, actor=ADMIN, now=NIGHT)
    log(night, dedup_key="ups-1")
    with pytest.raises(Conflict, match="reported_anew"):
        lifecycle.reopen(first.id, actor=ADMIN, now=NIGHT)


def test_escalating_by_hand_calls_the_next_and_gives_it_back(night: Night) -> None:
    incident = log(night)
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + SEC)
    with pytest.raises(Forbidden):
        lifecycle.escalate_now(incident.id, actor=night.actor("PH1"), now=NIGHT + 2 * SEC)
    lifecycle.escalate_now(incident.id, actor=night.actor("BI1"), now=NIGHT + 3 * SEC)
    engine.escalate_due(NIGHT + 3 * SEC)
    assert (fresh(incident).status, called(incident)[-1]) == ("open", (1, "EM1", "email"))


# --- policies ------------------------------------------------------------------------------------------------------


def test_the_nearest_policy_holds_and_running_incidents_keep_theirs(night: Night) -> None:
    before = log(night)
    versions.set_policy(
        night.ids["BDT"],
        [drafts.StepSpec(0, person="CH1")],
        repeat_after_seconds=60,
        ack_timeout_seconds=600,
        catch_all=["QT1"],
        actor=ADMIN,
        now=NIGHT,
    )
    after = log(night)
    engine.escalate_due(NIGHT)
    assert (called(before), called(after)) == ([(0, "BI1", "email")], [(0, "CH1", "email")])
    assert next_in(after) == 60 * SEC
    assert selection.catch_all(night.ids["BDA-1"]) == [night.ids["QT1"]]
    lifecycle.apply_policy(before.id, actor=ADMIN, now=NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    assert called(before)[-1] == (0, "CH1", "email")


def test_a_catch_all_that_was_emptied_stays_empty(night: Night) -> None:
    for codes in (["CH1"], []):
        versions.set_policy(
            night.ids["BDA"],
            [drafts.StepSpec(0, duty="operations")],
            repeat_after_seconds=60,
            ack_timeout_seconds=600,
            catch_all=codes,
            actor=ADMIN,
            now=NIGHT,
        )
    assert selection.catch_all(night.ids["BDA"]) == []


def test_the_defaults_are_rows_by_band(night: Night) -> None:
    urgent, normal = (
        selection.played(selection.policy_for(night.ids["BDA"], level), night.ids["BDA"], level, "other")
        for level in (2, 3)
    )
    assert [step.duty for step in normal.steps] == ["operations", "emergency", "leadership"]
    assert [step.after // SEC for step in urgent.steps] == [0, 120, 120]
    assert (urgent.repeat_after, urgent.ack_timeout) == (120 * SEC, 600 * SEC)
    assert (normal.repeat_after, normal.ack_timeout) == (300 * SEC, 1800 * SEC)


@pytest.mark.parametrize(
    ("steps", "changes", "fault"),
    [
        ([], {}, "policy.steps"),
        ([drafts.StepSpec(0)], {}, "policy.one_target"),
        ([drafts.StepSpec(0, duty="choir")], {}, "duty.unknown"),
        ([drafts.StepSpec(0, person="XX9")], {}, "person.unknown"),
        ([drafts.StepSpec(0, duty="operations")], {"repeat_after_seconds": 0}, "policy.wait"),
        ([drafts.StepSpec(-1, duty="operations")], {}, "policy.wait"),
    ],
)
def test_policies_that_cannot_be_used(night: Night, steps: Any, changes: dict[str, int], fault: str) -> None:
    waits = {"repeat_after_seconds": 60, "ack_timeout_seconds": 600} | changes
    with pytest.raises((Invalid, NotFound), match=fault):
        versions.set_policy(night.ids["BDA"], steps, **waits, actor=ADMIN, now=NIGHT)
    assert database.session.scalar(select(func.count()).select_from(PolicyVersion)) == 2


# --- rehearsals ----------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_called_in_short_steps_and_says_so(night: Night) -> None:
    november = datetime.fromisoformat("2026-11-25T03:00:00+00:00")
    rehearsal = night.rehearse(now=november)
    incident = log(night, november, rehearsal=rehearsal)
    assert incident.phase == "during"
    engine.escalate_due(november)
    engine.escalate_due(november + 20 * SEC)
    assert [code for _, code, _ in called(incident)] == ["BI1", "EM1"]
    for mail in mails():
        assert "DIỄN TẬP" in mail.subject and "DIỄN TẬP" in mail.body


def test_when_the_rehearsal_is_over_what_is_open_closes_itself(night: Night) -> None:
    rehearsal = night.rehearse(now=NIGHT, minutes=30)
    drill, real = log(night, rehearsal=rehearsal), log(night)
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + timedelta(minutes=30))
    assert (fresh(drill).status, next_in(drill), kinds(drill)[-1]) == ("closed", None, "ended")
    assert len(called(drill)) == 1, "and nobody was called at the moment it ended"
    assert fresh(real).status == "open"
    with pytest.raises(Conflict, match="rehearsal_over"):
        lifecycle.reopen(drill.id, actor=ADMIN, now=NIGHT + timedelta(minutes=31))


def test_what_is_real_never_joins_an_exercise(night: Night) -> None:
    drill = log(night, dedup_key="ups-1", rehearsal=night.rehearse(now=NIGHT))
    assert log(night, dedup_key="ups-1").id != drill.id
    assert database.session.scalar(select(func.count()).select_from(Rehearsal)) == 1


def test_demo_people_are_only_called_on_this_machine(night: Night) -> None:
    with transaction() as session:
        session.get(Person, night.ids["BI1"]).is_demo = True
    log(night)
    engine.escalate_due(NIGHT)
    assert mails()[0].local_only
