"""Providers as data: requests as their documentation shows them, answers as they give them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from notify.gateways import recipe as http_recipe
from notify.gateways.providers import RECIPES
from notify.gateways.recipe import Nonsense, Recipe, build, from_json, read, read_report, secret_names

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
    taken = read(esms, 200, '{"CodeResult":"100","CountRegenerate":0,"SMSID":"d533459ee42b"}')
    assert (taken.kind, taken.provider_id) == ("accepted", "d533459ee42b")
    assert read(esms, 200, '{"CodeResult":"124"}').kind == "accepted", "the same request again: it has it already"
    assert read(esms, 200, '{"CodeResult":"108","ErrorMessage":"Phone not valid"}').kind == "refused"
    for ours in ("101", "103", "104", "146"):  # key, balance, brand name, template: another gateway may do better
        assert read(esms, 200, f'{{"CodeResult":"{ours}"}}').kind == "fault"
    assert read(esms, 500, "lỗi").kind == "fault"
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
    taken = read(speed, 200, '{"status":"success","code":"00","data":{"tranId":123456,"totalSMS":1}}')
    assert (taken.kind, taken.provider_id) == ("accepted", "123456")
    assert read(speed, 200, '{"status":"error","code":"300","message":"balance"}').kind == "fault"
    assert read(speed, 200, '{"status":"error","code":"105","message":"number"}').kind == "refused"
    outcomes = [read_report(speed, {"type": "report", "tranId": "1", "status": code})[1] for code in (0, 5, 64, 120)]
    assert outcomes == ["delivered", "", "undelivered", "undelivered"]


def test_vietguys_form() -> None:
    guys = recipe("vietguys")
    request = build(guys, VALUES, {"user": "u", "passcode": "p&q"})
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert b"pwd=p%26q" in request.body and b"phone=84912345678" in request.body
    assert read(guys, 200, '{"error":0,"msgid":"77"}').provider_id == "77"
    assert read(guys, 200, '{"error":"-3"}').kind == "refused"


def test_soap_escapes_what_it_carries() -> None:
    soap = recipe("soap")
    request = build(soap, {**VALUES, "text": "</Content><User>x & y"}, {"user": "a", "password": "<b>", "cpcode": "c"})
    assert (
        b"&lt;/Content&gt;&lt;User&gt;x &amp; y" in request.body and b"<Password>&lt;b&gt;</Password>" in request.body
    )
    assert read(soap, 200, "<return><message>ok</message><result>1</result></return>").kind == "accepted"
    assert read(soap, 200, "<return><message>no</message><result>0</result></return>").kind == "fault"


def test_stringee_reads_aloud_and_asks_for_a_key() -> None:
    voice = recipe("stringee", sender="842473000000")
    assert secret_names(voice) == ["key", "sid"]
    body = json.loads(build(voice, VALUES, {"sid": "SK1", "key": "k"}).body)
    assert body["to"][0]["number"] == "84912345678" and body["from"]["number"] == "842473000000"
    assert [action["action"] for action in body["actions"]] == ["talk", "input"]
    assert body["actions"][1]["eventUrl"] == VALUES["callback"] + "?as=scco"
    assert read(voice, 200, '{"r":0,"call_id":"call-vn-1"}').provider_id == "call-vn-1"
    assert read(voice, 200, '{"r":1,"message":"auth"}').kind == "fault"


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
    kinds = {status: read(plain, status, "").kind for status in (200, 202, 400, 401, 404, 422, 429, 500, 503)}
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
    assert read(plain, 302, "").kind == "fault", "a redirect is no acceptance"


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
    with pytest.raises(Nonsense) as refused:
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
        assert http_recipe.read(recipe(name), status, text).kind in ("accepted", "refused", "fault")
