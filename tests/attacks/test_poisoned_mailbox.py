"""A stranger writes to the mailbox in which monitors report: anybody may, and the address is on the letters.

Nagios reports by mail, in the night of Mùng 1. What the stranger wants: that nobody hears of the power cut, that
somebody is woken for nothing, that the program reads itself to death, or that a letter to a colleague opens a door.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from email.header import Header
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db as database
from incidents.escalation import engine
from incidents.intake.models import IntakeEvent
from incidents.mailboxes import polling, strangers
from incidents.mailboxes.models import ReceivedMail
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify.models import Message
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.enterprise import sign_in
from tests.support.mail_post import CODED, Post, incidents, outcomes
from tests.support.tet_night import ADMIN, Night

CUT = "PROBLEM: bc-12 mất điện"
EVIL = "ai@noikhac.example"
FAILED = "mx.buudien.example; spf=fail smtp.mailfrom=giamsat.example; dkim=none; dmarc=fail header.from=giamsat.example"
SPF_ALONE = "mx.buudien.example; spf=softfail smtp.mailfrom=giamsat.example"
PASSED = "mx.buudien.example; spf=pass smtp.mailfrom=giamsat.example; dkim=pass; dmarc=pass"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as made:
        yield made


@pytest.fixture
def post(night: Night, server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    monkeypatch.setattr(polling, "WAITS", 120.0)  # the worker looks again; a story waits for the visit to end
    made = Post(night, server)
    made.look()
    return made


def raw(post: Post, *mails: bytes) -> None:
    post.server.append(*mails, folder=CODED)


def letter(subject: str, text: str = "x", sender: str = EVIL, **headers: str) -> bytes:
    """Its head is folded by ``Header``: ``EmailMessage`` takes a second for one of tens of thousands of letters."""
    head = {
        "From": sender,
        "To": "canhbao@buudien.example",
        "Subject": Header(subject, "utf-8").encode(),
        "Message-ID": f"<{hashlib.sha256(subject.encode()).hexdigest()}@noikhac.example>",
        **{name.replace("_", "-"): Header(value).encode() for name, value in headers.items()},
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    return "\n".join([*(f"{name}: {value}" for name, value in head.items()), "", text]).encode()


def turns_until(post: Post, title: str, most: int = 5) -> int:
    """After how many looks the incident is there."""
    for turn in range(1, most + 1):
        post.look()
        if title in [each for each, _status in incidents()]:
            return turn
    raise AssertionError(f"{title} is still unheard after {most} looks")


@pytest.mark.both_dbs("mails of strangers are passed over in one transaction")
def test_a_thousand_letters_in_a_minute_keep_no_alarm_waiting(post: Post, db: Any) -> None:
    """Two hundred mails are read at a look: what came behind a thousand waited for five looks, and behind a flood that
    goes on for ever."""
    raw(post, *(letter(f"Trúng thưởng {number}") for number in range(1_000)))
    post.send(CUT)
    raw(post, *(letter(f"Trúng thưởng nữa {number}") for number in range(200)))
    assert turns_until(post, CUT) == 1
    assert [title for title, _status in incidents()] == [CUT]
    assert db.session.scalar(select(func.count()).select_from(ReceivedMail)) == strangers.MOST_NAMED + 1
    assert db.session.scalar(select(func.count()).select_from(Message).where(Message.urgent)) == 0
    post.send("RECOVERY: bc-12 mất điện")
    post.look()
    assert incidents() == [(CUT, "resolved")]


def test_more_than_a_look_takes_with_endless_heads_neither(post: Post, db: Any) -> None:
    """Too long for what is asked of many at once, in what calls itself something, or in who sent it: each was read
    alone, and counted among the two hundred mails of a look."""
    long = [letter(f"{'dài ' * 6_000}{number}") for number in range(polling.MOST_A_VISIT - 50)]
    sent_by_many = f"{'x@noikhac.example, ' * 1_000}{EVIL}".encode()
    from_nobody = [b"From: " + sent_by_many + b"\r\nSubject: %d\r\n\r\nx" % number for number in range(60)]
    raw(post, *long, *from_nobody)
    raw(post, *(letter(f"Dài {number}", X_Dai="a " * 9_000) for number in range(60)))
    post.send(CUT)
    assert turns_until(post, CUT) == 1
    named = select(ReceivedMail.sender, ReceivedMail.subject).where(ReceivedMail.outcome == "sender")
    assert {sender for sender, _subject in db.session.execute(named)} == {EVIL}
    assert all(subject.startswith("dài") for _sender, subject in db.session.execute(named))


def test_an_alarm_with_an_endless_subject_is_read(post: Post) -> None:
    post.send(f"{CUT} {'rất ' * 6_000}")
    post.look()
    assert outcomes() == ["created"]


def test_what_is_refused_makes_no_alarm_known(post: Post, db: Any) -> None:
    """Nagios gives all its mails one Message-ID, and dates have seconds: whoever writes the same head a minute before,
    as a machine's answer, is refused without a word; and the alarm itself was taken for that mail."""
    known = {"Message-ID": "<nagios@giamsat.example>", "Date": "Sat, 25 Jan 2020 02:12:00 +0700"}
    post.send(CUT, **known, **{"Auto-Submitted": "auto-replied"})
    post.look()
    assert outcomes() == ["auto"] and incidents() == []
    post.send(CUT, **known)
    post.look()
    assert incidents() == [(CUT, "open")]
    post.send(CUT, **known)
    post.look()
    assert outcomes() == ["auto", "created"], "and it still is an incident once"


@pytest.mark.parametrize(
    ("verdict", "status"), [(FAILED, "open"), (PASSED, "resolved"), ("", "resolved"), (SPF_ALONE, "open")]
)
def test_a_forged_all_clear_ends_no_alarm(post: Post, verdict: str, status: str) -> None:
    """The mail server knows better than the mail. One that says nothing is believed as before; ``doctor`` says so."""
    post.send(CUT)
    post.look()
    post.send("RECOVERY: bc-12 mất điện", **({"Authentication-Results": verdict} if verdict else {}))
    post.look()
    assert incidents() == [(CUT, status)]
    assert outcomes()[1] == ("forged" if status == "open" else "resolved")


def test_a_forged_alarm_still_wakes_and_says_what_the_server_found(post: Post, client: FlaskClient) -> None:
    """Whoever has set their mail up wrongly must not be silent for it: a forged alarm costs sleep."""
    post.send(CUT, **{"Authentication-Results": FAILED})
    post.look()
    assert incidents() == [(CUT, "open")]
    sign_in(client, "an1")
    code = database.session.scalars(select(Incident.code)).one()
    assert "dmarc=fail" in client.get(f"/incidents/{code}").text


def test_a_forged_alarm_makes_no_other_known(post: Post) -> None:
    """Somebody has seen that it is none, and closed it. Then the one that it imitates comes, with the same head."""
    post.send(CUT, **{"Authentication-Results": FAILED, "Message-ID": "<doan@giamsat.example>"})
    post.look()
    forged = database.session.scalars(select(Incident)).one()
    lifecycle.resolve(forged.id, note="Thư giả", actor=ADMIN, now=post.now)
    lifecycle.close(forged.id, actor=ADMIN, now=post.now)
    post.send(CUT, **{"Message-ID": "<doan@giamsat.example>"})
    post.look()
    assert [status for _title, status in incidents()].count("open") == 1
    post.send(CUT, **{"Message-ID": "<doan@giamsat.example>"})
    post.look()
    assert len(outcomes()) == 2, "the same once more is known"


def test_a_verdict_that_the_stranger_wrote_himself_stands_below(post: Post) -> None:
    post.send(CUT)
    post.look()
    forged = letter("RECOVERY: bc-12 mất điện", sender="nagios@giamsat.example", Authentication_Results=PASSED)
    raw(post, f"Authentication-Results: {FAILED}\r\n".encode() + forged)
    post.look()
    assert incidents() == [(CUT, "open")]


@pytest.mark.parametrize(
    "sender",
    [
        '"nagios@giamsat.example" <ai@noikhac.example>',
        "ai@noikhac.example, nagios@giamsat.example",
        "nagios@giamsat.example.noikhac.example",
        "nagios@giamsat.example@noikhac.example",
        "=?utf-8?q?nagios=40giamsat=2Eexample?= <ai@noikhac.example>",
        "nagios@giamsat.example\0@noikhac.example",
        "(nagios@giamsat.example) ai@noikhac.example",
        "ai@noikhac.example\r\nFrom: nagios@giamsat.example",
    ],
)
def test_names_that_look_like_the_monitor_are_nobody(post: Post, sender: str) -> None:
    raw(post, f"From: {sender}\r\nSubject: {CUT}\r\nMessage-ID: <1@x>\r\n\r\nx\r\n".encode())
    post.look()
    assert incidents() == [] and outcomes() == ["sender"]


def test_a_letter_of_ours_that_comes_back_opens_no_door(post: Post, night: Night, client: FlaskClient, db: Any) -> None:
    """Bình forwards the call that woke her, from an address that may report. Everybody reads incidents; whoever follows
    the quoted link takes the call as her."""
    post.save(senders=("@buudien.example",))
    night.log()
    engine.escalate_due(post.now)
    woken = db.session.scalars(select(Message).where(Message.urgent, Message.channel == "email")).first()
    assert woken is not None and "/a/" in woken.body
    link = next(word for word in woken.body.split() if "/a/" in word)
    token = link.rpartition("/")[2]
    quoted = "\n".join(f"> {line}" for line in woken.body.splitlines())
    html = f'<p>Xem giúp</p><a href="{woken.link}">{woken.link}</a>' if woken.link else ""
    raw(post, letter(f"Fwd: {woken.subject}", f"Xem giúp\n{quoted}\n{html}", sender="bi1@buudien.example"))
    raw(post, letter(f"Chuyển {link}", quoted, sender="an1@buudien.example"))
    post.look()
    assert outcomes() == ["created", "created"]
    sign_in(client, "qt1")
    shown = [client.get(f"/incidents/{code}").text for code in db.session.scalars(select(Incident.code))]
    shown += [client.get(f"/incidents/sources/{post.id}{rest}").text for rest in ("", "/mailbox")]
    print([page[page.index(token) - 300 : page.index(token) + 50] for page in shown if token in page])
    assert not [page for page in shown if token in page]
    kept = db.session.scalars(select(IntakeEvent.payload)).all()
    assert len(kept) == 2 and not [each for each in kept if token in each]
    engine.escalate_due(post.now + timedelta(minutes=1))
    told = db.session.scalars(select(Message).where(Message.id > woken.id)).all()
    assert told and not [each for each in told if token in f"{each.subject}{each.body}"]


def test_answers_and_rounds_of_machines_wake_nobody(post: Post) -> None:
    """Two machines that answer each other all night: of every kind one, from an address that may report."""
    ours = f"<{'0' * 32}@localhost>"
    for number, headers in enumerate(
        (
            {"Auto-Submitted": "auto-replied"},
            {"Auto-Submitted": "AUTO-REPLIED (vacation); x=1"},
            {"X-Autoreply": "yes"},
            {"Precedence": "Auto_Reply"},
            {"In-Reply-To": ours},
            {"References": f"<a@b> {ours}", "Auto-Submitted": "auto-generated"},  # as Outlook is away
            {"Return-Path": "<>"},
            {"From": "MAILER-DAEMON@giamsat.example"},
            {"List-Id": "tin <tin.noikhac.example>"},
        )
    ):
        post.send(f"PROBLEM: vòng {number}", **headers)
    post.look()
    assert incidents() == [] and "created" not in outcomes()


def test_markup_headers_and_letters_that_lie_are_words(post: Post, client: FlaskClient, night: Night, db: Any) -> None:
    """Scripts, a head inside of the subject, letters that turn the line around, a picture that tells who looked."""
    words = "<script>alert(1)</script>\r\nBcc: ai@noikhac.example\r\n\u202enet tam"
    subject = f"=?utf-8?b?{base64.b64encode(words.encode()).decode()}?="
    html = (
        "<html><body onload=alert(1)><script>alert(2)</script><img src='https://noikhac.example/x.gif'>"
        "<a href='javascript:alert(3)'>mất điện</a><style>*{display:none}</style></body></html>"
    )
    head = f"From: nagios@giamsat.example\r\nSubject: {subject}\r\nContent-Type: text/html; charset=utf-8\r\n"
    raw(post, f"{head}Content-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(html.encode()).decode()}\r\n".encode())
    post.look()
    [(title, _status)] = incidents()
    assert "\n" not in title and "\r" not in title and "\u202e" not in title
    sign_in(client, "an1")
    code = db.session.scalars(select(Incident.code)).one()
    page = client.get(f"/incidents/{code}").text
    assert "<script>alert" not in page and "noikhac.example/x.gif" not in page and "javascript:" not in page
    assert "mất điện" in page
    engine.escalate_due(post.now)
    [called, *_more] = db.session.scalars(select(Message).where(Message.channel == "email").order_by(Message.id))
    assert "\n" not in called.subject and called.address.endswith("@buudien.example")


def nested(depth: int) -> bytes:
    """A mail inside of a mail inside of a mail."""
    head = b"From: nagios@giamsat.example\r\nSubject: PROBLEM: long\r\n"
    inner = b"\r\nx\r\n"
    for number in range(depth):
        inner = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n%s\r\n--b%d--\r\n' % (
            number,
            number,
            inner,
            number,
        )
    return head + inner


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(nested(3_000), id="three thousand mails in each other"),
        pytest.param(
            b"From: nagios@giamsat.example\r\nSubject: PROBLEM: nhieu\r\n"
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 60_000,
            id="sixty thousand parts",
            marks=pytest.mark.rest,  # its parser is ended twice by its processor time
        ),
        pytest.param(
            b"From: nagios@giamsat.example\r\nSubject: PROBLEM: hong\r\nContent-Type: text/plain; charset=\xff\xfe\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n====\xff\x00====\r\n",
            id="no such letters",
        ),
        pytest.param(b"From: nagios@giamsat.example\r\n" + b"X-A: b\r\n" * 90_000 + b"\r\nx", id="endless head"),
        pytest.param(b"From: nagios@giamsat.example\r\nSubject: " + b"=?utf-8?b?" * 80_000, id="unended words"),
    ],
)
def test_what_no_parser_likes_is_said_and_keeps_nobody_waiting(post: Post, mail: bytes) -> None:
    raw(post, mail)
    post.send(CUT)
    assert turns_until(post, CUT) == 1
    assert len(incidents()) == 2, "what came from an address that may report is never dropped"
    assert polling.look(post.now) == 0
