"""An administrator describes gateways on the page; each provider's shape is then asked over a real socket, answers as
that provider does, and reports later. What cannot be reached from here are the providers themselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database
from core.models import AuditEntry
from duty.inbound_messages.models import Reply
from notify.gateways import breakers, services as gateways
from notify.gateways.models import Gateway
from notify.gateways.providers import RECIPES
from notify.models import Delivery, Message
from people.notification_rules import ladders
from tests.support.enterprise import sign_in
from tests.support.html_form import form_of
from tests.support.http_sink import Asked, HttpSink, http_sink
from tests.support.reach_story import ReachStory, status

PHONE = "900000102"
LONG = "Mất điện trung tâm khai thác, máy phát không khởi động được, hàng lạnh bắt đầu hỏng, nước vào kho số 2 và số 3"


@pytest.fixture
def admin(reach: ReachStory, client: FlaskClient) -> FlaskClient:
    sign_in(client, "qt1")
    return client


def describe(admin: FlaskClient, reach: ReachStory, recipe: str, **changes: str) -> HttpSink:
    """Start from the recipe's page, point it at a sink, fill in what the contract says, save."""
    sink = reach.stack.enter_context(http_sink())
    form = form_of(admin.get(f"/gateways/new?recipe={recipe}").text, "url")
    place = urlsplit(form["url"])
    form |= {"url": f"{sink.url}{place.path}", "allow_private": "1", "sender": "BUUDIEN"}
    form |= {name: f"bi-mat-{name}" for name in form if name.startswith("secret_")}
    saved = admin.post(f"/gateways/new?recipe={recipe}", data=form | changes)
    assert saved.status_code == 303, saved.text
    return sink


def only(sink: HttpSink) -> Asked:
    (asked,) = sink.asked
    return asked


def esms(asked: Asked) -> str:
    body = asked.json
    assert asked.path == "/MainService.svc/json/SendMultipleMessage_V4_post_json/"
    assert (body["ApiKey"], body["SecretKey"]) == ("bi-mat-secret_api_key", "bi-mat-secret_secret_key")
    assert (body["Phone"], body["Brandname"], body["SmsType"], body["IsUnicode"]) == ("0" + PHONE, "BUUDIEN", "2", "0")
    return str(body["Content"])


def speedsms(asked: Asked) -> str:
    assert asked.path == "/index.php/sms/send" and asked.headers["authorization"] == "Basic bi-mat-secret_basic"
    assert asked.json["to"] == ["84" + PHONE] and asked.json["sms_type"] == 3 and asked.json["sender"] == "BUUDIEN"
    return str(asked.json["content"])


def vietguys(asked: Asked) -> str:
    assert asked.path == "/api/index.php" and asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (asked.form["u"], asked.form["pwd"]) == ("bi-mat-secret_user", "bi-mat-secret_passcode")
    assert (asked.form["from"], asked.form["phone"]) == ("BUUDIEN", "84" + PHONE)
    return asked.form["sms"]


def soap(asked: Asked) -> str:
    from xml.etree import ElementTree

    assert asked.path == "/bulkapi" and asked.headers["soapaction"] == '""'
    said = {part.tag.rpartition("}")[2]: part.text for part in ElementTree.fromstring(asked.body).iter()}  # noqa: S314
    assert (said["User"], said["CPCode"], said["ServiceID"]) == (
        "bi-mat-secret_user",
        "bi-mat-secret_cpcode",
        "BUUDIEN",
    )
    assert said["ReceiverID"] == "84" + PHONE
    return str(said["Content"])


def json_sms(asked: Asked) -> str:
    assert asked.headers["authorization"] == "Bearer bi-mat-secret_token" and asked.json["to"] == "84" + PHONE
    assert asked.headers["idempotency-key"] == asked.json["id"]
    return str(asked.json["text"])


def android(asked: Asked) -> str:
    assert asked.path == "/message" and asked.headers["authorization"] == "Basic bi-mat-secret_basic"
    assert asked.json["phoneNumbers"] == ["+84" + PHONE] and asked.json["withDeliveryReport"] is True
    return str(asked.json["textMessage"]["text"])


Reports = Callable[[FlaskClient, str], int]
SMS: dict[str, tuple[Callable[[Asked], str], str, Reports | None]] = {
    "esms": (
        esms,
        '200 {"CodeResult":"100","SMSID":"e-1"}',
        lambda provider, url: (
            provider.get(
                f"{url}?SMSID=e-1&SendFailed=0&SendStatus=5&SendSuccess=1&TotalReceiver=1&TotalSent=1&TypeId=2"
            ).status_code
        ),
    ),
    "speedsms": (
        speedsms,
        '200 {"status":"success","code":"00","data":{"tranId":7,"totalSMS":1}}',
        lambda provider, url: provider.post(url, json={"type": "report", "tranId": 7, "status": 0}).status_code,
    ),
    "vietguys": (vietguys, '200 {"error":0,"msgid":"77"}', None),
    "android": (
        android,
        '202 {"id":"a-1","state":"Pending","recipients":[]}',
        lambda provider, url: (
            provider.post(
                url, **signed({"event": "sms:delivered", "id": "e-1", "payload": {"messageId": "a-1"}}, clock.now())
            ).status_code
        ),
    ),
    "soap": (soap, "200 <r><message>ok</message><result>1</result></r>", None),
    "json_sms": (
        json_sms,
        '200 {"id":"j-1"}',
        lambda provider, url: provider.post(url, json={"id": "j-1", "status": "delivered"}).status_code,
    ),
}
"""What a request must look like and carries, the provider's answer, and its later report."""


def test_every_recipe_for_texts_is_walked_below() -> None:
    told_elsewhere = {"zalo"}  # test_zalo.py
    assert set(SMS) | told_elsewhere == {code for code, recipe in RECIPES.items() if recipe["channel"] == "sms"}


@pytest.mark.parametrize("recipe", SMS)
def test_a_provider_is_set_up_on_the_page_asked_in_its_shape_and_believed(
    reach: ReachStory, admin: FlaskClient, new_client: Any, recipe: str
) -> None:
    shape, answer, reports = SMS[recipe]
    sink = describe(admin, reach, recipe)
    sink.script[:] = [answer]
    incident = reach.log(LONG)
    reach.pulse()
    text = shape(only(sink))
    assert text.isascii() and len(text) <= 160, "one part, without diacritics"
    assert text.startswith(f"{incident.code} muc 3 buoc 1: Mat dien trung tam") and "/a/" in text
    page = admin.get(f"/incidents/{incident.code}").text
    assert f"sms/{RECIPES[recipe]['name']}" in page and reach.states(incident)["sms"] == "sent"
    if reports is not None:
        row = database.session.scalars(select(Gateway)).one()
        report = urlsplit(gateways.report_url(row)).path
        assert new_client().head(report + "?SMSID=e-1&SendSuccess=1").status_code == 200
        assert reach.states(incident)["sms"] == "sent", "looking at the address says nothing"
        assert reports(new_client(), report) == 200
        assert reach.states(incident)["sms"] == "delivered"
        assert "Nhà mạng báo: đã tới máy" in admin.get(f"/incidents/{incident.code}").text


@pytest.mark.parametrize(
    ("recipe", "answer"),
    [
        ("esms", '200 {"CodeResult":"104"}'),
        ("speedsms", '200 {"status":"error","code":"300"}'),
        ("vietguys", '200 {"error":"-1"}'),
        ("soap", "200 <result>0</result>"),
    ],
)
def test_a_fault_of_ours_at_the_provider_lets_the_second_gateway_carry_and_blames_no_number(
    reach: ReachStory, admin: FlaskClient, recipe: str, answer: str
) -> None:
    first = describe(admin, reach, recipe)
    first.answer = answer
    second = describe(admin, reach, "json_sms", position="2", name="dự phòng")
    incident = reach.log()
    reach.pulse()
    assert len(first.asked) == len(second.asked) == 1 and reach.states(incident)["sms"] == "sent"
    assert not any(rung.failing for rung in ladders.ladder(reach.binh))
    (tried,) = database.session.scalars(select(Delivery).join(Message).where(Message.channel == "sms"))
    assert tried.detail["gateway"] == "sms/dự phòng" and RECIPES[recipe]["name"] in tried.detail["before"][0]


def test_esms_says_that_it_has_the_text_already_and_is_not_asked_a_third_time(
    reach: ReachStory, admin: FlaskClient
) -> None:
    sink = describe(admin, reach, "esms")
    sink.script[:] = ["take, drop", '200 {"CodeResult":"124","ErrorMessage":"Duplicate RequestId"}']
    incident = reach.log()
    reach.pulse()
    reach.at(5)
    reach.pulse()
    first, again = sink.asked
    assert first.json["RequestId"] == again.json["RequestId"]
    reach.at(60)
    reach.pulse()
    assert len(sink.asked) == 2 and reach.states(incident)["sms"] == "sent"


def test_stringee_calls_reads_aloud_and_1_takes_it(reach: ReachStory, admin: FlaskClient, new_client: Any) -> None:
    sink = describe(admin, reach, "stringee", sender="842473000000")
    sink.script[:] = ['200 {"r":0,"call_id":"call-vn-1"}']
    incident = reach.log(LONG)
    reach.pulse()
    reach.at(60)
    reach.pulse()
    call = only(sink)
    assert call.path == "/v1/call2/callout"
    header, claims, signature = call.headers["x-stringee-auth"].split(".")
    mac = hmac.new(b"bi-mat-secret_key", f"{header}.{claims}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(mac).decode().rstrip("=") == signature
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert said["iss"] == "bi-mat-secret_sid" and said["rest_api"] and said["exp"] > clock.now().timestamp()
    assert call.json["from"]["number"] == "842473000000" and call.json["to"][0]["number"] == "84" + PHONE
    talk, ask = call.json["actions"]
    assert talk["action"] == "talk" and "Bấm phím 1 để nhận" in talk["text"] and LONG in talk["text"]
    # He lets it ring out, is called again, presses 5 by mistake, then 1.
    provider, path = new_client(), ask["eventUrl"].removeprefix(reach.app.config["PUBLIC_URL"])
    heard = provider.post(path, json={"timeout": True, "dtmf": "", "call_id": "call-vn-1"}).json
    assert "Chưa ghi nhận" in heard[0]["text"] and status(incident) == "open"
    assert "Chưa ghi nhận" in provider.post(path, json={"dtmf": "5"}).json[0]["text"]
    heard = provider.post(path, json={"dtmf": "1", "call_id": "call-vn-1"}).json
    assert heard == [{"action": "talk", "text": f"Đồng chí đã nhận sự cố {incident.code}."}]
    assert status(incident) == "acknowledged"
    page = admin.get(f"/incidents/{incident.code}").text
    assert "Bấm phím 1 khi nghe máy." in page and "voice/Stringee" in page


@pytest.mark.parametrize(("recipe", "words"), [("esms_voice", "Content"), ("json_voice", "text")])
def test_other_callers_read_the_same_words(reach: ReachStory, admin: FlaskClient, recipe: str, words: str) -> None:
    sink = describe(admin, reach, recipe)
    sink.answer = '200 {"CodeResult":"100","SMSID":"v-{n}","id":"v-{n}"}'
    incident = reach.log(LONG)
    reach.pulse()
    reach.at(60)
    reach.pulse()
    asked = only(sink).json
    assert LONG in asked[words] and f"Mã sự cố {incident.code}, bước 1" in asked[words]
    if recipe == "json_voice":
        assert "Bấm phím 1 để nhận" in asked[words]
        assert asked["callback"].startswith(reach.app.config["PUBLIC_URL"] + "/v/")
    else:
        assert asked["SmsType"] == "8" and asked["Phone"] == "0" + PHONE
        assert "phím" not in asked[words] and "gọi bàn trực để trả lời" in asked[words], "it hears no keys"
    assert reach.states(incident)["voice"] == "sent"
    for number in range(8):
        reach.log(f"Cảnh báo {number}")
    for seconds in (61, *range(120, 160, 4)):
        reach.at(seconds)
        reach.pulse()
    (several, *_more) = [each.json[words] for each in sink.asked if "sự cố đang chờ đồng chí" in each.json[words]]
    assert ("Bấm phím 1" in several) == (recipe == "json_voice") and "Danh sách có trong tin nhắn" in several


def test_a_registered_wording_is_kept_to_the_letter_and_only_values_are_cut(
    reach: ReachStory, admin: FlaskClient
) -> None:
    form = form_of(admin.get("/gateways/new?recipe=json_sms").text, "url") | {"secret_token": "k"}
    for text, why in (
        ("Bưu điện: {code}", "phải có {link}"),
        ("{code} {plate} {link}", "Không có chỗ điền {plate}"),
    ):
        refused = admin.post("/gateways/new?recipe=json_sms", data=form | {"text": text})
        assert refused.status_code == 422 and why in refused.text and text in refused.text
    wording = "VNPOST TB: su co {code}, {title} tai {unit}. Buoc {step}. Chi tiet {link} tran trong."
    sink = describe(admin, reach, "json_sms", text=wording, text_several="VNPOST TB: {count} su co {codes}. {link}")
    row = database.session.scalars(select(Gateway)).one()
    preview = admin.get(f"/gateways/{row.id}").text
    assert "VNPOST TB: su co SC-2026-0007, Xe thu" in preview
    for number in range(9):
        incident = reach.log(f"{LONG} {number}")
    reach.pulse()
    reach.at(4)
    reach.pulse()
    first, *_rest, last = [asked.json["text"] for asked in sink.asked]
    assert all(len(asked.json["text"]) <= 160 for asked in sink.asked)
    head, tail = first.split(", Mat dien"), first.rpartition(". Buoc 1. Chi tiet ")[2]
    assert head[0].startswith("VNPOST TB: su co SC-") and "/a/" in tail and tail.endswith(" tran trong.")
    assert last.startswith("VNPOST TB: 4 su co SC-") and incident.code[:8] in last and "/b/" in last


def test_secrets_go_in_and_never_come_out(reach: ReachStory, admin: FlaskClient) -> None:
    sink = describe(admin, reach, "json_sms", secret_token="khong-ai-duoc-biet")  # noqa: S106
    row = database.session.scalars(select(Gateway)).one()
    page = admin.get(f"/gateways/{row.id}").text
    assert "khong-ai-duoc-biet" not in page + row.secrets + json.dumps(row.settings) + admin.get("/gateways/").text
    form = form_of(page, "url")
    assert form["secret_token"] == ""
    # Saved again without typing it: it stays. The provider repeats it in its answer: the page shows none of it.
    assert admin.post(f"/gateways/{row.id}", data=form | {"name": "chính"}).status_code == 303
    # To another place it would come out: whoever changes that has to know it.
    elsewhere = admin.post(f"/gateways/{row.id}", data=form | {"url": "https://noi-khac.example/gui"})
    assert elsewhere.status_code == 422 and "Cần giá trị bí mật “token”" in elsewhere.text
    sink.script[:] = ['500 {"error": "Bearer khong-ai-duoc-biet is locked"}']
    incident = reach.log()
    reach.pulse()
    reach.at(5)
    reach.pulse()
    assert only(sink).headers["authorization"] == "Bearer khong-ai-duoc-biet"
    shown = admin.get(f"/incidents/{incident.code}").text + admin.get("/gateways/").text + admin.get("/outbox/").text
    assert "is locked" in shown and "khong-ai-duoc-biet" not in shown


def test_after_a_new_secret_key_the_page_asks_for_the_secrets_again(reach: ReachStory, admin: FlaskClient) -> None:
    sink = describe(admin, reach, "json_sms")
    page = admin.get("/gateways/").text
    assert "Chưa gửi tin nào" in page and "Chưa thấy lỗi" not in page, "nobody knows yet whether it works"
    row = database.session.scalars(select(Gateway)).one()
    form = form_of(admin.get(f"/gateways/{row.id}").text, "url")
    reach.app.config["SECRET_KEY"] = "moi-" * 10
    sign_in(admin, "qt1")
    page = admin.get("/gateways/").text
    assert "Không dùng được" in page and "SECRET_KEY đã đổi" in page
    assert [rung.channel for rung in ladders.ladder(reach.binh)] == ["email"], "nobody counts on it"
    refused = admin.post(f"/gateways/{row.id}", data=form)
    assert refused.status_code == 422 and "Cần giá trị bí mật “token”" in refused.text
    assert admin.post(f"/gateways/{row.id}", data=form | {"secret_token": "khoa-moi"}).status_code == 303
    reach.log()
    reach.pulse()
    assert only(sink).headers["authorization"] == "Bearer khoa-moi"


def test_a_trial_goes_through_that_very_gateway_also_when_another_is_first(
    reach: ReachStory, admin: FlaskClient
) -> None:
    first, second = describe(admin, reach, "esms"), describe(admin, reach, "json_sms", position="2", name="dự phòng")
    row = database.session.scalars(select(Gateway).where(Gateway.name == "dự phòng")).one()
    assert admin.post(f"/gateways/{row.id}/trial").status_code == 303
    reach.pulse()
    assert first.asked == [] and "Truc Tet gui thu tu cong du phong" in only(second).json["text"]
    page = admin.get(f"/gateways/{row.id}").text
    assert "Đã gửi" in page and "200 {&#34;id&#34;: &#34;1&#34;}" in page
    # Switched off it carries nothing, and the page says that the trial waits.
    off = {name: value for name, value in form_of(page, "url").items() if name != "active"}
    reach.at(1)
    admin.post(f"/gateways/{row.id}", data=off)
    admin.post(f"/gateways/{row.id}/trial")
    reach.pulse()
    assert first.asked == [] and len(second.asked) == 1
    assert "Đang giữ lại" in admin.get(f"/gateways/{row.id}").text


def test_inner_networks_are_refused_unless_the_page_allows_them_and_only_administrators_see_it(
    reach: ReachStory, admin: FlaskClient, new_client: Any
) -> None:
    sink = describe(admin, reach, "json_sms", allow_private="")
    reach.log()
    reach.pulse()
    assert sink.connections == 0
    assert "network that is not allowed" in admin.get("/gateways/").text
    row = database.session.scalars(select(Gateway)).one()
    form = form_of(admin.get(f"/gateways/{row.id}").text, "url")
    assert "allow_private" not in form
    # Two more failures would open the breaker; saving the page closes it.
    assert [each.name for each in breakers.known()] == ["sms/HTTP, JSON"]
    admin.post(f"/gateways/{row.id}", data=form | {"allow_private": "1"})
    assert breakers.known() == []
    reach.at(5)
    reach.pulse()
    assert len(sink.asked) == 1
    manager = new_client()
    sign_in(manager, "an1")
    assert manager.get("/gateways/").status_code == 403 and "Cổng gửi tin" not in manager.get("/").text
    assert "Cổng gửi tin" in admin.get("/").text


def test_a_gateway_that_is_taken_away_leaves_its_calls_to_the_next_way(reach: ReachStory, admin: FlaskClient) -> None:
    sink = describe(admin, reach, "json_sms")
    voice = describe(admin, reach, "json_voice")
    sink.script[:] = ["503 bảo trì"]
    gateway_id = database.session.scalars(select(Gateway.id).where(Gateway.channel == "sms")).one()
    incident = reach.log()
    reach.pulse()
    assert len(voice.asked) == 1
    assert admin.post(f"/gateways/{gateway_id}/remove").status_code == 303
    reach.at(5)
    reach.pulse()
    assert sink.asked == [] and reach.states(incident)["sms"] == "held"
    assert [rung.channel for rung in ladders.ladder(reach.binh)] == ["email", "voice"]
    assert admin.get(f"/gateways/{gateway_id}").status_code == 404


def test_what_comes_in_at_an_android_telephone_answers(reach: ReachStory, admin: FlaskClient, new_client: Any) -> None:
    sink = describe(admin, reach, "android")
    sink.script[:] = ['202 {"id":"a-1","state":"Pending","recipients":[]}']
    incident = reach.log(LONG)
    reach.pulse()
    row = database.session.scalars(select(Gateway)).one()
    path = urlsplit(gateways.report_url(row)).path
    came = {"messageId": "abc", "message": "Nhận", "sender": "+84" + PHONE, "recipient": None, "simNumber": 1}
    event = {"deviceId": "d", "event": "sms:received", "id": "e-1", "payload": came, "webhookId": "w"}
    assert new_client().post(path, **signed(event, clock.now())).status_code == 200
    assert status(incident) == "acknowledged"
    page = admin.get(f"/gateways/{row.id}").text
    assert "Tin nhắn và cuộc gọi đến" in page and "^sms:received$" in page
    assert "Nhận" in admin.get("/roster/replies/").text


def test_who_rings_back_to_an_android_telephone_has_taken_it(
    reach: ReachStory, admin: FlaskClient, new_client: Any
) -> None:
    """As CallGate on it tells: twice for one call where the number comes a moment late, and of its end."""
    describe(admin, reach, "android").script[:] = ['202 {"id":"a-1","state":"Pending","recipients":[]}']
    incident = reach.log(LONG)
    reach.pulse()
    path = urlsplit(gateways.report_url(database.session.scalars(select(Gateway)).one())).path

    def tells(event: str, number: str | None, key: str) -> int:
        came = {"deviceId": "d", "event": event, "id": key, "payload": {"phoneNumber": number}, "webhookId": "w"}
        return int(new_client().post(path, **signed(came, clock.now())).status_code)

    assert tells("call:started", "+84" + PHONE, "c-0") == 200 and status(incident) != "acknowledged"
    assert tells("call:ringing", None, "c-1") == 200 and status(incident) != "acknowledged"
    assert tells("call:ringing", "+84" + PHONE, "c-2") == 200
    assert status(incident) == "acknowledged"
    assert tells("call:ended", "+84" + PHONE, "c-3") == 200
    numberless = database.session.scalars(select(Reply).where(Reply.number == "")).one()
    assert numberless.state == "ignored", "it waits on nobody's list"


def signed(event: dict[str, Any], at: datetime, key: str = "bi-mat-secret_signing_key") -> dict[str, Any]:
    """The request as the app makes it: the hash is over its bytes and the seconds beside them."""
    body, stamp = json.dumps(event, ensure_ascii=False).encode(), str(int(at.timestamp()))
    told = hmac.new(key.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Signature": told, "X-Timestamp": stamp}
    return {"data": body, "content_type": "application/json", "headers": headers}


def test_what_an_android_telephone_did_not_sign_answers_nothing_and_the_operator_reads_why(
    reach: ReachStory, admin: FlaskClient, new_client: Any
) -> None:
    describe(admin, reach, "android").script[:] = ['202 {"id":"a-1","state":"Pending","recipients":[]}']
    incident = reach.log(LONG)
    reach.pulse()
    row = database.session.scalars(select(Gateway)).one()
    path, now = urlsplit(gateways.report_url(row)).path, clock.now()
    came = {"messageId": "abc", "message": "Nhận", "sender": "+84" + PHONE}
    event = {"event": "sms:received", "id": "e-1", "payload": came}
    forged = signed(event, now)
    forged["data"] = forged["data"].replace(b"abc", b"abd")
    late, other = signed(event, now - timedelta(minutes=6)), signed(event, now, "khoa-khac")
    for wrong in (forged, late, other, {"json": event}, {"query_string": {"event": "sms:received"}}):
        refused = new_client().post(path, **wrong)
        assert refused.status_code == 403 and "X-Signature" in refused.text
    assert new_client().get(path, query_string={"event": "sms:delivered"}).status_code == 403
    assert status(incident) != "acknowledged" and not database.session.scalars(select(Reply)).all()
    noted = select(AuditEntry).where(AuditEntry.action == "gateway.unsigned")
    assert len(database.session.scalars(noted).all()) == 1, "once an hour, however many come"
    assert "sai chữ ký hoặc lệch giờ" in admin.get(f"/gateways/{row.id}").text
    assert new_client().post(path, **signed(event, now - timedelta(minutes=4))).status_code == 200
    assert status(incident) == "acknowledged"
