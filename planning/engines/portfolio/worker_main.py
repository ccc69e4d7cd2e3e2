"""The child process of one engine: tasks line by line on standard input, a line of JSON per piece of news on output.

Solvers are loaded here and nowhere else, and the parent may kill this process at any moment.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import Any, TextIO

from planning.codec import from_json
from planning.engines.portfolio.inside_child import begin, say
from planning.engines.portfolio.registry import Improve, load
from planning.engines.work_budget import WorkBudget
from planning.problem import Assignment

QUIET_SECONDS = 0.25  # between two lines that bring a better bound alone


class Reporter:
    """Writes what is new about one task, and never the same thing twice."""

    def __init__(self, out: TextIO, number: int, work: WorkBudget | None = None) -> None:
        self.out, self.number, self.work = out, number, work
        self.roster: Sequence[Assignment] = ()
        self.written: tuple[int, int] = (0, 0)
        self.written_at = 0.0
        self.latest: tuple[Sequence[Assignment], tuple[int, int]] | None = None

    def emit(self, roster: Sequence[Assignment], bound: int, missing: int) -> None:
        fresh, proven = roster != self.roster, (bound, missing)
        if fresh or (proven != self.written and monotonic() >= self.written_at + QUIET_SECONDS):
            self._write(roster if fresh else None, proven)
        self.latest = (roster, proven)

    def finish(self) -> None:
        if self.latest is not None:
            self._write(*self.latest)
        clocked = {} if self.work is None else {"clocked": self.work.is_clocked}
        say(self.out, {"done": self.number, "memory": memory_kb(), **self._counted(), **clocked})

    def _write(self, roster: Sequence[Assignment] | None, proven: tuple[int, int]) -> None:
        self.roster, self.written, self.written_at = roster or self.roster, proven, monotonic()
        pairs = None if roster is None else [(a.shift_id, a.staff_id) for a in roster]
        proofs = {"bound": proven[0], "missing": proven[1]}
        say(self.out, {"task": self.number, "roster": pairs, "memory": memory_kb(), **proofs, **self._counted()})

    def _counted(self) -> dict[str, float]:
        return {} if self.work is None else {"work": self.work.spent}


def memory_kb() -> int:
    """The most memory this process held, in kilobytes; 0 where the system does not say.

    What the kernel tells a parent of its children would count the parent's own memory at their birth.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


class Ear:
    """Reads standard input beside the engine: tasks into a queue, and the last roster heard for the present task."""

    def __init__(self) -> None:
        self.tasks: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self.number = 0
        self._heard: tuple[int, Any] = (0, None)
        threading.Thread(target=self._listen, daemon=True).start()

    def hear(self) -> Sequence[Assignment] | None:
        """Return what was heard since the last call; an older roster gives way to a newer one."""
        (number, pairs), self._heard = self._heard, (0, None)
        return [Assignment(*pair) for pair in pairs] if pairs is not None and number == self.number else None

    def _listen(self) -> None:
        for text in sys.stdin:
            said = json.loads(text)
            if "task" in said:
                self.tasks.put(said)
            else:
                self._heard = (said["hear"], said["roster"])
        os._exit(1)  # nobody is left to read what we find


def _serve(improve: Improve, task: dict[str, Any], ear: Ear, out: TextIO) -> None:
    ear.number = task["task"]
    work = None if task["work"] is None else WorkBudget(task["work"], task["seconds"])
    reporter = Reporter(out, ear.number, work)
    start = [Assignment(*pair) for pair in task["start"]]
    options: dict[str, Any] = {"emit": reporter.emit, "hear": ear.hear}
    options |= {"work": work} if work is not None else {}
    options |= {"tires": True} if task["tires"] else {}
    improve(from_json(task["problem"]), start, seconds=task["seconds"], seed=task["seed"], **options)
    reporter.finish()


def main(module: str) -> None:
    """Serve with the engine in this module: plugins are known to the parent alone."""
    out = begin()
    improve, ear = load(module), Ear()
    say(out, {"ready": True})
    while True:
        _serve(improve, ear.tasks.get(), ear, out)


if __name__ == "__main__":
    main(sys.argv[1])
