"""Monitoring tools at the door, and the people who let them in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DataError, OperationalError

from core.db import db as database
from incidents.intake import endpoints, ingest, sources
from incidents.intake.models import Intake, IntakeEvent, IntakeRefusal
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.record.models import Incident
from tests.support import enterprise
from tests.support.tet_night import ADMIN, NIGHT, Night
from tests.web.incidents.api.test_incident_api import Api

PD = {"summary": "Bưu cục 12 mất mạng", "source": "bc-12", "severity": "critical"}


@pytest.fixture
def api(night: Night, client: FlaskClient) -> Api:
    return Api(client, "admin")


def made(night: Night, kind: str, **more: Any) -> tuple[Intake, str]:
    given = {"name": "Giám sát", "kind": kind, "unit_id": night.ids["BDA"]} | more
    actor, now = given.pop("actor", ADMIN), given.pop("now", NIGHT)
    return sources.create(sources.NewSource(**given), actor=actor, now=now)


def statuses() -> list[str]:
    database.session.rollback()
    return list(database.session.scalars(select(Incident.status).order_by(Incident.id)))


# --- tools ---------------------------------------------------------------------------------------------------------


def test_a_tool_that_speaks_pagerduty_raises_and_resolves(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "pagerduty")
    event = {"routing_key": key, "event_action": "trigger", "dedup_key": "bc-12", "payload": PD}
    first, again = (client.post("/v2/enqueue", json=event) for _ in range(2))
    assert (first.status_code, first.json["status"], first.json["dedup_key"]) == (202, "success", "bc-12")
    assert (again.json["outcome"], again.json["incident"]) == ("known", first.json["incident"])
    done = client.post("/v2/enqueue", json={"routing_key": key, "event_action": "resolve", "dedup_key": "bc-12"})
    assert done.status_code == 202 and statuses() == ["resolved"]


def test_a_trigger_without_a_key_is_answered_with_one_that_resolves_it(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "pagerduty")
    told = client.post("/v2/enqueue", json={"routing_key": key, "event_action": "trigger", "payload": PD}).json
    client.post("/v2/enqueue", json={"routing_key": key, "event_action": "resolve", "dedup_key": told["dedup_key"]})
    assert statuses() == ["resolved"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "'routing_key' is missing"),
        (b'{"routing_key": "in_nobody"}', "Invalid routing key"),
        (b'{"routing_key": "in_\\ud800"}', "Invalid routing key"),
    ],
)
def test_what_is_no_event_is_a_400_that_says_why(night: Night, client: FlaskClient, body: bytes, told: str) -> None:
    answer = client.post("/v2/enqueue", data=body)
    assert answer.status_code == 400 and answer.json["status"] == "invalid event"
    assert told in answer.json["errors"][0] and statuses() == []
    assert refused() == [(None, "key", 1)]


def test_alertmanagers_group_is_one_incident_until_nothing_fires(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "alertmanager")
    alert = {"status": "firing", "labels": {"alertname": "Down"}, "annotations": {}}
    notice = {
        "version": "4",
        "groupKey": "g",
        "status": "firing",
        "commonLabels": {"alertname": "Down"},
        "alerts": [alert],
    }
    path = f"/intake/alertmanager/{key}"
    assert [client.post(path, json=notice).status_code for _ in range(2)] == [202, 202]
    assert statuses() == ["open"]
    assert client.post(path, json=notice | {"status": "resolved"}).status_code == 202
    assert statuses() == ["resolved"]


def test_flat_json_and_its_key_in_the_api(night: Night, client: FlaskClient, api: Api) -> None:
    _source, key = made(night, "generic")
    body = {"title": "Mất điện", "category": "power", "severity": 4, "dedup_key": "ups", "status": "open"}
    code = client.post(f"/intake/generic/{key}", json=body).json["incident"]
    _status, seen = api.call("GET", f"/incidents/{code}")
    assert (seen["title"], seen["category"], seen["severity"], seen["dedup_key"]) == ("Mất điện", "power", 4, "ups")


def test_forms_are_read_with_or_without_files_and_the_key_is_not_kept(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "generic")
    path, down = f"/intake/generic/{key}", {"heartbeat": {"status": 0}, "monitor": {"id": 1, "name": "Bưu cục 12"}}
    sent = {"data": json.dumps(down | {"msg": "Down"})}
    assert client.post(path, data=sent, content_type="multipart/form-data").json["outcome"] == "created"
    assert client.post(path, data=sent).json["outcome"] == "known"
    zabbix = {"eventid": "7", "eventvalue": "1", "Subject": "Mất mạng", "URL": f"https://x{path}", "to": key}
    assert client.post(path, json=zabbix).json["outcome"] == "created"
    _other, routing_key = made(night, "pagerduty")
    client.post("/v2/enqueue", json={"routing_key": routing_key, "event_action": "trigger", "payload": PD})
    kept = " ".join(database.session.scalars(select(IntakeEvent.payload).order_by(IntakeEvent.id)))
    assert kept.startswith('{"heartbeat"') and "***" in kept and key not in kept and routing_key not in kept


def test_a_test_of_a_program_is_on_the_page_and_wakes_nobody(night: Night, manager: FlaskClient) -> None:
    _source, key = made(night, "generic")
    sent = {"heartbeat": None, "monitor": None, "msg": "Trực Tết Testing"}
    assert manager.post(f"/intake/generic/{key}", json=sent).json["outcome"] == "dropped"
    assert "Bỏ qua, không gọi ai" in manager.get("/incidents/sources/1").text and statuses() == []


def test_a_heartbeat_is_heard_however_it_comes_and_whatever_it_says(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "heartbeat", every_minutes=5)
    path = f"/intake/heartbeat/{key}"
    for answer in (client.post(path), client.get(path), client.post(path, data=b"\xff{")):
        assert (answer.status_code, answer.json["outcome"]) == (202, "heard")
        assert answer.headers["Cache-Control"] == "no-store", "nothing on the way may answer for us"
    assert client.head(path).status_code == 202 and len(heard()) == 4
    _other, other = made(night, "generic")
    assert client.get(f"/intake/generic/{other}").status_code == 405


def test_a_heartbeat_that_failed_is_an_incident_until_its_next_sign(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "heartbeat", every_minutes=5, name="Sao lưu đêm")
    path = f"/intake/heartbeat/{key}"
    assert client.post(f"{path}/fail", data="hết chỗ trên đĩa").json["outcome"] == "created"
    assert client.get(f"{path}/fail").json["outcome"] == "known", "counted on the same one"
    [incident] = database.session.scalars(select(Incident)).all()
    assert (incident.title, incident.description) == ("Sao lưu đêm báo không làm xong", "hết chỗ trên đĩa")
    assert client.get(f"{path}?msg=xong").json["outcome"] == "resolved" and statuses() == ["resolved"]
    assert [each.payload for each in heard()] == ["hết chỗ trên đĩa", "", "msg=xong"]
    assert client.get("/intake/heartbeat/in_x/fail").status_code == 404
    _other, other = made(night, "generic")
    assert client.post(f"/intake/generic/{other}/fail").status_code == 404


def heard() -> list[IntakeEvent]:
    database.session.rollback()
    return list(database.session.scalars(select(IntakeEvent).order_by(IntakeEvent.id)))


def refused() -> list[tuple[int | None, str, int]]:
    database.session.rollback()
    rows = database.session.scalars(select(IntakeRefusal).order_by(IntakeRefusal.id))
    return [(each.intake_id, each.why, each.times) for each in rows]


def test_a_key_opens_only_the_door_it_was_made_for(night: Night, client: FlaskClient) -> None:
    source, key = made(night, "generic")
    for path in (
        f"/intake/alertmanager/{key}",
        f"/intake/heartbeat/{key}",
        "/intake/generic/in_x",
        f"/intake/owl/{key}",
    ):
        assert client.post(path, json={}).status_code == 404
    assert client.post("/v2/enqueue", json={"routing_key": key}).status_code == 400
    other, pagerduty_key = made(night, "pagerduty")
    assert client.post(f"/intake/pagerduty/{pagerduty_key}", json={}).status_code == 404
    assert statuses() == []
    assert refused() == [(source.id, "door", 4), (None, "key", 1), (other.id, "door", 1)]
    sources.revoke(source.id, actor=ADMIN, now=NIGHT)
    assert client.post(f"/intake/generic/{key}", json={"title": "x"}).status_code == 404
    assert (source.id, "revoked", 1) in refused()
    enterprise.sign_in(client, "qt1")
    page = client.get(f"/incidents/sources/{source.id}").text
    assert "Từ chối 4 tin: gửi đến địa chỉ của loại nguồn khác" in page and "khóa đã bị thu hồi" in page
    assert "Từ chối 1 tin không rõ của nguồn nào: khóa không của nguồn nào" in client.get("/incidents/sources/").text


def test_who_must_wait_is_told_503_because_tools_drop_what_they_are_told_4xx_for(
    night: Night, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _source, key = made(night, "generic")
    monkeypatch.setattr(ingest, "MOST_A_MINUTE", 1)
    client.post(f"/intake/generic/{key}", json={"title": "a"})
    busy = client.post(f"/intake/generic/{key}", json={"title": "b"})
    assert busy.status_code == 503 and int(busy.headers["Retry-After"]) > 0

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    monkeypatch.setattr(ingest, "receive_all", away)
    assert client.post(f"/intake/generic/{key}", json={"title": "c"}).status_code == 503


def test_a_body_without_end_is_refused_and_counted(night: Night, client: FlaskClient) -> None:
    source, key = made(night, "generic")
    answer = client.post(f"/intake/generic/{key}", data=b" " * (endpoints.MOST_BYTES + 1))
    assert answer.status_code == 413 and answer.json["status"] == "invalid event"
    assert refused() == [(source.id, "size", 1)]
    routed = client.post("/v2/enqueue", data=b" " * (endpoints.MOST_BYTES + 1))
    assert routed.status_code == 413 and refused()[1:] == [(None, "size", 1)]
    other, key = made(night, "pagerduty")
    event = json.dumps({"routing_key": key, "payload": "x" * endpoints.MOST_BYTES})
    assert client.post("/v2/enqueue", data=event).status_code == 413
    assert refused()[2:] == [(other.id, "size", 1)], "whose it is stands at its beginning"


# --- what nobody can read ------------------------------------------------------------------------------------------

SHAPES: dict[str, dict[str, Any]] = {
    "plain text": {"data": "UPS bc-12 mất điện", "content_type": "text/plain"},
    "no title": {"json": {"host": "bc-12", "state": 2}},
    "a form": {"data": {"host": "bc-12", "state": "2"}},
    "an array": {"json": [{"title": "Mất điện"}]},
    "broken JSON": {"data": '{"title": "Mất điện', "content_type": "application/json"},
    "no letters": {"data": b"\xff\xfe\x00bc-12"},
    "nothing": {"data": b""},
    "a form of parts": {"data": {"host": "bc-12"}, "content_type": "multipart/form-data"},
}
DOORS = ("pagerduty", "alertmanager", "generic")


def sent(client: FlaskClient, kind: str, key: str, shape: dict[str, Any]) -> Any:
    """``shape`` at the door of that kind; PagerDuty's key travels in the body, wherever it fits."""
    if kind != "pagerduty":
        return client.post(f"/intake/{kind}/{key}", **shape)
    if isinstance(shape.get("json"), dict):
        return client.post("/v2/enqueue", json=shape["json"] | {"routing_key": key})
    if isinstance(shape.get("data"), dict):
        return client.post("/v2/enqueue", **(shape | {"data": shape["data"] | {"routing_key": key}}))
    body = shape["data"] if "data" in shape else json.dumps(shape["json"])
    body = body.encode() if isinstance(body, str) else body
    return client.post("/v2/enqueue", data=body + f' "routing_key": "{key}"'.encode())


@pytest.mark.parametrize("kind", DOORS)
def test_an_alarm_with_a_valid_key_is_never_refused_for_its_shape(night: Night, client: FlaskClient, kind: str) -> None:
    source, key = made(night, kind, name="UPS", category="power")
    answers = [sent(client, kind, key, shape) for shape in SHAPES.values()]
    assert [each.status_code for each in answers] == [202] * len(SHAPES)
    assert [each.json["outcome"] for each in answers] == ["created"] + ["known"] * (len(SHAPES) - 1)
    database.session.rollback()
    [incident] = database.session.scalars(select(Incident)).all()
    assert (incident.title, incident.category, incident.unit_id) == ("UPS: tin không đọc được", "power", source.unit_id)
    assert incident.severity == 3, "as its category says"
    assert "UPS bc-12 mất điện" in incident.description, "whoever is called may be no reader of the source's page"
    assert [each.size > 0 for each in heard()] == [kind == "pagerduty" or name != "nothing" for name in SHAPES]
    assert "bc-12" in heard()[0].payload and key not in " ".join(each.payload for each in heard())
    enterprise.sign_in(client, "an1")
    page = client.get(f"/incidents/sources/{source.id}").text
    assert "UPS bc-12 mất điện" in page and incident.code in page
    assert client.post(f"/incidents/sources/{source.id}/try", data={"last": "1"}).status_code in (200, 422)


@pytest.mark.parametrize("kind", DOORS)
def test_good_news_that_names_nothing_is_dropped(night: Night, client: FlaskClient, kind: str) -> None:
    _source, key = made(night, kind)
    over = {"status": "resolved", "event_action": "resolve", "alerts": []}
    answer = sent(client, kind, key, {"json": over})
    assert (answer.status_code, answer.json["outcome"]) == (202, "dropped") and statuses() == []


def test_what_cannot_be_read_is_not_kept_where_words_are_withheld(night: Night, client: FlaskClient) -> None:
    _source, key = made(night, "generic")
    told = [
        "Mất túi KT1, người gửi: Tỉnh ủy",
        json.dumps({"x": "hỏa tốc"}),
        "x=h%E1%BB%8Fa+t%E1%BB%91c",
        '{"x": "v' + "x" * 9_000 + "hỏa tốc",
    ]
    for body in told:
        assert client.post(f"/intake/generic/{key}", data=body).status_code == 202
    assert [each.payload for each in heard()] == [""] * len(told)
    assert "Tỉnh ủy" not in database.session.scalars(select(Incident.description)).one()


def test_no_tool_can_end_what_nobody_could_read_and_no_rule_hides_it(night: Night, client: FlaskClient) -> None:
    source, key = made(night, "generic")
    ruling.write(source.id, [IntakeRule(how="always", then="drop")], seen=ruling.stamp(source), actor=ADMIN, now=NIGHT)
    client.post(f"/intake/generic/{key}", data="?")
    for name in ("unreadable", "unreadable "):
        client.post(f"/intake/generic/{key}", json={"dedup_key": name, "status": "resolved"})
    assert statuses() == ["open"]


def test_what_breaks_its_reader_or_the_database_is_taken_in_all_the_same(
    night: Night, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    _source, key = made(night, "generic")
    _other, second = made(night, "generic", name="Khác")
    receive = ingest.receive_all

    def breaks(session: Any, arrivals: Any, **more: Any) -> Any:
        if arrivals[0].alarm.title == "hỏng":
            raise DataError("hỏng", None, ValueError("0x00"))
        return receive(session, arrivals, **more)

    monkeypatch.setattr(ingest, "receive_all", breaks)
    assert client.post(f"/intake/generic/{key}", json={"title": "hỏng"}).status_code == 202
    monkeypatch.setitem(endpoints.READERS, "generic", lambda _given: 1 / 0)
    assert client.post(f"/intake/generic/{second}", json={"title": "x"}).status_code == 202
    titles = database.session.scalars(select(Incident.title).order_by(Incident.id)).all()
    assert titles == ["Giám sát: tin không đọc được", "Khác: tin không đọc được"]


def test_what_nobody_could_read_joins_no_group(night: Night, client: FlaskClient) -> None:
    source, key = made(night, "generic")
    source.group_minutes = 30
    database.session.commit()
    client.post(f"/intake/generic/{key}", json={"title": "Mất điện", "dedup_key": "a"})
    client.post(f"/intake/generic/{key}", data="?")
    client.post(f"/intake/generic/{key}", json={"title": "Mất mạng", "dedup_key": "b"})
    assert statuses() == ["open", "open"], "the group, and what nobody could read"


# --- keys by API ---------------------------------------------------------------------------------------------------


def test_a_source_is_made_listed_and_revoked_by_api(api: Api, client: FlaskClient) -> None:
    status, new = api.call("POST", "/intakes", {"name": "Zabbix", "kind": "generic", "unit": "BDA"})
    assert status == 201 and new["address"] == f"/intake/generic/{new['key']}" and new["category"] == "other"
    assert client.post(new["address"], json={"title": "Mất mạng"}).status_code == 202
    _status, listed = api.call("GET", "/intakes")
    assert [(each["id"], each["unit"], "key" in each) for each in listed["items"]] == [(new["id"], "BDA", False)]
    assert api.call("DELETE", f"/intakes/{new['id']}")[0] == 204
    assert client.post(new["address"], json={"title": "Mất mạng"}).status_code == 404
    assert api.call("DELETE", "/intakes/99")[0] == 404


def test_a_heartbeat_without_rhythm_is_told_which_field(api: Api) -> None:
    status, problem = api.call("POST", "/intakes", {"name": "A1", "kind": "heartbeat", "unit": "BDA"})
    assert (status, problem["errors"][0]["field"]) == (409, "due_by")


def test_a_manager_sees_only_sources_of_the_own_units(night: Night, client: FlaskClient) -> None:
    made(night, "generic", name="của A")
    made(night, "generic", name="của C", unit_id=night.ids["BDC"])
    key = Api(client, "manager", "BDA")
    assert [each["name"] for each in key.call("GET", "/intakes")[1]["items"]] == ["của A"]
    assert key.call("POST", "/intakes", {"name": "x", "kind": "generic", "unit": "BDC"})[0] == 403


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(night: Night, client: FlaskClient) -> FlaskClient:
    enterprise.sign_in(client, "an1")
    return client


def test_the_key_is_shown_once(manager: FlaskClient) -> None:
    form = {"name": "Zabbix", "kind": "pagerduty", "unit": "BDA", "category": ""}
    shown = manager.post("/incidents/sources/", data=form)
    assert shown.status_code == 201 and sources.PREFIX in shown.text and "/v2/enqueue" in shown.text
    page = manager.get("/incidents/sources/1").text
    assert sources.PREFIX not in page and "Zabbix" in page
    assert "Zabbix" in manager.get("/incidents/sources/").text


def test_what_was_typed_stays_when_something_is_wrong(manager: FlaskClient) -> None:
    form = {"name": "Bưu cục A1", "kind": "heartbeat", "unit": "BDA", "category": "", "due_by": "8h"}
    answer = manager.post("/incidents/sources/", data=form)
    assert answer.status_code == 422 and "Ghi giờ như 08:00." in answer.text and 'value="Bưu cục A1"' in answer.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"every_minutes": "abc"}, "Ghi một số nguyên."),
        ({"name": "A" * 101}, "Không quá 100 ký tự."),
        ({"kind": "owl"}, "Chọn một trong các mục có sẵn."),
        ({"category": "volcano", "kind": "generic", "every_minutes": ""}, "Không có loại sự cố “volcano”."),
    ],
)
def test_every_fault_is_told_in_vietnamese(manager: FlaskClient, wrong: dict[str, str], told: str) -> None:
    sent = {"name": "A1", "kind": "heartbeat", "unit": "BDA", "category": "", "due_by": "", "every_minutes": "5"}
    answer = manager.post("/incidents/sources/", data=sent | wrong)
    assert answer.status_code == 422 and told in answer.text


def test_the_box_reads_a_body_and_calls_nobody(night: Night, manager: FlaskClient) -> None:
    made(night, "pagerduty")
    body = {"event_action": "trigger", "dedup_key": "bc-12", "payload": PD}
    shown = manager.post("/incidents/sources/1/try", data={"body": json.dumps(body)})
    assert shown.status_code == 200 and "Ghi sự cố và gọi người trực" in shown.text and PD["summary"] in shown.text
    wrong = manager.post("/incidents/sources/1/try", data={"body": "{"})
    assert wrong.status_code == 422 and "not JSON" in wrong.text
    assert "Giám sát: tin không đọc được" in wrong.text, "what would become of it all the same"
    assert statuses() == []


def test_what_came_is_on_the_page_as_it_came(night: Night, manager: FlaskClient) -> None:
    _source, key = made(night, "generic")
    code = manager.post(f"/intake/generic/{key}", json={"title": "Mất <b>điện</b>"}).json["incident"]
    page = manager.get("/incidents/sources/1").text
    assert code in page and "Ghi sự cố mới" in page and "<b>điện</b>" not in page


def test_sources_of_others_are_closed(night: Night, manager: FlaskClient) -> None:
    made(night, "generic", unit_id=night.ids["BDC"])
    assert manager.get("/incidents/sources/1").status_code == 403
    assert manager.post("/incidents/sources/1/revoke").status_code == 403
