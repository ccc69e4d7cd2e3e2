"""The night of Giao thừa once more, on phones of 360 points in the dark: at 02:15 mail and SMS die, then the line too.

Each screen that somebody needs then fits what the desk holds itself to: what to do within 740 points, all within 1,600.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from core import clock
from core.db import db
from incidents.escalation import engine
from incidents.record import queries
from incidents.record.models import Incident
from tests.support.axe import faults_in_both_themes
from tests.support.browser import WITH_WORKER
from tests.support.cut_line import Line
from tests.support.dead_night import DeadNight
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
STEP = "#incident-primary .btn.huge"


def fits(page: Any, *needed: str) -> None:
    """All of ``needed`` stands on the first screen, the whole page is short, and axe minds nothing."""
    for selector in needed:
        box = page.locator(selector).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= 740, (selector, box)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1600
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(page) == []


def holder(code: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    return queries.by_code(code).acknowledged_by


class TestBothChannelsDie:
    @pytest.fixture
    def night(self, dead_night: DeadNight) -> Night:
        """The one that phones are opened upon."""
        return dead_night.night

    def test_the_operator_rings_and_whoever_is_rung_holds_it(
        self, dead_night: DeadNight, open_page: Callable[..., Any]
    ) -> None:
        dead_night.dies()
        code = dead_night.log("Xe thư hỏng ở đèo Mang Yang").code
        dead_night.until(20)
        an = open_page("an1", "/", **PHONE)
        an.wait_for_selector(".unreached .banner.alarm >> text=Thư và SMS đang hỏng: gọi tay 1 người")
        an.tap(".unreached .banner.alarm")
        an.wait_for_url(re.compile("/calls/"))
        fits(an, "main .next-call a.ring[href^='tel:']", "main button >> text=Nghe máy và nhận")
        an.tap("main button >> text=Nghe máy và nhận")
        wait_until(lambda: holder(code) != "", seconds=60, what="the result of the call")

        called = open_page("bi1", f"/incidents/{code}", **PHONE)
        assert called.inner_text(".state.held span").strip() == "Đồng chí đang giữ"
        fits(called, "h1", ".state.held", STEP)


class TestThenTheLineAsWell:
    @pytest.fixture
    def line(self, app: Flask) -> Iterator[Line]:
        """Bình of operations serves now, in a district whose leaders can be rung."""
        before = app.wsgi_app
        app.wsgi_app = between = Line(before)  # type: ignore[assignment,method-assign]
        night, begins = Night(), clock.now() - timedelta(hours=1)
        night.withdraw("operations", "emergency", "leadership")
        for duty, code, unit in (
            ("operations", "BI1", "BDA"),
            ("leadership", "QT1", "BDT"),
            ("emergency", "EM1", "BDA"),
        ):
            night.publish(duty, code, unit, start=begins, hours=20)
        yield between
        app.wsgi_app = before  # type: ignore[method-assign]

    @pytest.fixture
    def night(self, line: Line) -> Line:
        """Phones are opened upon this night."""
        return line

    def test_one_rings_from_the_kept_list_and_what_is_logged_goes_once_it_is_back(
        self, line: Line, open_page: Callable[..., Any]
    ) -> None:
        phone = open_page("bi1", "/tonight", **PHONE, **WITH_WORKER)
        phone.wait_for_selector("html[data-offline-ready]", state="attached")
        phone.goto("/tonight")
        phone.wait_for_selector("[data-seek]:visible")
        line.gone(phone)
        phone.goto("/tonight")
        phone.wait_for_selector("[data-kept-note] >> text=Không có mạng")
        fits(phone, "[data-seek]", "[data-people] a[href^='tel:']", "text=Ghi sự cố, gửi khi có mạng")

        phone.tap("text=Ghi sự cố, gửi khi có mạng")
        phone.wait_for_url(re.compile("/incidents/new"))
        phone.fill("[name=title]", "Mất điện và mất mạng")
        phone.locator("label:has(input[name=category][value=power])").click()
        phone.tap("main button.go")
        phone.wait_for_url(re.compile("/incidents/offline"))
        phone.wait_for_selector("main >> text=Chưa gửi – còn trên máy này")
        phone.goto("/tonight")
        phone.wait_for_selector("[data-kept-note] >> text=1 tin chưa gửi")
        db.session.rollback()
        assert db.session.query(Incident).count() == 0

        line.back(phone)
        wait_until(lambda: _titles() == ["Mất điện và mất mạng"], seconds=120, what="the report")
        # The desk calls as if it had been logged there, and he takes it like any other.
        engine.escalate_due(clock.now())
        db.session.rollback()
        phone.goto(f"/incidents/{db.session.query(Incident).one().code}")
        fits(phone, "h1", ".who", STEP)
        phone.tap(f"{STEP} >> text=Tôi nhận")
        phone.wait_for_selector(".state.held >> text=Đồng chí đang giữ")
        assert _titles() == ["Mất điện và mất mạng"], "once"


def _titles() -> list[str]:
    db.session.rollback()
    return [each.title for each in db.session.query(Incident).order_by(Incident.id)]
