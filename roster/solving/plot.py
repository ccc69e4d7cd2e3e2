"""PURE the course of a solve as two small drawings: cost and proven bound over time, and the gap between them.

Each drawing is an SVG of ``WIDTH`` by ``HEIGHT``, small enough that its words can be read on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

WIDTH, HEIGHT = 360, 176
LEFT, RIGHT, TOP, BOTTOM = 64, 10, 12, 26
LEAST_SECONDS = 0.1
ENOUGH_TICKS = 3

Point = tuple[float, float]


@dataclass(frozen=True)
class Tick:
    """A value of an axis and where it stands, in the units of the drawing."""

    at: float
    value: float


@dataclass(frozen=True)
class Curve:
    """Points of polylines. Costs are hundredths of a point, ``gap`` is in percent; a line may be empty.

    ``band`` is the area between cost and bound. ``base`` is the zero of the axis of costs: the last bound, or the
    best cost while nothing is proven. ``first`` is where the first roster stands on the axis of time.
    """

    cost: str
    bound: str
    band: str
    gap: str
    cost_ticks: tuple[Tick, ...]
    gap_ticks: tuple[Tick, ...]
    time_ticks: tuple[Tick, ...]
    first: float
    first_seconds: float
    high: int
    low: int
    base: int
    last_gap: float | None


@dataclass(frozen=True)
class Scale:
    """From seconds and values to the drawing; ``low`` stands on the bottom line, ``high`` on the top one."""

    low: float
    high: float
    seconds: float

    def x(self, seconds: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(seconds, self.seconds) / self.seconds

    def y(self, value: float) -> float:
        held = min(max(value, self.low), self.high)
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - held) / (self.high - self.low)


def curve(progress: Sequence[Sequence[Any]], until: float = 0.0, unit: float = 100.0) -> Curve | None:
    """Return the curve from rows [seconds, cost, bound or None, empty seats, …]; drawn up to ``until`` seconds at
    least.

    The axis of costs counts units of so many hundredths of a point above the base.

    Costs are drawn from the moment when as few seats are empty as in the best roster: an empty seat costs so much that
    everything before would flatten the rest. Weak early bounds and wide early gaps are left out for the same reason.
    """
    if not progress:
        return None
    fewest = min(row[3] for row in progress)
    shown = [row for row in progress if row[3] == fewest]
    costs = [(float(row[0]), float(row[1])) for row in shown]
    bounds = [(float(row[0]), float(row[2])) for row in shown if row[2] is not None]
    gaps = [(float(row[0]), _gap(row)) for row in shown if row[2] is not None]
    seconds = max(float(progress[-1][0]), until, LEAST_SECONDS)
    base = bounds[-1][1] if bounds else min(value for _at, value in costs)
    scale = _cost_scale(costs, base, seconds, below=bool(bounds), unit=unit)
    gap_scale = _gap_scale([gap for _at, gap in gaps], seconds)
    return Curve(
        cost=_written(_steps(costs, scale)),
        bound=_written(_entering(bounds, scale)),
        band=_written(_band(costs, bounds, scale)),
        gap=_written(_entering(gaps, gap_scale)),
        cost_ticks=_ticks(scale, base, unit),
        gap_ticks=_ticks(gap_scale),
        time_ticks=_time_ticks(scale),
        first=scale.x(float(progress[0][0])),
        first_seconds=float(progress[0][0]),
        high=int(max(value for _at, value in costs)),
        low=int(min(value for _at, value in costs)),
        base=int(base),
        last_gap=gaps[-1][1] if gaps else None,
    )


def _gap(row: Sequence[Any]) -> float:
    """How much cheaper a roster might still be, in percent of the cost."""
    return 100 * max(0.0, (row[1] - row[2]) / row[1]) if row[1] else 0.0


def _cost_scale(costs: Sequence[Point], base: float, seconds: float, *, below: bool, unit: float) -> Scale:
    """From ``base`` to the dearest roster, a unit at least; ``below`` leaves room for bounds that come up to it."""
    high = max(base + unit, *(value for _at, value in costs))
    return Scale(base - 0.4 * (high - base) if below else base, high + 0.06 * (high - base), seconds)


def _gap_scale(gaps: Sequence[float], seconds: float) -> Scale:
    """Up to five times the last gap, one percent at least, so that the end can be told from zero."""
    if not gaps:
        return Scale(0.0, 1.0, seconds)
    return Scale(0.0, max(min(max(gaps), max(5 * gaps[-1], 1.0)) * 1.06, 0.1), seconds)


def _steps(points: Iterable[Point], scale: Scale, come_from: Point | None = None) -> list[Point]:
    """A value holds until the next one, and the last one to the end: corners, not slopes."""
    drawn: list[Point] = []
    for at, value in points:
        if come_from and not drawn:
            drawn.append((scale.x(at), scale.y(come_from[1])))
        x, y = scale.x(at), scale.y(value)
        if drawn:
            drawn.append((x, drawn[-1][1]))
        drawn.append((x, y))
    if drawn:
        drawn.append((scale.x(scale.seconds), drawn[-1][1]))
    return drawn


def _entering(points: Sequence[Point], scale: Scale) -> list[Point]:
    """The steps of a line that begins outside the drawing: from the edge over which it comes in."""
    inside = [n for n, (_at, value) in enumerate(points) if scale.low <= value <= scale.high]
    if not inside:
        return []
    return _steps(points[inside[0] :], scale, come_from=points[inside[0] - 1] if inside[0] else None)


def _band(costs: Sequence[Point], bounds: Sequence[Point], scale: Scale) -> list[Point]:
    """The outline of what lies between both, from the first bound on."""
    if not bounds:
        return []
    begin = bounds[0][0]
    before = [value for at, value in costs if at <= begin]
    upper = [(begin, before[-1]), *(each for each in costs if each[0] > begin)]
    return [*_steps(upper, scale), *reversed(_steps(bounds, scale))]


def _ticks(scale: Scale, base: float = 0.0, unit: float = 1.0) -> tuple[Tick, ...]:
    """Round numbers of units above ``base``, up to the top."""
    most = (scale.high - base) / unit
    step = _round_step(most / ENOUGH_TICKS)
    values = [round(n * step, 6) for n in range(int(most / step + 1e-9) + 1)]
    return tuple(Tick(round(scale.y(base + value * unit), 1), value) for value in values)


def _time_ticks(scale: Scale) -> tuple[Tick, ...]:
    step = _round_step(scale.seconds / ENOUGH_TICKS)
    count = int(scale.seconds / step + 1e-9)
    return tuple(Tick(round(scale.x(n * step), 1), round(n * step, 6)) for n in range(count + 1))


def _round_step(rough: float) -> float:
    """The first of 1, 2, 5, 10 … (or their tenths) that is no smaller."""
    size = 1.0
    while size >= rough:
        size /= 10
    while size * 10 < rough:
        size *= 10
    return next(size * n for n in (1, 2, 5, 10) if size * n >= rough - 1e-12)


def _written(points: Iterable[Point]) -> str:
    """Without the points that repeat the one before."""
    return " ".join(text for text, _same in groupby(f"{x:.1f},{y:.1f}" for x, y in points))
