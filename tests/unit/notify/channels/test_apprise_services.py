"""Every service that pages, documents and code name: what arrives there when somebody is called, and when not.

The real library speaks to a sink on this machine; where a service has one address for the world, the sink stands in
its place. What counts is that somebody is rung: an alert that is made, and not a note on one that is not there.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import apprise.plugins.jira
import apprise.plugins.opsgenie
import apprise.plugins.zalo
import pytest
import trustme

from notify.channels.apprise import ALARMS, BY_HOST, TRIED, AppriseChannel, is_tried, is_usable
from notify.channels.base import CarriedLetter, ChannelError
from tests.boundaries.tree import ROOT
from tests.support.http_sink import Asked, HttpSink, http_sink

TITLE, BODY = "[GỌI] SC-2020-0001 Mất điện", "Đề nghị tiếp nhận: https://truc.vidu/a/bi-mat"
ADDRESSES = {
    "json": "json://127.0.0.1:{port}/truc",
    "jsons": "jsons://127.0.0.1:{tls}/truc?verify=no",
    "xml": "xml://127.0.0.1:{port}/truc",
    "xmls": "xmls://127.0.0.1:{tls}/truc?verify=no",
    "form": "form://127.0.0.1:{port}/truc",
    "forms": "forms://127.0.0.1:{tls}/truc?verify=no",
    "zalo": "zalo://12345:abcdef/998877",
    "opsgenie": "opsgenie://khoa-bi-mat/an@vidu.vn",
    "jira": "jira://khoabimat1/",
}
Look = Callable[[Asked], Any]
SHOWN: dict[str, tuple[Look, str, str]] = {
    "json": (lambda asked: asked.json["type"], "failure", "info"),
    "jsons": (lambda asked: asked.json["type"], "failure", "info"),
    "xml": (lambda asked: re.findall("<MessageType>(.*?)<", asked.body.decode())[0], "failure", "info"),
    "xmls": (lambda asked: re.findall("<MessageType>(.*?)<", asked.body.decode())[0], "failure", "info"),
    "form": (lambda asked: asked.form["type"], "failure", "info"),
    "forms": (lambda asked: asked.form["type"], "failure", "info"),
}
"""How the kind of a message is seen there: of a call, and of a notice."""


def letter(address: str, *, urgent: bool) -> CarriedLetter:
    return CarriedLetter(
        address, "Nguyễn Thị An", TITLE, BODY, "<1@vidu.vn>", urgent, datetime(2020, 1, 24, tzinfo=UTC)
    )


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpSink]:
    with http_sink() as server:
        server.answer = '200 {"requestId": "{n}", "result": "Request will be processed", "ok": true}'
        for plugin, name in ((apprise.plugins.opsgenie, "OPSGENIE"), (apprise.plugins.jira, "JIRA")):
            lookup = getattr(plugin, f"{name}_API_LOOKUP")
            monkeypatch.setattr(plugin, f"{name}_API_LOOKUP", dict.fromkeys(lookup, f"{server.url}/alerts"))
        monkeypatch.setattr(apprise.plugins.zalo.NotifyZalo, "notify_url", server.url + "/bot{token}/sendMessage")
        yield server


@pytest.fixture
def secure() -> Iterator[HttpSink]:
    """The same behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with http_sink(tls=context) as server:
        yield server


def send(scheme: str, sink: HttpSink, secure: HttpSink, *, urgent: bool) -> list[Asked]:
    channel = AppriseChannel({"OUTGOING_ALLOW": "127.0.0.0/8"})
    channel.send(letter(ADDRESSES[scheme].format(port=sink.port, tls=secure.port), urgent=urgent), "apprise")
    return sink.asked + secure.asked


@pytest.mark.parametrize("scheme", sorted(ADDRESSES))
def test_a_call_arrives_once_with_its_words(scheme: str, sink: HttpSink, secure: HttpSink) -> None:
    [asked] = send(scheme, sink, secure, urgent=True)
    words = asked.body.decode() if scheme[:4] in ("xml", "xmls", "form") else str(asked.json)
    assert asked.method == "POST"
    assert "SC-2020-0001" in words and "/a/bi-mat" in (words if scheme[:4] != "form" else words.replace("%2F", "/"))


@pytest.mark.parametrize("scheme", ["opsgenie", "jira"])
def test_a_call_makes_an_alert_that_rings(scheme: str, sink: HttpSink, secure: HttpSink) -> None:
    for number in range(2):  # a second call rings again
        asked = send(scheme, sink, secure, urgent=True)
        assert len(asked) == number + 1
        assert asked[-1].path == "/alerts", "an alert of its own, not a note of another (…/notes)"
        assert asked[-1].json["message"] == TITLE and asked[-1].json["details"]["type"] == "failure"


@pytest.mark.parametrize("scheme", sorted(SHOWN))
def test_a_call_is_a_failure_and_a_notice_is_information(scheme: str, sink: HttpSink, secure: HttpSink) -> None:
    look, call, notice = SHOWN[scheme]
    for urgent, expected in ((True, call), (False, notice)):
        seen = look(send(scheme, sink, secure, urgent=urgent)[-1])
        assert seen == expected


def test_an_address_that_would_make_only_notes_is_refused(sink: HttpSink) -> None:
    for address in (
        "opsgenie://khoa-bi-mat/?action=note",
        "opsgenie://khoa-bi-mat/?:failure=note",
        "jira://khoabimat1/?action=close",
    ):
        assert not is_usable(address)
        with pytest.raises(ChannelError, match="not an address"):
            AppriseChannel({}).send(letter(address, urgent=True), "apprise")
    assert sink.asked == []
    assert is_usable("opsgenie://khoa-bi-mat/?action=new")


def test_what_is_offered_by_name_is_what_is_tried_here() -> None:
    assert set(TRIED) == set(ADDRESSES)
    for scheme, address in ADDRESSES.items():
        assert is_tried(address.format(port=1, tls=2)), scheme
        assert is_tried(address.format(port=1, tls=2).replace(scheme, scheme.upper(), 1)), scheme
    for address in ("slack://T1/B1/x", "tgram://1:a/2", "https://hooks.slack.com/services/a/b/c", "mailto://a:b@x.vn"):
        assert not is_tried(address)


def test_every_service_that_we_name_is_tried_here() -> None:
    texts = [path.read_text() for folder in ("docs", "people", "notify") for path in (ROOT / folder).rglob("*.*y")]
    texts += [path.read_text() for path in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md")]
    named = {scheme for text in texts for scheme in re.findall(r"`+(\w+)://", text)} - {
        "http",
        "https",
        "smtp",
        "smtps",
    }
    named |= {name.lower() for name in (*BY_HOST, *ALARMS)}
    assert {"zalo", "jsons", "opsgenie", "jira"} <= named
    assert {scheme for scheme in named if is_usable(f"{scheme}://12345:abcdef/998877")} <= set(ADDRESSES)
