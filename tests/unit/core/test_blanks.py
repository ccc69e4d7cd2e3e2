"""Patterns that strangers' words go through: a long run of blanks is looked through once, not from each blank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core import web
from incidents.mailboxes import scan
from incidents.record import secrecy
from people.imports import read
from roster.sheets import codes
from tests.support.steps import ends

BLANKS = " " * 120_000
MARKED: dict[str, tuple[Callable[[str], Any], str]] = {
    "an urgent class": (secrecy.found, "độ khẩn"),
    "a class of KT1": (secrecy.found, "kt1"),
    "a code with its unit": (codes._UNIT.search, "Đ"),
    "a code with its hour": (codes._START.search, "Đ"),
    "a file that was copied": (read._COPY.search, "people"),
    "a page": (web.INDENTED.search, "<p>"),
    "the head of a mail": (lambda text: scan.look_over(f"From: {text}\n\n".encode()), "a@b.example"),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_long_run_of_blanks_costs_no_more_than_its_length(name: str) -> None:
    look, before = MARKED[name]
    assert ends(lambda: look(f"{before}{BLANKS}!"))


@pytest.mark.parametrize("letter", ['"', "@", "(", "<", "\\", "a@", "=?utf-8?q?", "\n ", ": "])
def test_the_head_of_a_mail_is_looked_over_once(letter: str) -> None:
    head = f"From: {letter * 200_000} <a@b.example>\nSubject: {letter * 200_000}\n\n"
    assert ends(lambda: scan.look_over(head.encode()))


def test_what_such_patterns_find_stays() -> None:
    assert secrecy.found("độ khẩn , mật") and secrecy.found("độ khẩn mật") and secrecy.found("Độ khẩn,mật")
    assert secrecy.found("KT1 - a") and secrecy.found("kt1/B") and secrecy.found("KT1 c") and not secrecy.found("KT1 d")
    assert codes._UNIT.search("Đ  @ BDA")[1] == "BDA" and codes._UNIT.search("Đ@BDA")[1] == "BDA"  # type: ignore[index]
    assert codes._START.search("Đ   7h30")[1] == "7"  # type: ignore[index]
    assert read._COPY.sub("", "people  (1).csv".removesuffix(".csv")) == "people"
