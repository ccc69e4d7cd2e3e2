"""PURE The drawing of the years: one dot a person and Tết, and the band in which the middle half of the group lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 18, 30
RADIUS, APART, HALF = 4, 9, 34
"""Of a dot; how far dots of the same height stand apart; half of what a year may take."""
STEP = 3
"""Heights closer than this are one height: their dots stand side by side."""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    mine: bool


@dataclass(frozen=True)
class TetColumn:
    """One Tết: where the band begins and ends, and the middle of the group; y grows downward."""

    year: int
    x: float
    high: float
    low: float
    middle: float


@dataclass(frozen=True)
class Picture:
    """``ticks``: (y, points) of the guides."""

    columns: tuple[TetColumn, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, int], ...]


def picture(points: Mapping[int, Mapping[int, int]], years: Sequence[int], mine: int | None = None) -> Picture | None:
    """``points``: Tết → person id → hundredths of a point; ``mine``: whose dots stand out. None when nobody has any."""
    most = max((value for each in points.values() for value in each.values()), default=0)
    if most <= 0 or not years:
        return None
    top = _round_up(most)
    wide = (WIDTH - LEFT - RIGHT) / len(years)
    columns: list[TetColumn] = []
    dots: list[Dot] = []
    for number, year in enumerate(years):
        known = points.get(year, {})
        x = LEFT + wide * (number + 0.5)
        if known:
            low, middle, high = _quarters(list(known.values()))
            columns.append(TetColumn(year, round(x, 1), _y(high, top), _y(low, top), _y(middle, top)))
            dots += _dots(known, x, min(HALF, wide / 2 - RADIUS), top, mine=mine)
        else:
            columns.append(TetColumn(year, round(x, 1), _y(0, top), _y(0, top), _y(0, top)))
    ticks = tuple((_y(top * part // 4, top), top * part // 4) for part in range(5))
    return Picture(tuple(columns), tuple(dots), ticks)


def _dots(known: Mapping[int, int], x: float, half: float, top: int, *, mine: int | None) -> Iterable[Dot]:
    """Side by side from the middle outward where several are as high; beyond the room for a year they lie on each
    other, and one's own last, so that it is seen."""
    rows: Counter[int] = Counter()
    for person_id, value in sorted(known.items(), key=lambda each: (each[0] == mine, each)):
        y = _y(value, top)
        row = round(y / STEP)
        place, rows[row] = rows[row], rows[row] + 1
        aside = (place + 1) // 2 * APART * (1 if place % 2 else -1)
        yield Dot(round(x + max(-half, min(half, aside)), 1), y, person_id == mine)


def _quarters(values: Sequence[int]) -> tuple[float, float, float]:
    """(lower quarter, median, upper quarter)."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, _middle, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def _y(value: float, top: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - max(0, value) / top), 1)


def _round_up(most: int) -> int:
    """To a number whose quarters are whole points."""
    for step in (4_00, 20_00, 40_00, 80_00, 200_00, 400_00):
        if most <= step * 5:
            return -(-most // step) * step
    return -(-most // 1000_00) * 1000_00
