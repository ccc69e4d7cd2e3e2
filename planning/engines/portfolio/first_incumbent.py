"""The roster that people see at once, before any stronger engine has begun."""

from __future__ import annotations

from planning.engines.local_search.engine import build
from planning.engines.portfolio.registry import plugin_for
from planning.problem import Assignment, Problem


def first_roster(problem: Problem, *, seed: int) -> tuple[tuple[Assignment, ...], str]:
    """A roster and the engine that made it."""
    plugin = plugin_for(problem)
    if plugin is not None:
        return plugin.first_roster(problem, seed=seed), plugin.engine.name
    return build(problem, seed=seed), "greedy"
