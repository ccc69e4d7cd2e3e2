"""More is asked than can be answered: readers who left cost nothing, who waited too long is told so, and what was sent
whole is done, whether or not anybody waits for the answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import server as web_server
from core import clock
from core.db import db as database
from core.server import busy
from core.server.order import ServingTurn
from incidents.intake import sources
from incidents.intake.models import Intake
from incidents.record.models import Incident
from people.models import User
from tests.support.enterprise import ROOT as ADMIN, sign_in
from tests.support.web_server import Served, abort, answer, served

PAGES = web_server.ROOM[ServingTurn.LAST]


@pytest.fixture
def web(app: Flask, ids: dict[str, int]) -> Iterator[Served]:
    """The product's own web server, the enterprise behind it."""
    with served(app) as made:
        yield made


@pytest.fixture
def an(app: Flask, web: Served, new_client: Any) -> str:
    """The cookies of somebody who is signed in."""
    client: FlaskClient = new_client()
    sign_in(client, "an1")
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"


@pytest.fixture
def monitor(ids: dict[str, int]) -> str:
    """Where a monitor reports to."""
    made = sources.create(sources.NewSource("Giám sát", "generic", ids["BDA"]), actor=ADMIN, now=clock.now())
    return f"/intake/generic/{made[1]}"


@pytest.fixture
def heart(ids: dict[str, int]) -> str:
    """Where something that must be heard of says so."""
    made = sources.create(
        sources.NewSource("Máy phát", "heartbeat", ids["BDA"], every_minutes=5), actor=ADMIN, now=clock.now()
    )
    return f"/intake/heartbeat/{made[1]}"


def alarm(web: Served, path: str, title: str) -> socket.socket:
    return web.ask("POST", path, json.dumps({"title": title}).encode(), Content_Type="application/json")


def titles() -> set[str]:
    database.session.rollback()
    return set(database.session.scalars(select(Incident.title)))


def everybody_at_work(web: Served) -> None:
    """Each thread holds something that nobody may be turned away from."""
    web.fill("/healthz", web_server.THREADS)


@pytest.mark.both_dbs
def test_an_alarm_whose_monitor_has_hung_up_is_an_incident_all_the_same(web: Served, monitor: str) -> None:
    everybody_at_work(web)
    gone, reset, half = (alarm(web, monitor, title) for title in ("Hung up", "Reset", "Half closed"))
    web.until(lambda: web.waiting() == 3)
    gone.close()
    abort(reset)
    half.shutdown(socket.SHUT_WR)
    web.gate.open()
    assert answer(half)[0] == 202, "who closes only what they say is still told"
    web.until(lambda: titles() >= {"Hung up", "Reset", "Half closed"})


@pytest.mark.both_dbs
def test_an_alarm_is_an_incident_even_if_the_line_broke_while_it_waited(web: Served, monitor: str) -> None:
    everybody_at_work(web)
    alarm(web, monitor, "Broken")
    web.until(lambda: web.waiting() == 1)
    waiting = web.server.task_dispatcher.leave(lambda _each: True)
    for channel in waiting:  # as the loop does when the system says that the line is no more
        channel.handle_close()
        web.server.task_dispatcher.add_task(channel)
    web.gate.open()
    web.until(lambda: "Broken" in titles())


def test_a_sign_of_life_counts_though_it_is_a_read_and_nobody_waits_for_the_answer(
    web: Served, heart: str, an: str
) -> None:
    everybody_at_work(web)
    sign = web.ask("GET", heart, Cookie=an)
    web.until(lambda: web.waiting() == 1)
    sign.close()
    web.gate.open()

    def is_heard() -> bool:
        database.session.rollback()
        return database.session.scalars(select(Intake.heard_at).filter_by(kind="heartbeat")).one() is not None

    web.until(is_heard)


def test_a_form_whose_sender_has_left_is_done(web: Served, an: str) -> None:
    everybody_at_work(web)
    form = web.ask("POST", "/people/units/new", b"", Cookie=an)
    web.until(lambda: web.waiting() == 1)
    form.close()
    web.gate.open()
    web.until(lambda: "/people/units/new" in web.gate.began)


def test_pages_of_readers_who_left_are_not_made_and_those_of_who_stayed_are(web: Served, an: str) -> None:
    web.fill("/account", PAGES, Cookie=an)
    left = [web.ask("GET", "/people/", Cookie=an) for _each in range(40)]
    stayed = web.ask("GET", "/incidents/", Cookie=an)
    web.until(lambda: web.waiting() == 41)
    for line in left:
        line.close()
    web.until(lambda: web.waiting() == 1)  # while all places of pages are still taken
    web.gate.open()
    assert answer(stayed)[0] == 200
    assert "/people/" not in web.gate.began
    web.until(lambda: not web.server.active_channels)


def test_what_machines_and_strangers_read_is_answered_even_if_they_left(web: Served, an: str) -> None:
    """Nothing says that they were only looking: a secret address may do something, a key is no person."""
    web.fill("/account", PAGES, Cookie=an)
    stranger = web.ask("GET", "/login")
    name, _, value = an.partition("=")
    forged = web.ask("GET", "/status", Cookie=f"{name}={value[:-3]}AAA")
    machine = web.ask("GET", "/api/v1/units", Cookie=an, Authorization="Bearer tt_nobody")
    web.until(lambda: web.waiting() == 3)
    for line in (stranger, forged, machine):
        line.close()
    web.gate.open()
    web.until(lambda: {"/login", "/status", "/api/v1/units"} <= set(web.gate.began))


def test_an_alarm_and_an_answer_by_link_pass_by_a_line_of_pages(web: Served, an: str, monitor: str) -> None:
    web.fill("/account", PAGES, Cookie=an)
    pages = [web.ask("GET", "/people/", Cookie=an) for _each in range(40)]
    web.until(lambda: web.waiting() == 40)
    assert answer(alarm(web, monitor, "In between"))[0] == 202
    assert answer(web.ask("GET", "/a/nobody-knows-it"))[0] == 404
    assert answer(web.ask("GET", "/readyz"))[0] in (200, 503)
    assert answer(web.ask("POST", "/language", b"language=vi", Cookie=an))[0] == 303
    assert web.waiting() == 40
    web.gate.open()
    assert [answer(page)[0] for page in pages] == [200] * 40


@pytest.mark.parametrize(
    ("language", "words", "remedy"),
    [
        ("vi", "Nhiều người đang mở trang cùng lúc", "Chờ nửa phút rồi tải lại trang"),
        ("en", "Many people are opening pages", "Wait half a minute, then reload the page"),
    ],
)
def test_who_waited_too_long_is_told_when_to_come_again_in_their_language(
    web: Served, an: str, monkeypatch: pytest.MonkeyPatch, language: str, words: str, remedy: str
) -> None:
    account = database.session.scalars(select(User).filter_by(login="an1")).one()
    account.locale = language
    database.session.commit()
    held = web.fill("/account", PAGES, Cookie=an)
    monkeypatch.setattr(busy, "LONGEST_WAIT", 0.0)
    late, stranger = web.ask("GET", "/people/", Cookie=an), web.ask("GET", "/login")
    status, headers, page = answer(late)
    assert (status, headers["retry-after"]) == (503, str(busy.COME_AGAIN))
    assert words in page and remedy in page
    assert 'class="btn go" href="/"' in page and "/people/" in page
    web.gate.open()
    assert answer(stranger)[0] == 200, "somebody who is not signed in waits"
    assert [answer(line)[0] for line in held] == [200] * PAGES, "what was begun is answered"


def test_who_comes_next_on_the_same_line_is_not_turned_away_too(
    web: Served, an: str, monitor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy sends an alarm on the line on which a reader waited too long."""
    held = web.fill("/account", PAGES, Cookie=an)
    monkeypatch.setattr(busy, "LONGEST_WAIT", 0.0)
    line = web.ask("GET", "/people/", Cookie=an, Connection="keep-alive")
    assert next_answer(line) == 503
    body = json.dumps({"title": "On the same line"}).encode()
    head = "Host: desk", "Content-Type: application/json", f"Content-Length: {len(body)}"
    line.sendall("\r\n".join((f"POST {monitor} HTTP/1.1", *head, "", "")).encode() + body)
    assert next_answer(line) == 202
    assert "On the same line" in titles()
    web.gate.open()
    assert [answer(each)[0] for each in held] == [200] * PAGES


def next_answer(line: socket.socket) -> int:
    """The status of what is answered next; its body is read, and the line stays open."""
    told = HTTPResponse(line)
    told.begin()
    told.read()
    return told.status


def test_what_waits_when_the_program_stops_is_done_where_it_changes_something(
    web: Served, an: str, monitor: str
) -> None:
    everybody_at_work(web)
    report = alarm(web, monitor, "At the end")
    web.until(lambda: web.waiting() == 1)
    web.server.stop()
    web.gate.open()
    assert answer(report)[0] == 202
    assert "At the end" in titles()
