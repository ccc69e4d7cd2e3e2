"""A backlog is fired many in one transaction: exactly what would have come of firing each alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from core.db import db as database, transaction
from core.models import AuditEntry
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import calling, engine, page_words
from incidents.escalation.models import Ask, CoverageGap
from incidents.policies import drafts
from incidents.policies.drafts import TargetSpec
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.response import lifecycle
from notify.models import Message
from people.models import Person, UnitHead
from roster.resolver.models import DeskPhone
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN, NIGHT, Night

LATER = NIGHT + timedelta(minutes=40)
WAITS: dict[str, Any] = {"repeat_after_seconds": 3600, "ack_timeout_seconds": 1800, "actor": ADMIN, "now": NIGHT}
pytestmark = pytest.mark.both_dbs("one bulk insert on PostgreSQL, many on SQLite")


@pytest.fixture
def night(app: Flask, night: Night, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Four units, each with a policy of its own kind; nobody serves emergencies any more. No turn ends for slowness."""
    monkeypatch.setattr(engine, "LONGEST_TURN", math.inf)
    app.config.update(MAIL_URL="smtp://127.0.0.1:2599", MAIL_FROM="truc@buudien.example")
    step = drafts.StepSpec
    night.withdraw("emergency")
    with transaction() as session:
        session.add(DeskPhone(unit_id=night.ids["BDA"], duty="operations", phone="0269 3822 222"))
        session.add(UnitHead(unit_id=night.ids["BDA"], person_id=night.ids["AN1"]))
        session.add(UnitHead(unit_id=night.ids["BDT"], person_id=night.ids["QT1"]))
    night.publish("operations", "DU1")
    by_unit = {
        "BDA": [step(0, duty="operations"), step(600, duty="leadership")],
        "BDA-1": [
            step(0, duty="emergency"),
            step(0, targets=(TargetSpec(duty="operations"), TargetSpec(head="each")), all_must=True),
        ],
        "BDC": [step(0, person="PH1"), step(60, person="CH1")],
        "BDT": [step(0, duty="emergency"), step(60, duty="leadership")],
    }
    for unit, steps in by_unit.items():
        set_policy(night.ids[unit], steps, catch_all=["CH1"], **WAITS)
    return night


def mixed(night: Night) -> list[Incident]:
    """One of everything: more than are fired one by one."""
    drill, over = night.rehearse(now=NIGHT, minutes=60), night.rehearse(now=NIGHT, minutes=10)

    def log(title: str, unit: str, category: str = "power", **more: Any) -> Incident:
        given: dict[str, Any] = {"title": title, "category": category, "unit_id": night.ids[unit]}
        return creation.log(IncidentReport(**given | more, actor=ADMIN), now=NIGHT)[0]

    made = [
        log("Mất điện", "BDA"),
        log("Khách ngất", "BDA", severity=1, description="Ở quầy 3"),
        log("Vật lạ", "BDA", "suspicious_item"),
        log("Túi KT1", "BDA", "kt1", party_state=True),
        log("Bước trống, ai cũng phải nắm", "BDA-1"),
        log("Cũng vậy", "BDA-1"),
        log("Chỉ có điện thoại", "BDC"),
        log("Không ai trực", "BDT"),
        log("Vẫn không ai trực", "BDT", severity=2),
        log("Diễn tập", "BDA", rehearsal=drill),
        log("Diễn tập bước trống", "BDA-1", rehearsal=drill),
        log("Diễn tập đã xong", "BDA", rehearsal=over),
        log("Nhận rồi quên", "BDA"),
    ]
    lifecycle.acknowledge(made[-1].id, actor=night.actor("BI1"), now=NIGHT)
    assert len(made) > engine.FEW
    return made


def what_came_of(incident: Incident, clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Everything that was written about it; ``clean`` makes that of two incidents comparable."""

    def rows(model: Any, *left_out: str, **wanted: Any) -> list[dict[str, Any]]:
        names = [column.key for column in model.__table__.columns if column.key not in ("id", "incident_id", *left_out)]
        found = database.session.scalars(select(model).filter_by(**wanted).order_by(model.id))
        return [{name: clean(getattr(row, name)) for name in names} for row in found]

    database.session.rollback()
    fresh = database.session.get_one(Incident, incident.id, populate_existing=True)
    links = [
        clean(database.session.scalar(select(Message.idempotency_key).where(Message.id == page.message_id)))
        for page in database.session.scalars(select(Page).where(Page.incident_id == fresh.id).order_by(Page.id))
    ]
    messages = [
        clean(
            {
                name: getattr(row, name)
                for name in (
                    "topic",
                    "idempotency_key",
                    "channel",
                    "address",
                    "recipient",
                    "subject",
                    "body",
                    "link",
                    "facts",
                    "urgent",
                    "local_only",
                    "state",
                    "hold_reason",
                    "next_at",
                    "delay_seconds",
                    "ladder",
                    "rung",
                    "created_at",
                )
            }
        )
        for row in database.session.scalars(
            select(Message)
            .where(Message.topic.startswith(f"incident/{fresh.id}/") | (Message.topic == f"incident/{fresh.id}"))
            .order_by(Message.idempotency_key)
        )
    ]
    escalation = fresh.escalation
    return {
        "incident": (fresh.status, fresh.version, fresh.acknowledged_by, fresh.closed_at),
        "escalation": [
            clean(getattr(escalation, name))
            for name in (
                "step",
                "cycle",
                "since",
                "next_at",
                "fired_at",
                "fired",
                "waits_for",
                "snoozed_until",
            )
        ],
        "pages": rows(Page, "message_id", "link_digest", incident_id=fresh.id),
        "carried by": links,
        "messages": messages,
        "timeline": rows(TimelineEntry, incident_id=fresh.id),
        "asks": rows(Ask, incident_id=fresh.id),
        "audit": rows(AuditEntry, thing="incident", thing_id=fresh.code),
    }


def cleaned(incident: Incident) -> Callable[[Any], Any]:
    """Without its number, its code, and what is drawn anew for each link."""
    plain = {f"incident/{incident.id}/": "incident/N/", f"incident/{incident.id}": "incident/N", incident.code: "CODE"}

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: clean(each) for name, each in value.items()}
        if isinstance(value, list):
            return [clean(each) for each in value]
        if isinstance(value, str):
            for seen, shown in plain.items():
                value = value.replace(seen, shown)
            return "\n".join(line.rpartition("/a/")[0] or line for line in value.splitlines())
        return value

    return clean


def stories(incidents: list[Incident]) -> dict[str, Any]:
    return {incident.title: what_came_of(incident, cleaned(incident)) for incident in incidents}


def one_by_one(now: datetime) -> None:
    """Until nothing is due: who has no way to be called is followed by the next step at once."""
    while waiting := engine.due(now):
        for each in waiting:
            engine.fire(each, now)


def test_a_batch_comes_to_what_firing_each_alone_comes_to_also_when_one_of_it_is_faulty(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = mixed(night)
    one_by_one(LATER)
    expected = stories(alone)
    batch, commits = mixed(night), list[int]()
    assert engine.escalate_due(LATER, called=lambda: commits.append(1)) == len(batch) - 1
    assert len(commits) == 1, "all in one transaction"
    one_by_one(LATER)
    together = stories(batch)
    assert together == expected
    assert [page["channel"] for page in together["Chỉ có điện thoại"]["pages"]] == ["none", "email"]
    assert together["Diễn tập đã xong"]["incident"][0] == "closed"
    assert len(together["Bước trống, ai cũng phải nắm"]["asks"]) > 1
    assert all(told["pages"] for title, told in together.items() if title != "Diễn tập đã xong")

    batch = mixed(night)
    bad = batch.pop(1)
    a_faulty_one_stops_no_other(bad, batch, monkeypatch)
    del expected[bad.title]
    assert stories(batch) == expected


def a_faulty_one_stops_no_other(bad: Incident, batch: list[Incident], monkeypatch: pytest.MonkeyPatch) -> None:
    real = calling.call

    def breaks(session: Any, incident: Incident, *args: Any, **kwargs: Any) -> list[Page]:
        pages = real(session, incident, *args, **kwargs)
        if incident.id == bad.id:
            raise RuntimeError("hỏng")
        return pages

    with monkeypatch.context() as broken:
        broken.setattr(calling, "call", breaks)
        assert engine.escalate_due(LATER) == len(batch) - 1
        one_by_one(LATER)
    told = stories([bad])[bad.title]
    assert (told["pages"], told["messages"], [line["kind"] for line in told["timeline"]]) == ([], [], ["logged"])
    database.session.rollback()
    faults = database.session.scalars(select(AuditEntry.thing_id).where(AuditEntry.action == "incident.fault"))
    assert list(faults) == [bad.code]
    assert engine.escalate_due(LATER + engine.AFTER_A_FAULT) >= 1
    assert stories([bad])[bad.title]["pages"]


def test_gaps_are_noticed_once_and_whose_call_fails_is_called_by_hand(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, real = mixed(night), page_words.text_for

    def breaks(channel: str, incident: Incident, page: Page, person: Person, *args: Any, **more: Any) -> Any:
        if person.code == "BI1":
            raise RuntimeError("hỏng")
        return real(channel, incident, page, person, *args, **more)

    monkeypatch.setattr(page_words, "text_for", breaks)
    commits: list[datetime] = []
    engine.escalate_due(LATER, called=lambda: commits.append(LATER))
    pages = stories(batch)["Mất điện"]["pages"]
    assert sorted((page["person_id"], page["channel"]) for page in pages) == sorted(
        [(night.ids["BI1"], "none"), (night.ids["DU1"], "email")]
    )
    assert len(commits) == 1
    database.session.rollback()
    gaps = database.session.scalars(select(CoverageGap).order_by(CoverageGap.met_by, CoverageGap.duty))
    assert [(gap.duty, gap.met_by) for gap in gaps] == [
        ("emergency", "SC-2020-0005"),
        ("emergency", "SC-2020-0008"),
        ("leadership", "SC-2020-0008"),
    ]


def test_a_batch_looks_up_as_little_however_many_it_fires(night: Night) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            unit = night.ids[("BDA", "BDC")[number % 2]]
            creation.log(
                IncidentReport(title=f"Sự cố {number}", category="power", unit_id=unit, actor=ADMIN), now=NIGHT
            )
        statements: list[str] = []
        listener = lambda *args: statements.append(args[2])  # noqa: E731
        database.session.rollback()
        event.listen(database.engine, "before_cursor_execute", listener)
        try:
            assert engine.escalate_due(LATER) == count
        finally:
            event.remove(database.engine, "before_cursor_execute", listener)
        return sum(each.startswith(("SELECT", "WITH")) for each in statements)

    few = asked(engine.FEW + 1)
    one_by_one(LATER)
    assert asked(engine.TOGETHER) == few
