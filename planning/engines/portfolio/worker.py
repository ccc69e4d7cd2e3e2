"""An engine in a child process: tasks and better rosters go in, news come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from planning.engines.portfolio.child_process import ChildProcess
from planning.engines.portfolio.registry import Engine
from planning.problem import Assignment


@dataclass(frozen=True)
class Task:
    """What one run of an engine needs; `problem` is the text of `codec.to_json`, `number` names the task.

    `work`: seconds to be counted and not measured, for an engine that can (see `work_budget`); `tires`: end before time
    where nothing more is found.
    """

    number: int
    problem: str
    start: tuple[Assignment, ...]
    seconds: float
    seed: int
    work: float | None = None
    tires: bool = False


@dataclass(frozen=True)
class WorkerMessage:
    """What a worker said; `said` None: it is dead, and `words` are the end of its standard error."""

    worker: EngineWorker
    said: dict[str, Any] | None
    words: str = ""


class EngineWorker(ChildProcess):
    """A running engine. What it says arrives in `inbox`. It serves one task after another."""

    def __init__(self, engine: Engine, inbox: SimpleQueue[WorkerMessage]) -> None:
        self.engine, self.is_ready = engine.name, False
        super().__init__(
            "planning.engines.portfolio.worker_main",
            engine.module,
            hear=lambda said, words: inbox.put(WorkerMessage(self, said, words)),
        )

    def give(self, task: Task) -> None:
        """Start a task; the one before must have said that it is done."""
        self.send({"task": task.number, **vars(task), "start": _pairs(task.start)})

    def tell(self, number: int, roster: Iterable[Assignment]) -> None:
        """Pass on a better roster that somebody else found for the task."""
        self.send({"hear": number, "roster": _pairs(roster)})


def _pairs(roster: Iterable[Assignment]) -> list[tuple[int, int]]:
    return [(each.shift_id, each.staff_id) for each in roster]
