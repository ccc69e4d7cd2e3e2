"""Small proofs from a solver in a child process: asked one after the other, killed when one takes too long.

A question is a line of JSON on the child's standard input, its answer a line on standard output, where it first says
that it is ready. Solvers are loaded in the child alone.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType, TracebackType
from typing import IO, Any

from roster.planning.codec import from_json, to_json
from roster.planning.problem import Problem

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[4]
START_SECONDS = 30.0  # for loading the solver on a busy machine, beyond the time of the first question
GRACE_SECONDS = 1.0  # past its own limit, for a solver that overshoots
KINDNESS = 5
LAST_WORDS = 20  # lines of the child's complaint that are kept
MOST_DEATHS = 2  # a child that dies by itself, or never starts, will do so again


class Prover:
    """A context manager. Nothing runs before the first question, nothing is left after the last."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._words: deque[str] = deque(maxlen=LAST_WORDS)
        self._deaths = 0

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]:
        """(fewest empty seats found or proven, whether proven); (-1, False) when no answer came in time."""
        answer = self._ask({"ask": "fewest", "problem": to_json(problem), "seconds": seconds}, seconds)
        return (int(answer["missing"]), bool(answer["proven"])) if answer else (-1, False)

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
        """(proven least number of empty seats, rule → people whom it binds); (0, {}) when no answer came in time."""
        answer = self._ask({"ask": "binding", "problem": to_json(problem), "seconds": seconds}, seconds)
        return (int(answer["missing"]), answer["rules"]) if answer else (0, {})

    def prices(self, problem: Problem, seconds: float, target: int | None) -> tuple[str, int | None]:
        """(dual prices as a certificate keeps them, the bound that they prove); ("", None) when none came in time."""
        question = {"ask": "prices", "problem": to_json(problem), "seconds": seconds, "target": target}
        answer = self._ask(question, seconds)
        return (answer["prices"], answer["bound"]) if answer else ("", None)

    def nearest(self, problem: Problem, seconds: float, seed: int) -> dict[str, Any] | None:
        """The nearest roster to the baseline as `highs.nearest.Nearest` has it; None when none came in time."""
        question = {"ask": "nearest", "problem": to_json(problem), "seconds": seconds, "seed": seed}
        answer = self._ask(question, seconds)
        return answer["found"] if answer else None

    def stop(self) -> None:
        """Kill the child, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout, self._child.stderr):
                _close(stream)
            self._child = None

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        if self._deaths >= MOST_DEATHS:
            return None
        child = self._child or self._start()
        if child is None:
            return None
        try:
            assert child.stdin is not None  # noqa: S101 - it was opened as a pipe
            print(json.dumps(question), file=child.stdin, flush=True)
            answer = self._hear(seconds + GRACE_SECONDS)
            if answer is None:
                self._mourn("died")
        except (queue.Empty, BrokenPipeError):
            answer = None
        if answer is None:
            self.stop()
        return answer

    def _hear(self, seconds: float) -> dict[str, Any] | None:
        """The next line; None when the child is gone. queue.Empty when it takes too long."""
        answer: dict[str, Any] | None = json.loads(self._answers.get(timeout=max(0.0, seconds)))
        return answer

    def _mourn(self, how: str) -> None:
        self._deaths += 1
        log.error("a child that proves things %s: %s", how, "".join(self._words))

    def _start(self) -> subprocess.Popen[str] | None:
        """A child that is ready; None when it does not get so, which is no word about the question."""
        child = self._spawn()
        try:
            if self._hear(START_SECONDS) is not None:
                return child
            self._mourn("died")
        except queue.Empty:
            self._mourn(f"did not start within {START_SECONDS:g} s")
        self.stop()
        return None

    def _spawn(self) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "roster.planning.engines.portfolio.prover"],
            cwd=ROOT,
            env=environment,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._child, self._answers = child, queue.SimpleQueue()
        threading.Thread(target=_hear, args=(child.stderr, self._words), daemon=True).start()
        threading.Thread(target=_pump, args=(child.stdout, self._answers), daemon=True).start()
        return child


def _hear(stream: IO[str] | None, words: deque[str]) -> None:
    try:
        words.extend(stream or ())
    except ValueError:
        return  # closed under our hands


def _pump(stream: IO[str] | None, answers: queue.SimpleQueue[str]) -> None:
    try:
        for line in stream or ():
            answers.put(line)
    except ValueError:
        return  # closed under our hands: nobody listens any more
    answers.put("null")  # the child is gone


def _close(stream: IO[str] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:
        return


def _answer(capacity: ModuleType, question: dict[str, Any]) -> dict[str, Any]:
    problem, seconds = from_json(question["problem"]), question["seconds"]
    if question["ask"] == "prices":
        pricing = import_module("roster.planning.engines.mip.bound_prices")
        text, bound = pricing.find(problem, seconds, question["target"])
        return {"prices": text, "bound": bound}
    if question["ask"] == "nearest":
        near = import_module("roster.planning.engines.mip.nearest")
        found = near.nearest(problem, seconds=seconds, seed=question["seed"])
        return {"found": None if found is None else asdict(found)}
    if question["ask"] == "fewest":
        missing, proven = capacity.fewest_missing(problem, seconds=seconds)
        return {"missing": missing, "proven": proven}
    found = capacity.binding_rules(problem, seconds=seconds)
    return {"missing": found.missing, "rules": found.rules}


def main(arguments: Sequence[str] = ()) -> None:
    os.nice(KINDNESS)
    # Solvers greet on standard output, which is ours: they are given standard error instead.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    capacity = import_module("roster.planning.engines.mip.shortage_bound")
    print(json.dumps({"ready": True}), file=out, flush=True)
    # A parent that is gone closes our input, and that ends the loop; a solve in between has its own limit.
    for line in sys.stdin:
        print(json.dumps(_answer(capacity, json.loads(line))), file=out, flush=True)


if __name__ == "__main__":
    main()
