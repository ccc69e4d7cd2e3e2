"""PURE how likely two reports are about the same thing. A hint for somebody about to report it again, no verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.text import fold

WINDOW = timedelta(hours=12)
"""Older reports than this are no hint."""
ENOUGH = 5
"""The likeness from which on it is worth asking."""
_EMPTY = (
    "tai o bi va co cua cho den tu do la khong mot cac nhung da dang the vi duoc ra vao nay kia voi thi ve qua roi "
    "buu cuc huyen xa phuong tinh trung tam"
)
"""Words of every second report, without diacritics."""
_WORDS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Gist:
    """One report, as far as it tells what it is about."""

    category: str
    family: str
    unit_id: int
    title: str
    at: datetime


def words(title: str) -> frozenset[str]:
    """The words that tell reports apart, folded."""
    return frozenset(word for word in _WORDS.findall(fold(title)) if word not in _EMPTY.split() and len(word) > 1)


def likeness(new: Gist, known: Gist) -> int:
    """0 when they cannot be the same; the units are taken to be related (same, above or below)."""
    if not timedelta(0) <= new.at - known.at <= WINDOW:
        return 0
    mine, theirs = words(new.title), words(known.title)
    shared = len(mine & theirs)
    if new.category == known.category:
        kind = 3
    elif new.family == known.family:
        kind = 1
    else:
        # Another family: only the same words said once more.
        return 2 * shared if shared >= 3 else 0
    place = 2 if new.unit_id == known.unit_id else 0
    # The shorter title decides: "mất điện" is all of "mất điện trung tâm khai thác, máy phát không nổ".
    told = 2 if mine and theirs and shared * 2 >= min(len(mine), len(theirs)) else 0
    return kind + place + min(shared, 3) + told


def most_alike(new: Gist, known: Iterable[tuple[int, Gist]], limit: int) -> list[int]:
    """Keys of those worth asking about, the likeliest first, then the newest."""
    scored = [(likeness(new, report), report.at, key) for key, report in known]
    worth = sorted((each for each in scored if each[0] >= ENOUGH), reverse=True)
    return [key for _score, _at, key in worth[:limit]]
