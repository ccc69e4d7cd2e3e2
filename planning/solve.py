"""Problem → Outcome: a first roster at once, then stronger engines while time lasts; the rules judge every roster."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from planning.certificate import Certificate, StoppedBy, own_memory_mb, versions
from planning.certificate_facts import facts_of_roster, gap_between
from planning.claims import refuse
from planning.codec import fingerprint
from planning.engines.candidates.candidates import surely_missing
from planning.engines.decomposition.decomposition import Decomposition
from planning.engines.local_search.mend import mend
from planning.engines.portfolio.first_incumbent import first_roster
from planning.engines.portfolio.prover import Prover
from planning.engines.portfolio.scheduler import EnginesReport, Portfolio
from planning.explain.empty_seats import shortages
from planning.incumbent import Incumbent, OnProgress
from planning.outcome import Outcome, Violation
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.score.score import score_of

ShouldCancel = Callable[[], bool]

LEAST_SECONDS = 0.5  # less than that is not worth a child process
WORKERS = 2
PRICING_SHARE, LEAST_PRICING, MOST_PRICING = 0.2, 5.0, 30.0
"""Seconds that dual prices may take beyond what was asked: a share of it within these limits."""


@dataclass(frozen=True)
class SolveOptions:
    """How to look for a roster: about how long, by engines in at most `workers` processes.

    `reproducible`: one process with one thread, ended by proof or by counted work where the engine can, so that the
    same problem, start and seed give the same roster; the certificate says what ended it. `prices`: keep dual prices in
    the certificate, so that anybody can work the bound out again; they take some seconds more, and often raise it.
    """

    seconds: float
    seed: int = 0
    reproducible: bool = False
    workers: int = WORKERS
    prices: bool = False


def solve(
    problem: Problem,
    options: SolveOptions,
    *,
    start: Sequence[Assignment] = (),
    on_progress: OnProgress = lambda progress: None,
    should_cancel: ShouldCancel = lambda: False,
) -> Outcome:
    """Return the best roster that is found.

    `start` is a roster to begin from, as far as it still fits; the greedy's is there besides. `on_progress` hears of
    the greedy roster at once and of better rosters and bounds as they come. `should_cancel` is asked several times a
    second; a cancelled solve still returns its best roster. A failure of an engine is told in `fault` and costs nothing
    but quality.
    """
    seconds, seed, reproducible = options.seconds, options.seed, options.reproducible
    incumbent = Incumbent(problem, on_progress)
    incumbent.bounds = partial(_first_bounds, surely_missing(problem))
    first, maker = first_roster(problem, seed=seed)
    incumbent.offer(first, maker)
    draft = mend(problem, start, seed=seed) if start else ()
    if draft:
        incumbent.offer(draft, "draft")
    end = End(seconds, seed, reproducible)
    if seconds - incumbent.seconds >= LEAST_SECONDS and not should_cancel():
        decomposition = end.decomposition = Decomposition(problem, incumbent.tally, seed=seed)
        if draft and decomposition.take_better_parts(first, draft):
            incumbent.hear("draft")
        incumbent.bounds = lambda: (decomposition.bound, decomposition.missing)
        incumbent.proofs = lambda: decomposition.proofs
        count = 1 if reproducible else max(1, min(options.workers, os.cpu_count() or 1))
        search = Portfolio(
            decomposition,
            until=incumbent.began + seconds,
            seed=seed,
            workers=count,
            work=seconds if reproducible else None,
            should_stop=should_cancel,
            audience=incumbent,
        )
        search.run()
        end.report = search.report
        if options.prices and incumbent.is_lawful and not should_cancel():
            _price(incumbent, end)
    incumbent.tell()
    end.seconds_used = incumbent.seconds
    return _outcome(incumbent, end, cancelled=should_cancel())


def _price(incumbent: Incumbent, end: End) -> None:
    """Ask for dual prices. What they prove is a bound like any other, and every roster may show it to be wrong."""
    wanted = min(MOST_PRICING, max(LEAST_PRICING, PRICING_SHARE * end.seconds))
    with Prover() as prover:
        end.prices, proven = prover.prices(incumbent.problem, wanted, incumbent.bound)
    end.report.refused += prover.faults
    known = incumbent.bounds
    if proven is not None:
        incumbent.bounds = lambda: (max(proven, known()[0] or proven), known()[1])


@dataclass
class End:
    """What was asked of a solve, and what became of its engines."""

    seconds: float
    seed: int
    reproducible: bool
    seconds_used: float = 0.0
    decomposition: Decomposition | None = None
    prices: str = ""
    report: EnginesReport = field(default_factory=EnginesReport)

    def stopped_by(self, *, cancelled: bool, proved: bool) -> StoppedBy:
        if cancelled:
            return "cancel"
        if self.decomposition is None:
            return "nothing"
        if proved:
            return "proof"
        if self.report.out_of_time:
            return "clock"
        return "work" if self.reproducible and not (self.report.faults or self.report.refused) else "nothing"


def _first_bounds(missing: int) -> tuple[None, int]:
    return None, missing


def _outcome(incumbent: Incumbent, end: End, *, cancelled: bool) -> Outcome:
    violations = tuple(check(incumbent.problem, incumbent.assignments))
    if incumbent.is_belied:
        words = "a lawful roster costs less than the bounds of its subproblems together"
        refuse(words)
        end.report.refused.append(f"bound.belied: {words}")
    certificate = _certificate(incumbent, end, violations, cancelled=cancelled)
    return Outcome(
        status="cancelled" if cancelled else certificate.status,
        assignments=incumbent.assignments,
        objective=incumbent.cost,
        bound=incumbent.bound,
        gap=certificate.gap,
        violations=violations,
        shortages=shortages(incumbent.problem, incumbent.assignments),
        trace=tuple(incumbent.trace),
        missing_bound=incumbent.missing_bound,
        engine=incumbent.engine,
        fault="\n".join([*end.report.faults, *end.report.refused]) or None,
        certificate=certificate,
    )


def _certificate(incumbent: Incumbent, end: End, violations: Sequence[Violation], *, cancelled: bool) -> Certificate:
    score, bound = score_of(violations), incumbent.bound
    groups, groups_proved = end.decomposition.proofs if end.decomposition else (0, 0)
    proved = bound == score.cost and score.missing == incumbent.missing_bound and incumbent.is_lawful
    return Certificate(
        problem=fingerprint(incumbent.problem),
        versions=versions(),
        seed=end.seed,
        seconds_asked=end.seconds,
        seconds_used=round(end.seconds_used, 2),
        engines=tuple(sorted(end.report.engines)),
        engine=incumbent.engine,
        bound=bound,
        gap=gap_between(score.cost, bound),
        missing_bound=incumbent.missing_bound,
        groups=groups,
        groups_proved=groups_proved,
        proved=proved,
        reproducible=end.reproducible,
        stopped_by=end.stopped_by(cancelled=cancelled, proved=proved),
        memory_mb=own_memory_mb(),
        engines_memory_mb=end.report.memory // 1024,
        pins=tuple((pin.shift_id, pin.staff_id) for pin in incumbent.problem.pins),
        prices=end.prices,
        refused=tuple(end.report.refused),
        baseline=tuple((each.shift_id, each.staff_id) for each in incumbent.problem.baseline),
        **facts_of_roster(incumbent.assignments, violations),
    )
