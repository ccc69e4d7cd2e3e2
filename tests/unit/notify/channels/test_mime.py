"""Letters arrive as typed, and nobody can break out of a header."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, strategies as st

from notify.channels.base import CarriedLetter
from notify.channels.mime import as_bytes, one_line

AT = datetime(2020, 1, 24, 19, 10, tzinfo=UTC)


def letter(
    subject: str, recipient: str = "Trần Thị Ngọc Ánh", body: str = "Kính gửi đồng chí,\n.\nhết"
) -> CarriedLetter:
    return CarriedLetter(
        address="anh@buudien.example",
        recipient=recipient,
        subject=subject,
        body=body,
        message_id="<1@x>",
        created_at=AT,
        urgent=True,
    )


def parse_mail(raw: bytes) -> tuple[str, str, str]:
    mail = message_from_bytes(raw, policy=policy.default)
    return str(mail["Subject"]), str(mail["To"].addresses[0].display_name), mail.get_content()  # type: ignore[attr-defined]


def test_a_long_vietnamese_subject_keeps_every_space() -> None:
    title = "SC-2026-0001 · mức 3 Trung bình · Mất điện bưu cục Pleiku 1 · bước 1"
    assert parse_mail(as_bytes(letter(title), "anh@buudien.example", "Trực Tết <truc@buudien.example>"))[0] == title


ANY_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=120)


@given(ANY_LINE)
def test_any_subject_arrives_as_one_line(text: str) -> None:
    raw = as_bytes(letter(f"SC {text} x"), "anh@buudien.example", "truc@buudien.example")
    assert " ".join(parse_mail(raw)[0].split()) == one_line(f"SC {text} x")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize("name", ["Trần Thị Ngọc Ánh", "Rơ Châm H'Nhung", "Ksor Y Thuyên", 'An "Bé"', "Le, Anh"])
def test_names_arrive(name: str) -> None:
    shown = parse_mail(as_bytes(letter("x", name), "anh@buudien.example", "t@buudien.example"))[1]
    assert shown.replace('"', "") == name.replace('"', "")


def test_a_line_break_in_a_title_adds_no_header() -> None:
    raw = as_bytes(letter("x\r\nBcc: evil@example.org"), "anh@buudien.example", "truc@buudien.example")
    assert message_from_bytes(raw)["Bcc"] is None


def test_the_body_arrives_as_typed() -> None:
    assert parse_mail(as_bytes(letter("x"), "anh@buudien.example", "t@buudien.example"))[2].splitlines() == [
        "Kính gửi đồng chí,",
        ".",
        "hết",
    ]
