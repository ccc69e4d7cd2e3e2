"""An's report of Mùng 1 on a phone: drafted, looked at, put in words, approved, issued; and what the public reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from compliance.public_pages import notices
from compliance.reports import queries
from core import clock
from core.db import db
from tests.support import papers, reporting
from tests.support.cast import ADMIN
from tests.support.reporting import at
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OLD = {"viewport": {"width": 320, "height": 480}, "java_script_enabled": False}


@pytest.fixture
def mung_1(night: Night) -> Iterator[Night]:
    reporting.a_week(night)
    papers.settle(at(20, 8))
    with clock.travel(at(25, 15, 10)):
        yield night


def test_from_figures_to_a_numbered_paper_on_a_phone(mung_1: Night, open_page: Callable[..., Any], axe: Any) -> None:
    page = open_page("an1", "/letter/reports/", **PHONE)
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    page.tap("button:has-text('Lập từ số liệu')")
    page.wait_for_selector("#text-difficulties, .flash.error, [role=alert]")
    assert page.locator("#text-difficulties").count(), page.inner_text("main")[:800]
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    # A figure opens what it counts.
    page.tap("a:has-text('Sự cố bưu gửi KT1: 1')")
    page.wait_for_selector("text=Túi KT1 đến chậm")
    page.go_back()
    page.fill("#text-difficulties", "Đề nghị hỗ trợ một xe tải.")
    page.tap("button[value=save]")
    page.wait_for_selector("text=Đã lưu lời báo cáo.")
    page.tap("button[value=approve]")
    page.wait_for_selector("text=Đã duyệt.")
    page.tap("button[value=issue]")
    page.wait_for_selector("a:has-text('01/BC-BĐA')")
    assert axe(page) == []
    db.session.expire_all()
    [row] = queries.reports(None)
    assert (row.starts_on, row.kind) == (date(2020, 1, 25), "daily") and row.id in queries.documents([row.id])


def test_the_public_reads_it_on_an_old_phone_without_scripts(mung_1: Night, browser: Any, live_url: str) -> None:
    notices.write(
        "BDA", notices.NoticeWords("Tạm dừng nhận hàng.", "No parcels.", at(25, 17)), actor=ADMIN, now=clock.now()
    )
    context = browser.new_context(base_url=live_url, **OLD)
    page = context.new_page()
    page.goto("/p/BDA-1")
    assert "Tin tiếp theo: 17:00." in page.inner_text("main")
    page.click("text=English")
    page.wait_for_url("**lang=en")
    assert "No parcels." in page.inner_text("main")
    page.click("text=Posted information")
    page.wait_for_selector("text=prohibited from carriage by post")
    assert page.locator("main ol li").count() == 4 and context.cookies() == []
    context.close()
