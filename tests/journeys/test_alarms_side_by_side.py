"""A storm of alarms at the door: each is kept, first duplicates are one incident, repeats are one line."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db as database
from core.models import AuditEntry
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.intake import batching, sources
from incidents.intake.formats import Alarm
from incidents.intake.models import Intake, IntakeEvent
from incidents.merging import services as merging
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.response import lifecycle
from incidents.timeline_words import text
from tests.support.tet_night import ADMIN, Night

pytestmark = pytest.mark.both_dbs("many at once: locks and unique indexes")


def source(night: Night, kind: str, name: str = "Giám sát", unit: str = "BDA") -> str:
    return sources.create(sources.NewSource(name, kind, night.ids[unit]), actor=ADMIN, now=clock.now())[1]


def storm(url: str, sent: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """All at once, a connection each; every one is answered 202."""
    database.session.rollback()
    gate, told = threading.Barrier(len(sent)), list[Any]()

    def send(path: str, body: Any) -> None:
        line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        gate.wait()
        line.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"})
        answer = line.getresponse()
        found = json.loads(answer.read())
        told.append(found if answer.status == 202 else (answer.status, found))
        line.close()

    threads = [threading.Thread(target=send, args=each) for each in sent]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


def count(model: Any, *where: Any) -> int:
    database.session.rollback()
    return database.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def event(key: str, dedup: str, action: str = "trigger") -> tuple[str, Any]:
    payload = {"summary": f"Mất mạng {dedup}", "source": dedup, "severity": "critical"}
    return "/v2/enqueue", {"routing_key": key, "event_action": action, "dedup_key": dedup, "payload": payload}


def test_sixty_four_first_duplicates_at_the_door_are_one_incident(night: Night, live_url: str) -> None:
    key = source(night, "pagerduty")
    told = storm(live_url, [event(key, "bc-12")] * 64)
    assert sorted(each["outcome"] for each in told) == ["created"] + 63 * ["known"]
    assert len({each["incident"] for each in told}) == 1
    assert (count(Incident), count(Escalation), count(IntakeEvent)) == (1, 1, 64)


def test_every_alarm_of_a_storm_is_kept_whole_before_it_is_answered(night: Night, live_url: str) -> None:
    keys = [source(night, "pagerduty", f"Nguồn {n}", unit) for n, unit in enumerate(("BDA", "BDC"))]
    told = storm(live_url, [event(keys[n % 2], f"bc-{n}") for n in range(40)])
    codes = sorted(each["incident"] for each in told)
    year = clock.local_date(clock.now()).year
    assert codes == [f"SC-{year}-{n:04d}" for n in range(1, 41)], "each its own, without gaps"
    assert count(Escalation, Escalation.next_at.is_not(None)) == 40
    assert count(IntakeEvent, IntakeEvent.outcome == "created", IntakeEvent.payload.contains("Mất mạng")) == 40
    assert count(AuditEntry, AuditEntry.action == "incident.log") == 40
    assert count(TimelineEntry, TimelineEntry.kind == "logged") == 40


def test_a_bad_alarm_among_good_ones_harms_none_of_them(
    app: Flask, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = source(night, "generic")
    digest = database.session.scalars(select(Intake.digest)).one()
    good, bad = Alarm("trigger", "a", "Mất điện"), Alarm("trigger", "b", "")  # a title that nothing can be made of
    sent = [batching.SentBatch(digest, "generic", alarm, b"{}") for alarm in (good, bad, Alarm("trigger", "c", "Cháy"))]
    first, second, third = batching._take_in(sent)
    assert isinstance(second, Exception)
    assert [each["outcome"] for each in (first, third) if isinstance(each, dict)] == ["created", "created"]
    assert count(Incident) == 2
    told = batching.take_in(key, "generic", good, b"{}")
    assert told is not None and told["outcome"] == "known"


def test_over_and_again_side_by_side_stays_open(app: Flask, night: Night) -> None:
    source(night, "generic")
    digest = database.session.scalars(select(Intake.digest)).one()
    down, up = Alarm("trigger", "a", "Mất điện"), Alarm("resolve", "a")
    told = batching._take_in([batching.SentBatch(digest, "generic", each, b"{}") for each in (down, up, down)])
    assert [each["outcome"] for each in told if isinstance(each, dict)] == ["created", "resolved", "created"]
    assert count(Incident, Incident.status == "open") == 1


def test_what_a_tool_repeats_for_hours_is_one_line_that_counts(app: Flask, night: Night) -> None:
    key = source(night, "generic")
    for load in range(90, 96):
        told = batching.take_in(key, "generic", Alarm("trigger", "cpu", f"CPU {load}%"), b"{}")
    assert told is not None
    incident = database.session.scalars(select(Incident).where(Incident.code == told["incident"])).one()
    lifecycle.add_note(incident.id, note="Đang xem", actor=ADMIN, now=clock.now())
    batching.take_in(key, "generic", Alarm("trigger", "cpu", "CPU 99%"), b"{}")
    database.session.rollback()
    lines = database.session.scalars(select(TimelineEntry).order_by(TimelineEntry.id)).all()
    assert [line.kind for line in lines] == ["logged", "reported_again", "note"]
    assert (lines[1].params["times"], lines[1].note) == (6, "CPU 99%")
    assert text(lines[1], {}).startswith("Việc này được báo thêm 6 lần, lần cuối lúc ")
    assert count(IntakeEvent) == 7, "and each as it came"


def test_a_tool_that_is_well_again_does_not_end_what_its_alarm_turned_out_to_be(app: Flask, night: Night) -> None:
    key = source(night, "generic")
    main = creation.log(
        IncidentReport(title="Đứt cáp", category="connectivity", unit_id=night.ids["BDA"], actor=ADMIN), now=clock.now()
    )[0]
    told = batching.take_in(key, "generic", Alarm("trigger", "bc-12", "Mất mạng"), b"{}")
    assert told is not None
    incident = database.session.scalars(select(Incident).where(Incident.code == told["incident"])).one()
    merging.join(incident.id, main_id=main.id, actor=ADMIN, now=clock.now())
    again = batching.take_in(key, "generic", Alarm("trigger", "bc-12", "Mất mạng"), b"{}")
    assert again is not None and (again["outcome"], again["incident"]) == ("known", main.code)
    over = batching.take_in(key, "generic", Alarm("resolve", "bc-12"), b"{}")
    assert over is not None and over["outcome"] == "ignored"
    assert count(Incident, Incident.status == "open") == 1
