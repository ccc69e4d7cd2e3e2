"""Monitors that can only write mail: a real Dovecot, of whose mails each is read once, whatever dies or breaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DataError

from core.db import db as database
from core.models import AuditEntry
from desk.audit import findings
from incidents.intake import ingest, sources
from incidents.intake.rules import IntakeRule
from incidents.intake_rules import services as ruling
from incidents.mailboxes import imap, polling, reading, services as mailboxes
from incidents.maintenance import services as maintenance
from incidents.record.models import Incident
from tests.support import enterprise
from tests.support.dovecot import SECRET, USER, Dovecot, running_dovecot
from tests.support.in_parallel import in_parallel
from tests.support.mail_post import CODED, FOLDER, MIN, Post, incidents, outcomes
from tests.support.tet_night import ADMIN, NIGHT, Night


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as made:
        yield made


@pytest.fixture
def post(night: Night, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    return Post(night, server)


@pytest.mark.both_dbs("a mail is known by unique rows, and whoever reads holds the source")
def test_a_mail_is_an_incident_once_and_another_ends_it(app: Flask, post: Post) -> None:
    post.send("PROBLEM: từ hôm qua")
    assert post.look() == 0, "what was there before is left alone"
    post.send("PROBLEM: bc-12 mất mạng")
    post.send("PROBLEM: bc-12 mất mạng", From="ai@noikhac.example", **{"Message-ID": "<ai@noikhac.example>"})
    assert post.look() == 2
    assert incidents() == [("PROBLEM: bc-12 mất mạng", "open")] and outcomes() == ["created", "sender"]
    post.send("PROBLEM: bc-12 mất mạng")  # the list sends it a second time
    assert post.look() == 1 and outcomes() == ["created", "sender"]
    assert post.look() == 0
    post.send("RECOVERY: bc-12 mất mạng")
    post.look()
    assert incidents() == [("PROBLEM: bc-12 mất mạng", "resolved")]
    post.send("PROBLEM: bc-13 mất mạng")
    assert sorted(in_parallel(app, 3, lambda _n: polling.look(post.now + MIN))) == [0, 0, 1], "three workers"
    database.session.rollback()
    assert incidents()[1:] == [("PROBLEM: bc-13 mất mạng", "open")]
    assert post.server.unread(CODED) == 6, "nothing is marked as read"


def test_a_mail_during_maintenance_is_held_and_the_page_says_so(post: Post, client: FlaskClient) -> None:
    post.look()
    maintenance.silence(post.id, hours=2, reason="Thay tủ", actor=ADMIN, now=post.now)
    post.send("PROBLEM: bc-12 mất mạng")
    post.send("RECOVERY: bc-12 mất mạng")
    post.look()
    assert outcomes() == ["held", "cleared"] and incidents() == []
    enterprise.sign_in(client, "qt1")
    page = client.get(f"/incidents/sources/{post.id}/mailbox").text
    assert ">Giữ lại, đang bảo trì</td>" in page and ">Một cảnh báo đã hết</td>" in page


def test_loops_bounces_and_what_is_too_large_or_broken_raise_nothing_and_stop_nobody(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.look()
    post.send("Vắng mặt", **{"Auto-Submitted": "auto-replied"})
    post.send("Không gửi được", **{"Return-Path": "<>"})
    post.send("Re: SC-1", **{"In-Reply-To": f"<{'0' * 32}@localhost>"})
    monkeypatch.setattr(reading, "LARGEST", 3_000)
    post.send("PROBLEM: to", "x" * 4_000)
    post.send("PROBLEM: hỏng")
    post.send("PROBLEM: bc-13 mất mạng")
    receive = ingest.receive_all

    def breaks(session: Any, arrivals: Any, **more: Any) -> Any:
        if "hỏng" in arrivals[0].alarm.title:
            raise DataError("hỏng", None, ValueError("0x00"))
        return receive(session, arrivals, **more)

    monkeypatch.setattr(ingest, "receive_all", breaks)
    assert post.look() == 6
    assert outcomes() == ["auto", "bounce", "reply", "too_large", "unreadable", "created"]
    titles = [title for title, _status in incidents()]
    assert titles == ["Nagios: tin không đọc được", "PROBLEM: bc-13 mất mạng"], "what breaks on its way is said"


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_node_that_dies_half_way_loses_nothing_and_doubles_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    post.look()
    post.send("PROBLEM: bc-12 mất mạng")
    post.send("PROBLEM: bc-13 mất mạng")
    place, name = (ingest, "receive_all") if dies == "before" else (polling, "_keep")
    work = getattr(place, name)

    def dying(*given: Any, **more: Any) -> None:
        work(*given, **more)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(place, name, dying)
        with pytest.raises(SystemExit):
            post.look()
    database.session.rollback()
    assert len(incidents()) == (0 if dies == "before" else 1)
    post.look()
    assert sorted(incidents()) == [("PROBLEM: bc-12 mất mạng", "open"), ("PROBLEM: bc-13 mất mạng", "open")]


def test_mails_that_are_numbered_anew_are_not_raised_again(post: Post) -> None:
    post.look()
    post.send("PROBLEM: bc-12 mất mạng")
    post.look()
    before = post.row.uidvalidity
    post.server.new_folder(CODED)
    post.send("PROBLEM: bc-12 mất mạng")
    post.send("PROBLEM: bc-14 mất mạng")
    post.now -= timedelta(days=1)  # nothing of the server's clock is needed
    post.row.next_at = post.now
    database.session.commit()
    post.look()
    assert post.row.uidvalidity != before
    assert [title for title, _status in incidents()] == ["PROBLEM: bc-12 mất mạng", "PROBLEM: bc-14 mất mạng"]


def test_rules_look_at_sender_subject_and_body(post: Post) -> None:
    rules = [
        IntakeRule("from", "contains", "nagios@", then="drop")
        if n == 0
        else IntakeRule("text", "contains", "khai thác", unit="BDA-1")
        for n in (1,)
    ]
    ruling.write(post.id, rules, seen=ruling.stamp(sources.by_id(post.id)), actor=ADMIN, now=NIGHT)
    post.look()
    post.send("PROBLEM: bc-12", "trung tâm KHAI THAC mất mạng")
    post.look()
    [incident] = database.session.scalars(select(Incident)).all()
    assert incident.unit.code == "BDA-1" and incident.category == "connectivity"


@pytest.mark.both_dbs("what became of a visit is written on the row that its administrator may be changing")
def test_a_server_that_is_away_is_said_and_forgiven(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.look()
    post.save(password="sai")
    post.look()
    assert post.row.problem.startswith("login")
    post.save(port=1)
    post.look()
    assert post.row.problem.startswith("connect") and post.row.failing_since == post.now
    post.send("PROBLEM: trong lúc ấy")
    post.look()
    later = post.now + timedelta(minutes=6)
    assert "mailbox_unread" in [each.kind for each in findings.findings(now=later)]
    failing = findings.findings(now=later, checks=[findings.BY_NAME["mailbox_failing"]])
    assert [each.count for each in failing] == [1] and "127.0.0.1" in failing[0].example, "doctor says it at once"
    post.row.port = post.server.port
    database.session.commit()
    post.look()
    assert incidents() == [("PROBLEM: trong lúc ấy", "open")] and post.row.problem == ""
    entries = select(AuditEntry.action).where(AuditEntry.action.like("mailbox.%")).order_by(AuditEntry.id)
    said = database.session.scalars(entries).all()
    assert said[-2:] == ["mailbox.fault", "mailbox.mended"]
    monkeypatch.setattr(imap, "WAIT", 1.0)
    post.save(allow_private=False)
    post.look()
    assert post.row.problem == "private", "nobody looks into the house through it"
    mailboxes.remove(post.id, actor=ADMIN, now=post.now)
    assert mailboxes.find_mailbox(post.id) is None and post.look() == 0


def test_the_page_of_the_mailbox(post: Post, client: FlaskClient) -> None:
    enterprise.sign_in(client, "qt1")
    home = f"/incidents/sources/{post.id}/mailbox"
    page = client.get(home).text
    assert "\nnagios@giamsat.example</textarea>" in page
    assert "Chưa đọc lần nào" in page and SECRET not in page and "Đã có; để trống thì giữ nguyên." in page
    assert "Đã vào được hộp thư" in client.post(f"{home}/try", follow_redirects=True).text
    sent = {
        "host": "imap.xau.example",
        "port": "993",
        "security": "none",
        "username": USER,
        "folder": FOLDER,
        "senders": "không phải thư",
    }
    refused = client.post(home, data=sent)
    assert refused.status_code == 422 and "imap.xau.example" in refused.text
    for told in (
        "đổi máy chủ hoặc tài khoản thì phải ghi lại",
        "chỉ dùng cho máy chủ thư trên",
        "không phải địa chỉ thư",
    ):
        assert told in refused.text
    same = sent | {"host": "127.0.0.1", "port": str(post.server.port), "security": "tls", "allow_private": "y"}
    assert client.post(home, data=same | {"senders": "@giamsat.example"}).status_code == 303
    post.look()
    post.send("PROBLEM: bc-12 mất mạng")
    post.look()
    shown = client.get(home).text
    assert "Ghi sự cố mới" in shown and "nagios@giamsat.example" in shown
    tried = client.post(f"/incidents/sources/{post.id}/try", data={"last": "1"}).text
    assert "Thư điện tử" in tried and "Đếm thêm vào sự cố đang mở" in tried
    client.post("/language", data={"language": "en"})
    assert "New incident" in client.get(home).text or "Mails read" in client.get(home).text
    sources.revoke(post.id, actor=ADMIN, now=NIGHT)
    post.send("PROBLEM: bc-13 mất mạng")
    assert post.look() == 0 and len(incidents()) == 1, "a source that was revoked reads nothing"
    assert "mailbox" in client.get(f"/incidents/sources/{post.id}").text
    assert client.post(home, data=same).status_code == 409
    assert client.post(f"{home}/remove").status_code == 303 and mailboxes.find_mailbox(post.id) is None
    enterprise.sign_in(client, "an1")
    assert client.get(home).status_code == 403
