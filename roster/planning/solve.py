"""Problem → Outcome: the greedy at once, then a stronger engine while time lasts; the rules judge every roster."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from roster.planning.check import check, cost_of
from roster.planning.engines import process
from roster.planning.engines.candidates import surely_missing
from roster.planning.engines.greedy import build as greedy
from roster.planning.explain import shortages
from roster.planning.problem import Assignment, Outcome, Problem, Progress, Status, Violation

OnProgress = Callable[[Progress], None]
ShouldCancel = Callable[[], bool]

LEAST_SECONDS = 0.5  # less than that is not worth a child process


class Best:
    """The best roster so far as the checker prices it, the best bounds, and how both came about."""

    def __init__(self, problem: Problem, on_progress: OnProgress) -> None:
        self.problem, self.on_progress = problem, on_progress
        self.began = monotonic()
        self.assignments: tuple[Assignment, ...] = ()
        self.violations: tuple[Violation, ...] = ()
        self.cost: int | None = None
        self.engine = "greedy"
        self.hard: int = 0
        self.bound: int | None = None
        self.missing_bound = 0
        self.trace: list[tuple[float, int, int | None]] = []

    def offer(self, assignments: tuple[Assignment, ...], engine: str) -> None:
        """Keep the roster if it has fewer hard breaches other than empty seats, or as many and costs less."""
        violations = tuple(check(self.problem, assignments))
        hard, cost = sum(v.hard and not v.cost for v in violations), cost_of(violations)
        if self.cost is None or (hard, cost) < (self.hard, self.cost):
            self.assignments, self.violations, self.hard, self.cost = assignments, violations, hard, cost
            self.engine = engine

    def prove(self, bound: int, missing: int) -> None:
        self.bound = bound if self.bound is None else max(self.bound, bound)
        self.missing_bound = max(self.missing_bound, missing)

    def tell(self) -> None:
        assert self.cost is not None  # noqa: S101 - something was offered before anything is told
        now = monotonic() - self.began
        if not self.trace or self.trace[-1][1:] != (self.cost, self.bound):
            self.trace.append((now, self.cost, self.bound))
            self.on_progress(Progress(now, self.cost, self.bound, self.missing, self.assignments))

    @property
    def missing(self) -> int:
        return sum(int(v.params["missing"]) for v in self.violations if v.rule == "coverage.headcount")

    @property
    def is_proven(self) -> bool:
        return self.bound is not None and self.cost is not None and self.bound >= self.cost

    def status(self, *, cancelled: bool) -> Status:
        if cancelled:
            return "cancelled"
        if self.missing_bound:
            return "infeasible"
        return "optimal" if self.is_proven and not self.missing else "feasible"

    def gap(self) -> float | None:
        """How far the roster may be from the best one, as a share of its cost; None before any bound."""
        if self.bound is None or self.cost is None:
            return None
        return max(0, self.cost - self.bound) / self.cost if self.cost else 0.0


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
) -> Outcome:
    """The best roster found in about `seconds`; with the same seed a proven one is the same on every run.

    `on_progress` hears of the greedy roster at once and of every better roster or bound. `should_cancel` is asked
    several times a second; a cancelled solve still returns its best roster. A failure of the stronger engine is
    told in `fault` and costs nothing but quality.
    """
    best = Best(problem, on_progress)
    best.offer(greedy.build(problem, seed=seed), "greedy")
    best.missing_bound = surely_missing(problem)
    best.tell()
    left = seconds - (monotonic() - best.began)
    fault, cancelled = None, should_cancel()
    if left >= LEAST_SECONDS and not cancelled:
        try:
            for news in process.run(problem, best.assignments, seconds=left, seed=seed, should_stop=should_cancel):
                best.prove(news.bound, news.missing)
                if news.roster is not None:
                    best.offer(news.roster, "highs")
                best.tell()
        except process.EngineFailed as error:
            fault = str(error) or "engine.silent"
        cancelled = should_cancel()
    return _outcome(best, fault=fault, cancelled=cancelled)


def _outcome(best: Best, *, fault: str | None, cancelled: bool) -> Outcome:
    return Outcome(
        status=best.status(cancelled=cancelled),
        assignments=tuple(sorted(best.assignments)),
        objective=best.cost,
        bound=best.bound,
        gap=best.gap(),
        violations=best.violations,
        shortages=shortages(best.problem, best.assignments),
        trace=tuple(best.trace),
        missing_bound=best.missing_bound,
        engine=best.engine,
        fault=fault,
    )
