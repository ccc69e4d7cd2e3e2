"""Bàn trực, its polling, the checklist of a new installation, and the door to the removal of the demo."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from core import clock
from core.db import transaction
from core.observability import heartbeat
from desk import home
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record import queries
from people.accounts.services import NewAccount
from people.models import Unit, User
from roster.campaigns.models import Campaign
from roster.models import Rehearsal
from tests.support import enterprise
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night


@pytest.fixture(autouse=True)
def _at_night() -> Iterator[None]:
    with clock.travel(NIGHT):
        yield


def report(night: Night, **more: Any) -> str:
    """A power cut in BDA whose first step has been called; its code."""
    facts = {"title": "Mất điện trung tâm", "category": "power", "severity": 2, "unit_id": night.ids["BDA"], **more}
    incident, _created = creation.log(IncidentReport(actor=ADMIN, **facts), now=NIGHT)
    engine.escalate_due(NIGHT)
    return incident.code


def read_page(client: FlaskClient, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.text
    return html.unescape(response.text)


def test_whoever_is_on_duty_sees_their_card_their_shift_and_what_waits_for_them(
    client: FlaskClient, night: Night
) -> None:
    code = report(night)
    sign_in(client, "bi1")
    page = read_page(client, "/")
    assert "Mùng 1 tháng Giêng" in page
    for name in ("Trần Thị Bình", "Rơ Châm Em", "Nguyễn Văn An"):
        assert name in page
    assert "0900 000 105" in page, "a colleague's telephone"
    assert page.count("needs-me") == 1 and f"/incidents/{code}" in page
    assert "Đang trực" in page


def test_a_manager_sees_what_is_open_and_whom_it_calls_next(client: FlaskClient, night: Night) -> None:
    code = report(night)
    sign_in(client, "an1")
    page = read_page(client, "/")
    assert code in page and "Mất điện trung tâm" in page
    assert "gọi tiếp" in page and "Rơ Châm Em" in page
    assert "needs-me" not in page, "he has not been called yet"
    assert "/start/" in page and "/outbox/" in page


def test_a_viewer_elsewhere_looks_but_is_offered_nothing_to_do(client: FlaskClient, night: Night) -> None:
    code = report(night)
    sign_in(client, "du1")
    page = read_page(client, "/?unit=BDA")
    assert "Trần Thị Bình" in page
    assert "0900 000 102" not in page, "telephones are for those who work with them"
    assert "needs-me" not in page and "/start/" not in page and "/outbox/" not in page
    assert code not in page, "incidents of another unit are not a viewer's"


def test_an_unknown_unit_is_not_found(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    read_page(client, "/?unit=KHONG", 404)


def test_polling_says_nothing_new_until_something_is(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    first = client.get("/desk/live?unit=BDA")
    tag = {"If-None-Match": first.headers["ETag"]}
    with clock.travel(NIGHT + timedelta(seconds=5)):
        same = client.get("/desk/live?unit=BDA", headers=tag)
    assert (same.status_code, same.data) == (304, b"")
    code = report(night)
    changed = client.get("/desk/live?unit=BDA", headers=tag)
    assert changed.status_code == 200 and code in changed.text
    with clock.travel(NIGHT + timedelta(seconds=5)):
        again = client.get("/desk/live?unit=BDA", headers={"If-None-Match": changed.headers["ETag"]})
    assert again.status_code == 304, "a countdown alone is no news"
    assert client.get("/desk/live").headers["Cache-Control"] == "no-cache, private"


def test_pages_turn_red_when_the_engine_is_silent(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    heartbeat.beat("worker", now=NIGHT)
    calm = read_page(client, "/")
    with clock.travel(NIGHT + timedelta(minutes=3)):
        alarmed = read_page(client, "/")
    assert "3 phút" in alarmed and "3 phút" not in calm


def test_an_empty_installation_leads_to_its_checklist(client: FlaskClient, app: Flask) -> None:
    from people.accounts import services as accounts

    accounts.create_user(NewAccount("goc", "Gốc", "admin", password=enterprise.PASSWORD), now=NIGHT, actor=ADMIN)
    sign_in(client, "goc")
    assert client.get("/").headers["Location"] == "/start/"
    page = read_page(client, "/start/")
    assert "0 đơn vị, 0 người" in page and "MAIL_URL" in page
    assert "Xóa dữ liệu mẫu" not in page
    app.config["MAIL_URL"] = "smtp://mail.example:58x7"  # set, but nothing leaves by it
    assert "Thư gửi qua máy chủ đã khai báo" not in read_page(client, "/start/")


def test_the_checklist_counts_what_is_there_and_points_at_what_is_next(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    heartbeat.beat("worker", now=NIGHT)
    page = read_page(client, "/start/")
    assert "4 đơn vị, 7 người" in page
    assert "1 người hệ thống chưa gọi được" in page, "Phong"
    assert "2 người chưa vào hệ thống" in page, "Em and Phong"


@pytest.mark.parametrize("login", ["bi1", "du1"])
def test_the_checklist_is_for_those_who_set_things_up(client: FlaskClient, night: Night, login: str) -> None:
    sign_in(client, login)
    assert client.get("/start/").status_code == 403


def test_only_an_admin_removes_the_demo_and_only_after_saying_so(new_client: Any, night: Night) -> None:
    with transaction() as session:
        session.add(Unit(code="MAU", name="Đơn vị mẫu", kind="province", is_demo=True))
    manager, admin = new_client(), new_client()
    sign_in(manager, "an1")
    assert "Quản trị hệ thống có thể xóa" in read_page(manager, "/start/")
    assert manager.post("/start/demo/clear").status_code == 403
    assert demo_units() == 1
    sign_in(admin, "qt1")
    page = read_page(admin, "/start/")
    assert "Xóa toàn bộ dữ liệu mẫu?" in page, "asked again before anything is lost"
    assert "Đã xóa dữ liệu mẫu." in admin.post("/start/demo/clear", follow_redirects=True).text
    assert demo_units() == 0
    assert "Xóa dữ liệu mẫu" not in read_page(admin, "/start/")


def test_whoever_removes_the_demo_with_its_own_account_goes_on_as_the_first_real_administrator(
    client: FlaskClient, night: Night
) -> None:
    with transaction() as session:
        session.add(Unit(code="MAU", name="Đơn vị mẫu", kind="province", is_demo=True))
        session.execute(update(User).where(User.role == "admin").values(is_demo=True))
    sign_in(client, "qt1")
    after = client.post("/start/demo/clear")
    assert after.location.startswith("/first/")
    assert "Người quản trị đầu tiên" in read_page(client, after.location)


def demo_units() -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(Unit).where(Unit.is_demo)) or 0


def test_exercises_never_push_a_real_incident_off_the_desk(night: Night) -> None:
    """Drills rank first, because their steps are short; the desk shows twenty and must not count them."""
    unit_id = night.ids["BDA"]
    with transaction() as session:
        campaign = Campaign(
            name="Thử",
            tet_year=2020,
            unit_id=unit_id,
            starts_on=NIGHT.date(),
            ends_on=NIGHT.date(),
            created_at=NIGHT,
            created_by="x",
        )
        session.add(campaign)
        session.flush()
        drill = Rehearsal(
            campaign_id=campaign.id,
            source="published",
            offset_seconds=0,
            step_seconds=20,
            started_at=NIGHT,
            started_by="x",
            ends_at=NIGHT + timedelta(hours=1),
        )
        session.add(drill)
    for number in range(20):
        creation.log(
            IncidentReport(title=f"Thử {number}", category="power", unit_id=unit_id, rehearsal=drill, actor=ADMIN),
            now=NIGHT,
        )
    report(night, title="Thật")
    assert [each.title for each in queries.unfinished(unit_id, limit=20)] == ["Thật"]


def test_the_desk_counts_all_that_runs_there_and_what_waits_for_the_reader_elsewhere(
    night: Night, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chi's own district is quiet; another calls her, where she serves tonight. The lists end, the count does not."""
    night.withdraw("operations", "emergency", "leadership")
    night.publish("operations", "CH1")
    monkeypatch.setattr(home, "JUDGED", 2)
    monkeypatch.setattr(home.incidents, "MOST", 3)
    for number in range(3):
        night.log(f"Mất điện {number}")
    engine.escalate_due(NIGHT)
    for who, unit in (("ch1", "BDC"), ("an1", "BDA")):
        sign_in(client, who)
        shown = read_page(client, f"/desk/live?unit={unit}")
        assert "3 sự cố đang mở" in shown and "3 chưa ai nhận" in shown, who
