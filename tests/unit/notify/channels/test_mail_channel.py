"""Addresses, headers and gateway settings of the mail channel."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from notify.channels.base import CarriedLetter
from notify.channels.email import parse_url
from notify.channels.mime import as_bytes, single_address

AT = datetime(2020, 1, 24, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("an@vidu.vn", "an@vidu.vn"),
        ("Nguyễn Thị An <an@vidu.vn>", "an@vidu.vn"),
        ("an@vidu.vn, binh@vidu.vn", None),
        ("an@vidu.vn\r\nBcc: binh@vidu.vn", None),
        ("an@vidu.vn\n", None),
        ("không phải thư", None),
        ("ăn@vidu.vn", None),
        ("", None),
    ],
)
def test_one_bare_address_or_none(text: str, address: str | None) -> None:
    assert single_address(text) == address


def letter(**changes: object) -> CarriedLetter:
    facts = {
        "address": "an@vidu.vn",
        "recipient": "Nguyễn Thị An",
        "subject": "Sự cố BĐ-0001: băng chuyền dừng",
        "body": "Kính gửi đồng chí,\n\nSự cố mới tại Bưu cục Pleiku.\n",
        "message_id": "<a1@vidu.vn>",
        "urgent": True,
        "created_at": AT,
    }
    return CarriedLetter(**{**facts, **changes})  # type: ignore[arg-type]


def parse_part(content: bytes) -> object:
    return message_from_bytes(content, policy=policy.default)


def test_vietnamese_survives_a_seven_bit_line() -> None:
    content = as_bytes(letter(), "an@vidu.vn", "Trực Tết <truc@vidu.vn>")
    mail = message_from_bytes(content, policy=policy.default)
    assert content.isascii()
    assert mail["Subject"] == "Sự cố BĐ-0001: băng chuyền dừng"
    assert mail["To"] == "Nguyễn Thị An <an@vidu.vn>"
    assert mail["From"] == "Trực Tết <truc@vidu.vn>"
    assert mail["Message-ID"] == "<a1@vidu.vn>"
    assert mail.get_content().replace("\r\n", "\n") == letter().body  # type: ignore[attr-defined]


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r", "\u2028", "\x00", "\x0b"])
def test_nobody_breaks_out_of_a_header(breaking: str) -> None:
    forged = f"Tin{breaking}Bcc: ke-xau@vidu.vn"
    content = as_bytes(letter(subject=forged, recipient=forged), "an@vidu.vn", "truc@vidu.vn")
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Tin Bcc: ke-xau@vidu.vn"
    assert mail["To"].addresses[0].addr_spec == "an@vidu.vn"
    assert len(mail["To"].addresses) == 1


def test_a_very_long_line_is_folded_for_the_road() -> None:
    content = as_bytes(letter(body="Đ" * 5000, subject="Sự cố " * 100), "an@vidu.vn", "truc@vidu.vn")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "user", "password"),
    [
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, False, "", ""),
        ("smtp://mail.vidu.vn", "mail.vidu.vn", 25, False, "", ""),
        ("smtp://truc:m%40t@mail.vidu.vn", "mail.vidu.vn", 587, False, "truc", "m@t"),
        ("smtps://truc:x@mail.vidu.vn", "mail.vidu.vn", 465, True, "truc", "x"),
        ("smtp://[::1]:25", "::1", 25, False, "", ""),
    ],
)
def test_gateway_of_a_mail_url(url: str, host: str, port: int, tls: bool, user: str, password: str) -> None:
    gate = parse_url(url)
    assert (gate.host, gate.port, gate.tls_from_start, gate.user, gate.password) == (host, port, tls, user, password)
    assert "password" not in repr(gate)


@pytest.mark.parametrize("url", ["mail.vidu.vn:25", "http://mail.vidu.vn", "smtp://", "smtp://host:port"])
def test_a_wrong_mail_url_says_so(url: str) -> None:
    with pytest.raises(ValueError, match=r"MAIL_URL|[Pp]ort"):
        parse_url(url)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("smtp://127.0.0.1:25", True),
        ("smtp://127.9.9.9", True),
        ("smtp://[::1]", True),
        ("smtp://localhost", True),
        ("smtp://192.168.1.5", False),
        ("smtp://localhost.vidu.vn", False),
        ("smtp://mail", False),
    ],
)
def test_only_loopback_is_local(url: str, local: bool) -> None:
    assert parse_url(url).is_local is local
