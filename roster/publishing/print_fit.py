"""PURE how a printed roster is laid out so that it takes few pages: its letters' size and its columns' widths.

A4 landscape. Lines are counted as a browser will break them, a little on the safe side; nothing is ever made smaller
than what can be read on a wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

SIZES = (11.0, 10.0, 9.0, 8.5, 8.0, 7.5, 7.2)
"""Points, from what is pleasant to the smallest that is readable."""
LONG = 9.0
"""For what takes more pages anyhow."""
PAGES = 2
WIDTH, HEIGHT = 770.0, 538.0
"""Points between the margins."""
LINE = 1.15
"""Line height, in letter sizes."""
PADDING, SIDES = 1.8, 6.0
"""Points that a row and a cell take besides their lines: padding and borders."""
LETTER = 0.47
"""Width of a letter, in letter sizes: what names in a Roman type come to, with some air."""
NUMBER, DATE, LUNAR, REMARKS = 2.8, 10.0, 8.4, 6.4
"""Widths of the columns that every roster has, in letter sizes."""
USUAL_SHIFT = 17
"""Letters of “Chiều 14:00–22:00”."""
LEAST = 6.0
LUNAR_LINES = 3
"""What the longest lunar date takes in its column."""
HEAD_LINES, SIGNED = 8.0, 58.0
"""What stands above the table, in lines, and points for two signatures below it."""
PERSON = 23.0
"""Width of a line of the list of people."""
MOST_ENTRIES = 1500
"""A table of more is long whatever is tried."""


@dataclass(frozen=True)
class Text:
    """What stands in a cell: a text for each entry. ``rows``: how many rows of the day it spans."""

    column: int
    entries: tuple[str, ...]
    rows: int = 1


Row = Sequence[Text]
Day = Sequence[Row]


@dataclass(frozen=True)
class Fit:
    """``widths``: percent of each column: number, date, lunar date, shift, the duty kinds, remarks."""

    size: float
    widths: tuple[float, ...]
    fits: bool


def fit(days: Sequence[Day], kinds: int, people: int, shift: int = USUAL_SHIFT) -> Fit:
    """The largest letters with which ``days`` and a list of ``people`` take two pages.

    ``shift``: letters of the longest name of a shift with its times, which stands on one line.
    """
    fixed = NUMBER + DATE + LUNAR + REMARKS + _shift(shift)
    if sum(len(cell.entries) for day in days for row in day for cell in row) <= MOST_ENTRIES:
        for size in SIZES:
            widths = _widths(days, kinds, size, fixed)
            if _height(days, widths, people, size) <= PAGES * HEIGHT:
                return Fit(size, _percent(widths, shift), True)
    even = (WIDTH / LONG - fixed) / max(1, kinds)
    return Fit(LONG, _percent((even,) * kinds, shift), False)


def _shift(letters: int) -> float:
    """Wide enough for the longest, within reason."""
    return min(14.0, max(6.0, letters * LETTER + 1.0))


def _percent(widths: Sequence[float], shift: int) -> tuple[float, ...]:
    every = (NUMBER, DATE, LUNAR, _shift(shift), *widths, REMARKS)
    return tuple(round(100 * each / sum(every), 2) for each in every)


def _widths(days: Sequence[Day], kinds: int, size: float, fixed: float) -> tuple[float, ...]:
    """Return what is left for the kinds, a bit at a time to the one of which it saves most lines."""
    widths = [LEAST] * kinds
    left = WIDTH / size - fixed - LEAST * kinds
    texts = [
        [text for day in days for row in day for cell in row if cell.column == kind for text in cell.entries]
        for kind in range(kinds)
    ]
    longest = [max(map(len, found), default=0) for found in texts]
    while left > 0 and kinds:
        saved = [_lines_of(texts[n], widths[n], size) - _lines_of(texts[n], widths[n] + 3, size) for n in range(kinds)]
        best = max(range(kinds), key=lambda n: (saved[n], longest[n] / widths[n]))
        step = min(1.0, left)
        widths[best] += step
        left -= step
    return tuple(widths)


def _lines_of(texts: Sequence[str], width: float, size: float) -> int:
    return sum(_lines(text, width, size) for text in texts)


def _lines(text: str, width: float, size: float) -> int:
    """As many as words broken at spaces take."""
    room, used, lines = max(1.0, (width - SIDES / size) / LETTER), 0, 1
    for word in text.split(" "):
        if used and used + 1 + len(word) > room:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
    return lines


def _height(days: Sequence[Day], widths: Sequence[float], people: int, size: float) -> float:
    line = size * LINE
    tall = [_day(day, widths, size) for day in days]
    listed = ceil(people / max(1, int(WIDTH / size / PERSON))) + 2 if people else 0
    # A date is not torn apart: the first page may stay empty by the height of one. Each page has the heading again.
    lost = max(tall, default=0.0) + 2 * (2 * line + PADDING)
    return HEAD_LINES * line + sum(tall) + listed * line + SIGNED + lost


def _day(day: Day, widths: Sequence[float], size: float) -> float:
    line = size * LINE
    singles = [max((_cell(c, widths, size) for c in row if c.rows == 1), default=1) for row in day]
    spanning = [_cell(cell, widths, size) for row in day for cell in row if cell.rows > 1]
    return max(sum(max(1, each) for each in singles), *spanning, LUNAR_LINES) * line + len(day) * PADDING


def _cell(cell: Text, widths: Sequence[float], size: float) -> int:
    return _lines_of(cell.entries, widths[cell.column], size)
