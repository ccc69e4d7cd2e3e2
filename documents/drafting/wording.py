"""PURE What is the same on every document: its date, its number before there is one, what it belongs to, its file."""

from __future__ import annotations

import re
from datetime import date

from core.text import fold

_NOT_IN_FILES = re.compile(r"[^a-z0-9]+")
LONGEST_FILE = 80


def place_and_date(place: str, on: date | None) -> str:
    """ "Gia Lai, ngày 05 tháng 02 năm 2020": days under 10 and the months January and February with a leading zero
    (Decree 30/2020, Appendix I), so that nobody adds a digit. Without a day, room for it."""
    said = "ngày     tháng     năm" if on is None else f"ngày {on.day:02d} tháng {month(on.month)} năm {on.year}"
    return f"{place}, {said}" if place else said.capitalize()


def month(number: int) -> str:
    return f"{number:02d}" if number < 3 else str(number)


def attached(kind: str, code: str, on: date | None, agency: str) -> str:
    """Under the title of an appendix: the document it belongs to."""
    said = "      tháng     năm" if on is None else f"{on.day:02d} tháng {month(on.month)} năm {on.year}"
    return f"(Kèm theo {kind} số {code.strip() or '      '} ngày {said} của {agency})"


def in_place_of(kind: str, code: str, on: date) -> str:
    """The last sentence of a document that replaces another."""
    number = f" số {code}" if code else ""
    said = f"ngày {on.day:02d} tháng {month(on.month)} năm {on.year}"
    return f"Văn bản này thay thế {kind}{number} {said}."


def file_stem(kind: str, code: str, abstract: str) -> str:
    """A name that any system takes: "thong-bao-08-tb-bdgl"."""
    return _NOT_IN_FILES.sub("-", fold(f"{kind} {code or abstract}")).strip("-")[:LONGEST_FILE].strip("-") or "van-ban"
