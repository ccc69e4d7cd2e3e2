"""A counter without a line: parcels are counted on the phone, the evening's tap waits there, and arrives once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from compliance.parcel_checks.models import ParcelCheck
from compliance.posting.models import Posting
from compliance.today.models import PointDay, PointSend
from core import clock
from core.db import db
from incidents.public_reports import counter_codes
from incidents.record.models import Incident
from people import queries as people
from tests.support import enterprise
from tests.support.axe import faults_in_both_themes
from tests.support.browser import WITH_WORKER
from tests.support.cut_line import Line
from tests.support.smtp_sink import wait_until

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
READY = "html[data-point-kept]"


@pytest.fixture
def line(app: Flask) -> Iterator[Line]:
    before = app.wsgi_app
    app.wsgi_app = between = Line(before)  # type: ignore[assignment,method-assign]
    enterprise.make(clock.now())
    yield between
    app.wsgi_app = before  # type: ignore[method-assign]


@pytest.fixture
def phone(line: Line, browser: Any, live_url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **PHONE, **WITH_WORKER)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def path() -> str:
    return f"/diem/{counter_codes.token_of(people.unit_by_code('BDA-1'), 1)}"


def number(model: Any) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def test_an_empty_count_is_asked_for_and_the_next_press_tells_the_day(line: Line, phone: Any) -> None:
    phone.goto(path())
    phone.wait_for_selector(READY, state="attached")
    button = phone.locator("button", has_text="Hôm nay bình thường")
    button.tap()
    assert phone.eval_on_selector("#checked", "field => field.validationMessage").startswith("Ghi số gói, kiện")
    assert button.get_attribute("aria-busy") is None
    phone.fill("#checked", "2")
    assert phone.eval_on_selector("#checked", "field => field.validationMessage") == ""
    button.dblclick()  # an impatient thumb
    phone.wait_for_url("**done=day*")
    assert (number(PointDay), number(PointSend)) == (1, 1)


def test_a_day_without_a_line_is_counted_kept_and_sent_once(line: Line, phone: Any) -> None:
    phone.goto(path())
    phone.wait_for_selector(READY, state="attached")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults_in_both_themes(phone) == []

    line.gone(phone)
    phone.reload()  # the page opens all the same, and says that it is an old one
    phone.wait_for_selector("text=trang đã lưu trên máy")
    for _parcel in range(3):
        phone.tap("[data-more]")
    assert phone.input_value("#checked") == "3"
    phone.reload()
    assert phone.input_value("#checked") == "3"  # counted through the day
    phone.wait_for_selector("text=3 gói, kiện đã kiểm tra, không có gì lạ")
    phone.locator("summary", has_text="Phát hiện hàng cấm gửi").click()
    phone.locator("label", has_text="Trước khi nhận gửi").click()
    phone.fill("#goods", "pháo")
    phone.click("text=Ghi phát hiện này")
    phone.wait_for_selector("text=Chưa gửi – còn trên máy này: 1 tin")
    phone.tap("text=Hôm nay bình thường")
    phone.wait_for_selector("text=Chưa gửi – còn trên máy này: 2 tin")
    assert number(PointDay) == 0 and phone.locator("[data-told]").count() == 0  # nothing claims that it was sent

    line.back(phone)
    phone.wait_for_selector("[data-told] >> text=3 gói, kiện đã kiểm tra")
    assert phone.locator("[data-unsent]").is_hidden()
    assert (number(PointDay), number(PointSend), number(ParcelCheck)) == (1, 1, 1)
    assert db.session.scalar(select(ParcelCheck.checked)) == 3
    # The last answer is shown; what the one before it said waits until it was read, also beyond a reload.
    phone.reload()
    phone.tap("[data-outcome] a")
    phone.wait_for_selector("text=Đã ghi: từ chối nhận.")
    phone.wait_for_selector("[data-outcome]", state="hidden")


def test_an_answer_that_is_lost_makes_no_second_incident(line: Line, phone: Any) -> None:
    phone.goto(path())
    phone.wait_for_selector(READY, state="attached")
    line.swallow = True
    phone.locator("summary", has_text="Phát hiện hàng cấm gửi").click()
    phone.locator("label", has_text="Sau khi đã nhận").click()
    assert phone.locator("#informed").is_hidden()  # asked only of what was refused
    phone.fill("#goods", "pháo")
    phone.click("text=Ghi phát hiện này")
    phone.wait_for_selector("text=Chưa gửi – còn trên máy này: 1 tin")
    wait_until(lambda: line.lost >= 1, seconds=60, what="the report")
    line.swallow = False
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.wait_for_selector("text=Đã ghi sự cố")
    assert number(Incident) == 1


def test_a_photo_of_the_poster_waits_too(line: Line, phone: Any, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), "orange").save(out, "JPEG")
    picture = tmp_path / "niem-yet.jpg"
    picture.write_bytes(out.getvalue())
    phone.goto(path())
    phone.wait_for_selector(READY, state="attached")
    line.gone(phone)
    phone.locator("summary", has_text="Ảnh niêm yết").click()
    phone.set_input_files("#photos", picture)
    phone.click("text=Gửi ảnh niêm yết")
    phone.wait_for_selector("text=Chưa gửi – còn trên máy này: 1 tin")
    line.back(phone)
    phone.wait_for_selector("text=Đã nhận ảnh niêm yết")
    assert number(Posting) == 1 and db.session.scalar(select(Posting.photo_sha256))


def test_what_the_server_refuses_is_said_and_can_be_thrown_away(line: Line, phone: Any) -> None:
    phone.goto(path())
    phone.wait_for_selector(READY, state="attached")
    phone.locator("summary", has_text="Phát hiện hàng cấm gửi").click()
    phone.locator("label", has_text="Trước khi nhận gửi").click()
    phone.fill("#goods", "pháo của Nguyễn Văn Sáu")
    phone.click("text=Ghi phát hiện này")
    phone.wait_for_selector("[data-unsent-list] >> text=bỏ “Nguyễn Văn Sáu”")
    phone.click("[data-unsent-list] button")
    phone.wait_for_selector("[data-unsent]", state="hidden")
