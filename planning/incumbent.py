"""The best roster so far as the rules price it, the best bounds, and how both came about."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from planning.claims import Claim
from planning.outcome import Progress
from planning.problem import Assignment, Problem
from planning.score.incremental import Tally
from planning.score.score import Score

QUIET_SECONDS = 0.2  # between two pieces of news: two hundred units would tell of thousands

OnProgress = Callable[[Progress], None]
Bounds = Callable[[], tuple[int | None, int]]
Proofs = Callable[[], tuple[int, int]]


class Incumbent:
    """Follows a tally that engines change; the best that it ever held is kept, and told to `on_progress`."""

    def __init__(self, problem: Problem, on_progress: OnProgress) -> None:
        self.problem, self.on_progress = problem, on_progress
        self.began = self.told_at = monotonic()
        self.tally: Tally
        self.bounds: Bounds = lambda: (None, 0)
        self.proofs: Proofs = lambda: (0, 0)
        self.score: Score | None = None
        self.engine = "greedy"
        self.trace: list[tuple[float, int, int | None]] = []
        self._assignments: tuple[Assignment, ...] = ()
        self._is_stale = False

    def offer(self, assignments: tuple[Assignment, ...], engine: str) -> None:
        """A whole roster: told at once, and where the engines begin, if it is better than what was there."""
        tally = Tally(self.problem, assignments)
        if self.score is None or tally.total < self.score:
            self.tally = tally
            self.hear(engine)
            self.tell()

    def hear(self, engine: str | None) -> None:
        """The tally may have changed, by the doing of that engine."""
        if self.score is None or self.tally.total < self.score:
            self.score, self._is_stale = self.tally.total, True
            self.engine = engine or self.engine
        if monotonic() >= self.told_at + QUIET_SECONDS:
            self.tell()

    def keep(self) -> None:
        """Set the best roster aside; the tally may become worse."""
        if self._is_stale:
            self._assignments, self._is_stale = self.tally.assignments(), False

    def tell(self) -> None:
        """What is new, if anything is."""
        if self.score is not None and (not self.trace or self.trace[-1][1:] != (self.cost, self.bound)):
            self.keep()
            self.told_at = monotonic()
            self.trace.append((self.seconds, self.cost, self.bound))
            news = Progress(
                self.seconds, self.cost, self.bound, self.score.missing, self._assignments, self.engine, *self.proofs()
            )
            self.on_progress(news)

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        self.keep()
        return self._assignments

    @property
    def seconds(self) -> float:
        return monotonic() - self.began

    @property
    def cost(self) -> int:
        return self.score.cost if self.score else 0

    @property
    def bound(self) -> int | None:
        """The bound of lawful rosters with as few empty seats as can be: one that breaks rules may cost less. None
        where a lawful roster costs less than it: then the bound is wrong, and nothing is known."""
        bound = self.bounds()[0]
        return None if bound is None or self.is_belied else min(bound, self.cost)

    @property
    def missing_bound(self) -> int:
        return 0 if self.is_belied else self.bounds()[1]

    @property
    def is_lawful(self) -> bool:
        """Whether the best roster breaks no hard rule but by pins; empty seats are no breach here."""
        return self.score is not None and not self.score.lacking and not self.score.broken

    @property
    def is_belied(self) -> bool:
        """Whether the best roster shows the proven bounds to be wrong."""
        bound, missing = self.bounds()
        return self.score is not None and Claim(bound or 0, missing).is_belied_by(self.score)
