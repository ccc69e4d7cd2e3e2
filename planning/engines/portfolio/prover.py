"""Small proofs from a solver in a child process: asked one after the other, killed when one takes too long.

Solvers are loaded in the child alone.
"""

from __future__ import annotations

import logging
import queue
from time import monotonic
from types import TracebackType
from typing import Any

from planning.codec import to_json
from planning.engines.portfolio.child_process import ChildProcess
from planning.problem import Problem

log = logging.getLogger(__name__)
START_SECONDS = 30.0  # for loading the solver on a busy machine, beyond the time of the first question
GRACE_SECONDS = 1.0  # past its own limit, for a solver that overshoots
MOST_DEATHS = 2  # a child that dies by itself, or never starts, will do so again

Answer = dict[str, Any] | None
"""None: the child is gone."""


class Prover:
    """A context manager. Nothing runs before the first question, nothing is left after the last."""

    def __init__(self) -> None:
        self._child: ChildProcess | None = None
        self._answers: queue.SimpleQueue[tuple[Answer, str]] = queue.SimpleQueue()
        self._deaths = 0
        self.faults: list[str] = []
        """What the child did not believe of its solver."""

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
        """The nearest roster to the baseline as `mip.nearest.Nearest` has it; None when none came in time."""
        question = {"ask": "nearest", "problem": to_json(problem), "seconds": seconds, "seed": seed}
        answer = self._ask(question, seconds)
        return answer["found"] if answer else None

    def stop(self) -> None:
        """Kill the child, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _ask(self, question: dict[str, Any], seconds: float) -> Answer:
        if self._deaths >= MOST_DEATHS:
            return None
        child = self._child or self._start()
        if child is None:
            return None
        child.send(question)
        answer = self._hear(seconds + GRACE_SECONDS)
        if answer is None:
            self.stop()
        return answer

    def _hear(self, seconds: float) -> Answer:
        """Return what the child says next; None when it takes too long or is gone, and only the latter is its death."""
        until = monotonic() + seconds
        while True:
            try:
                answer, words = self._answers.get(timeout=max(0.0, until - monotonic()))
            except queue.Empty:
                return None
            if answer is None:
                self._mourn(f"died: {words}")
            elif "fault" in answer:
                log.error("a child that proves things: %s", answer["fault"])
                self.faults.append(answer["fault"])
                continue
            return answer

    def _mourn(self, how: str) -> None:
        self._deaths += 1
        log.error("a child that proves things %s", how)

    def _start(self) -> ChildProcess | None:
        """A child that is ready; None when it does not get so, which is no word about the question."""
        answers = self._answers = queue.SimpleQueue[tuple[Answer, str]]()
        self._child = child = ChildProcess(
            "planning.engines.portfolio.prover_main", hear=lambda said, words: answers.put((said, words))
        )
        deaths = self._deaths
        if self._hear(START_SECONDS) is not None:
            return child
        if self._deaths == deaths:
            self._mourn(f"did not start within {START_SECONDS:g} s")
        self.stop()
        return None
