"""Half past six on Mùng 1: the leadership hears of the night in one message, whether anything happened or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.figures import morning
from incidents.figures.alike import SimilarIncident, lines
from incidents.grouping import settings
from incidents.intake import ingest, sources
from incidents.intake.formats import Alarm
from incidents.maintenance import held_alarms, services as maintenance
from incidents.merging import services as merging
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify import delivery
from people.models import UnitHead
from tests.support.smtp_sink import SmtpSink, smtp_sink
from tests.support.tet_night import ADMIN, NIGHT, Night

HALF_PAST_SIX = NIGHT + timedelta(hours=4, minutes=20)


class Story:
    def __init__(self, sink: SmtpSink) -> None:
        self.sink, self.night = sink, Night()
        # An leads the province's duty this night, and Bình's mailbox must stay quiet.
        self.night.publish("leadership", "AN1", unit="BDT", hours=24)

    def log(self, title: str, minutes: int = 0, **more: object) -> int:
        now = NIGHT + timedelta(minutes=minutes)
        more = {"category": "power", "severity": 2} | more
        incident, _created = creation.log(
            IncidentReport(title=title, unit_id=self.night.ids["BDA"], actor=ADMIN, **more), now=now
        )  # type: ignore[arg-type]
        return incident.id

    def morning(self, later: timedelta = timedelta(0)) -> list[str]:
        """What arrives when the worker looks at half past six (or later): subject and body of each message."""
        now = HALF_PAST_SIX + later
        before = len(self.sink.arrivals)
        database.session.rollback()
        morning.tell(now)
        with clock.travel(now):
            delivery.deliver_due(owner="story")
        return [f"{each.mail['Subject']}\n{each.body}" for each in self.sink.arrivals[before:]]


@pytest.fixture
def dawn(app: Flask) -> Iterator[Story]:
    with smtp_sink() as sink:
        app.config.update(MAIL_URL=sink.url, MAIL_FROM="truc@vidu.vn")
        yield Story(sink)


@pytest.mark.both_dbs("told once, behind a lock")
def test_the_night_is_told_once_with_what_is_open_taken_and_done(dawn: Story) -> None:
    old = dawn.log("Hỏng máy in tem", minutes=-60 * 24)
    first, second = dawn.log("Mất điện trung tâm khai thác"), dawn.log("Xe thư gặp sự cố", minutes=30)
    same = dawn.log("Trung tâm khai thác mất điện", minutes=31)
    merging.join(same, main_id=first, actor=ADMIN, now=NIGHT + timedelta(minutes=40))
    with clock.travel(NIGHT + timedelta(hours=1)):
        lifecycle.acknowledge(second, person_id=dawn.night.ids["EM1"], actor=ADMIN, now=NIGHT + timedelta(hours=1))
        lifecycle.resolve(second, actor=ADMIN, now=NIGHT + timedelta(hours=2))

    done, letter = sorted(dawn.morning(), key=lambda each: each.startswith("Tình hình"))

    assert sorted(each.recipient for each in dawn.sink.arrivals) == ["an1@buudien.example", "em1@buudien.example"]
    assert "đã xong lúc 04:10" in done, "Em, who had it, hears that somebody else has resolved it"
    assert "Tình hình đêm qua 25/01: 2 sự cố, 1 chưa ai nhận, 1 đã xử lý xong" not in letter, "the old one is open too"
    assert "2 sự cố, 2 chưa ai nhận, 1 đã xử lý xong; 1 việc cũ còn dở" in letter
    assert "Mất điện trung tâm khai thác" in letter and "Xe thư gặp sự cố" in letter
    assert "Còn dở từ trước:" in letter and "Hỏng máy in tem" in letter and "quá giờ nhận" in letter
    assert first != old
    assert dawn.morning(timedelta(minutes=1)) == [], "once a day"
    assert dawn.morning(timedelta(days=1)) != [], "and again the next"


def test_a_quiet_night_is_told_too_and_never_before_the_hour(dawn: Story) -> None:
    assert dawn.morning(timedelta(minutes=-1)) == []
    (letter,) = dawn.morning()
    assert letter.startswith("Tình hình đêm qua 25/01: trong đêm không có sự cố")
    assert "Trong đêm không có sự cố." in letter


def test_the_head_hears_too_a_secret_stays_one_and_nobody_is_told_when_it_is_switched_off(dawn: Story) -> None:
    with transaction() as session:
        session.add(UnitHead(unit_id=dawn.night.ids["BDT"], person_id=dawn.night.ids["EM1"]))
    dawn.log("Bưu gửi nghi có chất nổ", category="harmful_material", severity=1)

    letters = dawn.morning()

    assert sorted(each.recipient for each in dawn.sink.arrivals) == ["an1@buudien.example", "em1@buudien.example"]
    assert all("Sự cố hạn chế xem" in each and "chất nổ" not in each for each in letters)
    morning.set_hour("", actor=ADMIN, now=NIGHT)
    assert dawn.morning(timedelta(days=1)) == []


def test_a_worker_that_was_away_tells_the_same_night_until_noon_and_then_leaves_it(dawn: Story) -> None:
    dawn.log("Chạm điện buổi chiều", minutes=-60 * 9 - 60)  # 16:10 of the day before, and closed
    with clock.travel(NIGHT - timedelta(hours=9)):
        lifecycle.resolve(1, actor=ADMIN, now=NIGHT - timedelta(hours=9))
    dawn.log("Mất điện trung tâm khai thác", minutes=-60 * 9)
    assert dawn.morning(timedelta(hours=17)) == [], "at half past eleven in the evening it is no news"
    (letter,) = dawn.morning(timedelta(hours=4))
    assert "1 sự cố, 1 chưa ai nhận, 0 đã xử lý xong" in letter, "of the night, which began at five, however late it is"


def test_what_went_alike_is_one_line_and_what_is_open_stands_first(dawn: Story) -> None:
    tool, _key = sources.create(
        sources.NewSource("Giám sát", "generic", dawn.night.ids["BDA"], category="connectivity"), actor=ADMIN, now=NIGHT
    )
    for station in range(12):
        alarm = Alarm("trigger", f"{station}", f"Trạm {station} mất kết nối", severity=3)
        ingest.receive(tool.id, alarm, b"{}", now=NIGHT)
        ingest.receive(tool.id, replace(alarm, action="resolve"), b"{}", now=NIGHT + timedelta(minutes=5))
    lifecycle.resolve(dawn.log("Trạm 50 mất kết nối", category="connectivity", severity=3), actor=ADMIN, now=NIGHT)
    kt1 = [dawn.log("Chậm chuyến", category="kt1") for _n in range(2)]
    for each in kt1:
        lifecycle.resolve(each, actor=ADMIN, now=NIGHT)
    dawn.log("Hỏng máy in tem", minutes=30, severity=4)
    settings.set_minutes(tool, 10, actor=ADMIN, now=NIGHT)
    for station in (60, 61):
        ingest.receive(tool.id, Alarm("trigger", f"{station}", f"Trạm {station} mất điện"), b"{}", now=NIGHT)

    (letter,) = dawn.morning()

    listed = [line for line in letter.splitlines() if line.startswith("- ")]
    assert "Trạm 60 mất điện và 1 cảnh báo khác" in listed[0] and "chưa ai nhận" in listed[0]
    assert "Hỏng máy in tem" in listed[1]
    codes = database.session.scalars(select(Incident.code).where(Incident.id.in_(kt1))).all()
    assert sum(code in line for code in codes for line in listed) == 2, "KT1 is never counted with others"
    assert "Chậm chuyến" not in letter, "and named only to who has signed in"
    (alike,) = [line for line in listed if "đã tự hết" in line]
    assert "12 sự cố mất kết nối" in alike and "SC-2020-0001 đến SC-2020-0012" in alike
    assert len(listed) == 6


def test_maintenance_of_the_night_is_told_with_what_it_kept_back(dawn: Story) -> None:
    tool, _key = sources.create(
        sources.NewSource("Giám sát", "generic", dawn.night.ids["BDA"], category="connectivity"), actor=ADMIN, now=NIGHT
    )
    ran = {"starts_at": NIGHT, "ends_at": NIGHT + timedelta(hours=1), "reason": "Thay bộ chuyển mạch"}
    later = {"starts_at": NIGHT + timedelta(days=1), "ends_at": NIGHT + timedelta(days=1, hours=1), "reason": "Mai"}
    for planned in (ran, later):
        wanted = maintenance.MaintenancePlan(dawn.night.ids["BDA"], **planned)
        maintenance.plan(wanted, confirmed=True, actor=ADMIN, now=NIGHT)
    for key in ("a", "b", "c"):
        ingest.receive(tool.id, Alarm("trigger", key, f"Trạm {key} mất kết nối", severity=3), b"{}", now=NIGHT)
    ingest.receive(tool.id, Alarm("resolve", "b"), b"{}", now=NIGHT + timedelta(minutes=5))
    held_alarms.release_due(NIGHT + timedelta(hours=1))

    (letter,) = dawn.morning()

    title, said = letter[letter.index("Bảo trì trong đêm") :].splitlines()[:2]
    assert title == "Bảo trì trong đêm, tin của máy được giữ lại và đếm:"
    assert said == (
        "- Bưu điện huyện A, 02:10 25/01/2020 đến 03:10 · 3 tin giữ lại, 1 đã tự hết"
        " · 2 tin còn báo nên đã gọi người trực · Thay bộ chuyển mạch"
    )
    assert "Mai" not in letter, "only what ran"


def test_lines_keep_every_incident_once_and_those_that_are_open_first() -> None:
    def told(number: int, *, done: bool, alone: bool = False, level: int = 3) -> SimilarIncident:
        return SimilarIncident(number, done, "power", level, "resolved", alone)

    night = [told(1, done=True), told(2, done=False), told(3, done=True), told(4, done=True, alone=True)]
    assert lines([*night, told(5, done=True, level=2), told(6, done=False)]) == [[2], [6], [1, 3], [4], [5]]
