"""The child process: a problem on standard input, a line of JSON per piece of news on standard output.

Solvers are loaded here and nowhere else, and the parent may kill this process at any moment.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any, TextIO

from roster.planning.codec import from_json
from roster.planning.problem import Assignment

QUIET_SECONDS = 0.25  # between two lines that bring a better bound alone
ORPHAN_SECONDS = 0.5
KINDNESS = 5  # people's pages come before a better roster


class Reporter:
    """Writes what is new, and never the same thing twice."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.roster: Sequence[Assignment] = ()
        self.bound: tuple[int, int] = (0, 0)
        self.written_at = 0.0

    def emit(self, roster: Sequence[Assignment], bound: int, missing: int) -> None:
        fresh, proven = roster != self.roster, (bound, missing)
        if fresh or (proven != self.bound and monotonic() >= self.written_at + QUIET_SECONDS):
            self._write(roster if fresh else None, proven)
        self.latest = (roster, proven)

    def finish(self) -> None:
        if hasattr(self, "latest"):
            self._write(*self.latest)
        self._line({"done": True})

    def _write(self, roster: Sequence[Assignment] | None, proven: tuple[int, int]) -> None:
        self.roster, self.bound, self.written_at = roster or self.roster, proven, monotonic()
        pairs = None if roster is None else [(a.shift_id, a.staff_id) for a in roster]
        self._line({"roster": pairs, "bound": proven[0], "missing": proven[1]})

    def _line(self, news: dict[str, Any]) -> None:
        print(json.dumps(news), file=self.out, flush=True)


def _leave_with(parent: int) -> None:
    """A parent that was killed cannot kill us, and nobody would read what we find."""
    while os.getppid() == parent:
        sleep(ORPHAN_SECONDS)
    os._exit(1)


def main() -> None:
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    os.nice(KINDNESS)
    # Solvers greet on standard output, which is ours: they are given standard error instead.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.read())
    from roster.planning.engines.highs import improve

    reporter = Reporter(out)
    start = [Assignment(*pair) for pair in task["start"]]
    improve(from_json(task["problem"]), start, seconds=task["seconds"], seed=task["seed"], emit=reporter.emit)
    reporter.finish()


if __name__ == "__main__":
    main()
