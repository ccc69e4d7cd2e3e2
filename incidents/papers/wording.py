"""PURE Times as official Vietnamese papers write them, room for the hand, and words without telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from core.calendar.dates import VN
from core.text import normalize_phone
from documents.drafting.wording import month

NOT_KNOWN = "chưa rõ"
WITHHELD = "[…]"
TO_SIGN = "(Ký, ghi rõ họ tên)"
_DIALLED = re.compile(r"(?<![\w.,/+])(?:\+84|0084|0)[ .()-]*[2-9](?:[ .()-]*\d){8,9}(?!\w)")
"""With what stands in front of a number where it is dialled: a sum of money begins with no zero."""


def moment(at: datetime | None) -> str:
    """ "02 giờ 10, ngày 25 tháng 01 năm 2020", or room to write it."""
    if at is None:
        return "…… giờ ……, ngày …… tháng …… năm ………"
    local = at.astimezone(VN)
    return f"{local:%H} giờ {local:%M}, {long_day(local.date())}"


def long_day(on: date) -> str:
    """ "ngày 05 tháng 6 năm 2020": as the date of a document."""
    return f"ngày {on.day:02d} tháng {month(on.month)} năm {on.year}"


def room(value: object, letters: int = 30) -> str:
    """The value, or dots to be written over."""
    return str(value) if value else "…" * (letters // 3 + 1)


def known(value: object) -> str:
    """The value, or that it is not known yet."""
    return str(value) if value else NOT_KNOWN


def without_phones(text: str) -> str:
    """People's telephone numbers are nobody's business who reads a paper later."""
    return _DIALLED.sub(lambda found: WITHHELD if _is_phone(found.group()) else found.group(), text)


def _is_phone(text: str) -> bool:
    try:
        normalize_phone(text)
    except ValueError:
        return False
    return True


def in_groups(digest: str) -> str:
    """A hash as it is compared by eye."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def listed(parts: Sequence[str]) -> str:
    """Return those that say something, as one sentence."""
    return "; ".join(part for part in parts if part)
