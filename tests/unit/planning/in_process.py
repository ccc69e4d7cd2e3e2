"""Engines in this process, ended by counted work: what `solve` does with child processes, in tens of milliseconds."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any

import pytest

from planning import solve as planning_solve
from planning.codec import from_json
from planning.engines import work_budget
from planning.engines.decomposition import linking_duties
from planning.engines.portfolio import scheduler
from planning.engines.portfolio.prover import Prover
from planning.engines.portfolio.registry import ENGINES, Emit, Engine, load
from planning.engines.portfolio.worker import Task, WorkerMessage
from planning.engines.portfolio.worker_main import Reporter
from planning.engines.work_budget import WorkBudget
from planning.outcome import Outcome
from planning.problem import Assignment, Problem
from planning.solve import SolveOptions

STEPS = 3  # of an engine that would search on as long as it may
ROOMY = 300.0  # seconds of the clock, for who counts work
LITTLE = 0.05  # seconds of counted work
PLENTY = 30.0  # seconds; no problem of these tests needs one


class Enough(Exception):
    """The engine has done the work that it was asked for."""


def work(
    engine: str,
    problem: Problem,
    start: Iterable[Assignment],
    *,
    emit: Emit,
    seed: int = 0,
    steps: int = STEPS,
    heard: Sequence[Sequence[Assignment]] = (),
) -> None:
    """Let an engine work. HiGHS ends by itself; the others ask once a step what they `hear`, and end after `steps`."""
    with suppress(Enough):
        load(ENGINES[engine].module)(
            problem,
            sorted(start),
            seconds=PLENTY,
            seed=seed,
            emit=emit,
            hear=(lambda: None) if engine == "highs" else _ear(steps, heard),
        )


def _ear(steps: int, heard: Sequence[Sequence[Assignment]]) -> Callable[[], Sequence[Assignment] | None]:
    news = iter([*heard, *[None] * steps])

    def hear() -> Sequence[Assignment] | None:
        for each in news:
            return each
        raise Enough

    return hear


class Inside:
    """A worker without a process: it does its task at once, in this one, and says what a child would say.

    Tests that want another engine, or other ends, override ``run``.
    """

    def __init__(self, engine: Engine, inbox: SimpleQueue[WorkerMessage]) -> None:
        self.engine, self.inbox, self.is_ready, self.is_alive = engine.name, inbox, True, True

    def give(self, task: Task) -> None:
        out, done = io.StringIO(), None if task.work is None else WorkBudget(task.work, ROOMY)
        reporter = Reporter(out, task.number, done)
        self.run(from_json(task.problem), task, reporter.emit, done)
        reporter.finish()
        for text in out.getvalue().splitlines():
            self.inbox.put(WorkerMessage(self, json.loads(text)))  # type: ignore[arg-type]

    def run(self, problem: Problem, task: Task, emit: Emit, done: WorkBudget | None) -> None:
        work(self.engine, problem, task.start, emit=emit, seed=task.seed)

    def tell(self, number: int, roster: object) -> None:
        pass

    def kill(self) -> None:
        pass


class Brief(Inside):
    """HiGHS does a little, the others nothing."""

    def run(self, problem: Problem, task: Task, emit: Emit, done: WorkBudget | None) -> None:
        if self.engine == "highs":
            _let_highs(problem, task, emit, WorkBudget(LITTLE, ROOMY))


def _let_highs(problem: Problem, task: Task, emit: Emit, done: WorkBudget) -> None:
    """Until so much work is done."""
    load(ENGINES["highs"].module)(
        problem, task.start, seconds=ROOMY, seed=task.seed, emit=emit, hear=lambda: None, work=done
    )  # type: ignore[call-arg]


@contextmanager
def engines_inside(*, torn: bool = False, bare: bool = False, brief: bool = False) -> Iterator[None]:
    """While it lasts, nobody who solves or proves starts a process. `torn`: what is taken apart otherwise are large
    components alone. `bare`: it begins with the pins alone, as the greedy leaves nothing to find in problems as small
    as these. `brief`: HiGHS alone, by counted work, proof or none, for whoever only needs a roster.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "EngineWorker", Brief if brief else Inside)
        patch.setattr(Prover, "_ask", _answer)
        if torn:
            patch.setattr(linking_duties, "LARGE", 1)
        if bare:
            patch.setattr(planning_solve, "first_roster", _pins_alone)
        yield


def _answer(_prover: Prover, question: dict[str, Any], _seconds: float) -> dict[str, Any]:
    """What the child of a prover would say."""
    from planning.engines.portfolio.prover_main import ANSWERS  # it loads a solver

    said = ANSWERS[question["ask"]](from_json(question["problem"]), question)
    return json.loads(json.dumps(said))  # type: ignore[no-any-return]


def _pins_alone(problem: Problem, *, seed: int) -> tuple[tuple[Assignment, ...], str]:
    return tuple(sorted({Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins})), "pins"


def solved(
    problem: Problem,
    *,
    torn: bool = False,
    bare: bool = False,
    seed: int = 0,
    reproducible: bool = False,
    **more: Any,
) -> Outcome:
    """What `solve` answers, by the engines that it chooses itself."""
    with engines_inside(torn=torn, bare=bare):
        return planning_solve.solve(problem, SolveOptions(PLENTY, seed, reproducible), **more)


class Counting(Inside):
    """Ends by counted work alone."""

    def run(self, problem: Problem, task: Task, emit: Emit, done: WorkBudget | None) -> None:
        assert done is not None and self.engine == "highs"
        _let_highs(problem, task, emit, done)

    def tell(self, number: int, roster: object) -> None:
        raise AssertionError("nothing is passed on where runs must repeat")


def solved_by_count(problem: Problem, *, seed: int = 0, slow: float = 400.0) -> Outcome:
    """Solved as on a machine that does so much less in a second, which ends by work long before the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "EngineWorker", Counting)
        patch.setattr(work_budget, "AT_ROOT", slow * work_budget.AT_ROOT)
        patch.setattr(work_budget, "IN_TREE", slow * work_budget.IN_TREE)
        return planning_solve.solve(problem, SolveOptions(seconds=ROOMY, seed=seed, reproducible=True))
