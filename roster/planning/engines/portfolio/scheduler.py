"""Engines at work on the pieces, a few processes at a time, until everything is proven or time is up.

Small pieces come first, each with its fair share of what is left; what stays unproven is taken up again with more.
When fewer pieces are open than processes, several engines work on one piece and hear of each other's rosters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Protocol

from roster.planning.engines.decomposition.decomposition import Layout
from roster.planning.engines.decomposition.subproblem import Piece
from roster.planning.engines.portfolio.registry import ENGINES, engines_for
from roster.planning.engines.portfolio.worker import Line, Task, Worker
from roster.planning.problem import Assignment

POLL_SECONDS = 0.1
GRACE_SECONDS = 2.0  # past its share, for an engine that overshoots; then it is killed
LAST_WORDS_SECONDS = 0.5
LEAST_SHARE = 4.0  # less proves no team of eight
WELL_BEFORE = 0.8  # of its share: an engine that ends earlier has nothing more to say
MOST_DEATHS = 3
START_SECONDS = 30.0  # until a child says that it is ready, on a busy machine with a cold disk; then another is tried
LEAST_WORK = 0.5  # of counted seconds; less is not worth a run


class Audience(Protocol):
    """Whoever follows the search."""

    def hear(self, engine: str | None) -> None:
        """The tally has changed by this engine's doing, or None: perhaps a bound, perhaps only time."""

    def keep(self) -> None:
        """The roster may become worse for a while."""


@dataclass(eq=False)
class Run:
    """One engine on one piece; `until` 0: it has not been given its task yet."""

    number: int
    worker: Worker
    piece: Piece
    share: float
    until: float = 0.0
    born: float = field(default_factory=monotonic)
    work: float | None = None  # what it did, where that is counted and known


@dataclass
class Report:
    """What became of the engines: for the certificate and for the log."""

    engines: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    memory: int = 0  # kilobytes, the most of any child
    out_of_time: bool = False


class Portfolio:
    """One search over a layout; `report` says what became of it."""

    def __init__(
        self,
        layout: Layout,
        *,
        until: float,
        seed: int,
        workers: int,
        work: float | None,
        should_stop: Callable[[], bool],
        audience: Audience,
    ) -> None:
        self.layout, self.until, self.seed = layout, until, seed
        self.workers, self.by_work = workers, work is not None
        self.purse = work or 0.0
        self.should_stop, self.audience = should_stop, audience
        self.report = Report()
        self.inbox: SimpleQueue[Line] = SimpleQueue()
        self.runs: list[Run] = []
        self.resting: list[Worker] = []
        self.deaths = Counter[str]()
        self.count = 0

    def run(self) -> None:
        try:
            while not self.should_stop():
                if monotonic() >= self.until:
                    self.report.out_of_time = True
                    self._linger()
                    return
                if self.layout.is_due:
                    self.audience.keep()
                    self.layout.advance(self._is_over)
                    self.audience.hear("split")
                if not self.by_work:
                    self.layout.polish()
                self._employ()
                if not self.runs:
                    return
                self._attend()
        finally:
            for worker in [*(run.worker for run in self.runs), *self.resting]:
                worker.kill()

    def _is_over(self) -> bool:
        return self.should_stop() or monotonic() >= self.until

    def _linger(self) -> None:
        """Engines keep time by themselves and report once more at the end."""
        while self.runs and monotonic() < self.until + GRACE_SECONDS and not self.should_stop():
            self._attend()

    def _employ(self) -> None:
        """Give every idle process something to do."""
        while len(self.runs) < self.workers and (chosen := self._choose()) is not None:
            piece, engine, share = chosen
            self.count += 1
            run = Run(self.count, self._worker(engine), piece, share)
            piece.running.add(engine)
            self.report.engines.add(engine)
            self.runs.append(run)
            if run.worker.is_ready:
                self._start(run)

    def _choose(self) -> tuple[Piece, str, float] | None:
        open_pieces = [piece for piece in self.layout.pieces if not piece.is_settled]
        left = self.purse if self.by_work else max(0.0, self.until - monotonic())
        if self.by_work and left < LEAST_WORK:
            return None
        waiting = [piece for piece in open_pieces if not piece.running]
        for piece in sorted(waiting, key=lambda each: each.turn):
            for engine in self._engines(piece):
                return piece, engine, self._share(piece, waiting, left)
        for piece in sorted(open_pieces, key=lambda each: (each.only_bound, -each.size)):
            for engine in self._engines(piece) if piece.running and not self.by_work else ():
                return piece, engine, left
        return None

    def _engines(self, piece: Piece) -> Iterator[str]:
        """Who may still be put on the piece, in the order of its engines, taking turns over the rounds."""
        fit = [e for e in self._fit(piece) if self.deaths[e] < MOST_DEATHS]
        if self.by_work or piece.only_bound:
            fit = [e for e in fit if ENGINES[e].proves]
        turn = piece.rounds % len(fit) if fit and not piece.running else 0
        for engine in fit[turn:] + fit[:turn]:
            if engine not in piece.running and engine not in piece.spent:
                yield engine

    def _fit(self, piece: Piece) -> Sequence[str]:
        if piece.is_polish:
            return [name for name, engine in ENGINES.items() if engine.tires]
        return engines_for(piece.problem)

    def _share(self, piece: Piece, waiting: Sequence[Piece], left: float) -> float:
        """Seconds for one run: what is left, shared by size among all that wait (and the units still to come)."""
        sizes = sum(each.size for each in waiting)
        sizes += sum(g.size for d in self.layout.divided if d.rests is None for g in d.to_come)
        free = max(1, self.workers)
        alone = len(waiting) == 1 and sizes == piece.size
        second = self.workers == 1 and len(list(self._engines(piece))) > 1
        share = left / (2 if second else 1) if alone else left * free * piece.size / sizes
        return min(left, max(LEAST_SHARE, share))

    def _worker(self, engine: str) -> Worker:
        for worker in [each for each in self.resting if not each.is_alive]:
            self.resting.remove(worker)
            worker.kill()
        for worker in self.resting:
            if worker.engine == engine:
                self.resting.remove(worker)
                return worker
        while self.resting:  # no more processes than asked for
            self.resting.pop().kill()
        return Worker(ENGINES[engine], self.inbox)

    def _start(self, run: Run) -> None:
        left = max(0.1, self.until - monotonic())
        work = run.share if self._counts(run) else None
        if work is None:
            run.share = left = min(run.share, left)
        run.until = monotonic() + left
        run.worker.give(
            Task(run.number, run.piece.text, run.piece.roster, left, self.seed, work, tires=run.piece.is_polish)
        )

    def _counts(self, run: Run) -> bool:
        return self.by_work and ENGINES[run.worker.engine].counts

    def _attend(self) -> None:
        """Hear one line, or time pass."""
        # Not before what they have said is heard: freeing units or opening a whole group keeps us from listening.
        if self.inbox.empty():
            for late in [r for r in self.runs if r.until and monotonic() > r.until + GRACE_SECONDS]:
                self._dismiss(late)
        try:
            line = self.inbox.get(timeout=POLL_SECONDS)
        except Empty:
            # Only now: freeing the units takes a while, and a child may have said meanwhile that it is ready.
            for mute in [r for r in self.runs if not r.until and monotonic() > r.born + START_SECONDS]:
                self._bury(mute, f"engine.mute: {mute.worker.engine} did not start within {START_SECONDS:g} s")
            self.audience.hear(None)
            return
        run = next((each for each in self.runs if each.worker is line.worker), None)
        if run is None:  # one that was killed or rests
            if line.said is None and line.worker in self.resting:
                self.resting.remove(line.worker)
                line.worker.kill()
            return
        self.report.memory = max(self.report.memory, (line.said or {}).get("memory", 0))
        if line.said is None:
            self._bury(run, line.words)
        elif "ready" in line.said:
            run.worker.is_ready = True
            self._start(run)
        elif line.said.get("task") == run.number:
            self._hear(run, line.said)
        elif line.said.get("done") == run.number:
            self._end(run, line.said)

    def _hear(self, run: Run, said: dict[str, Any]) -> None:
        piece = run.piece
        piece.prove(said["bound"], said["missing"], run.worker.engine)
        better = False
        if said["roster"] is not None:
            roster = tuple(sorted(Assignment(*pair) for pair in said["roster"]))
            better = piece.offer(roster)
        for liar in piece.refute():
            self.report.faults.append(f"engine.bound: {liar} claimed more than a lawful roster costs")
        if better:
            for other in self.runs:
                if other is not run and other.piece is piece and other.until and not self.by_work:
                    other.worker.tell(other.number, piece.roster)
            if piece.decides and self.layout.tally.accept(piece.decides, piece.roster):
                self._pass_on(piece)
        self.audience.hear(run.worker.engine if better and piece.decides else None)
        if piece.is_settled:
            self._settle(run, said)

    def _pass_on(self, piece: Piece) -> None:
        """A search over the whole of a group goes on from what is found in its units."""
        for whole in self.layout.hear(piece):
            for other in self.runs:
                if other.piece is whole and other.until:
                    other.worker.tell(other.number, whole.roster)

    def _settle(self, run: Run, said: dict[str, Any]) -> None:
        """Where work is counted, it ends where the roster was found. Bounds are told when the clock allows; an engine
        whose bound settles the piece knows so by itself.
        """
        if not self._counts(run):
            self._wind_up(run)
        elif said["roster"] is not None:
            run.work = said.get("work", run.share)
            self._wind_up(run)

    def _wind_up(self, run: Run) -> None:
        """The piece is done. Whoever told so may be about to say the same; if not, it searches in vain."""
        for other in [each for each in self.runs if each is not run and each.piece is run.piece]:
            self._dismiss(other)
        run.until = min(run.until, monotonic() + LAST_WORDS_SECONDS - GRACE_SECONDS)

    def _end(self, run: Run, said: dict[str, Any]) -> None:
        left = run.until - monotonic()
        if self._counts(run):
            run.work = said.get("work", run.share) if run.work is None else run.work
            left = run.share - run.work
        self.report.out_of_time |= said.get("clocked", self.by_work and not run.piece.is_settled)
        if not run.piece.is_settled and left > (1 - WELL_BEFORE) * run.share:
            run.piece.spent.add(run.worker.engine)
        self._leave(run)
        self.resting.append(run.worker)

    def _bury(self, run: Run, words: str) -> None:
        """A dead engine is told of and costs nothing but quality. One that never started says nothing of its piece."""
        self.report.faults.append(words.strip() or f"engine.silent: {run.worker.engine}")
        self.deaths[run.worker.engine] += 1
        if run.until:
            run.piece.spent.add(run.worker.engine)
        self._dismiss(run)

    def _dismiss(self, run: Run) -> None:
        self._leave(run)
        run.worker.kill()

    def _leave(self, run: Run) -> None:
        self.runs.remove(run)
        run.piece.running.discard(run.worker.engine)
        if run.until:
            run.piece.rounds += 1
            self.purse -= run.share if run.work is None else run.work
