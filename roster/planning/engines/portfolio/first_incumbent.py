"""The roster that people see at once, before any stronger engine has begun."""

from __future__ import annotations

from importlib import import_module

from roster.planning.engines.local_search.engine import build
from roster.planning.engines.portfolio.registry import walks_by_day
from roster.planning.problem import Assignment, Problem


def first_roster(problem: Problem, *, seed: int) -> tuple[tuple[Assignment, ...], str]:
    """A roster and the engine that made it. Where people walk from day to day, whole personal rows are laid one after
    another, which keeps every rule on runs and totals; else the greedy fills seat by seat.
    """
    if not walks_by_day(problem):
        return build(problem, seed=seed), "greedy"
    # Arrays are loaded only for problems that are computed with them.
    read = import_module("roster.planning.engines.column_generation.adapter").read
    lay = import_module("roster.planning.engines.column_generation.construction").first_roster
    model = read(problem)
    return tuple(model.assignments(lay(model, seed=seed))), "paths"
