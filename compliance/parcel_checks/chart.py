"""PURE a drawing of one number a day: a bar for each day, from nothing to the highest; a gap where nobody told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 360, 140, 52, 22, 8
LABELS = 6
"""At most so many days are named under the axis."""


@dataclass(frozen=True)
class ParcelBar:
    day: date
    value: int | None
    x: float
    y: float
    width: float
    height: float
    named: bool


@dataclass(frozen=True)
class ParcelChart:
    """``top``: the number at the upper line; ``limit_y``: of a threshold, where there is one."""

    bars: tuple[ParcelBar, ...]
    top: int
    limit_y: float | None = None


def draw(days: Sequence[tuple[date, int | None]], limit: int | None = None) -> ParcelChart:
    top = _round(max([value or 0 for _day, value in days] + [limit or 0, 1]))
    inner, high = WIDTH - LEFT, HEIGHT - BOTTOM - TOP
    step = inner / max(len(days), 1)
    every = -(-len(days) // LABELS) if days else 1
    bars = []
    for place, (day, value) in enumerate(days):
        height = high * (value or 0) / top
        bars.append(
            ParcelBar(
                day,
                value,
                round(LEFT + place * step + step * 0.1, 1),
                round(TOP + high - height, 1),
                round(step * 0.8, 1),
                round(height, 1),
                place % every == 0,
            )
        )
    line = None if limit is None else round(TOP + high * (1 - limit / top), 1)
    return ParcelChart(tuple(bars), top, line)


def _round(number: int) -> int:
    """Up to 1, 2 or 5 with noughts."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size >= number:
                return step * size
        size *= 10
