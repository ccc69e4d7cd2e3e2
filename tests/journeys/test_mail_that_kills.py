"""Mails on which a parser needs hours, or dies: everything else is read meanwhile, and nothing of them is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database
from core.storage import failpoints
from desk.audit import findings, words
from incidents.intake import sources
from incidents.intake.models import IntakeEvent
from incidents.mailboxes import parsing, polling, reading, services as mailboxes
from incidents.mailboxes.models import Mailbox
from incidents.record.models import Incident
from tests.support import enterprise
from tests.support.dovecot import SECRET, USER, Dovecot, running_dovecot
from tests.support.mail_post import CODED, FOLDER, MIN, Post, incidents, outcomes
from tests.support.tet_night import ADMIN, NIGHT, Night

QUOTES = '"' * 65_536
UNREADABLE = "Nagios: tin không đọc được"
KILLED = 137


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as made:
        yield made


@pytest.fixture
def post(night: Night, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    # What lasts is waited for, however busy the machine is.
    monkeypatch.setattr(polling, "WAITS", 120.0)
    made = Post(night, server)
    made.look()
    return made


def raw(name: str, value: str, sender: str = "nagios@giamsat.example") -> bytes:
    """A mail as nobody's library would write it."""
    head = f"From: {sender}\r\n" if name != "From" else ""
    said = f"{head}{name}: {value}\r\nSubject: PROBLEM: bc-12\r\nMessage-ID: <{name}{len(value)}@x.example>\r\n"
    return f"{said}\r\nbc-12 không trả lời\r\n".encode()


@contextmanager
def deadly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(parsing, "CHILD", "tests.support.dying_child")
        yield


@pytest.mark.both_dbs("that a mail is parsed is committed before, on the row that whoever reads holds")
def test_a_mail_that_kills_its_parser_twice_is_stepped_over_and_said(
    post: Post, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.send("PROBLEM: bc-12 mất mạng", "bc-12 không trả lời")
    with deadly(monkeypatch):
        assert post.look() == 1
    post.send("PROBLEM: bc-13 mất mạng")
    post.look()
    assert outcomes() == ["unreadable", "created"]
    assert incidents() == [(UNREADABLE, "open"), ("PROBLEM: bc-13 mất mạng", "open")]
    first = database.session.scalars(select(Incident).order_by(Incident.id)).first()
    assert first is not None and (first.category, first.unit.code) == ("connectivity", "BDA")
    assert "Subject: PROBLEM: bc-12 mất mạng" in first.description
    kept = database.session.scalars(select(IntakeEvent.payload).order_by(IntakeEvent.id)).first()
    assert kept is not None and "bc-12" in kept and "Message-ID:" in kept, "as it came"
    assert (post.row.trying_uid, post.row.tries) == (None, 0)
    enterprise.sign_in(client, "qt1")
    assert "Không đọc được, đã báo người trực" in client.get(f"/incidents/sources/{post.id}/mailbox").text


def test_one_that_dies_once_is_read_the_next_time(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, died = parsing.parse_mail, list[int]()

    def dies_once(given: bytes) -> Any:
        if not died:
            died.append(1)
            raise parsing.ChildDied("tests")
        return ask(given)

    monkeypatch.setattr(parsing, "parse_mail", dies_once)
    post.send("PROBLEM: bc-12 mất mạng")
    post.look()
    assert outcomes() == ["created"] and incidents() == [("PROBLEM: bc-12 mất mạng", "open")]


@pytest.mark.parametrize("name", ["To", "Content-Type", "Subject", "X-Priority", "Date"])
def test_64_kb_of_quotes_in_a_header_are_an_incident_in_one_look(post: Post, name: str) -> None:
    post.server.append(raw(name, QUOTES), folder=CODED)
    post.send("PROBLEM: bc-13 mất mạng")
    assert post.look() == 2
    assert len(incidents()) == 2 and incidents()[1] == ("PROBLEM: bc-13 mất mạng", "open")


def test_who_hides_behind_64_kb_of_quotes_is_nobody_we_know(post: Post) -> None:
    """A sender is judged by the first 16 KB of its name and address: no monitoring has a longer one."""
    post.server.append(raw("From", f"{QUOTES} <nagios@giamsat.example>"), folder=CODED)
    post.send("PROBLEM: bc-13 mất mạng")
    assert post.look() == 2 and sorted(outcomes()) == ["created", "sender"]
    assert incidents() == [("PROBLEM: bc-13 mất mạng", "open")]


def test_what_strangers_write_is_never_parsed(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "parse_mail", lambda _given: pytest.fail("parsed"))
    post.server.append(raw("To", QUOTES, "ai@noikhac.example"), folder=CODED)
    post.server.append(raw("From", f"{QUOTES} <ai@noikhac.example>"), folder=CODED)
    assert post.look() == 2 and outcomes() == ["sender", "sender"] and incidents() == []


def test_the_parser_is_ended_by_its_own_limits(app: Flask) -> None:
    """No header is long by itself, but there are four hundred, and each part has to be read."""
    part = f"--b\r\nContent-Type: {QUOTES[:1_990]}\r\n\r\n"
    head = "From: nagios@giamsat.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    with pytest.raises(parsing.ChildDied):
        parsing.parse_mail((head + part * 400).encode())


def test_what_the_parser_gives_up_on_is_said(post: Post) -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(12_000))
    post.server.append(f"From: nagios@giamsat.example\r\nSubject: sâu\r\n{nested}".encode(), folder=CODED)
    assert post.look() == 1 and outcomes() == ["unreadable"] and [each[0] for each in incidents()] == [UNREADABLE]


@pytest.mark.both_dbs("what a dead program's connection held is let go by each database in its own way")
def test_a_power_cut_between_counting_and_parsing_loses_nothing(app: Flask, post: Post) -> None:
    post.send("PROBLEM: bc-12 mất mạng")
    for _cut in range(2):
        post.now += MIN
        assert cut_at("mail.counted", post.now) == KILLED
        database.session.rollback()
        assert incidents() == []
    assert post.row.tries == 2
    post.look()
    assert incidents() == [(UNREADABLE, "open")], "two cuts look like two deaths, and are said"
    post.send("PROBLEM: bc-13 mất mạng")
    post.now += MIN
    assert cut_at("mail.counted", post.now) == KILLED
    post.look()
    assert incidents()[1:] == [("PROBLEM: bc-13 mất mạng", "open")], "one cut is none"


def cut_at(place: str, now: datetime) -> int:
    """How a process ended that looks into the mailboxes while the current goes at ``place``."""
    database.session.remove()
    database.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            os.environ.update(FAILPOINT=place, APP_ENV="test")
            failpoints._seen.clear()
            polling.look(now)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_what_is_too_much_for_a_minute_is_no_death(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling.ingest, "MOST_A_MINUTE", 0)
    post.send("PROBLEM: bc-12 mất mạng")
    for _look in range(4):
        post.look()
    assert incidents() == [] and post.row.tries == 0
    monkeypatch.setattr(polling.ingest, "MOST_A_MINUTE", 600)
    post.look()
    assert incidents() == [("PROBLEM: bc-12 mất mạng", "open")]


def test_one_mailbox_that_hangs_holds_up_no_other_and_everybody_is_told(
    app: Flask, night: Night, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, _key = sources.create(
        sources.NewSource("Icinga", "generic", night.ids["BDA"], category="power"), actor=ADMIN, now=NIGHT
    )
    settings = polling.services.Settings(
        "127.0.0.1", post.server.port, "tls", USER, SECRET, FOLDER, ("@khac.example",), True
    )
    mailboxes.save(other.id, settings, actor=ADMIN, now=post.now)
    hangs, over = threading.Event(), threading.Event()
    read = parsing.parse_mail

    def hanging(given: bytes) -> Any:
        if b"hang" in given:
            hangs.set()
            over.wait(60)
        return read(given)

    monkeypatch.setattr(parsing, "parse_mail", hanging)
    post.look()
    monkeypatch.setattr(polling, "WAITS", 0.0)
    post.send("PROBLEM: hang")
    polling.look(post.now + MIN)
    assert hangs.wait(30)
    for thread in threading.enumerate():
        if thread.name == f"mailbox {other.id}":  # it was looked into beside: whoever is at it still is not sent again
            thread.join(60)
    monkeypatch.setattr(polling, "WAITS", 120.0)
    post.send("PROBLEM: bc-14 mất mạng", From="icinga@khac.example")
    post.now += 2 * MIN
    try:
        polling.look(post.now)  # the first is still at it; nobody waits for it
    finally:
        database.session.rollback()
        said = incidents(), unlooked(post.now)
        over.set()
        for thread in threading.enumerate():
            if thread.name == f"mailbox {post.id}":
                thread.join(60)
    assert said == ([("PROBLEM: bc-14 mất mạng", "open")], ["Nagios"])
    post.look()
    assert unlooked(post.now) == [] and len(incidents()) == 2


def unlooked(now: datetime) -> list[str]:
    database.session.rollback()
    found = [each for each in findings.findings(now=now) if each.kind == "mailbox_unvisited"]
    assert all(words.sentence(each) for each in found)
    return [each.example for each in found]


@pytest.mark.both_dbs("the moment of the last visit is compared by the database")
def test_a_mailbox_that_nobody_looked_at_for_three_turns_is_a_fault_everywhere(post: Post, client: FlaskClient) -> None:
    soon, late = post.now + timedelta(seconds=80), post.now + timedelta(seconds=100)
    assert unlooked(soon) == [] and unlooked(late) == ["Nagios"]
    row = database.session.get_one(Mailbox, post.id)
    row.visited_at = row.changed_at = row.visited_at - timedelta(days=1) if row.visited_at else NIGHT
    database.session.commit()
    enterprise.sign_in(client, "qt1")
    assert "Nagios" in client.get("/system/").text


@pytest.mark.both_dbs("the moment at which it is due is compared by the database")
def test_a_clock_that_is_set_back_by_two_hours_silences_no_mailbox(post: Post) -> None:
    post.row.trying_uid, post.row.trying_until = 1, post.now + timedelta(seconds=30)
    database.session.commit()
    post.now -= timedelta(hours=2)
    post.send("PROBLEM: bc-12 mất mạng")
    assert post.look() == 1 and incidents() == [("PROBLEM: bc-12 mất mạng", "open")]


def test_the_box_outlives_what_is_pasted(post: Post, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    enterprise.sign_in(client, "qt1")
    monkeypatch.setattr(reading, "read_mail", lambda _given: pytest.fail("parsed in the web server"))
    path, mail = f"/incidents/sources/{post.id}/try", raw("To", QUOTES).decode()
    assert "PROBLEM: bc-12" in client.post(path, data={"body": mail}).text
    with deadly(monkeypatch):
        answer = client.post(path, data={"body": mail})
    assert answer.status_code == 422 and UNREADABLE in answer.text
