"""PURE: the course of a solve as a drawing: cost and proven bound over time, as points of an SVG of 600 by 180."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600, 180
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 26


@dataclass(frozen=True)
class Curve:
    """Polyline points and the labels of both axes. Costs are hundredths of a point."""

    cost: str
    bound: str
    low: int
    high: int
    seconds: float


def curve(progress: Sequence[Sequence[Any]]) -> Curve | None:
    """From [[seconds, cost, bound or None, empty seats], …]; only rosters with as few empty seats as the best.

    An empty seat costs so much that everything before it would flatten the rest. ``None`` without two moments.
    """
    if not progress:
        return None
    fewest = min(row[3] for row in progress)
    shown = [row for row in progress if row[3] == fewest]
    costs = [int(row[1]) for row in shown]
    bounds = [int(row[2]) for row in shown if row[2] is not None]
    low, high = _range(costs, bounds)
    seconds = max(float(shown[-1][0]), 0.1)
    if len(shown) < 2:
        return None
    scale = (low, max(high, low + 1), seconds)
    cost = _steps([(float(row[0]), int(row[1])) for row in shown], scale)
    bound = _steps([(float(row[0]), int(row[2])) for row in shown if row[2] is not None], scale)
    return Curve(cost, bound, low, high, seconds)


def _range(costs: Sequence[int], bounds: Sequence[int]) -> tuple[int, int]:
    """Where the axis begins and ends: weak early bounds are cut off, or they would flatten the costs."""
    high, best = max(costs), min(costs)
    worth_seeing = best - max(high - best, best // 50, 1)
    last = bounds[-1] if bounds else worth_seeing
    return min(worth_seeing, last), high


def _steps(points: Sequence[tuple[float, int]], scale: tuple[int, int, float]) -> str:
    """A value holds until the next one: corners, not slopes."""
    low, high, seconds = scale
    drawn: list[str] = []
    last: float | None = None
    for at, value in points:
        x = LEFT + (WIDTH - LEFT - RIGHT) * at / seconds
        y = TOP + (HEIGHT - TOP - BOTTOM) * (high - max(value, low)) / (high - low)
        if last is not None:
            drawn.append(f"{x:.1f},{last:.1f}")
        drawn.append(f"{x:.1f},{y:.1f}")
        last = y
    return " ".join(drawn)
