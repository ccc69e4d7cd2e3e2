"""The desk's own screen: red when somebody should have come, on the wall too, and cheap to ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core.db import db as database, transaction
from core.observability import heartbeat
from desk import home
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

pytestmark = pytest.mark.both_dbs("commits are told by NOTIFY, or by a counter")


class Screen(ClockHand):
    """An's desk in the night, and a hand on the clock."""

    def __init__(self, new_client: Any) -> None:
        self.night = Night()
        self.at(0)
        self.browser = new_client()
        sign_in(self.browser, "an1")

    def log(self, severity: int = 2) -> int:
        incident, _created = creation.log(
            IncidentReport(
                title="Mất điện trung tâm khai thác",
                category="power",
                severity=severity,
                actor=ADMIN,
                unit_id=self.night.ids["BDA"],
            ),
            now=self.now,
        )
        return incident.id

    def pulse(self) -> None:
        database.session.rollback()
        engine.escalate_due(self.now)
        delivery.deliver_due(owner="story")
        database.session.rollback()

    def shows(self, address: str = "/desk/live?unit=BDA") -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200
        return str(answer.text)


@pytest.fixture
def screen(app: Flask, new_client: Any) -> Iterator[Screen]:
    told = Screen(new_client)
    yield told
    told.close()


def test_the_desk_goes_red_when_nobody_has_come_and_calm_when_somebody_has(screen: Screen) -> None:
    assert 'data-alarm=""' in screen.shows() and "alarm-band red" not in screen.shows()

    # 02:10 – reported. A chime, not red: Bình has just been called.
    incident_id = screen.log()
    screen.pulse()
    assert 'data-alarm="new"' in screen.shows() and "alarm-band red" not in screen.shows()

    # 02:15 – every step was called once and nobody took it: red, and it says so in words.
    for minutes in (2, 4, 6):
        screen.at(minutes)
        screen.pulse()
    page = screen.shows()
    assert 'data-alarm="late"' in page and "1 đã qua hết các bước" in page

    # Bình takes it: calm. Then she is not heard of, and it is red again.
    lifecycle.acknowledge(incident_id, actor=screen.night.actor("BI1"), now=screen.now)
    assert 'data-alarm=""' in screen.shows()
    assert "<title>(1) Bàn trực" in screen.shows("/?unit=BDA")


def test_late_by_the_target_of_its_level_without_anybody_writing_anything(screen: Screen) -> None:
    """Level 2 is to be taken within ten minutes (the enterprise's table); the open page hears of it at the eleventh."""
    screen.log()
    first = screen.browser.get("/desk/live?unit=BDA")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert 'data-alarm="new"' in first.text
    screen.at(0.5)
    assert screen.browser.get("/desk/live?unit=BDA", headers=tag).status_code == 304
    screen.at(10.1)
    late = screen.browser.get("/desk/live?unit=BDA", headers=tag)
    assert late.status_code == 200
    assert re.search(r"<b>1 sự cố chưa ai nhận</b> · 1 quá giờ nhận\s*<", late.text)
    assert "đã qua hết" not in late.text


def test_the_wall_is_large_red_and_has_nothing_to_press_but_the_sound(screen: Screen) -> None:
    screen.log(severity=1)
    screen.at(6)
    heartbeat.beat("worker", now=screen.now)
    page = screen.shows("/?unit=BDA&wall=1")
    assert 'class="bare wall"' in page and 'data-alarm="late"' in page and "data-clock" in page
    assert "Máy báo động không chạy" not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    screen.at(8)
    assert "Máy báo động không chạy" in screen.shows("/?unit=BDA&wall=1")
    assert "Ca của tôi" in screen.shows() and "Ca của tôi" not in screen.shows("/desk/live?unit=BDA&wall=1")


def test_what_nobody_may_see_sounds_for_nobody(screen: Screen, new_client: Any) -> None:
    incident_id = screen.log(severity=1)
    with transaction() as session:
        session.get_one(Incident, incident_id).restricted = True
    screen.at(6)
    assert 'data-alarm="late"' in screen.shows(), "An manages the unit"
    dung = new_client()
    sign_in(dung, "du1")
    assert 'data-alarm=""' in dung.get("/desk/live?unit=BDA").text


def test_an_unchanged_desk_is_answered_without_building_it(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    real = home.live
    monkeypatch.setattr(home, "live", lambda *given, **more: (built.append(1), real(*given, **more))[1])
    tag = {"If-None-Match": screen.browser.get("/desk/live?unit=BDA").headers["ETag"]}
    for second in range(5, 55, 5):
        screen.at(second / 60)
        assert screen.browser.get("/desk/live?unit=BDA", headers=tag).status_code == 304
    assert len(built) == 1
    # Anything written is news at once: an incident, its next call, who has it; a change of roster.
    incident_id = screen.log()
    changed = screen.browser.get("/desk/live?unit=BDA", headers=tag)
    assert changed.status_code == 200 and len(built) == 2
    tag = {"If-None-Match": changed.headers["ETag"]}
    screen.pulse()
    assert screen.browser.get("/desk/live?unit=BDA", headers=tag).status_code == 200
    lifecycle.acknowledge(incident_id, actor=screen.night.actor("BI1"), now=screen.now)
    taken = screen.browser.get("/desk/live?unit=BDA", headers=tag).text
    assert 'class="holder held"' in taken and "Trần Thị Bình</b>" in taken


def test_the_next_shift_appears_on_an_open_desk_the_minute_it_begins(screen: Screen) -> None:
    screen.night.publish("operations", "PH1", start=NIGHT + timedelta(hours=9))
    screen.at(9 * 60 - 0.2)
    before = screen.browser.get("/desk/live?unit=BDA")
    tag = {"If-None-Match": before.headers["ETag"]}
    assert '<div class="who">Trần Thị Bình' in before.text
    screen.at(9 * 60 + 0.1)  # 18 seconds later: within the minute for which an answer is kept
    after = screen.browser.get("/desk/live?unit=BDA", headers=tag)
    assert after.status_code == 200 and '<div class="who">Kpă Phong' in after.text
