"""An engine in a child process: tasks and better rosters go in, news come out, and it can be killed at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from roster.planning.engines.portfolio.registry import Engine
from roster.planning.problem import Assignment

ROOT = Path(__file__).parents[4]
COMPLAINT = 2000  # characters of a dead engine's last words


@dataclass(frozen=True)
class Task:
    """What one run of an engine needs; `problem` is the text of `codec.to_json`, `number` names the task.

    `work`: seconds to be counted and not measured, for an engine that can (see `work`); `tires`: end before time where
    nothing more is found.
    """

    number: int
    problem: str
    start: tuple[Assignment, ...]
    seconds: float
    seed: int
    work: float | None = None
    tires: bool = False


@dataclass(frozen=True)
class Line:
    """What a worker said; `said` None: it is dead, and `words` are the end of its standard error."""

    worker: Worker
    said: dict[str, Any] | None
    words: str = ""


class Worker:
    """A running engine. What it says arrives in `inbox`, first `{"ready": true}`. It serves one task after another."""

    def __init__(self, engine: Engine, inbox: SimpleQueue[Line]) -> None:
        self.engine, self.inbox = engine.name, inbox
        self.is_ready = False
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        self.child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "roster.planning.engines.portfolio.worker_main", engine.module],
            cwd=ROOT,
            env=environment,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._outgoing: SimpleQueue[str | None] = SimpleQueue()
        self._words: list[str] = []
        self._threads = [
            threading.Thread(target=self._feed, daemon=True),
            threading.Thread(target=self._listen, daemon=True),
            threading.Thread(target=self._overhear, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_alive(self) -> bool:
        return self.child.poll() is None

    def give(self, task: Task) -> None:
        """Start a task; the one before must have said that it is done."""
        self._outgoing.put(json.dumps({"task": task.number, **vars(task), "start": _pairs(task.start)}))

    def tell(self, number: int, roster: Iterable[Assignment]) -> None:
        """Pass on a better roster that somebody else found for the task."""
        self._outgoing.put(json.dumps({"hear": number, "roster": _pairs(roster)}))

    def kill(self) -> None:
        """End it now, whatever it does."""
        self.child.kill()
        self._outgoing.put(None)
        self.child.wait()
        for thread in self._threads:
            thread.join(timeout=1)
        for stream in (self.child.stdin, self.child.stdout, self.child.stderr):
            if stream is not None and not stream.closed:
                _close(stream)

    def _feed(self) -> None:
        stream = self.child.stdin
        while stream is not None and (text := self._outgoing.get()) is not None:
            try:
                stream.write(text + "\n")
                stream.flush()
            except (BrokenPipeError, ValueError):
                return  # the child is gone; its silence is noticed by the listener

    def _listen(self) -> None:
        try:
            for line in self.child.stdout or ():
                self.inbox.put(Line(self, json.loads(line)))
        except ValueError:
            pass  # closed under our hands, or cut off in the middle of a line
        self._threads[2].join(timeout=1)
        self.inbox.put(Line(self, None, "".join(self._words)[-COMPLAINT:]))

    def _overhear(self) -> None:
        try:
            for line in self.child.stderr or ():
                self._words = [*self._words[-50:], line]
        except ValueError:
            return


def _pairs(roster: Iterable[Assignment]) -> list[tuple[int, int]]:
    return [(each.shift_id, each.staff_id) for each in roster]


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
