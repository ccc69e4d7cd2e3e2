"""What stands in the tables of the roster benchmarks, as text."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean


def table(heads: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join("–" if cell is None else str(cell) for cell in line) + " |" for line in lines)


def percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.2f} %"


def spread(values: list[float], form: str) -> str | None:
    if not values:
        return None
    low, mean, high = (form.format(value) for value in (min(values), fmean(values), max(values)))
    return f"{mean} ({low} to {high})"


def duties(values: dict[str, float]) -> str:
    return " / ".join(f"{values[duty]:g}" for duty in sorted(values))


def order(values: dict[str, float]) -> str:
    return " / ".join(sorted(values))
