"""Plots of the roster benchmarks, into docs/images/roster-*.svg; the same results give the same bytes."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402 - the backend is chosen first
from matplotlib.axes import Axes  # noqa: E402

from benchmarks.roster.run import RESULTS  # noqa: E402

IMAGES = RESULTS.parents[2] / "docs" / "images"
INK, RED, GREEN = "#2b2622", "#a8322a", "#4b7a4a"
Row = dict[str, Any]
plt.rcParams.update({"svg.hashsalt": "truc-tet", "font.size": 10, "axes.spines.top": False, "axes.edgecolor": INK})


def curves(runs: list[tuple[str, Row]], name: str) -> None:
    """Gap over time, one line a run."""
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for label, row in runs:
        points = [(t, 100 * (cost - bound) / cost) for t, cost, bound in row["trace"] if bound is not None and cost]
        if points:
            axes.step(*zip(*points, strict=True), where="post", label=label, linewidth=1.4)
    axes.set_xlabel("seconds")
    axes.set_ylabel("gap, %")
    axes.set_yscale("symlog", linthresh=0.1)
    axes.legend(frameon=False)
    _save(figure, name)


def growth(by_size: dict[int, list[Row]]) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    sizes = sorted(by_size)
    _band(left, sizes, _known(by_size, sizes, "valid_after", 1), GREEN, "seconds to a valid roster")
    gaps = _known(by_size, sizes, "gap_60", 100)
    _band(right, sizes, gaps, RED, "gap at 60 s, %")
    _save(figure, "growth")


def _known(by_size: dict[int, list[Row]], sizes: list[int], key: str, times: float) -> list[list[float]]:
    return [[times * r[key] for r in by_size[s] if r.get(key) is not None] or [float("nan")] for s in sizes]


def _band(axes: Axes, x: list[int], values: list[list[float]], colour: str, label: str) -> None:
    axes.fill_between(x, [min(v) for v in values], [max(v) for v in values], color=colour, alpha=0.2, linewidth=0)
    axes.plot(x, [fmean(v) for v in values], "o-", color=colour)
    axes.set_xlabel("people in one unit")
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)


def _save(figure: Any, name: str) -> None:
    figure.savefig(IMAGES / f"roster-{name}.svg", metadata={"Date": None})
    plt.close(figure)
