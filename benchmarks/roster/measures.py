"""One solve as a flat row of numbers that can be checked against the targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from planning.fairness_ledger import ledger, spreads
from planning.outcome import Outcome, Progress
from planning.problem import Assignment, Problem
from planning.rules import RULES
from planning.rules.peaks import SECOND_PEAK
from planning.score.check import check, cost_of
from planning.settings import Setting
from planning.solve import SolveOptions, solve

Row = dict[str, Any]
STEPS = (10, 30, 60, 120, 180, 300, 600)
LEAST_SECONDS = 20  # for the proof of how many second peaks there must be


@dataclass
class FirstValid:
    """Seconds until the first roster without hard breach, as the checker finds it; None before.

    `unavoidable`: so many seats nobody may take; they may be empty, and no more.
    """

    problem: Problem
    unavoidable: int = 0
    after: float | None = None

    def hear(self, progress: Progress) -> None:
        if self.after is not None or progress.missing > self.unavoidable:
            return
        found = check(self.problem, progress.assignments)
        if not any(violation.hard and violation.rule != "coverage.headcount" for violation in found):
            self.after = progress.seconds


def solved(problem: Problem, *, seconds: float, seed: int, unavoidable: int = 0) -> tuple[Outcome, Row]:
    """Return what `solve()` makes of it: cost, bound and gap at the end and on the way."""
    first, began = FirstValid(problem, unavoidable), monotonic()
    outcome = solve(problem, SolveOptions(seconds=seconds, seed=seed), on_progress=first.hear)
    spent = monotonic() - began
    row: Row = {
        "seed": seed,
        "people": len(problem.staff),
        "shifts": len(problem.shifts),
        "seconds": round(spent, 2),
        "status": outcome.status,
        "cost": outcome.objective,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "engine": outcome.engine,
        "valid_after": None if first.after is None else round(first.after, 2),
        "hard_breaches": sum(violation.hard for violation in outcome.violations),
        "trace": [list(point) for point in outcome.trace],
    }
    if outcome.certificate is not None:
        facts = outcome.certificate
        row |= {
            "parts": facts.groups,
            "parts_proved": facts.groups_proved,
            "memory_mb": facts.memory_mb,
            "engines_memory_mb": facts.engines_memory_mb,
        }
    for step in STEPS:
        if step <= seconds:
            row[f"cost_{step}"], row[f"gap_{step}"] = _at(outcome, step)
    return outcome, row


def _at(outcome: Outcome, seconds: float) -> tuple[int | None, float | None]:
    """(cost, gap) of what was known by then; a search that has ended stays as it ended."""
    seen = [point for point in outcome.trace if point[0] <= seconds]
    if not seen:
        return None, None
    _, cost, bound = seen[-1]
    return cost, None if bound is None or not cost else max(0.0, (cost - bound) / cost)


def quality(problem: Problem, assignments: Iterable[Assignment]) -> Row:
    """Return what people feel: breaches, how even the load is per duty, and who has more than one peak shift."""
    roster = tuple(assignments)
    violations = check(problem, roster)
    lines = {each.duty: each for each in spreads(problem, ledger(problem, roster))}
    return {
        "breaches": sum(v.hard and not v.params.get("missing") for v in violations),
        "empty": sum(int(v.params.get("missing", 0)) for v in violations if v.rule == "coverage.headcount"),
        "cost_checked": cost_of(violations),
        "second_peaks": sum(v.amount for v in violations if v.rule == "peaks.second"),
        "sd": {duty: round(each.deviation / 100, 2) for duty, each in lines.items()},
        "range": {duty: round((each.highest - each.lowest) / 100, 1) for duty, each in lines.items()},
    }


def least_second_peaks(problem: Problem) -> int | None:
    """How many second peak shifts there must be at least, whoever takes what: a proven number, or None.

    The peak shifts alone, priced by nothing else: each full roster holds such a roster within it.
    """
    soft = [rule.code for rule in RULES if not rule.is_hard(problem)]
    others = {code: Setting(on=False) for code in soft if code != SECOND_PEAK.code}
    peaks = tuple(shift for shift in problem.shifts if shift.peak)
    alone = replace(problem, shifts=peaks, wishes=(), settings={**problem.settings, **others})
    outcome = solve(alone, SolveOptions(seconds=LEAST_SECONDS, seed=1))
    return None if outcome.bound is None else -(-outcome.bound // int(SECOND_PEAK.weight_in(problem)))
