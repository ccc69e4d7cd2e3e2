"""Who did what: read by those who answer for it, narrowed down, taken along, and never more than their own units."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from compliance.coordination.models import ContactCall
from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.models import AuditEntry
from desk.audit_log import scope, views
from desk.audit_log.labels import THINGS
from duty.duty_checks.models import DutyCheck, DutyCheckUnit
from incidents.catalogue.models import Authority, Route
from people.accounts import keys
from roster.feeds.models import FeedSubscription
from tests.support import audit_details
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

OF_THE_ENTERPRISE = {
    "backup": "copies hold everything",
    "batch": "documents of whatever its maker may see, of many units",
    "category": "one catalogue",
    "demo": "the whole installation",
    "duty_kind": "one list",
    "gateway": "carries the calls of all",
    "holiday": "one calendar",
    "holiday_set": "one calendar",
    "import": "writes into many units at once",
    "message": "held letters are let go by administrators",
    "points": "one table",
    "question": "one catalogue",
    "secrets": "the key of the installation",
    "setting": "of the installation",
    "system": "the machine itself",
    "targets": "one table",
    "work_pattern": "one list",
}
"""Things of no unit, and why only those who answer for everything read of them."""

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _tonight(night: Night) -> Iterator[None]:
    with clock.travel(NIGHT + 10 * MINUTE):
        yield


def write(action: str, thing: str, thing_id: object, actor: Actor = ADMIN, minutes: int = 0, **detail: object) -> None:
    with transaction():
        audit.record(actor, action, thing, str(thing_id), now=NIGHT + minutes * MINUTE, **detail)


def page(client: FlaskClient, **asked: str) -> str:
    answer = client.get("/system/audit/", query_string=asked)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def told(shown: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.partition("<tbody>")[2]))


def about(shown: str) -> str:
    """What the entries are about, without who did them."""
    return " ".join(re.findall(r'<td data-label="Đối tượng">(.*?)</td>', shown, re.S))


def table(client: FlaskClient, **asked: str) -> list[list[str]]:
    answer = client.get("/system/audit/export.csv", query_string=asked)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


def actions(client: FlaskClient, key: str, **asked: object) -> list[str]:
    answer = client.get("/api/v1/audit", query_string=asked, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200, answer.get_json()
    return [each["action"] for each in answer.get_json()["items"]]


def a_key(role: str, unit: str | None) -> str:
    return keys.create_api_key(keys.NewApiKey("Máy", role, unit), now=NIGHT - timedelta(days=90), actor=ADMIN)[1]


@pytest.mark.both_dbs
def test_who_did_what_when_to_whom_and_from_where(client: FlaskClient, night: Night) -> None:
    sign_in(client, "qt1")
    with client.application.test_request_context(environ_base={"REMOTE_ADDR": "10.1.2.3"}):
        an = night.actor("AN1", "manager")
        write("contact.change", "person", night.ids["BI1"], an, channel="phone")
    shown = told(page(client, since="2020-01-20"))
    assert "02:10:00 25/01/2020" in shown and "Sửa địa chỉ liên lạc" in shown
    assert "Trần Thị Bình" in shown and "kênh: phone" in shown and "10.1.2.3" in shown
    client.post("/language", data={"language": "en"})
    assert "Changed an address" in told(page(client, since="2020-01-20"))


@pytest.mark.both_dbs
def test_a_manager_reads_of_their_own_units_alone(new_client: object, night: Night) -> None:
    client: FlaskClient = new_client()  # type: ignore[operator]
    write("person.save", "person", night.ids["BI1"], minutes=1)
    write("person.save", "person", night.ids["DU1"], minutes=2)
    write("gateway.save", "gateway", 1, minutes=3, name="sms")
    write("account.password_set", "user", night.ids["user:qt1"], minutes=4)
    write("account.password_set", "user", night.ids["user:bi1"], minutes=5)
    incident = night.log()
    sign_in(client, "an1")
    seen = told(page(client))
    assert "Trần Thị Bình" in seen and incident.code in seen
    assert "Hoàng Văn Dũng" not in seen and "Lưu cổng gửi" not in seen and "Lê Quản Trị" not in about(page(client))
    assert len(re.findall("Đặt mật khẩu", seen)) == 1
    other: FlaskClient = new_client()  # type: ignore[operator]
    sign_in(other, "ch1")
    seen = told(page(other))
    assert "Hoàng Văn Dũng" in seen and "Trần Thị Bình" not in seen and incident.code not in seen
    for login in ("bi1", "du1"):
        nobody: FlaskClient = new_client()  # type: ignore[operator]
        sign_in(nobody, login)
        assert nobody.get("/system/audit/").status_code == 403
        assert nobody.get("/system/audit/export.csv").status_code == 403


def test_it_is_narrowed_by_person_kind_thing_and_time(client: FlaskClient, night: Night) -> None:
    an, bi = night.actor("AN1", "manager"), night.actor("BI1", "staff")
    write("unit.save", "unit", night.ids["BDA"], an, minutes=1)
    write("session.start", "user", night.ids["user:bi1"], bi, minutes=2)
    write("absence.add", "person", night.ids["BI1"], an, minutes=3)
    write("unit.save", "unit", night.ids["BDC"], ADMIN, minutes=-60 * 24 * 40)
    key = a_key("admin", None)
    assert actions(client, key, who="BI1") == ["session.start"]
    assert actions(client, key, who="an1", kind="people") == ["absence.add", "unit.save"]
    assert actions(client, key, kind="session.start", since="2020-01-25T00:00:00+07:00") == ["session.start"]
    assert set(actions(client, key, about="BI1", since="2020-01-25T00:00:00+07:00")) == {"session.start", "absence.add"}
    assert actions(client, key, about="BDC", kind="unit.save") == ["unit.save"]
    assert actions(client, key, thing="unit", thing_id=str(night.ids["BDA"]), kind="unit.save") == ["unit.save"]
    assert actions(client, key, kind="unit.save", until="2020-01-01T00:00:00+07:00") == ["unit.save"]
    assert actions(client, key, who="nobody-of-that-name") == []
    sign_in(client, "qt1")
    assert "Bưu điện huyện C" not in told(page(client, kind="unit.save"))
    assert "Bưu điện huyện C" in told(page(client, kind="unit.save", since="2019-11-01"))
    assert "Không phải ngày: hôm kia" in page(client, since="hôm kia")


@pytest.mark.both_dbs
def test_pages_neither_skip_nor_repeat(client: FlaskClient, night: Night) -> None:
    for number in range(120):
        write("message.send_held", "message", 1000 + number, minutes=number // 50)
    key = {"Authorization": f"Bearer {a_key('admin', None)}"}
    seen, cursor = [], None
    while True:
        asked = {"kind": "message.send_held", "limit": 50} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/audit", query_string=asked, headers=key).get_json()
        seen += [int(each["thing_id"]) for each in answer["items"]]
        write("message.send_held", "message", 5000 + len(seen), minutes=9)  # somebody goes on meanwhile
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == list(range(1119, 999, -1))
    sign_in(client, "qt1")
    first = page(client, kind="message.send_held")
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert "Tin nhắn" in told(client.get(following[1].replace("&amp;", "&")).get_data(as_text=True))


def test_a_key_of_a_unit_reads_of_that_unit(client: FlaskClient, night: Night) -> None:
    write("unit.save", "unit", night.ids["BDA-1"], minutes=1)
    write("unit.save", "unit", night.ids["BDC"], minutes=2)
    key = a_key("manager", "BDA")
    found = client.get("/api/v1/audit?kind=unit.save", headers={"Authorization": f"Bearer {key}"}).get_json()["items"]
    assert [each["thing_name"] for each in found] == ["Điểm phục vụ A1"]
    staff = a_key("staff", "BDA")
    assert client.get("/api/v1/audit", headers={"Authorization": f"Bearer {staff}"}).status_code == 403


def test_a_file_runs_nothing_and_is_written_down_itself(client: FlaskClient, night: Night) -> None:
    write("key.create", "api_key", 99, name="=HYPERLINK(1)", minutes=1)
    write("unit.save", "unit", night.ids["BDA"], Actor(name="=cmd|' /C calc'!A0", role="admin", via="cli"), minutes=2)
    sign_in(client, "qt1")
    rows = table(client)
    assert {each for row in rows for each in row if each.startswith(("=", "+", "-", "@"))} == set()
    assert any(row[1] == "'=cmd|' /C calc'!A0" and row[5] == "Lưu đơn vị" for row in rows)
    assert any("tên: =HYPERLINK(1)" in row[8] for row in rows)
    noted = db.session.query(AuditEntry).filter_by(action="audit.export").one()
    assert noted.detail["rows"] == len(rows) and noted.origin == "127.0.0.1"


@pytest.mark.both_dbs
def test_each_kind_of_thing_is_of_units_or_of_the_enterprise_for_a_reason(night: Night) -> None:
    condition = scope.visible(night.actor("AN1", "manager"), now=NIGHT)
    asked = str(condition.compile(db.engine, compile_kwargs={"literal_binds": True}))
    ours = {thing for thing in THINGS if f"'{thing}'" in asked}
    written = {thing for _file, _action, thing in audit_details.actions() if thing}
    assert len(written) > 45
    assert written - ours - OF_THE_ENTERPRISE.keys() == set(), "neither shown to managers nor kept from them"
    assert ours & OF_THE_ENTERPRISE.keys() == set()
    assert (ours | OF_THE_ENTERPRISE.keys()) - THINGS.keys() == set()


@pytest.mark.both_dbs
def test_a_manager_reads_what_was_done_by_way_of_other_things(client: FlaskClient, night: Night) -> None:
    """A check of one's own units, a feed, a key, a test call, a route, and one's answer to a letter."""
    ours, theirs = night.ids["BDA"], night.ids["BDC"]
    for unit, code, number in ((ours, "BDA", 901), (theirs, "BDC", 902)):
        write_for_unit(unit, number)
        write("check.start", "duty-check", number)
        write("feed.create", "feed", number)
        write("contact.rang", "contact_call", number)
        write("route.save", "route", f"ĐT-{number}")
        write("requirement.state", "requirement", 1, unit=code, state="done")
        write("evidence.withdraw", "requirement", 1, unit=code, evidence=number)
        write("directive.remind", "directive", 1, unit=code)
        a_key("viewer", code)
    with transaction() as session:
        session.add(DutyCheckUnit(check_id=902, unit_id=ours, position=1))  # asked in both districts: not theirs alone
    write("directive.change", "directive", 1)
    key = a_key("manager", "BDA")
    wanted = ["check", "feed", "contact", "route", "requirement", "evidence", "directive", "key"]
    seen: dict[str, list[tuple[str, str | None]]] = {kind: [] for kind in wanted}
    answer = client.get("/api/v1/audit?limit=200", headers={"Authorization": f"Bearer {key}"}).get_json()["items"]
    for each in answer:
        seen.setdefault(each["action"].partition(".")[0], []).append((each["thing_id"], each["detail"].get("unit")))
    assert [seen[kind] for kind in ("check", "feed", "contact")] == [[("901", None)]] * 3
    assert seen["route"] == [("ĐT-901", None)]
    assert [seen[kind] for kind in ("requirement", "evidence", "directive")] == [[("1", "BDA")]] * 3
    named = {each["detail"].get("unit") for each in answer if each["thing"] == "api_key"}
    assert len([each for each in answer if each["thing"] == "api_key"]) == 2 and named <= {"BDA", None}


def write_for_unit(unit_id: int, number: int) -> None:
    """Rows with the id ``number`` (which nothing else has yet) that belong to the unit."""
    now = NIGHT
    with transaction() as session:
        session.add(DutyCheck(id=number, asked_at=now, closes_at=now, asked_by="An"))
        session.add(FeedSubscription(id=number, scope="unit", unit_id=unit_id, created_at=now))
        session.add(Authority(id=number, unit_id=unit_id, role="police", name="Công an", phone="0903000000"))
        session.add(Route(code=f"ĐT-{number}", name="Đường thư", unit_id=unit_id))
        session.flush()
        session.add(DutyCheckUnit(check_id=number, unit_id=unit_id, position=0))
        told = {"at": now, "answered": True, "rang_by": "An", "written_at": now, "written_by": "An"}
        session.add(ContactCall(id=number, authority_id=number, phone="0903000000", **told))


def test_a_file_that_was_cut_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        write("message.send_held", "message", number)
    sign_in(client, "qt1")
    monkeypatch.setattr(views, "MOST", 4)
    assert len(table(client, kind="message.send_held")) == 4, "all of them are in it"
    monkeypatch.setattr(views, "MOST", 3)
    *rows, last = table(client, kind="message.send_held")
    assert len(rows) == 3 and last == ["Còn thao tác cũ hơn không có trong tệp này: chọn khoảng ngày ngắn hơn."]
