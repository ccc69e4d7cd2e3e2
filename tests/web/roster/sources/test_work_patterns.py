"""Ordinary working hours: shown, changed, added, refused beside the day; and what shifts are worth afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, Invalid
from people.models import WorkPattern
from people.queries import unit_by_code
from roster.models import Shift
from roster.snapshot import snapshot
from roster.sources import work_patterns
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT, sign_in

WEEK = {f"hours.{day}": "7h30-11h30, 13:00–17:00" for day in range(5)}


@pytest.fixture(autouse=True)
def people(app):
    enterprise.make()


def test_hours_are_shown_changed_and_kept_as_typed_when_wrong(client):
    sign_in(client, "qt1")
    text = client.get("/roster/work-patterns/").text
    assert "07:30–11:30\n13:00–17:00" in text and 'name="code" value="office6"' in text
    form = {"code": "office6", "name_vi": "Sáu ngày", "name_en": "Six days", **WEEK, "hours.5": "08:00-12:00"}
    assert client.post("/roster/work-patterns/", data=form).status_code == 303
    assert db.session.get_one(WorkPattern, "office6").hours == {
        **{str(day): [["07:30", "11:30"], ["13:00", "17:00"]] for day in range(5)},
        "5": [["08:00", "12:00"]],
    }
    answer = client.post("/roster/work-patterns/", data={**form, "hours.6": "sáng", "name_vi": "Bảy ngày"})
    assert answer.status_code == 422 and ">sáng<" in answer.text and 'value="Bảy ngày"' in answer.text
    assert '<a href="#office6-6">Chủ nhật</a>: Ghi các khoảng giờ' in answer.text and 'id="office6-6"' in answer.text
    db.session.expire_all()
    assert db.session.get_one(WorkPattern, "office6").name_vi == "Sáu ngày"


def test_normal_hours_are_set_from_a_date_on_and_taken_back(client):
    sign_in(client, "qt1")
    form = {"code": "shift", "name_vi": "Theo ca", "name_en": "By shifts"}
    answer = client.post("/roster/work-patterns/", data={**form, "normal": "01/01/2026: 8; 48\n1/7/2027: 7,5;44"})
    assert answer.status_code == 303
    assert db.session.get_one(WorkPattern, "shift").normal_hours == [
        {"since": "2026-01-01", "day": 480, "week": 2880},
        {"since": "2027-07-01", "day": 450, "week": 2640},
    ]
    text = client.get("/roster/work-patterns/").text
    assert "01/01/2026: 8; 48\n01/07/2027: 7,5; 44" in text and "cảnh báo" not in text
    for wrong in ("tám giờ", "01/01/2026: 13; 48", "01/01/2026: 10; 8", "31/02/2026: 8; 48", "01/01/2026: 8; 72"):
        answer = client.post("/roster/work-patterns/", data={**form, "normal": wrong})
        assert answer.status_code == 422 and '<a href="#shift-normal">' in answer.text and f">{wrong}<" in answer.text
    assert client.post("/roster/work-patterns/", data={**form, "normal": ""}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(WorkPattern, "shift").normal_hours == []


NEW, OLD = "Bộ luật Lao động 45/2019/QH14, Điều 105", "Bộ luật Lao động 10/2012/QH13, Điều 104"
BY_WEEK = "(10 nếu giờ được quy định theo tuần)"
WARNED = {
    ("office5", "01/01/2026: 12; 60"): (
        f"Từ 01/01/2026: 12 giờ một ngày, luật cho tới 8 {BY_WEEK}; 60 giờ một tuần, luật cho tới 48. {NEW}."
    ),
    ("office5", "01/01/2020: 8,5; 48"): f"Từ 01/01/2020: 8,5 giờ một ngày, luật cho tới 8 {BY_WEEK}. {OLD}.",
    ("shift", "01/01/2026: 10,5; 48"): f"Từ 01/01/2026: 10,5 giờ một ngày, luật cho tới 10. {NEW}.",
    ("shift", "01/01/2026: 10; 49"): f"Từ 01/01/2026: 49 giờ một tuần, luật cho tới 48. {NEW}.",
    ("shift", "01/01/2026: 10; 48"): "",
    ("office5", "01/01/2026: 8; 48"): "",
}


@pytest.mark.parametrize(("code", "typed"), WARNED)
def test_a_norm_above_the_law_is_kept_with_a_warning_that_names_the_article(client, code, typed):
    sign_in(client, "qt1")
    form = {"code": code, "name_vi": "Mẫu", "normal": typed, **(WEEK if code == "office5" else {})}
    told = client.post("/roster/work-patterns/", data=form, follow_redirects=True).text
    assert typed in told and db.session.get_one(WorkPattern, code).normal_hours, "never refused"
    warned = WARNED[code, typed]
    assert (f"Đã lưu giờ làm việc. Cảnh báo, mức vượt luật: {warned}" in told) == bool(warned)
    shown = client.get("/roster/work-patterns/").text
    assert warned in shown and (">cảnh báo<" in shown) == bool(warned), "and for as long as it stands"
    client.post("/language", data={"language": "en", "next": "/"})
    english = client.get("/roster/work-patterns/").text
    assert typed.replace(",", ".") in english and ("the law allows" in english) == bool(warned)


def test_a_new_one_is_added_and_others_may_not(client):
    sign_in(client, "qt1")
    form = {"code": "buu-cuc", "name_vi": "Bưu cục 7 ngày", "hours.6": "07:00-11:00"}
    assert client.post("/roster/work-patterns/", data=form).status_code == 303
    assert db.session.get_one(WorkPattern, "buu-cuc").hours == {"6": [["07:00", "11:00"]]}
    answer = client.post("/roster/work-patterns/", data={**form, "code": "có dấu"})
    assert answer.status_code == 422 and 'value="có dấu"' in answer.text
    sign_in(client, "bi1")
    assert client.post("/roster/work-patterns/", data=form).status_code == 403
    assert "disabled" in client.get("/roster/work-patterns/").text


@pytest.mark.parametrize(
    "spans",
    [
        [["11:30", "07:30"]],
        [["07:30", "07:30"]],
        [["07:30", "12:00"], ["11:00", "17:00"]],
        [["07:30", "24:00"]],
        [[f"0{n}:00", f"0{n}:30"] for n in range(5)],
    ],
)
def test_impossible_hours_name_their_day(spans):
    with pytest.raises(Invalid) as caught:
        work_patterns.save_pattern("x", name_vi="X", hours={"0": [], "3": spans}, actor=ROOT, now=NOW)
    assert [each.field for each in caught.value.errors] == ["hours.3"]


def test_who_works_by_the_roster_has_no_other_hours():
    with pytest.raises(Conflict):
        work_patterns.save_pattern("shift", name_vi="Theo ca", hours={"0": [["07:30", "11:30"]]}, actor=ROOT, now=NOW)


def test_the_engine_and_the_points_of_drafts_follow():
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    person = factories.make_person("P1", unit, work_pattern="office5")
    campaign = factories.make_campaign(unit, first="2020-01-11", last="2020-01-11")  # a Saturday
    shift = db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id)).one()
    assert "office5" not in shift.points_by and shift.points_by["office6"] < shift.points
    six = {str(day): [["07:30", "11:30"]] for day in range(6)}
    work_patterns.save_pattern("office5", name_vi="Sáu ngày", hours=six, actor=ROOT, now=NOW)
    db.session.expire_all()
    shift = db.session.scalars(select(Shift).filter_by(campaign_id=campaign.id)).one()
    assert shift.points_by["office5"] == shift.points_by["office6"]
    work = snapshot.take(campaign.id, now=NOW).problem.work
    assert (person.id, campaign.starts_on, 240) in {(row.staff_id, row.local_date, row.minutes) for row in work}
