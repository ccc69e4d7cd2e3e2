"""Column generation as a plugin of the portfolio: `with joined_by(COLUMN_GENERATION)`.

Campaigns have headcounts and hours limited by law, which this engine cannot say; published instances have neither.
"""

from __future__ import annotations

from benchmarks.roster.column_generation import adapter
from benchmarks.roster.column_generation.engine import build
from planning.engines.portfolio.registry import Engine, Plugin
from planning.problem import Problem


def suits(problem: Problem) -> bool:
    """`adapter.suits`, asked once for each problem, and only where its shifts look like it."""
    known: bool | None = problem.memo.get("column_generation.suits")
    if known is None:
        likely = bool(problem.shifts) and all(s.wanted is not None and not s.headcount for s in problem.shifts)
        known = problem.memo["column_generation.suits"] = likely and adapter.suits(problem)
    return known


COLUMN_GENERATION = Plugin(
    Engine("column_generation", "benchmarks.roster.column_generation.engine"), suits=suits, first_roster=build
)
