"""Engines at work on the subproblems, a few processes at a time, until everything is proven or time is up.

Small subproblems come first, each with its fair share of what is left; what stays unproven is taken up again with more.
When fewer subproblems are open than processes, several engines work on one subproblem and hear of each other's rosters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Protocol

from planning.engines.decomposition.decomposition import Decomposition
from planning.engines.decomposition.subproblem import Subproblem
from planning.engines.portfolio.registry import ENGINES, engines_for
from planning.engines.portfolio.worker import EngineWorker, Task, WorkerMessage
from planning.problem import Assignment

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
class EngineRun:
    """One engine on one subproblem; `until` 0: it has not been given its task yet."""

    number: int
    worker: EngineWorker
    subproblem: Subproblem
    share: float
    until: float = 0.0
    born: float = field(default_factory=monotonic)
    work: float | None = None  # what it did, where that is counted and known


@dataclass
class EnginesReport:
    """What became of the engines: for the certificate and for the log."""

    engines: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # what was claimed and not believed
    memory: int = 0  # kilobytes, the most of any child
    out_of_time: bool = False


class Portfolio:
    """One search over a decomposition; `report` says what became of it."""

    def __init__(
        self,
        decomposition: Decomposition,
        *,
        until: float,
        seed: int,
        workers: int,
        work: float | None,
        should_stop: Callable[[], bool],
        audience: Audience,
    ) -> None:
        self.decomposition, self.until, self.seed = decomposition, until, seed
        self.workers, self.by_work = workers, work is not None
        self.purse = work or 0.0
        self.should_stop, self.audience = should_stop, audience
        self.report = EnginesReport()
        self.inbox: SimpleQueue[WorkerMessage] = SimpleQueue()
        self.runs: list[EngineRun] = []
        self.resting: list[EngineWorker] = []
        self.deaths = Counter[str]()
        self.count = 0

    def run(self) -> None:
        try:
            while not self.should_stop():
                if monotonic() >= self.until:
                    self.report.out_of_time = True
                    self._linger()
                    return
                if self.decomposition.is_due:
                    self.audience.keep()
                    self.decomposition.advance(self._is_over)
                    self.audience.hear("split")
                if not self.by_work:
                    self.decomposition.polish()
                self._employ()
                if not self.runs:
                    return
                self._attend()
        finally:
            for subproblem in self.decomposition.subproblems:
                self.report.refused += subproblem.claims.take_faults()
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
            subproblem, engine, share = chosen
            self.count += 1
            run = EngineRun(self.count, self._worker(engine), subproblem, share)
            subproblem.running.add(engine)
            self.report.engines.add(engine)
            self.runs.append(run)
            if run.worker.is_ready:
                self._start(run)

    def _choose(self) -> tuple[Subproblem, str, float] | None:
        unsettled = [subproblem for subproblem in self.decomposition.subproblems if not subproblem.is_settled]
        left = self.purse if self.by_work else max(0.0, self.until - monotonic())
        if self.by_work and left < LEAST_WORK:
            return None
        waiting = [subproblem for subproblem in unsettled if not subproblem.running]
        for subproblem in sorted(waiting, key=lambda each: each.turn):
            for engine in self._engines(subproblem):
                return subproblem, engine, self._share(subproblem, waiting, left)
        for subproblem in sorted(unsettled, key=lambda each: (each.only_bound, -each.size)):
            for engine in self._engines(subproblem) if subproblem.running and not self.by_work else ():
                return subproblem, engine, left
        return None

    def _engines(self, subproblem: Subproblem) -> Iterator[str]:
        """Who may still be put on the subproblem, in the order of its engines, taking turns over the rounds."""
        fit = [e for e in self._fit(subproblem) if self.deaths[e] < MOST_DEATHS]
        if self.by_work or subproblem.only_bound:
            fit = [e for e in fit if ENGINES[e].proves]
        turn = subproblem.rounds % len(fit) if fit and not subproblem.running else 0
        for engine in fit[turn:] + fit[:turn]:
            if engine not in subproblem.running and engine not in subproblem.spent:
                yield engine

    def _fit(self, subproblem: Subproblem) -> Sequence[str]:
        if subproblem.is_polish:
            return [name for name, engine in ENGINES.items() if engine.tires]
        return engines_for(subproblem.problem)

    def _share(self, subproblem: Subproblem, waiting: Sequence[Subproblem], left: float) -> float:
        """Seconds for one run: what is left, shared by size among all that wait (and the units still to come)."""
        sizes = sum(each.size for each in waiting)
        sizes += sum(g.size for d in self.decomposition.divided if d.rests is None for g in d.to_come)
        free = max(1, self.workers)
        alone = len(waiting) == 1 and sizes == subproblem.size
        second = self.workers == 1 and len(list(self._engines(subproblem))) > 1
        share = left / (2 if second else 1) if alone else left * free * subproblem.size / sizes
        return min(left, max(LEAST_SHARE, share))

    def _worker(self, engine: str) -> EngineWorker:
        for worker in [each for each in self.resting if not each.is_alive]:
            self.resting.remove(worker)
            worker.kill()
        for worker in self.resting:
            if worker.engine == engine:
                self.resting.remove(worker)
                return worker
        while self.resting:  # no more processes than asked for
            self.resting.pop().kill()
        return EngineWorker(ENGINES[engine], self.inbox)

    def _start(self, run: EngineRun) -> None:
        left = max(0.1, self.until - monotonic())
        work = run.share if self._counts(run) else None
        if work is None:
            run.share = left = min(run.share, left)
        run.until = monotonic() + left
        own = run.subproblem
        run.worker.give(Task(run.number, own.text, own.roster, left, self.seed, work, tires=own.is_polish))

    def _counts(self, run: EngineRun) -> bool:
        return self.by_work and ENGINES[run.worker.engine].counts

    def _attend(self) -> None:
        """Hear one line, or time pass."""
        # Not before what they have said is heard: freeing units or opening a whole component keeps us from listening.
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
        elif "fault" in line.said:
            self.report.refused.append(f"{line.worker.engine}: {line.said['fault']}")
        elif line.said.get("task") == run.number:
            self._hear(run, line.said)
        elif line.said.get("done") == run.number:
            self._end(run, line.said)

    def _hear(self, run: EngineRun, said: dict[str, Any]) -> None:
        subproblem = run.subproblem
        subproblem.prove(said["bound"], said["missing"], run.worker.engine)
        better = False
        if said["roster"] is not None:
            roster = tuple(sorted(Assignment(*pair) for pair in said["roster"]))
            better = subproblem.offer(roster)
        self.report.refused += subproblem.claims.take_faults()
        if better:
            for other in self.runs:
                if other is not run and other.subproblem is subproblem and other.until and not self.by_work:
                    other.worker.tell(other.number, subproblem.roster)
            if subproblem.decides and self.decomposition.tally.accept(subproblem.decides, subproblem.roster):
                self._pass_on(subproblem)
        self.audience.hear(run.worker.engine if better and subproblem.decides else None)
        if subproblem.is_settled:
            self._settle(run, said)

    def _pass_on(self, subproblem: Subproblem) -> None:
        """A search over the whole of a component goes on from what is found in its units."""
        for whole in self.decomposition.hear(subproblem):
            for other in self.runs:
                if other.subproblem is whole and other.until:
                    other.worker.tell(other.number, whole.roster)

    def _settle(self, run: EngineRun, said: dict[str, Any]) -> None:
        """Where work is counted, it ends where the roster was found. Bounds are told when the clock allows; an engine
        whose bound settles the subproblem knows so by itself.
        """
        if not self._counts(run):
            self._wind_up(run)
        elif said["roster"] is not None:
            run.work = said.get("work", run.share)
            self._wind_up(run)

    def _wind_up(self, run: EngineRun) -> None:
        """The subproblem is done. Whoever told so may be about to say the same; if not, it searches in vain."""
        for other in [each for each in self.runs if each is not run and each.subproblem is run.subproblem]:
            self._dismiss(other)
        run.until = min(run.until, monotonic() + LAST_WORDS_SECONDS - GRACE_SECONDS)

    def _end(self, run: EngineRun, said: dict[str, Any]) -> None:
        left = run.until - monotonic()
        if self._counts(run):
            run.work = said.get("work", run.share) if run.work is None else run.work
            left = run.share - run.work
        self.report.out_of_time |= said.get("clocked", self.by_work and not run.subproblem.is_settled)
        if not run.subproblem.is_settled and left > (1 - WELL_BEFORE) * run.share:
            run.subproblem.spent.add(run.worker.engine)
        self._leave(run)
        self.resting.append(run.worker)

    def _bury(self, run: EngineRun, words: str) -> None:
        """A dead engine is told of and costs nothing but quality. One that never started proves nothing of its task."""
        self.report.faults.append(words.strip() or f"engine.silent: {run.worker.engine}")
        self.deaths[run.worker.engine] += 1
        if run.until:
            run.subproblem.spent.add(run.worker.engine)
        self._dismiss(run)

    def _dismiss(self, run: EngineRun) -> None:
        self._leave(run)
        run.worker.kill()

    def _leave(self, run: EngineRun) -> None:
        self.runs.remove(run)
        run.subproblem.running.discard(run.worker.engine)
        if run.until:
            run.subproblem.rounds += 1
            self.purse -= run.share if run.work is None else run.work
