"""PURE a contact as a vCard 3.0 (RFC 2426): what iPhones and the cheapest Android telephones both take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 75
"""Octets of a line."""
MIME = "text/vcard; charset=utf-8"
_DOMESTIC = re.compile(r"0\d{8,10}")


@dataclass(frozen=True)
class TelephoneLine:
    """One telephone number as dialled in Việt Nam, and what kind of line it is: voice, text or desk."""

    phone: str
    kind: str


TYPES = {"voice": "WORK,VOICE", "text": "CELL", "desk": "WORK,VOICE,PREF"}


def card(name: str, organization: str, lines: Iterable[TelephoneLine], *, uid: str, url: str, note: str) -> str:
    """All ``lines`` in one contact: whatever is allowed to ring through is allowed for each of them."""
    fields = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{_text(uid)}",
        f"FN:{_text(name)}",
        f"N:{_text(name)};;;;",
        f"ORG:{_text(organization)}",
        *(f"TEL;TYPE={TYPES[line.kind]}:{international(line.phone)}" for line in lines),
        f"URL:{_text(url)}",
        f"NOTE:{_text(note)}",
        "END:VCARD",
    ]
    return "".join(f"{_folded(field)}\r\n" for field in fields)


def international(phone: str) -> str:
    """Return it with the country's code, as a call shows it wherever the telephone is; hotlines and short numbers have
    none."""
    return f"+84{phone[1:]}" if _DOMESTIC.fullmatch(phone) else phone


def _text(words: str) -> str:
    tidy = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return re.sub(r"([\\,;])", r"\\\1", tidy)


def _folded(line: str) -> str:
    """Long lines go on after a blank, cut between characters."""
    pieces, room = [""], MOST
    for char in line:
        if len((pieces[-1] + char).encode()) > room:
            pieces.append("")
            room = MOST - 1
        pieces[-1] += char
    return "\r\n ".join(pieces)
