"""Real monitoring tools at the door: PagerDuty's own client, Alertmanager, Apprise, curl; the mail goes to whoever is
on duty.

The roster is published for this minute, the worker is a process, the mail server is a socket.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from apprise import Apprise
from flask import Flask
from pagerduty import EventsApiV2Client
from sqlalchemy import select

from core import clock
from core.db import db as database
from incidents.intake import sources
from incidents.intake.models import IntakeEvent
from incidents.record.models import Incident
from tests.support.alertmanager import running_alertmanager
from tests.support.smtp_sink import Arrival, SmtpSink, smtp_sink, wait_until
from tests.support.tet_night import ADMIN, Night
from tests.support.tls_front import tls_front
from tests.support.worker import running_worker


@pytest.fixture
def tonight(app: Flask) -> Night:
    """The enterprise with somebody on duty now: Bình for operations."""
    made = Night()
    made.publish("operations", "BI1", start=clock.now() - timedelta(hours=1))
    return made


@pytest.fixture
def sink(app: Flask, tonight: Night, live_url: str, tmp_path: Path) -> Iterator[SmtpSink]:
    """Mail that the running worker sends."""
    with smtp_sink() as made:
        app.config.update(MAIL_URL=made.url, MAIL_FROM="truc@buudien.example")
        with running_worker(app, tmp_path):
            yield made


def source(tonight: Night, kind: str, **more: Any) -> str:
    """A new source's key."""
    new = sources.NewSource("Giám sát", kind, tonight.ids["BDA"], **more)
    return sources.create(new, actor=ADMIN, now=clock.now())[1]


def incidents() -> list[tuple[str, str]]:
    """(title, status) of all, the oldest first."""
    database.session.rollback()
    found = database.session.scalars(select(Incident).order_by(Incident.id).execution_options(populate_existing=True))
    return [(each.title, each.status) for each in found]


def subject(mail: Arrival) -> str:
    return str(mail.mail["Subject"])


def reach(status: str) -> None:
    wait_until(lambda: [found for _title, found in incidents()] == [status], seconds=120, what=f"one {status} incident")


def test_pagerdutys_own_client_raises_acknowledges_and_resolves(app: Flask, tonight: Night, sink: SmtpSink) -> None:
    key = source(tonight, "pagerduty")
    with tls_front(app) as front, EventsApiV2Client(key, base_url=front.url, verify=front.trusting) as client:
        named = client.trigger("Bưu cục 12 mất mạng", "bc-12", severity="critical")
        assert client.trigger("Bưu cục 12 mất mạng", "bc-12", dedup_key=named, severity="critical") == named
        [mail] = sink.wait_for(1)
        assert mail.recipient == "bi1@buudien.example" and "Bưu cục 12 mất mạng" in subject(mail)
        client.acknowledge(named)
        assert incidents() == [("Bưu cục 12 mất mạng", "acknowledged")]
        client.resolve(named)
    assert incidents() == [("Bưu cục 12 mất mạng", "resolved")]


def test_alertmanager_groups_alerts_into_one_incident_and_ends_it(
    tonight: Night, live_url: str, sink: SmtpSink, tmp_path: Path
) -> None:
    webhook = live_url + sources.address("alertmanager", source(tonight, "alertmanager"))
    with running_alertmanager(webhook, tmp_path) as tool:
        for host in ("bc-12", "bc-13"):
            tool.alert(alertname="MatMang", severity="critical", host=host)
        reach("open")
        assert sink.wait_for(1)[0].recipient == "bi1@buudien.example"
        tool.alert(alertname="MatMang", severity="critical", host="bc-12", over=True)
        # One is over, the other still fires: the notice comes and the incident stays.
        wait_until(lambda: len(sizes()) >= 2, seconds=120, what="another notice of the group")
        reach("open")
        tool.alert(alertname="MatMang", severity="critical", host="bc-13", over=True)
        reach("resolved")


def sizes() -> list[int]:
    database.session.rollback()
    return list(database.session.scalars(select(IntakeEvent.size)))


def test_curl_raises_deduplicates_and_resolves(tonight: Night, live_url: str, sink: SmtpSink) -> None:
    address = live_url + sources.address("generic", source(tonight, "generic"))
    raised = curl(address, {"title": "Mất điện", "category": "power", "dedup_key": "ups"})
    assert (
        raised["outcome"] == "created"
        and curl(address, {"title": "Mất điện", "dedup_key": "ups"})["outcome"] == "known"
    )
    assert raised["incident"] in subject(sink.wait_for(1)[0])
    assert curl(address, {"dedup_key": "ups", "status": "resolved"})["outcome"] == "resolved"
    assert incidents() == [("Mất điện", "resolved")]


def test_apprises_own_client_reports_as_json_and_as_a_form(tonight: Night, live_url: str) -> None:
    address = live_url.removeprefix("http") + sources.address("generic", source(tonight, "generic"))
    for scheme in ("json", "form"):
        tool = Apprise()
        assert tool.add(f"{scheme}{address}?:dedup_key={scheme}&:category=power")
        assert tool.notify(title="Sao lưu hỏng", body=f"ổ đĩa đầy ({scheme})", notify_type="failure")
        assert tool.notify(title="Đang thử lại", body="…", notify_type="warning")
        assert incidents()[-1] == ("Sao lưu hỏng", "open")
        [known] = database.session.scalars(select(Incident).where(Incident.status == "open")).all()
        assert (known.title, known.description, known.category) == ("Sao lưu hỏng", f"ổ đĩa đầy ({scheme})", "power")
        assert tool.notify(title="Đã sao lưu", body="…", notify_type="success")
        assert incidents()[-1] == ("Sao lưu hỏng", "resolved")
    assert Apprise().add(f"json{address}") and len(incidents()) == 2


def test_a_silent_post_office_is_noticed_by_the_worker_and_forgiven_when_heard(
    app: Flask, tonight: Night, live_url: str, sink: SmtpSink
) -> None:
    an_hour_ago = clock.now() - timedelta(hours=1)
    key = sources.create(
        sources.NewSource("Bưu cục A1", "heartbeat", tonight.ids["BDA"], every_minutes=30), actor=ADMIN, now=an_hour_ago
    )[1]
    assert "Bưu cục A1 im lặng quá 30 phút" in subject(sink.wait_for(1)[0])
    assert curl(live_url + sources.address("heartbeat", key), {})["outcome"] == "resolved"
    # Another may follow it by now: nobody serves the duty that is called first about lost connections.
    assert incidents()[0] == ("Bưu cục A1 im lặng quá 30 phút", "resolved")


def curl(address: str, body: dict[str, Any]) -> dict[str, Any]:
    sent = ["curl", "-sS", "--fail-with-body", "-H", "Content-Type: application/json", "-d", json.dumps(body), address]
    answer: dict[str, Any] = json.loads(subprocess.run(sent, capture_output=True, check=True, timeout=120).stdout)
    return answer
