"""The letter on phones: received, handed out, a photo taken at the counter, accepted above, and read by an
inspector who never signs in. The teller's phone runs no scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from compliance.register import queries
from compliance.register.models import Directive
from core.db import db, transaction
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.enterprise import PASSWORD
from tests.support.tet_night import Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def letter(night: Night) -> int:
    with transaction() as session:
        row = session.scalars(select(Directive).where(Directive.seed == "77-2020")).one()
        row.season_from, row.season_to = date(2020, 1, 17), date(2020, 2, 8)
    return row.id


@pytest.fixture
def browsers(browser: Any, live_url: str) -> Iterator[Any]:
    """``browsers(login)`` is a phone in which that account is signed in; without a login, a stranger's."""
    opened = []

    def open_one(login: str = "", **more: Any) -> Any:
        context = browser.new_context(
            base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **{**PHONE, **more}
        )
        context.set_default_timeout(60_000)
        opened.append(context)
        page = context.new_page()
        if login:
            sign_in(page, login, PASSWORD)
        return page

    yield open_one
    for each in opened:
        each.close()


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#d9c7a8").save(out, "JPEG")
    return out.getvalue()


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def test_from_the_letter_to_the_inspector_on_phones(night: Night, letter: int, browsers: Any) -> None:
    chief = browsers("qt1")
    chief.goto(f"/letter/{letter}")
    press(chief, "Đã nhận văn bản này")
    assert "Đã báo nhận văn bản." in chief.content()
    chief.locator("summary", has_text="Giao cho các đơn vị").click()
    press(chief, "Giao cho các đơn vị")
    assert "/matrix" in chief.url and faults_in_both_themes(chief) == []
    row = next(each for each in queries.requirements(letter) if each.key == "post-list")
    row.computed = ""  # here nothing is worked out: whoever looks at the photo decides
    db.session.commit()

    teller = browsers("bi1", java_script_enabled=False)
    teller.goto(f"/letter/requirements/{row.id}/units/BDA")
    teller.set_input_files("input[name=file]", {"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    press(teller, "Thêm bằng chứng")
    teller.check("input[name=state][value=done]", force=True)
    press(teller, "Ghi tình trạng")
    assert "Báo đã làm" in teller.content()

    chief.goto(f"/letter/{letter}/matrix?unit=BDA")
    chief.locator("#by-requirement").get_by_role("link", name=row.text).click()
    chief.locator("#main ul").get_by_role("link", name="Bưu điện huyện A").click()
    chief.wait_for_url("**/units/BDA")
    press(chief, "Chấp nhận")
    assert "đã chấp nhận" in chief.content() and faults_in_both_themes(chief) == []

    chief.goto(f"/letter/{letter}/inspectors")
    chief.fill("#made_for", "Đoàn Sở")
    press(chief, "Cấp đường dẫn")
    path = re.search(r"/i/[\w-]+", chief.content())
    assert path is not None
    guest = browsers()
    guest.goto(path[0])
    guest.fill("#name", "Nguyễn Thanh Tra")
    press(guest, "Xem")
    assert guest.url.endswith("/matrix") and faults_in_both_themes(guest) == []
    guest.goto(f"{path[0]}/units/BDA")
    shown = guest.locator("img").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert faults_in_both_themes(guest) == []
    assert guest.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    db.session.rollback()
    chief.goto(f"/letter/{letter}/inspectors")
    assert "Nguyễn Thanh Tra (Đoàn Sở)" in chief.content()
