"""PURE which units and people a few letters mean, the likeliest first: by code, by initials, by the beginnings of
words, by letters inside. Marks do not matter ("cm" and "chu mang" both mean Chư Mang)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from core import text

LEAST = 2
"""Letters that must be typed: one means nearly everybody."""
WORD = re.compile(r"\w(?:[\w\u0300-\u036f]|['’](?=\w))*")
APOSTROPHES = str.maketrans("", "", "'’")
"""Of highland names: whoever looks for H'Nhung types hnhung."""
KINDS_OF_UNIT = frozenset(
    ("buu", "dien", "cuc", "diem", "vhx", "van", "hoa", "phuc", "vu", "tinh", "thanh", "pho", "huyen", "thi", "xa")
    + ("trung", "tam", "phong")
)
"""Words that begin the names of most units and tell none of them apart: initials count from behind them first."""


class Rank(IntEnum):
    """The lower the likelier."""

    CODE = 0
    INITIALS = 1
    CODE_BEGUN = 2
    WORDS = 3
    LATER_INITIALS = 4
    INSIDE = 5


@dataclass(frozen=True)
class SearchEntry:
    """Something that can be found: ``key`` is the caller's. Made once, asked at each keystroke."""

    key: int
    name: str
    code: str
    is_person: bool = False
    order: str = ""
    """By what those of one rank are sorted."""
    words: tuple[tuple[int, str], ...] = field(init=False, repr=False)
    """(where it begins in the name, its letters without marks)"""
    own: int = field(init=False, repr=False)
    """Which of the words is the first that tells it apart."""
    folded_code: str = field(init=False, repr=False)
    initials: str = field(init=False, repr=False)
    whole: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = tuple((found.start(), _bare(found[0])) for found in WORD.finditer(self.name))
        common = 0 if self.is_person else _common(words)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "own", common)
        object.__setattr__(self, "folded_code", text.fold(self.code))
        object.__setattr__(self, "initials", "".join(word[0] for _start, word in words))
        object.__setattr__(self, "whole", " ".join(word for _start, word in words))


@dataclass(frozen=True)
class EntryMatch:
    """``marks``: [start, end) of the letters of ``entry.name`` that were meant, in order."""

    entry: SearchEntry
    rank: Rank
    marks: tuple[tuple[int, int], ...] = ()


def find(entries: Iterable[SearchEntry], asked: str) -> list[EntryMatch]:
    """Everything that ``asked`` may mean, the likeliest first, units before people; nothing for fewer than ``LEAST``
    letters."""
    parts = tuple(_bare(asked).split())
    if is_short(asked):
        return []
    hits = [hit for entry in entries if (hit := _match(entry, parts)) is not None]
    return sorted(hits, key=_likely)


def _likely(hit: EntryMatch) -> tuple[int, bool, int, str, int]:
    """A short name or code that was meant is nearer than a long one: Chư Mang before Chư Mang 2."""
    entry = hit.entry
    size = len(entry.folded_code) if hit.rank is Rank.CODE_BEGUN else len(entry.words) - entry.own
    return hit.rank, entry.is_person, size, entry.order, entry.key


def is_short(asked: str) -> bool:
    return sum(map(len, _bare(asked).split())) < LEAST


def _bare(typed: str) -> str:
    return text.fold(typed).translate(APOSTROPHES)


def _common(words: Sequence[tuple[int, str]]) -> int:
    """How many words stand before the first that tells a unit apart; none where all of them are such words."""
    told = (place for place, (_start, word) in enumerate(words) if word not in KINDS_OF_UNIT)
    return next(told, 0)


def _match(entry: SearchEntry, parts: Sequence[str]) -> EntryMatch | None:
    joined, together = "".join(parts), " ".join(parts)
    if entry.folded_code == together:
        return EntryMatch(entry, Rank.CODE)
    if len(parts) == 1 and entry.initials.startswith(joined, entry.own):
        return EntryMatch(entry, Rank.INITIALS, _first_letters(entry, entry.own, joined))
    if entry.folded_code.startswith(together):
        return EntryMatch(entry, Rank.CODE_BEGUN)
    begun = _begun(entry, parts)
    if begun is not None:
        return EntryMatch(entry, Rank.WORDS, begun)
    later = _later_initials(entry, joined) if len(parts) == 1 else None
    if later is not None:
        return EntryMatch(entry, Rank.LATER_INITIALS, later)
    is_inside = joined in entry.whole.replace(" ", "") or all(
        part in entry.whole or part in entry.folded_code for part in parts
    )
    return EntryMatch(entry, Rank.INSIDE) if is_inside else None


def _later_initials(entry: SearchEntry, asked: str) -> tuple[tuple[int, int], ...] | None:
    """Initials that begin later in the name, or the first and the last of a person's."""
    at = entry.initials.find(asked)
    if at >= 0:
        return _first_letters(entry, at, asked)
    if not entry.is_person or entry.initials[:1] + entry.initials[-1:] != asked:
        return None
    return (*_first_letters(entry, 0, asked[0]), *_first_letters(entry, len(entry.words) - 1, asked[1]))


def _begun(entry: SearchEntry, parts: Sequence[str]) -> tuple[tuple[int, int], ...] | None:
    """Where each part begins a word, in the order of the name; the own words before those that most names have."""
    for first in dict.fromkeys((entry.own, 0)):
        marks, place = [], first
        for part in parts:
            while place < len(entry.words) and not entry.words[place][1].startswith(part):
                place += 1
            if place == len(entry.words):
                break
            marks.append(_letters(entry.name, entry.words[place][0], len(part)))
            place += 1
        else:
            return tuple(marks)
    return None


def _first_letters(entry: SearchEntry, first: int, asked: str) -> tuple[tuple[int, int], ...]:
    return tuple(_letters(entry.name, entry.words[place][0], 1) for place in range(first, first + len(asked)))


def _letters(name: str, start: int, count: int) -> tuple[int, int]:
    """[start, end) of ``count`` letters, with the marks that hang on the last and what stands between (H'Nhung)."""
    end = start
    while end < len(name) and (count > 0 or unicodedata.combining(name[end])):
        count -= name[end].isalnum()
        end += 1
    return start, end
