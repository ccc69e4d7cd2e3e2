"""Taking, passing on, calling by hand, resolving, reopening: what each does to the calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, text

from core.db import db as database
from core.errors import Conflict, Forbidden, Invalid
from incidents.escalation import engine, gone_since
from incidents.record.models import Page, TimelineEntry
from incidents.response import handover, lifecycle
from people import queries as people
from tests.support.in_parallel import in_parallel
from tests.support.incident_facts import called, fresh, kinds, mails, next_in
from tests.support.tet_night import ADMIN, NIGHT, Night

on_both = pytest.mark.both_dbs("many at once: locks")
SEC = timedelta(seconds=1)


def test_acknowledging_stops_the_calls_and_what_has_not_left(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + 30 * SEC)
    assert (fresh(incident).status, fresh(incident).acknowledged_by) == ("acknowledged", "Trần Thị Bình")
    assert [mail.state for mail in mails()] == ["cancelled"]
    assert engine.escalate_due(NIGHT + 300 * SEC) == 0
    assert next_in(incident, NIGHT + 30 * SEC) == 1800 * SEC
    assert database.session.scalar(select(Page.answer)) == "taken"


def test_the_same_person_may_say_it_twice_and_another_hears_who_and_when(night: Night) -> None:
    incident = night.log()
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
    incident, codes = night.log(), ["BI1", "EM1", "AN1", "PH1"] * 4

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
    incident = night.log()

    def work(n: int) -> Any:
        if n == 0:
            return lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT).status
        return engine.escalate_due(NIGHT)

    in_parallel(app, 4, work)
    assert fresh(incident).status == "acknowledged"
    assert [mail for mail in mails() if mail.state != "cancelled"] == []


def test_a_repeated_report_does_not_refuse_whoever_takes_it(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    incident, real = night.log(), lifecycle._ensure_for

    def meanwhile(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        database.session.execute(text("UPDATE incidents SET version = version + 1"))

    monkeypatch.setattr(lifecycle, "_ensure_for", meanwhile)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    assert fresh(incident).acknowledged_by == "Trần Thị Bình"


def test_acknowledge_and_forget_comes_back_from_the_first_step_at_once(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    lifecycle.acknowledge(incident.id, actor=night.actor("EM1"), now=NIGHT + 301 * SEC)
    back = NIGHT + 2101 * SEC
    assert [engine.escalate_due(back - SEC), engine.escalate_due(back)] == [0, 1]
    assert (fresh(incident).status, fresh(incident).acknowledged_by) == ("open", "")
    assert [step for step, _, _ in called(incident)] == [0, 1, 0]
    assert kinds(incident)[-2:] == ["timed_out", "called"]


def test_a_note_is_a_sign_of_life(night: Night) -> None:
    incident = night.log()
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    later = NIGHT + 1700 * SEC
    lifecycle.add_note(incident.id, note="Đang chạy máy nổ", actor=night.actor("BI1"), now=later)
    assert next_in(incident, later) == 1800 * SEC
    with pytest.raises(Invalid, match="note_missing"):
        lifecycle.add_note(incident.id, note=" ", actor=night.actor("BI1"), now=later)


def test_taking_it_for_somebody_needs_the_right_to_dispatch(night: Night) -> None:
    incident, bi = night.log(), night.ids["BI1"]
    with pytest.raises(Forbidden):
        lifecycle.acknowledge(incident.id, person_id=bi, actor=night.actor("PH1"), now=NIGHT)
    lifecycle.acknowledge(incident.id, person_id=bi, actor=night.actor("AN1", "manager"), now=NIGHT)
    assert fresh(incident).acknowledged_by == "Trần Thị Bình"
    assert database.session.scalar(select(TimelineEntry.who).order_by(TimelineEntry.id.desc())) == "AN1"


def test_staff_of_another_unit_may_act_only_when_called(night: Night) -> None:
    incident = night.log()
    stranger = night.actor("CH1", "staff", "BDC")
    with pytest.raises(Forbidden):
        lifecycle.acknowledge(incident.id, actor=stranger, now=NIGHT)
    night.withdraw("operations")
    night.publish("operations", "CH1", unit="BDT")
    engine.escalate_due(NIGHT)
    assert called(incident) == [(0, "CH1", "email")]
    lifecycle.acknowledge(incident.id, actor=stranger, now=NIGHT + SEC)
    assert fresh(incident).acknowledged_by_id == night.ids["CH1"]


def test_passing_on_calls_the_next_at_once(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 20 * SEC)
    assert engine.escalate_due(NIGHT + 20 * SEC) == 1
    assert [code for _, code, _ in called(incident)] == ["BI1", "EM1"]
    assert next_in(incident, NIGHT + 20 * SEC) == 300 * SEC
    assert database.session.scalars(select(Page.answer).order_by(Page.id)).all() == ["passed", None]


def test_passing_on_twice_or_from_an_old_call_hurries_nobody(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    engine.escalate_due(NIGHT + 300 * SEC)
    for _ in range(2):
        lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 310 * SEC)
    assert kinds(incident).count("passed") == 1
    assert next_in(incident) == 600 * SEC


def test_whoever_has_taken_it_may_give_it_back(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + SEC)
    with pytest.raises(Conflict):
        lifecycle.pass_on(incident.id, actor=night.actor("EM1"), now=NIGHT + 2 * SEC)
    lifecycle.pass_on(incident.id, actor=night.actor("BI1"), now=NIGHT + 3 * SEC)
    assert (fresh(incident).status, next_in(incident)) == ("open", 3 * SEC)


def test_giving_it_back_when_nobody_is_left_does_not_wait_for_the_time_out(night: Night) -> None:
    incident = night.log()
    for n, code in enumerate(["BI1", "EM1"]):
        engine.escalate_due(NIGHT + n * SEC)
        lifecycle.pass_on(incident.id, actor=night.actor(code), now=NIGHT + n * SEC)
    engine.escalate_due(NIGHT + 2 * SEC)
    lifecycle.acknowledge(incident.id, actor=night.actor("AN1"), now=NIGHT + 10 * SEC)
    lifecycle.pass_on(incident.id, actor=night.actor("AN1"), now=NIGHT + 20 * SEC)
    assert (fresh(incident).status, next_in(incident)) == ("open", 320 * SEC)


def test_when_everybody_of_a_turn_has_said_no_they_get_the_pause(night: Night) -> None:
    incident = night.log()
    for n, code in enumerate(["BI1", "EM1", "AN1"]):
        engine.escalate_due(NIGHT + n * SEC)
        lifecycle.pass_on(incident.id, actor=night.actor(code), now=NIGHT + n * SEC)
    assert next_in(incident) == 302 * SEC


@pytest.mark.parametrize("outcome", ["no_answer", "unreachable"])
def test_a_call_by_hand_that_fails_brings_the_next_step(night: Night, outcome: Any) -> None:
    incident, dispatcher = night.log(), night.actor("AN1", "manager")
    engine.escalate_due(NIGHT)
    lifecycle.log_call(incident.id, person_id=night.ids["BI1"], outcome=outcome, actor=dispatcher, now=NIGHT + 30 * SEC)
    assert next_in(incident) == 30 * SEC
    assert kinds(incident)[-1] == "call"


def test_a_failed_call_waits_for_the_others_of_the_same_step(night: Night) -> None:
    night.publish("operations", "PH1")
    incident, dispatcher = night.log(), night.actor("AN1", "manager")
    engine.escalate_due(NIGHT)
    call = {"outcome": "no_answer", "actor": dispatcher, "now": NIGHT + 30 * SEC}
    lifecycle.log_call(incident.id, person_id=night.ids["BI1"], **call)
    assert next_in(incident) == 300 * SEC
    lifecycle.log_call(incident.id, person_id=night.ids["PH1"], **call)
    assert next_in(incident) == 30 * SEC


def test_a_call_by_hand_that_is_answered_takes_it_for_that_person(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    call = {"person_id": night.ids["EM1"], "outcome": "taken", "now": NIGHT + 30 * SEC}
    with pytest.raises(Forbidden):
        lifecycle.log_call(incident.id, actor=night.actor("PH1"), **call)
    lifecycle.log_call(incident.id, actor=night.actor("BI1"), **call)  # operations on duty may dispatch
    assert fresh(incident).acknowledged_by == "Rơ Châm Em"
    assert kinds(incident)[-2:] == ["call", "acknowledged"]


def test_resolve_close_reopen(night: Night) -> None:
    incident, manager = night.log(), night.actor("AN1", "manager")
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
    first = night.log(dedup_key="ups-1")
    lifecycle.resolve(first.id, actor=ADMIN, now=NIGHT)
    night.log(dedup_key="ups-1")
    with pytest.raises(Conflict, match="reported_anew"):
        lifecycle.reopen(first.id, actor=ADMIN, now=NIGHT)


def test_escalating_by_hand_calls_the_next_and_gives_it_back(night: Night) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT + SEC)
    with pytest.raises(Forbidden):
        lifecycle.escalate_now(incident.id, actor=night.actor("PH1"), now=NIGHT + 2 * SEC)
    lifecycle.escalate_now(incident.id, actor=night.actor("BI1"), now=NIGHT + 3 * SEC)
    engine.escalate_due(NIGHT + 3 * SEC)
    assert (fresh(incident).status, called(incident)[-1]) == ("open", (1, "EM1", "email"))


def test_what_is_asked_each_second_is_not_built_each_second(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """To build such a statement costs several times what it costs to run it."""
    night.log()

    def look() -> None:
        assert (gone_since.look(NIGHT), handover.look(NIGHT)) == (0, 0)
        assert people.ancestors_of([night.ids["BDA"]]) == {night.ids["BDA"]: [night.ids["BDA"], night.ids["BDT"]]}
        assert people.subtree_ids(night.ids["BDA"]) == [night.ids["BDA"], night.ids["BDA-1"]]

    look()
    built: list[Select[Any]] = []
    where = Select.where
    monkeypatch.setattr(Select, "where", lambda self, *rules: built.append(self) or where(self, *rules))
    look()
    assert built == []


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A look hands over no more than two; its statements are built once, and built anew here."""
    with monkeypatch.context() as few:
        few.setattr(handover, "MOST_AT_ONCE", 2)
        built = (handover._all_held, handover._all_open)
        for each in built:
            each.cache_clear()
        yield
        for each in built:
            each.cache_clear()


@pytest.mark.both_dbs("drawn by lot")
@pytest.mark.usefixtures("two_at_once")
def test_after_a_storm_all_that_one_person_has_is_handed_over_though_nobody_has_answered_yet(night: Night) -> None:
    incidents = [night.log(f"Mất điện {number}", severity=1 + number % 2) for number in range(5)]
    for each in incidents[:4]:
        lifecycle.acknowledge(each.id, actor=night.actor("BI1"), now=NIGHT)
    night.publish("operations", "PH1", start=NIGHT + timedelta(hours=9))
    morning = NIGHT + timedelta(hours=9, minutes=1)
    assert handover.look(morning) == 2
    asked = select(TimelineEntry.incident_id).where(TimelineEntry.kind == "handover_asked")
    ticks = takewhile(lambda _tick: len(set(database.session.scalars(asked))) < 4, range(200))
    assert sum(handover.look(morning) for _tick in ticks) == 2
