"""A mail as an alarm: its words, its key, and why some mails raise nothing."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, strategies as st

from incidents.intake.cleaning import LONGEST_DESCRIPTION, LONGEST_TITLE
from incidents.mailboxes.parsing import is_mail, read_pasted
from incidents.mailboxes.reading import (
    Refused,
    ensure_welcome,
    is_allowed,
    is_over,
    key_of,
    read_mail,
    text_of,
)

OWN = "truc@buudien.example"
OURS = f"<{'a1' * 16}@buudien.example>"


def mail(subject: str = "PROBLEM: bc-12 mất mạng", text: str = "Không ping được bc-12", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Nagios <nagios@giamsat.example>", OWN, subject
    made["Message-ID"] = "<1@giamsat.example>"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def refused(raw: bytes, senders: tuple[str, ...] = ("nagios@giamsat.example",)) -> str:
    try:
        ensure_welcome(read_mail(raw), senders, OWN)
    except Refused as fault:
        return fault.code
    return ""


def test_a_mail_says_what_and_where() -> None:
    found = read_mail(mail().as_bytes())
    alarm = found.alarm
    assert (alarm.action, alarm.title, alarm.form) == ("trigger", "PROBLEM: bc-12 mất mạng", "mail")
    assert alarm.description == "Không ping được bc-12" and found.sender == "nagios@giamsat.example"
    assert dict(alarm.details)["from"] == "Nagios <nagios@giamsat.example>"
    assert "Không ping được" in found.kept.decode() and refused(mail().as_bytes()) == ""


@pytest.mark.parametrize(
    "subject",
    ["RECOVERY: bc-12 mất mạng", "[OK] bc-12 mất mạng", "Re: bc-12 mat mang", "**PROBLEM** bc-12 mất mạng (critical)"],
)
def test_subjects_that_differ_in_words_of_state_are_about_one_thing(subject: str) -> None:
    assert key_of("a@b.example", subject) == key_of("a@b.example", "PROBLEM: bc-12 mất mạng")
    assert key_of("a@b.example", subject) != key_of("c@b.example", subject)
    assert key_of("a@b.example", subject) != key_of("a@b.example", "PROBLEM: bc-13 mất mạng")


@pytest.mark.parametrize(
    ("subject", "over"),
    [
        ("RECOVERY: bc-12", True),
        ("[OK] bc-12", True),
        ("Re: Resolved: bc-12", True),
        ("Đã khôi phục bc-12", True),
        ("Okay, bc-12", False),
        ("UPS bc-12 hỏng", False),
        ("bc-12 is up", False),
        ("", False),
    ],
)
def test_only_a_first_word_says_that_it_is_over(subject: str, over: bool) -> None:
    assert is_over(subject) is over


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Return_Path": "<>"}, "bounce"),
        ({"From": "MAILER-DAEMON@giamsat.example"}, "bounce"),
        ({"From": OWN}, "loop"),
        ({"Message_ID": OURS}, "loop"),
        ({"In_Reply_To": OURS}, "reply"),
        ({"References": f"<x@y.example> {OURS}"}, "reply"),
        ({"Auto_Submitted": "auto-replied (vacation)"}, "auto"),
        ({"Auto_Submitted": "auto-generated"}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "bulk"}, "auto"),
        ({"List_Id": "<tin.example>"}, "auto"),
        ({"From": "ai@noikhac.example"}, "sender"),
        ({"From": "nagios@giamsat.example, ai@noikhac.example"}, "sender"),
        ({"In_Reply_To": "<x@y.example>"}, ""),
    ],
)
def test_why_a_mail_raises_nothing(headers: dict[str, str], why: str) -> None:
    assert refused(mail(**headers).as_bytes()) == why


def test_a_notice_of_delivery_is_none() -> None:
    raw = b"From: nagios@giamsat.example\nContent-Type: multipart/report; boundary=x\n\n--x\n\nkh\xc3\xb4ng\n--x--\n"
    assert refused(raw) == "bounce"


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [
        ("nagios@giamsat.example", True),
        ("x@bc.example", True),
        ("x@notbc.example", False),
        ("x@bc.example.xau.example", False),
        ("", False),
    ],
)
def test_addresses_and_whole_domains(sender: str, allowed: bool) -> None:
    assert is_allowed(sender, ["Nagios@giamsat.example", "@bc.example"]) is allowed


def test_html_is_reduced_to_its_words_and_attachments_to_their_names() -> None:
    made = mail()
    made.set_content(
        "<html><head><style>p{}</style></head><body><p>Mất <b>điện</b></p><script>alert(1)</script>"
        "<table><tr><td>máy</td><td>ups&amp;1</td></tr></table></body></html>",
        subtype="html",
    )
    made.add_attachment(b"MZ\x90", maintype="application", subtype="octet-stream", filename="hoa don.exe")
    alarm = read_mail(made.as_bytes()).alarm
    assert alarm.description == "Mất điện\nmáy ups&1"
    assert dict(alarm.details)["attachment.1"] == "hoa don.exe" and b"MZ" not in read_mail(made.as_bytes()).kept
    assert text_of("<p>a<br>b<p>c") == "a\nb\nc"


def test_charsets_that_are_named_wrongly() -> None:
    head = b"From: nagios@giamsat.example\nSubject: =?windows-1258?Q?M=E2=EC?= x\n"
    for charset, body in (("utf-8", "điện".encode()), ("windows-1258", b"\xf0i"), ("la-khong-co", "điện".encode())):
        raw = head + f"Content-Type: text/plain; charset={charset}\n\n".encode() + body
        assert read_mail(raw).alarm.description
    assert read_mail(b"Subject: =?utf-8?B?!!!?=\n\n\xff\xfe").alarm.title


def test_what_was_pasted() -> None:
    pasted = "\nFrom: a@b.example\nSubject: Mất điện\n\nở bc-12"
    assert is_mail(pasted) and read_pasted(pasted).title == "Mất điện"
    assert not is_mail('{"title": "x"}') and not is_mail("title=x")


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Date", "Message-ID", "Content-Type", "References", "Content-Transfer-Encoding"]
)
VALUES = st.text(max_size=30) | st.sampled_from(
    ["multipart/mixed; boundary=b", "text/html; charset=x", "a@b.example", "<>", "=?utf-8?q?=ff?=", "base64", "@,<;:"]
)


@given(headers=st.lists(st.tuples(HEADERS, VALUES), max_size=6), body=st.binary(max_size=80))
def test_whatever_comes_is_read_or_refused_and_fits(headers: list[tuple[str, str]], body: bytes) -> None:
    raw = "".join(f"{name}: {value}\n" for name, value in headers).encode("utf-8", "replace") + b"\n" + body
    found = read_mail(raw)
    assert found.alarm.title.strip() and len(found.alarm.title) <= LONGEST_TITLE
    assert len(found.alarm.description) <= LONGEST_DESCRIPTION and "\x00" not in found.alarm.description
    assert refused(raw) in ("", "sender", "loop", "reply", "auto", "bounce", "too_large", "broken", "forged")


def test_the_same_mail_is_known_by_its_id_and_without_one_by_all_of_it() -> None:
    def digest(made: Any) -> str:
        return read_mail(made.as_bytes()).digest

    assert digest(mail()) == digest(mail(text="khác")) != digest(mail(Message_ID="<2@giamsat.example>"))
    odd = (b"Message-ID: <A:1@x>\n\n", b"Message-ID: <A:2@x>\n\n")
    assert read_mail(odd[0]).digest != read_mail(odd[1]).digest, "many programs write ids that are none"
    first, other = mail(), mail(text="khác")
    del first["Message-ID"], other["Message-ID"]
    assert digest(first) == digest(first) != digest(other)
