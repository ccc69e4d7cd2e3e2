"""An engine in a child process, watched: its news arrive as they come, and it is killed when time is up."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO

from roster.planning.codec import to_json
from roster.planning.problem import Assignment, Problem

ROOT = Path(__file__).parents[3]
POLL_SECONDS = 0.1
GRACE_SECONDS = 3.0  # past its own limit, for loading the solver and for a solver that overshoots


@dataclass(frozen=True)
class News:
    """`roster` None: only the bound moved. `bound` and `missing` are proven lower bounds."""

    roster: tuple[Assignment, ...] | None
    bound: int
    missing: int


class EngineFailed(RuntimeError):
    """The child ended without saying that it was done; the message holds the end of its standard error."""


def run(
    problem: Problem, start: Sequence[Assignment], *, seconds: float, seed: int, should_stop: Callable[[], bool]
) -> Iterator[News]:
    """News from the engine until it is done, `should_stop` or time is up; EngineFailed if it died by itself."""
    task = {
        "problem": to_json(problem),
        "start": [(a.shift_id, a.staff_id) for a in start],
        "seconds": seconds,
        "seed": seed,
    }
    until = monotonic() + seconds + GRACE_SECONDS
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-m", "roster.planning.engines.child"],
        cwd=ROOT, env=environment, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield from _listen(child, json.dumps(task), until, should_stop)
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None and not stream.closed:
                _close(stream)


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return


def _listen(child: subprocess.Popen[str], task: str, until: float, should_stop: Callable[[], bool]) -> Iterator[News]:
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    complaints: list[str] = []
    threads = [
        threading.Thread(target=_feed, args=(child.stdin, task), daemon=True),
        threading.Thread(target=_pump, args=(child.stdout, lines.put), daemon=True),
        threading.Thread(target=_pump, args=(child.stderr, lambda line: complaints.append(line or "")), daemon=True),
    ]
    for thread in threads:
        thread.start()
    while monotonic() < until and not should_stop():
        try:
            line = lines.get(timeout=POLL_SECONDS)
        except queue.Empty:
            continue
        if line is None:
            threads[2].join(timeout=1)
            raise EngineFailed("".join(complaints)[-2000:])
        news = json.loads(line)
        if news.get("done"):
            return
        roster = news["roster"] and tuple(Assignment(*pair) for pair in news["roster"])
        yield News(roster, news["bound"], news["missing"])


def _feed(stream: IO[str] | None, text: str) -> None:
    if stream is not None:
        try:
            stream.write(text)
            stream.close()
        except (BrokenPipeError, ValueError):
            return  # the child is gone; its silence is noticed by the reader


def _pump(stream: IO[str] | None, take: Callable[[str | None], None]) -> None:
    if stream is not None:
        try:
            for line in stream:
                take(line)
        except ValueError:
            return  # closed under our hands: nobody listens any more
    take(None)
