"""PURE Skills of people and of shifts: free words of the enterprise ("experienced", "lái xe")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core import text

LONGEST = 40
MOST = 20
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029;,:]")


def tidy(word: str) -> str:
    """Return it in lower case, composed, single spaces. ValueError when blank, over 40 characters, or with ; , : in
    it."""
    typed = " ".join(word.split())
    if not typed or len(typed) > LONGEST or _FORBIDDEN.search(typed):
        raise ValueError(word)
    return text.nfc(typed).lower()


def listed(words: Iterable[str]) -> list[str]:
    """Sorted, without repetitions. ValueError for a word that cannot be one, or more than 20."""
    found = sorted({tidy(word) for word in words})
    if len(found) > MOST:
        raise ValueError("too many")
    return found


def split(given: str) -> list[str]:
    """The words of a cell or field, separated by ; or ,"""
    return [word.strip() for word in re.split(r"[;,\n]", given) if word.strip()]


def numbered(given: str, *, most: int = 1000) -> dict[str, int]:
    """``experienced:1;lái xe:2`` → how many of each; a word without number means one. ValueError."""
    found: dict[str, int] = {}
    for part in split(given):
        word, colon, number = part.partition(":")
        count = int(number) if colon and re.fullmatch(r"\s*\d{1,4}\s*", number) else 1
        if (colon and not number.strip().isdigit()) or not 1 <= count <= most:
            raise ValueError(part)
        found[tidy(word)] = count
    if len(found) > MOST:
        raise ValueError("too many")
    return dict(sorted(found.items()))


def shown(skills: Iterable[str]) -> str:
    """``experienced; lái xe``"""
    return "; ".join(skills)
