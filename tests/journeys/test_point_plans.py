"""Before Tết: a district plans, hands in, gets it back, is accepted; its backlog grows until people are called;
posters that nobody proved are asked for once. By pages and by the API, on both databases."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from compliance.parcel_checks import correcting, queries as parcels
from compliance.parcel_checks.correcting import CorrectedNumbers
from compliance.parcel_checks.models import ParcelCheck
from compliance.plans import queries as plans, services as planning, sheet, volumes
from compliance.plans.models import NetworkPlan
from compliance.posting import reminding
from compliance.today.queries import counters
from core import clock
from core.db import db as database, transaction
from core.errors import Conflict
from notify.models import Message
from people.accounts import keys
from people.models import UnitHead
from roster.sources.models import Demand
from tests.support.enterprise import sign_in
from tests.support.service_point import DAY, ServicePoint, incidents, photo
from tests.support.tet_night import ADMIN

pytestmark = pytest.mark.both_dbs("upserts of days, sums, row locks of plans")
YEAR = 2020


def press(point: ServicePoint, do: str, expect: int = 302, **more: Any) -> str:
    answer = point.phone.post("/letter/plans/BDA", data={"do": do, **more})
    assert answer.status_code in (expect, 303 if expect == 302 else expect), answer.get_data(as_text=True)
    database.session.rollback()
    return str(answer.get_data(as_text=True))


def test_a_plan_is_handed_in_returned_mended_and_accepted_by_somebody_else(point: ServicePoint) -> None:
    ids = point.night.ids
    sign_in(point.phone, "an1")
    press(point, "save", upon="0", extra_shifts="2", vehicles="1", peak_days="22/01/2020; 21/01/2020")
    assert "không đúng" not in press(point, "save", 409, upon="0", extra_shifts="3")  # somebody was faster
    press(point, "save", 422, upon="1", extra_shifts="hai")
    assert not plans.plan_submitted([ids["BDA"]], point.now).holds
    press(point, "submit")
    assert "không tự duyệt" in press(point, "accept", 409)
    planning.give_back(ids["BDA"], YEAR, "Thiếu dự phòng điện", actor=ADMIN, now=point.now)
    assert "Thiếu dự phòng điện" in point.text("/letter/plans/BDA")
    press(point, "save", upon="1", extra_shifts="2", vehicles="1", peak_days="22/01/2020", power_backup="Máy nổ")
    press(point, "submit")
    planning.accept(ids["BDA"], YEAR, actor=ADMIN, now=point.now)
    found = plans.plan_submitted([ids["BDA"], ids["BDC"]], point.now)
    assert (found.units, found.submitted, found.accepted, found.missing) == (2, 1, 1, (ids["BDC"],))
    press(point, "save", 409, upon="2", extra_shifts="9")
    press(point, "demand", duty="operations", shift="Tăng cường", start="18:00", hours="4")
    row = database.session.scalars(select(Demand).where(Demand.template == "Tăng cường")).one()
    assert (row.headcount, row.phase, row.start_minute, row.minutes, row.unit_id) == (
        2,
        "before",
        1080,
        240,
        ids["BDA"],
    )


def test_many_plans_come_in_one_sheet_or_none_does(point: ServicePoint) -> None:
    book = load_workbook(io.BytesIO(sheet.template()))
    page = book[sheet.SHEET]
    page.append(["BDA", "2", "1", "3", "21/01/2020; 22/01/2020", "Máy nổ", "Sim 4G", ""])
    page.append(["KHONG-CO", "1", "", "", "", "", "", ""])
    page.append(["BDC", "nhiều", "", "", "", "", "", ""])
    count, faults = sheet.take(saved(book), YEAR, actor=ADMIN, now=point.now)
    assert count == 0 and [(each.row, each.column) for each in faults] == [(4, "Ca tăng cường"), (3, "Mã đơn vị")]
    assert database.session.scalar(select(func.count(NetworkPlan.id))) == 0
    page.delete_rows(3, 2)
    assert sheet.take(saved(book), YEAR, actor=ADMIN, now=point.now) == (1, [])
    row = database.session.scalars(select(NetworkPlan)).one()
    assert (row.extra_shifts, row.temporary_staff, row.peak_days) == (2, 3, ["2020-01-21", "2020-01-22"])
    with pytest.raises(Conflict):
        sheet.take(b"khong phai XLSX", YEAR, actor=ADMIN, now=point.now)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_backlog_over_the_limit_is_one_incident_while_it_is_open(point: ServicePoint) -> None:
    unit = point.night.ids["BDA"]
    volumes.set_limit(point.night.ids["BDT"], 300, actor=ADMIN, now=point.now)
    assert volumes.tell(unit, DAY, 299, actor=ADMIN, now=point.now) is None and incidents() == []
    assert volumes.tell(unit, DAY - timedelta(days=1), 900, actor=ADMIN, now=point.now) is None  # no news
    volumes.tell(unit, DAY, 300, actor=ADMIN, now=point.now)
    volumes.tell(unit, DAY, 1450, actor=ADMIN, now=point.now)
    [incident] = incidents()
    assert incident.category == "overload" and incident.unit.code == "BDA" and "300" in incident.title
    assert plans.backlog([unit], DAY - timedelta(days=2), DAY) == {DAY - timedelta(days=1): 900, DAY: 1450}
    sign_in(point.phone, "an1")
    assert "1.450" in point.text("/letter/plans/BDA") and "1.450" in point.text("/letter/plans")


def test_who_has_no_proof_of_posting_is_told_once_a_week_before_tet(point: ServicePoint) -> None:
    with transaction() as session:
        session.merge(UnitHead(unit_id=point.night.ids["BDA"], person_id=point.night.ids["AN1"]))
    assert reminding.remind(clock.at_local(DAY - timedelta(days=3), 9)) == 0  # eight days before
    assert reminding.remind(clock.at_local(DAY, 7)) == 0  # too early in the day
    reminding.remind(point.now)
    reminding.remind(point.now + timedelta(days=1))
    [told] = database.session.scalars(
        select(Message).where(Message.topic == "posting/2020", Message.recipient == "Nguyễn Văn An")
    )
    assert "Điểm phục vụ A1: Danh mục cấm gửi: Chưa niêm yết" in told.body and "/letter/points?open=1" in told.body


def calls(point: ServicePoint, key: str) -> Any:
    def call(method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
        return point.phone.open(f"/api/v1{path}", method=method, headers=headers, **more)

    return call


def test_programs_tell_the_same_by_the_api(point: ServicePoint, app_key: str) -> None:
    call = calls(point, app_key)
    body = {
        "unit": "BDA-1",
        "shift": "Ca 1",
        "checked": 40,
        "refused": 2,
        "referred": 1,
        "findings": [
            {"moment": "before", "goods": "pháo", "category": 1, "parcels": 2, "informed": "Công an"},
            {"moment": "after", "goods": "bình ga"},
        ],
    }
    for _time in range(2):  # its program lost the answer
        answer = call("POST", "/parcel-checks", json=body, headers={"Idempotency-Key": "may-tinh-1"})
        assert answer.status_code == 200, answer.get_json()
    told = answer.get_json()
    assert (told["checked"], told["refused"], told["referred"], told["found_after"]) == (40, 2, 1, 1)
    assert told["incidents"] == [each.code for each in incidents()] and len(told["incidents"]) == 1
    assert told["counted"]
    assert call("POST", "/parcel-checks", json=body | {"refused": 1}).status_code == 409
    assert database.session.scalar(select(func.sum(ParcelCheck.checked))) == 40
    # Whoever has the sheet may call themselves by any name: what a program told stays, and the day is looked at.
    assert "done=uncounted" in point.tap(900, counter="Ca 1").location
    assert "done=refused" in point.find("before", counter="Ca 1").location
    numbers = parcels.by_day([point.unit_id], DAY, DAY)[point.unit_id, DAY]
    assert (numbers.checked, numbers.refused) == (40, 2)
    assert parcels.odd_days([point.unit_id], DAY, DAY) == {(point.unit_id, DAY): "unheeded"}
    held = parcels.counter_of(point.unit_id, DAY, "Ca 1")
    assert held is not None and held.unheeded == 900
    [counter], _left_out = counters(point.unit_id, DAY)
    assert not counter.is_by_sheet, "it is called by the name of the shift, and no stranger's telephone"
    right = {
        "upon": CorrectedNumbers(40, 2, 1),
        "unheeded_at": held.unheeded_at,
        "becomes": CorrectedNumbers(38, 2, 1),
        "why": "Đếm lại",
        "actor": ADMIN,
        "now": point.now,
    }
    correcting.correct(correcting.CounterDay(point.unit_id, DAY, "Ca 1"), **right)
    for more in ({"checked": 50}, {"checked": 38, "refused": 5, "referred": 4}):
        told = call("POST", "/parcel-checks", json=body | {**more, "findings": []}).get_json()
        assert (told["checked"], told["counted"]) == (38, False)  # what was put right stays, and the program is told
    held = parcels.counter_of(point.unit_id, DAY, "Ca 1")
    assert held is not None and (held.unheeded, held.unheeded_refused, held.unheeded_referred) == (38, 5, 4)
    assert call("POST", "/parcel-checks", json=body | {"shift": "office"}).get_json()["errors"][0]["field"] == "shift"
    [row] = call("GET", "/parcel-checks?unit=BDA").get_json()["items"]
    assert (row["unit"], row["shift"], row["day"]) == ("BDA-1", "Ca 1", "2020-01-20")
    assert parcels.by_category([point.unit_id], DAY, DAY) == {(1, "before"): 2, (None, "after"): 1}

    made = call("POST", "/postings", json={"unit": "BDA-1", "what": "prohibited"}).get_json()
    assert "photo" in made, made
    assert not made["photo"]
    proved = call("PUT", f"/postings/{made['id']}/photo", data=photo(), content_type="image/jpeg")
    assert (
        proved.get_json()["photo"]
        and call("PUT", f"/postings/{made['id']}/photo", data=photo("navy"), content_type="image/jpeg").status_code
        == 409
    )
    assert not proved.get_json()["accepted"]  # a program has no eyes
    states = {each["unit"]: each for each in call("GET", "/postings?unit=BDA").get_json()["items"]}
    assert {each["what"]: each["state"] for each in states["BDA-1"]["items"]}["prohibited"] == "waiting"
    assert point.accept_all() == 1
    states = {each["unit"]: each for each in call("GET", "/postings?unit=BDA").get_json()["items"]}
    assert {each["what"]: each["state"] for each in states["BDA-1"]["items"]}["prohibited"] == "posted"
    assert not states["BDA-1"]["complete"]  # nobody has written the conditions of service

    hours = {"unit": "BDA", "weekday": 1, "opens": "07:30", "closes": "17:00", "last_acceptance": "16:00"}
    assert call("POST", "/service-hours", json=hours).status_code == 200
    [day] = call("GET", "/service-hours?unit=BDA-1&since=2020-01-21&until=2020-01-21").get_json()["items"]
    assert (day["opens"], day["last_acceptance"], day["known"]) == ("07:30", "16:00", True)
    assert call("POST", "/service-hours", json=hours | {"closes": "07:00"}).status_code == 409

    plan = call("POST", "/plans", json={"unit": "BDA", "extra_shifts": 2, "peak_days": ["2020-01-22"], "submit": True})
    assert plan.get_json()["state"] == "submitted"
    assert call("GET", "/plans?unit=BDA").get_json()["items"][0]["peak_days"] == ["2020-01-22"]
    assert call("POST", "/volumes", json={"unit": "BDA", "items": 12}).get_json()["incident"] is None
    assert call("GET", "/volumes?unit=BDA").get_json()["items"][0]["items"] == 12


@pytest.fixture
def app_key(point: ServicePoint) -> str:
    return keys.create_api_key(keys.NewApiKey("Phần mềm quầy", "manager", "BDA"), now=point.now, actor=ADMIN)[1]


def test_pages_of_points_say_what_is_owed(point: ServicePoint, client: FlaskClient) -> None:
    point.tap(41)
    point.find("before")
    point.post("prohibited")
    sign_in(client, "an1")
    listed = point.text("/letter/points")
    assert "Điểm phục vụ A1" in listed and "41" in listed and "Bưu điện huyện C" in listed
    assert "Điểm phục vụ A1" in point.text("/letter/points?open=1&q=a1")
    page = point.text("/letter/points/BDA-1")
    assert "pháo" in page and "trước khi nhận: từ chối" in page and "Mã QR" in page
    [shown] = {part.split('"')[0] for part in page.split('src="/letter/posting/photos/')[1:]}
    picture = point.phone.get(f"/letter/posting/photos/{shown.replace('&amp;', '&')}")
    assert picture.status_code == 200 and picture.data[:2] == b"\xff\xd8"
    number = shown.split("?")[0]
    assert point.phone.post(f"/letter/posting/{number}/withdraw").status_code in (302, 303)
    assert "Đã gỡ" in point.text("/letter/points/BDA-1")
    saved_rules = point.phone.post("/letter/findings/BDA", data={"vi-1": "Gọi Công an xã A trước khi trả"})
    assert saved_rules.status_code in (302, 303) and "Gọi Công an xã A trước khi trả" in point.text()
    wrong = point.phone.post("/letter/hours/BDA", data={"do": "week", "opens-0": "8h", "closes-0": "07:00"})
    assert wrong.status_code == 422
    kept = point.phone.post(
        "/letter/hours/BDA", data={"do": "day", "day": "20/01/2020", "opens": "8h00", "closes": "11:30"}
    )
    assert kept.status_code in (302, 303) and "08:00 – 11:30" in point.text()
    text = point.phone.post("/letter/posting/BDA/prohibited", data={"upon": "0", "examples-vi": "Pháo\nVũ khí"})
    assert text.status_code in (302, 303) and "Vũ khí" in point.text("/letter/posting/BDA/prohibited")
