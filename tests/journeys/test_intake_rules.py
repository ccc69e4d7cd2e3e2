"""A source of An's own in the night: rules say where its alarms belong, the box says who would be called, and the page
of an incident shows what came along.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database, transaction
from core.errors import Conflict
from incidents.catalogue.models import IncidentCategory
from incidents.grouping import settings as grouping
from incidents.intake import sources
from incidents.intake.models import IntakeEvent
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.maintenance import services as maintenance
from incidents.record.models import Incident
from tests.support import enterprise
from tests.support.desk_pages import text_of
from tests.support.tet_night import ADMIN, NIGHT, Night

GRAFANA = {
    "receiver": "truc-tet",
    "status": "firing",
    "orgId": 1,
    "version": "1",
    "groupKey": "{}:{alertname=ups}",
    "truncatedAlerts": 0,
    "commonLabels": {"alertname": "Điện lưới mất", "don_vi": "bda-1", "link": "javascript:alert(1)"},
    "commonAnnotations": {"summary": "Mất điện <b>trạm</b> Đồi Gió"},
    "alerts": [{"status": "firing", "labels": {"alertname": "Điện lưới mất"}, "annotations": {}, "values": {"B": 0}}],
}


@pytest.fixture
def an(night: Night, client: FlaskClient) -> FlaskClient:
    enterprise.sign_in(client, "an1")
    return client


def made(night: Night, unit: str = "BDA") -> tuple[int, str]:
    source, key = sources.create(sources.NewSource("Giám sát", "generic", night.ids[unit]), actor=ADMIN, now=NIGHT)
    return source.id, f"/intake/generic/{key}"


def newest() -> Incident:
    database.session.rollback()
    found = database.session.scalar(select(Incident).order_by(Incident.id.desc()))
    assert found is not None
    return found


def stamp(page: str) -> str:
    found = re.search(r'name="base" value="(\w+)"', page)
    assert found
    return found.group(1)


def filled(**fields: str) -> dict[str, str]:
    """One rule as the page sends it."""
    plain = {"place": "title", "name": "", "how": "contains", "sought": "", "category": "", "unit": ""}
    return {f"{name}-1": value for name, value in (plain | {"unit_from": "", "level": "", "then": ""} | fields).items()}


@pytest.mark.both_dbs("rules are a JSON column, and what came along is written in bulk with the alarm")
def test_a_rule_puts_an_alarm_in_its_place_and_the_box_says_so_before(night: Night, an: FlaskClient) -> None:
    source, door = made(night)
    home = f"/incidents/sources/{source}"
    form = an.get(f"{home}/rules").text
    sent = {"rows": "1", "base": stamp(form), "do": "save"}
    sent |= filled(sought="MAT DIEN", category="power", unit_from="don_vi", level="2+")
    assert an.post(f"{home}/rules", data=sent).status_code == 303
    page = an.get(home).text
    assert 'Tiêu đề có chứa “<span lang="vi">MAT DIEN</span>” → ' in page and "đơn vị theo mã ở mục don_vi" in page

    # The box: which manner, which rule, where, how bad, who first. Nothing is written.
    told = an.post(f"{home}/try", data={"body": json.dumps(GRAFANA)})
    assert told.status_code == 200
    for words in ("Grafana", "Quy tắc 1", "Điểm phục vụ A1", "Ghi sự cố và gọi người trực", "Trần Thị Bình"):
        assert words in told.text
    assert database.session.scalar(select(Incident.id)) is None

    # The same comes in earnest, and is that.
    code = an.post(door, json=GRAFANA).json["incident"]
    incident = newest()
    assert (incident.code, incident.category, incident.unit_id) == (code, "power", night.ids["BDA-1"])
    assert incident.severity == 2
    shown = an.get(f"/incidents/{code}").text
    assert "Kèm theo tin báo" in shown and '<dt lang="vi">don_vi</dt><dd lang="vi">bda-1</dd>' in shown
    assert "javascript:alert(1)</dd>" in shown and 'href="javascript' not in shown and "<b>trạm</b>" not in shown

    # What came last can be taken into the box: now it would only be counted.
    again = an.post(f"{home}/try", data={"body": "", "last": "1"}).text
    assert "Đếm thêm vào sự cố đang mở" in again and code in again
    over = an.post(f"{home}/try", data={"body": json.dumps(GRAFANA | {"status": "resolved"})}).text
    assert "Báo đã xử lý xong" in over
    an.post("/language", data={"language": "en"})
    assert (
        "Came with the report" in an.get(f"/incidents/{code}").text
        and "Rule 1" in an.post(f"{home}/try", data={"body": json.dumps(GRAFANA)}).text
    )


def test_the_box_knows_of_maintenance_and_of_what_an_alarm_would_join(night: Night, an: FlaskClient) -> None:
    source, door = made(night)
    home = f"/incidents/sources/{source}"
    ruling.write(source, [IntakeRule(how="always", unit="BDA-1")], seen=stamp_of(source), actor=ADMIN, now=NIGHT)
    grouping.set_minutes(sources.by_id(source), 10, actor=ADMIN, now=NIGHT)

    def tried(key: str, **more: str) -> str:
        body = {"title": f"Trạm {key} mất mạng", "dedup_key": key} | more
        shown = text_of(an.post(f"{home}/try", data={"body": json.dumps(body)}).text)
        answer = an.post(door, json=body).json
        return f"{answer['outcome']} {answer['incident'] or ''} | {shown}"

    planned = {"starts_at": NIGHT, "ends_at": NIGHT + timedelta(hours=2), "reason": "Thay tủ"}
    window = maintenance.plan(
        maintenance.MaintenancePlan(night.ids["BDA-1"], **planned), confirmed=True, actor=ADMIN, now=NIGHT
    )
    held = tried("a")
    assert held.startswith("held") and "Giữ lại và đếm, không gọi ai" in held and "Đang bảo trì" in held
    assert "Trần Thị Bình" not in held
    gone = tried("a", status="resolved")
    assert gone.startswith("cleared") and "Tin đang giữ lại đã hết" in gone
    maintenance.end(window.id, actor=ADMIN, now=NIGHT)
    new = tried("b")
    assert new.startswith("created") and "Ghi sự cố và gọi người trực" in new and "Trần Thị Bình" in new
    code = newest().code
    joined = tried("c")
    assert joined.startswith(f"known {code}") and f"thêm nơi thì gọi lại từ đầu {code}" in joined
    assert "Đếm thêm vào sự cố đang mở" in tried("c")
    assert "sự cố còn mở vì cảnh báo khác còn báo" in tried("b", status="resolved")
    assert "Báo đã xử lý xong" in tried("c", status="resolved") and newest().status == "resolved"


def test_what_a_rule_drops_is_kept_and_wakes_nobody(night: Night, an: FlaskClient) -> None:
    source, door = made(night)
    rules = [IntakeRule(sought="thử", then="drop"), IntakeRule(how="always", unit="BDA-1")]
    ruling.write(source, rules, seen=stamp_of(source), actor=ADMIN, now=NIGHT)
    assert an.post(door, json={"title": "Tin THU"}).json["outcome"] == "dropped"
    assert database.session.scalar(select(Incident.id)) is None
    assert database.session.scalar(select(IntakeEvent.outcome)) == "dropped"
    an.post(door, json={"title": "Mất mạng"})
    assert newest().unit_id == night.ids["BDA-1"]


def stamp_of(source: int) -> str:
    return ruling.stamp(sources.by_id(source))


@pytest.mark.parametrize("label", ["BDC", *(pytest.param(each, marks=pytest.mark.rest) for each in ("BDT", "x", ""))])
def test_a_label_never_leads_out_of_the_sources_own_units(night: Night, an: FlaskClient, label: str) -> None:
    source, door = made(night)
    ruling.write(source, [IntakeRule(how="always", unit_from="don_vi")], seen=stamp_of(source), actor=ADMIN, now=NIGHT)
    an.post(door, json={"title": "Mất mạng", "don_vi": label})
    assert newest().unit_id == night.ids["BDA"]


def test_nothing_comes_along_where_party_and_state_are_concerned(night: Night, an: FlaskClient) -> None:
    _source, door = made(night)
    code = an.post(door, json={"title": "Chậm túi thư", "category": "kt1", "to": "Văn phòng"}).json["incident"]
    assert "Kèm theo tin báo" not in an.get(f"/incidents/{code}").text


@pytest.mark.both_dbs("who writes rules holds the source")
def test_two_who_change_the_rules_at_once_do_not_undo_each_other(night: Night, an: FlaskClient) -> None:
    source, _door = made(night)
    base = stamp_of(source)
    ruling.write(source, [IntakeRule(how="always", category="power")], seen=base, actor=ADMIN, now=NIGHT)
    with pytest.raises(Conflict):
        ruling.write(source, [], seen=base, actor=ADMIN, now=NIGHT)
    sent = {"rows": "1", "base": base, "do": "save"} | filled(sought="mạng", category="connectivity")
    refused = an.post(f"/incidents/sources/{source}/rules", data=sent)
    assert refused.status_code == 409 and 'value="mạng"' in refused.text
    assert an.post(f"/incidents/sources/{source}/rules", data=sent | {"base": stamp(refused.text)}).status_code == 303
    assert [rule.category for rule in ruling.list_rules(sources.by_id(source))] == ["connectivity"]


def test_a_category_that_is_not_offered_any_more_stays_in_its_rule(night: Night, an: FlaskClient) -> None:
    source, _door = made(night)
    rule = IntakeRule(sought="xe", category="vehicle")
    ruling.write(source, [rule], seen=stamp_of(source), actor=ADMIN, now=NIGHT)
    with transaction() as session:
        session.get_one(IncidentCategory, "vehicle").active = False
    page = an.get(f"/incidents/sources/{source}/rules").text
    assert re.search(r'<option[^>]*value="?vehicle"?[^>]*selected|<option[^>]*selected[^>]*value="?vehicle"?', page)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"category": "power"}, "Quy tắc 1: ghi điều cần tìm"),
        ({"sought": "x", "unit": "BDC"}, "chọn một đơn vị thuộc"),
        ({"sought": "\u0301", "then": "drop"}, "Quy tắc 1: ghi điều cần tìm"),  # a mark alone would fit everything
        pytest.param({"sought": "x"}, "Quy tắc 1 chưa đổi gì", marks=pytest.mark.rest),
        pytest.param(
            {"sought": "x", "place": "", "category": "power"}, "Quy tắc 1: ghi tên mục", marks=pytest.mark.rest
        ),
        pytest.param({"sought": "x", "category": "volcano"}, "volcano", marks=pytest.mark.rest),
        pytest.param({"sought": "x", "then": "drop", "how": "regex"}, "chọn một trong các mục", marks=pytest.mark.rest),
    ],
)
def test_a_wrong_rule_is_told_and_kept_on_the_form(
    night: Night, an: FlaskClient, wrong: dict[str, Any], told: str
) -> None:
    source, _door = made(night)
    sent = {"rows": "1", "base": stamp_of(source), "do": "save"} | filled(**wrong)
    answer = an.post(f"/incidents/sources/{source}/rules", data=sent)
    assert answer.status_code == 422 and told in answer.text and ruling.list_rules(sources.by_id(source)) == []


def test_rows_are_added_moved_and_taken_out_without_a_script(night: Night, an: FlaskClient) -> None:
    source, _door = made(night)
    path = f"/incidents/sources/{source}/rules"
    two = {"rows": "2", "base": "x"} | filled(sought="một") | {"sought-2": "hai"}
    assert an.post(path, data=two | {"do": "add"}).text.count('name="sought-') == 3
    moved = an.post(path, data=two | {"do": "up-2"}).text
    assert moved.index('value="hai"') < moved.index('value="một"')
    assert 'value="một"' not in an.post(path, data=two | {"do": "out-1"}).text
    other, _door = made(night, "BDC")
    assert an.get(f"/incidents/sources/{other}/rules").status_code == 403
    assert an.post(f"/incidents/sources/{other}/rules", data=two).status_code == 403
