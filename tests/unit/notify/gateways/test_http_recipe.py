"""Providers as data: requests as their documentation shows them, answers as they give them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from notify.gateways import incoming
from notify.gateways.answers import read_answer, read_report
from notify.gateways.providers import RECIPES
from notify.gateways.recipe import InvalidRecipe, Recipe, build, from_json, secret_names
from tests.support.carriers import HEARS

VALUES = {
    "to": "0912345678",
    "text": "SC-2026-0001 buoc 1",
    "id": "abc@vidu.vn",
    "callback": "https://x.vn/v/t",
    "report": "https://x.vn/gateways/1/report/k",
    "jwt": "h.c.s",
}


def recipe(name: str, **changes: Any) -> Recipe:
    return from_json({**RECIPES[name]["settings"], "sender": "BUUDIEN", **changes})


def secrets(of: Recipe) -> dict[str, str]:
    return {name: f"bí-mật-{name}" for name in secret_names(of)}


def test_esms_json() -> None:
    esms = recipe("esms")
    request = build(esms, VALUES, {"api_key": "K", "secret_key": "S"})
    body = json.loads(request.body)
    assert request.url.endswith("/SendMultipleMessage_V4_post_json/")
    assert (body["ApiKey"], body["SecretKey"], body["Phone"]) == ("K", "S", "0912345678")
    assert (body["Brandname"], body["SmsType"], body["IsUnicode"]) == ("BUUDIEN", "2", "0")
    assert body["CallbackUrl"] == VALUES["report"]
    taken = read_answer(esms, 200, '{"CodeResult":"100","CountRegenerate":0,"SMSID":"d533459ee42b"}')
    assert (taken.kind, taken.provider_id) == ("accepted", "d533459ee42b")
    assert read_answer(esms, 200, '{"CodeResult":"124"}').kind == "accepted", (
        "the same request again: it has it already"
    )
    assert read_answer(esms, 200, '{"CodeResult":"108","ErrorMessage":"Phone not valid"}').kind == "refused"
    for ours in ("101", "103", "104", "146"):  # key, balance, brand name, template: another gateway may do better
        assert read_answer(esms, 200, f'{{"CodeResult":"{ours}"}}').kind == "fault"
    assert read_answer(esms, 500, "lỗi").kind == "fault"
    report = {"SMSID": "d533459ee42b", "SendStatus": "5", "SendFailed": "0", "SendSuccess": "1", "TotalSent": "1"}
    assert read_report(esms, report)[:2] == ("d533459ee42b", "delivered")
    assert read_report(esms, {**report, "SendFailed": "1", "SendSuccess": "0"})[1] == "undelivered"
    assert read_report(esms, {**report, "SendStatus": "2", "SendSuccess": "0"})[1] == "", "still on its way"


def test_speedsms_json_with_basic_authorization() -> None:
    speed = recipe("speedsms")
    request = build(speed, VALUES, {"basic": "dG9rZW46eA=="})
    body = json.loads(request.body)
    assert request.headers["Authorization"] == "Basic dG9rZW46eA=="
    assert body == {"to": ["84912345678"], "content": VALUES["text"], "sms_type": 3, "sender": "BUUDIEN"}
    taken = read_answer(speed, 200, '{"status":"success","code":"00","data":{"tranId":123456,"totalSMS":1}}')
    assert (taken.kind, taken.provider_id) == ("accepted", "123456")
    assert read_answer(speed, 200, '{"status":"error","code":"300","message":"balance"}').kind == "fault"
    assert read_answer(speed, 200, '{"status":"error","code":"105","message":"number"}').kind == "refused"
    outcomes = [read_report(speed, {"type": "report", "tranId": "1", "status": code})[1] for code in (0, 5, 64, 120)]
    assert outcomes == ["delivered", "", "undelivered", "undelivered"]


def test_vietguys_form() -> None:
    guys = recipe("vietguys")
    request = build(guys, VALUES, {"user": "u", "passcode": "p&q"})
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert b"pwd=p%26q" in request.body and b"phone=84912345678" in request.body
    assert read_answer(guys, 200, '{"error":0,"msgid":"77"}').provider_id == "77"
    assert read_answer(guys, 200, '{"error":"-3"}').kind == "refused"


def test_soap_escapes_what_it_carries() -> None:
    soap = recipe("soap")
    request = build(soap, {**VALUES, "text": "</Content><User>x & y"}, {"user": "a", "password": "<b>", "cpcode": "c"})
    assert (
        b"&lt;/Content&gt;&lt;User&gt;x &amp; y" in request.body and b"<Password>&lt;b&gt;</Password>" in request.body
    )
    assert read_answer(soap, 200, "<return><message>ok</message><result>1</result></return>").kind == "accepted"
    assert read_answer(soap, 200, "<return><message>no</message><result>0</result></return>").kind == "fault"


def test_stringee_reads_aloud_and_asks_for_a_key() -> None:
    voice = recipe("stringee", sender="842473000000")
    assert secret_names(voice) == ["key", "sid"]
    body = json.loads(build(voice, VALUES, {"sid": "SK1", "key": "k"}).body)
    assert body["to"][0]["number"] == "84912345678" and body["from"]["number"] == "842473000000"
    assert [action["action"] for action in body["actions"]] == ["talk", "input"]
    assert body["actions"][1]["eventUrl"] == VALUES["callback"] + "?as=scco"
    assert read_answer(voice, 200, '{"r":0,"call_id":"call-vn-1"}').provider_id == "call-vn-1"
    assert read_answer(voice, 200, '{"r":1,"message":"auth"}').kind == "fault"


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_makes_a_request_without_open_places(name: str) -> None:
    made = recipe(name)
    request = build(made, VALUES, secrets(made))
    sent = request.url + request.body.decode() + "".join(request.headers.values())
    assert "{to}" not in sent and "{secret" not in sent and "{text}" not in sent
    if made.encoding == "json":
        json.loads(request.body)


def test_what_an_answer_means_without_words_of_the_provider() -> None:
    plain = Recipe("https://x.vn/")
    kinds = {status: read_answer(plain, status, "").kind for status in (200, 202, 400, 401, 404, 422, 429, 500, 503)}
    assert kinds == {
        200: "accepted",
        202: "accepted",
        400: "refused",
        401: "fault",
        404: "fault",
        422: "refused",
        429: "fault",
        500: "fault",
        503: "fault",
    }
    assert read_answer(plain, 302, "").kind == "fault", "a redirect is no acceptance"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ftp://x"}, "url"),
        ({"url": "http://{to}/"}, "url"),
        ({"url": "https://x.vn:99999/"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": "https://x.vn/ gui?key={secret.key}"}, "url"),
        ({"method": "DELETE"}, "method"),
        ({"success": "("}, "success"),
        ({"id_at": "("}, "id_at"),
        ({"encoding": "form", "body": {"a": []}}, "body"),
        ({"encoding": "raw", "body": {}}, "body"),
        ({"body": {"a": "{password}"}}, "body"),
        ({"number": "1"}, "number"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRecipe) as refused:
        from_json({"url": "https://x.vn/", **changes})
    assert refused.value.field == field


@given(st.text(), st.sampled_from(["json", "form", "query", "raw"]))
def test_no_text_breaks_out_of_its_place(text: str, encoding: str) -> None:
    text = "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000)
    body: Any = "<a>{text}</a>" if encoding == "raw" else {"a": "{text}", "b": "fest"}
    request = build(Recipe("https://x.vn/p?z={text}", encoding=encoding, body=body), {**VALUES, "text": text}, {})
    assert "\n" not in request.url and "\r" not in request.url and request.url.startswith("https://x.vn/p?z=")
    if encoding == "json":
        assert json.loads(request.body) == {"a": text, "b": "fest"}
    if encoding == "raw":
        inner = request.body.decode()[3:-4]
        assert "<" not in inner and ">" not in inner


@given(st.integers(100, 599), st.text())
def test_any_answer_means_something(status: int, text: str) -> None:
    for name in ("esms", "soap", "json_sms"):
        assert read_answer(recipe(name), status, text).kind in ("accepted", "refused", "fault")


ANDROID = {
    "deviceId": "ffffffffceb0b1db0000018e937c815b",
    "event": "sms:received",
    "id": "Ey6ECgOkVVFjz3CL48B8C",
    "payload": {
        "messageId": "abc123",
        "message": "1",
        "sender": "+84912345678",
        "recipient": None,
        "phoneNumber": "+84912345678",
        "simNumber": 1,
        "receivedAt": "2026-02-17T02:12:11.000+07:00",
    },
    "webhookId": "trực",
}


def test_an_android_telephone_sends_and_tells_of_texts_that_came() -> None:
    android = recipe("android", url="http://192.168.1.10:8080/message")
    request = build(android, VALUES, {"basic": "c21zOnNtcw=="})
    assert request.headers["Authorization"] == "Basic c21zOnNtcw=="
    body = json.loads(request.body)
    assert body == {
        "textMessage": {"text": VALUES["text"]},
        "phoneNumbers": ["+84912345678"],
        "withDeliveryReport": True,
    }
    verdict = read_answer(android, 202, '{"id": "x-1", "state": "Pending", "recipients": []}')
    assert (verdict.kind, verdict.provider_id) == ("accepted", "x-1")
    came = incoming.read_incoming(android, ANDROID)
    assert came is not None
    assert (came.kind, came.sender, came.words, came.report_id) == ("text", "+84912345678", "1", ANDROID["id"])
    older = {**ANDROID, "payload": {"message": "1", "phoneNumber": "0912345678"}}
    found = incoming.read_incoming(android, older)
    assert found is not None and found.sender == "0912345678"
    delivered = {"event": "sms:delivered", "id": "e-2", "payload": {"messageId": "x-1", "sender": None}}
    assert incoming.read_incoming(android, delivered) is None
    assert read_report(android, delivered)[:2] == ("x-1", "delivered")


def test_a_missed_call_has_no_words_and_what_has_no_number_of_its_own_is_known_by_what_it_says() -> None:
    plain = recipe("json_sms", **{**HEARS, "in_id": ""})
    call = {"status": "missed_call", "from": "0912345678", "text": "1"}
    first, again = incoming.read_incoming(plain, call), incoming.read_incoming(plain, dict(reversed(call.items())))
    assert first is not None and (first.kind, first.words, first.is_numbered) == ("call", "", False)
    assert first == again
    other = incoming.read_incoming(plain, {**call, "from": "0912345679"})
    assert other is not None and other.report_id != first.report_id
    assert incoming.read_incoming(recipe("esms"), call) is None, "it describes nothing of the sort"


def test_what_no_database_keeps_is_left_out() -> None:
    came = incoming.read_incoming(
        recipe("json_sms", **HEARS), {"status": "received", "from": "09\x0012", "text": "1\x00\n2" * 900, "id": 7}
    )
    assert came is not None and "\x00" not in came.words + came.sender and len(came.words) <= incoming.LONGEST
    assert came.words.endswith("…"), "cut, and it shows"
    assert came.report_id == "7"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"in_from": "/from", "in_text": "", "in_call": ""}, "in_text"),
        ({"in_from": "/from", "in_text": "^x$", "in_words": ""}, "in_words"),
        ({"in_call": "("}, "in_call"),
        ({"in_id": "("}, "in_id"),
    ],
)
def test_half_a_description_of_what_comes_in_is_refused(changes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRecipe) as fault:
        recipe("json_sms", **{**HEARS, **changes})
    assert fault.value.field == field


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=20)), max_size=6))
def test_whatever_is_reported_is_read_or_left(fields: dict[str, Any]) -> None:
    came = incoming.read_incoming(recipe("json_sms", **HEARS), fields)
    assert came is None or (came.report_id and len(came.words) <= incoming.LONGEST)
