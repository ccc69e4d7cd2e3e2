"""A province in a browser: from the import folder to the illness of the leader on duty, and to the cover."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Person, User
from roster.campaigns.models import Campaign
from roster.draft import grid, shown_days
from roster.models import Duty, Revision
from roster.solving import jobs
from roster.solving.services import SolveRequest
from tests.support import big_folder
from tests.support.factories import ADMIN

DISTRICTS, DAYS = 3, 16
PEOPLE = (1 + DISTRICTS * (1 + big_folder.POSTS)) * big_folder.PEOPLE_PER_UNIT + 5
WIDTH = 360
PHONE: dict[str, Any] = {"viewport": {"width": WIDTH, "height": 740}, "has_touch": True, "is_mobile": True}
PASSWORD = "tet-an-lanh-2027"  # noqa: S105
DAILY = (
    "/",
    "/roster/",
    "{campaign}",
    "{campaign}?view=days",
    "{campaign}/revisions/2",
    "/people/",
    "/incidents/",
    "/me/",
    "/calls/",
    "/system/",
    "/people/units",
    "/people/invitations",
    "/people/accounts",
    "/roster/demand/",
    "/incidents/qr/",
    "/roster/unreachable",
)
LONGEST = 500_000
"""Bytes of a page that people open every day."""
TALLEST = 40_000
"""Its pixels on a phone."""


@pytest.fixture
def manager(page: Any) -> Any:
    """The laptop of whoever leads the province."""
    accounts.create_user(NewAccount("tinh", "Quản lý", "admin", password=PASSWORD), now=clock.now(), actor=ADMIN)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.set_default_timeout(60_000)
    sign_in(page)
    return page


@pytest.fixture
def phone(browser: Any, live_url: str) -> Iterator[Any]:
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", color_scheme="dark", **PHONE)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def sign_in(page: Any) -> None:
    page.goto("/login")
    page.fill("[name=identifier]", "tinh")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.go")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.rest
def test_from_the_folder_to_the_cover_of_an_illness(manager: Any, phone: Any, tmp_path: Path) -> None:
    import_folder(manager, tmp_path)
    campaign = make_campaign(manager)
    run = jobs.solve_now(campaign, SolveRequest(seconds=2, seed=1), actor=ADMIN, now=clock.now())
    assert run.status in ("feasible", "optimal")
    look_and_edit(manager, campaign)
    publish(manager, campaign)
    ill = fall_ill(manager, campaign)
    cover(manager, campaign, ill)
    subscribe(manager, campaign)
    on_a_phone_in_english(phone, campaign)


def import_folder(page: Any, tmp_path: Path) -> None:
    big_folder.write(tmp_path, districts=DISTRICTS)
    page.goto("/import/")
    page.set_input_files("#files", [str(each) for each in sorted(tmp_path.glob("*.csv"))])
    page.click("main button.go")
    page.wait_for_selector(f"text=Nhân sự mới: {PEOPLE}")
    page.click("main button.go")
    page.wait_for_selector("text=Đã ghi vào hệ thống")


def make_campaign(page: Any) -> int:
    first = clock.local_date(clock.now()) - timedelta(days=2)
    page.goto("/roster/campaigns/new")
    with page.expect_response("**/campaigns/new"):
        page.select_option("[name=unit]", "BDX")
    page.fill("[name=name]", "Tết của tỉnh")
    page.fill("[name=starts_on]", first.isoformat())
    page.fill("[name=ends_on]", (first + timedelta(days=DAYS - 1)).isoformat())
    page.click("#set-up button.go")
    page.wait_for_url(re.compile(r"/campaigns/\d+$"))
    db.session.rollback()
    return db.session.scalars(select(Campaign.id)).one()


def look_and_edit(page: Any, campaign: int) -> None:
    """The grid comes a page of people at a time and counts them all; an edit leaves it where it is."""
    page.goto(f"/roster/campaigns/{campaign}?view=people")
    rows = page.locator("#grid-table tbody tr")
    assert rows.count() == grid.PAGE < PEOPLE
    assert str(PEOPLE) in page.locator("#grid-table thead").inner_text()
    first = rows.first.get_attribute("data-person")
    page.locator("main .wide-only a[rel=next]").click()
    page.wait_for_url(re.compile("page=2"))
    second = rows.first.get_attribute("data-person")
    assert first != second
    page.locator("#grid-table td:nth-last-child(2) a.chip").first.click()
    page.locator("#editor-body button[name=put]").first.click()
    page.wait_for_selector("#editor-body .flash")
    assert (rows.count(), rows.first.get_attribute("data-person")) == (grid.PAGE, second)
    page.goto(f"/roster/campaigns/{campaign}?unit=BDX-H02-1")
    assert big_folder.PEOPLE_PER_UNIT <= rows.count() < grid.PAGE and page.locator("main a[rel=next]").count() == 0
    page.goto(f"/roster/campaigns/{campaign}?view=days")
    today = page.locator("#agenda section").first.get_attribute("id")
    assert today == f"d{clock.local_date(clock.now()).isoformat()}"
    assert 0 < page.locator("#agenda li a.slot").count() <= shown_days.MOST


def publish(page: Any, campaign: int) -> None:
    page.goto(f"/roster/campaigns/{campaign}/publish")
    page.fill("[name=accept_gaps]", "Giữa hai ca gọi về bưu điện tỉnh")
    page.locator("main form button.go").last.click()
    page.wait_for_url(re.compile("/revisions/1$"))
    today = clock.local_date(clock.now())
    assert 0 < page.locator("#days tbody").count() < DAYS
    assert f"{today:%d/%m/%Y}" in page.locator("#days tbody th").first.inner_text()
    page.locator("main a[rel=prev]").first.click()
    page.wait_for_url(re.compile("on="))
    assert f"{today - timedelta(days=2):%d/%m/%Y}" in page.locator("#days tbody th").first.inner_text()
    assert f"{today:%d/%m/%Y}" not in page.locator("#days").inner_text()  # no day of the page that it came from


def leading() -> str:
    """The code of whoever of the leadership is on duty at this moment."""
    now = clock.now()
    db.session.rollback()
    statement = (
        select(Person.code)
        .join(Duty, Duty.person_id == Person.id)
        .where(Duty.duty == "leadership", Duty.starts_at <= now, Duty.ends_at > now, Duty.cancelled_at.is_(None))
    )
    return str(db.session.scalars(statement).one())


def name_of(code: str) -> str:
    return str(db.session.scalar(select(Person.full_name).filter_by(code=code)))


def fall_ill(page: Any, campaign: int) -> str:
    """Whoever of the leadership is on duty at this moment; desk and grid no longer count on them."""
    code, today = leading(), clock.local_date(clock.now())
    page.goto(f"/people/person/{code}")
    page.click("summary:has-text('Thêm khoảng nghỉ')")
    page.fill("[name=from_on]", today.isoformat())
    page.fill("[name=to_on]", (today + timedelta(days=1)).isoformat())
    page.click("button:has-text('Ghi khoảng nghỉ')")
    page.wait_for_selector("#unsure >> text=không chắc")
    page.goto("/")
    assert page.locator("main").get_by_text(re.compile("không chắc: vắng đến")).count() > 0
    page.goto(f"/roster/campaigns/{campaign}?view=people")
    assert page.locator("#grid-table tfoot td.risk, #grid-table tfoot .vh:has-text('không chắc')").count() > 0
    return code


def cover(page: Any, campaign: int, ill: str) -> None:
    page.goto(f"/people/person/{ill}#unsure")
    page.locator("#unsure a:has-text('Tìm người thay')").first.click()
    with page.expect_navigation():
        page.locator("button[name=at_once]").first.click()
    db.session.rollback()
    assert db.session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]
    assert leading() != ill
    page.goto("/")
    assert page.locator("main").get_by_text(name_of(leading()), exact=True).count() > 0


def subscribe(page: Any, campaign: int) -> None:
    page.goto(f"/roster/campaigns/{campaign}?view=people")
    page.locator("summary:has-text('Việc khác')").click()
    page.click("button:has-text('Đặt lịch vào điện thoại')")
    page.wait_for_selector("main svg")
    address = re.search(r"/feeds/[\w.-]+\.ics", page.content())
    assert address is not None
    assert page.request.get(address[0]).text().count("BEGIN:VEVENT") > 0


def on_a_phone_in_english(page: Any, campaign: int) -> None:
    """Nothing that is opened every day is wider than a phone, or too much for its line."""
    db.session.rollback()
    with transaction() as session:
        session.query(User).filter_by(login="tinh").one().locale = "en"
    sign_in(page)
    for path in DAILY:
        answer = page.goto(path.format(campaign=f"/roster/campaigns/{campaign}"))
        assert answer.status == 200 and len(answer.body()) <= LONGEST, path
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH, path
        assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST, path
    page.goto(f"/roster/campaigns/{campaign}?view=people")
    assert page.locator("#agenda a[rel=prev]").first.inner_text().strip() == "Previous page"
