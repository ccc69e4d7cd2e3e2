"""PURE a drawing of waits, one line for each row: a bar to the median, a thin one on to the ninth of ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LINE, LEFT, RIGHT, BOTTOM = 360, 30, 8, 8, 22
STEPS = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800, 345600, 604800)
"""Seconds between marks of the axis, the first that leaves few enough."""
MOST_MARKS = 5


@dataclass(frozen=True)
class FigureBar:
    """Lengths in units of the drawing; ``y`` is the top of the line."""

    label: str
    y: int
    median: float
    p90: float


@dataclass(frozen=True)
class FigureMark:
    x: float
    seconds: int


@dataclass(frozen=True)
class FigureChart:
    bars: tuple[FigureBar, ...]
    marks: tuple[FigureMark, ...]
    height: int


def draw(rows: Sequence[tuple[str, float, float]]) -> FigureChart:
    """``rows``: (label, seconds of the median, seconds of the ninth of ten); an empty drawing of none."""
    longest = max((p90 for _label, _median, p90 in rows), default=0.0)
    step = next((each for each in STEPS if longest / each <= MOST_MARKS), None) or -(-int(longest) // MOST_MARKS)
    whole = max(step, -(-int(longest + 0.999) // step) * step)
    inner = WIDTH - LEFT - RIGHT
    bars = tuple(
        FigureBar(label, place * LINE, inner * median / whole, inner * p90 / whole)
        for place, (label, median, p90) in enumerate(rows)
    )
    marks = tuple(FigureMark(LEFT + inner * at / whole, at) for at in range(0, whole + 1, step))
    return FigureChart(bars, marks, len(rows) * LINE + BOTTOM)
