"""PURE what the words of a text mean as an answer, and which choices fit into one.

Only what cannot be meant otherwise is an answer: "1 lát nữa tôi gọi" takes nothing, "2 giờ nữa tôi đến" and "không nhận
được tin" refuse nothing. Whatever else somebody wrote is read by a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.text import fold, nfc

LIVES = timedelta(minutes=30)
"""So long a list of choices can be answered."""
LATELY = timedelta(minutes=30)
"""Ringing back answers what a text or call to this number asked no longer ago than this."""
MOST = 4
"""Choices in one text."""
SHORTEST = 12
"""Characters of a choice that stay in any case."""
_YES_WRITTEN = (
    *("nhận", "tôi nhận", "em nhận", "đã nhận", "nhận ca", "đồng ý", "xác nhận", "đã xác nhận", "có", "có mặt"),
    *("đã có mặt", "sẵn sàng", "đã sẵn sàng", "tôi sẵn sàng", "đang trực", "tôi đang trực", "tôi đi", "đi được"),
    *("vâng", "dạ", "ừ", "uh", "ừm", "được", "đã rõ", "rõ", "ok", "oke", "okay", "yes", "y"),
)
_NO_WRITTEN = (
    *("không nhận được", "không đi được", "không trực được", "không nhận", "không được", "không đi", "không trực"),
    *("không thể", "không", "ko", "k", "từ chối", "tôi bận", "bận", "no", "cannot"),
)
YES = frozenset(fold(each) for each in _YES_WRITTEN)
NO = tuple(fold(each) for each in _NO_WRITTEN)
"""Folded, as ``YES``; of two that begin alike the longer one first."""
_SPELT = frozenset(word for each in (*_YES_WRITTEN, *_NO_WRITTEN) for word in each.split())
"""With their diacritics: "vắng" is no "vâng", and "bạn" is not "bận"."""
_ALSO_YES = re.compile(r"\b(nhan|co|ok|dong y|xac nhan|san sang|duoc|di|den|yes|vang)\b")
_DENIED = re.compile(r"\b(khong|ko|chua|chang|k)\b(\s+\w+){0,2}")
_COUNTED = re.compile(
    r"(gio|h|g|phut|p|ngay|hom|tieng|nguoi|ca|tin|lan|tuan|thang|nam|xe|chuyen|dem|buoi|viec|su|cai|con|dua)\b"
)
"""What follows a number that is a quantity."""
_NUMBER = re.compile(r"\d{1,2}")
_TWO = re.compile(r"2(?P<mark>\s*[,.:;)-])?\s+(?P<rest>.+)|2\s*[,.:;)-](?P<close>.+)")
_MARKS = re.compile(r"[^\w\s]+")


@dataclass(frozen=True)
class Reading:
    """``yes``: None where it is neither. ``number``: what it picks of a list. ``worded``: it says no in words, so that
    of a list its number is what is refused. ``note``: the reason, as it was written."""

    yes: bool | None = None
    number: int | None = None
    worded: bool = False
    note: str = ""

    @property
    def is_clear(self) -> bool:
        return self.yes is not None or self.number is not None


UNCLEAR = Reading()


def parse_reply(words: str) -> Reading:
    """Return what one text means as an answer; case, diacritics and marks around it do not matter."""
    plain = _plain(words)
    if _NUMBER.fullmatch(plain):
        return Reading({1: True, 2: False}.get(int(plain)), int(plain))
    if plain in YES and _is_spelt(words, plain):
        return Reading(True)
    if found := _TWO.fullmatch(words.strip()):
        rest = found["rest"] or found["close"]
        marked = bool(found["mark"] or found["close"])
        is_reason = _is_reason(rest) and (marked or not _COUNTED.match(_plain(rest)))
        return Reading(False, 2, note=rest.strip()) if is_reason else UNCLEAR
    return _no(words, plain)


def _no(words: str, plain: str) -> Reading:
    """ "không", "không 2", "không đi được, mẹ ốm"; a reason stands apart, else it may turn the meaning round."""
    said = next((no for no in NO if plain == no or plain.startswith(f"{no} ")), None)
    if said is None or not _is_spelt(words, said):
        return UNCLEAR
    rest = plain[len(said) :].strip()
    if not rest:
        return Reading(False, worded=True)
    if _NUMBER.fullmatch(rest):
        return Reading(False, int(rest), worded=True)
    first, mark, reason = _parted(words)
    apart = bool(mark) and _plain(first) == said
    if apart and _is_reason(reason) or rest.startswith(("vi ", "do ")) and _is_reason(rest):
        return Reading(False, worded=True, note=words.strip())
    return UNCLEAR


def _is_spelt(words: str, said: str) -> bool:
    """Whether the words that ``said`` was read from are written without diacritics, or with those that they have."""
    written = _MARKS.sub(" ", nfc(words).lower()).split()[: len(said.split())]
    return all(each == fold(each) or each in _SPELT for each in written)


def _parted(words: str) -> tuple[str, str, str]:
    """Return what stands before the first mark, the mark, and what stands behind it."""
    found = re.search(r"[,.:;–-]", words)
    return (words[: found.start()], found[0], words[found.end() :]) if found else (words, "", "")


def _is_reason(rest: str) -> bool:
    """Whether nothing in it could mean yes."""
    return _ALSO_YES.search(_DENIED.sub(" ", _plain(rest))) is None


def _plain(words: str) -> str:
    return " ".join(_MARKS.sub(" ", fold(words)).split())


def fitting(head: str, lines: Sequence[str], tail: str, limit: int, *, length: Callable[[str], int]) -> int:
    """How many of ``lines``, each with its number, fit between ``head`` and ``tail`` into one text of ``limit``; two at
    least, because one is no choice."""
    for count in range(min(MOST, len(lines)), 2, -1):
        if length(" ".join([head, *lines[:count], tail])) <= limit:
            return count
    return min(2, len(lines))


def shortened(lines: Sequence[str], room: int, length: Callable[[str], int]) -> list[str]:
    """``lines``, of which the longest ones lose their ends until all fit into ``room`` with a blank between them;
    what is cut ends in two dots, and its number stays."""
    kept = list(lines)
    while length(" ".join(kept)) > room:
        longest = max(range(len(kept)), key=lambda place: len(kept[place]))
        if len(kept[longest]) <= SHORTEST:
            break
        kept[longest] = kept[longest].rstrip(".;")[:-1].rstrip() + "..;"
    return kept
