"""Rosters are solved and proved in the test's own process, for tests about what is done with them.

A solve starts three processes, each of which loads a solver, and searches as long as it may. The small problems of
these tests need a tenth of that. How children live and die is seen in tests/unit/planning and tests/journeys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from roster.planning.codec import from_json
from roster.planning.engines import work_budget
from roster.planning.engines.portfolio import scheduler
from roster.planning.engines.portfolio.prover import Prover
from roster.planning.engines.portfolio.prover_main import ANSWERS
from roster.planning.engines.portfolio.registry import ENGINES, Emit, load
from roster.planning.engines.portfolio.worker import Task
from roster.planning.engines.work_budget import Work
from roster.planning.problem import Problem
from tests.unit.planning.in_process import ROOMY, Inside, work

SLOW = 400.0
"""As on a machine that does so much less in a second: a search ends by counted work long before the clock."""


class Brief(Inside):
    """An engine that can count its work does one second's of it, another takes one step."""

    def run(self, problem: Problem, task: Task, emit: Emit, done: Work | None) -> None:
        if not ENGINES[self.engine].counts:
            work(self.engine, problem, task.start, emit=emit, seed=task.seed, steps=1)
            return
        load(ENGINES[self.engine].module)(
            problem,
            task.start,
            seconds=ROOMY,
            seed=task.seed,
            emit=emit,
            hear=lambda: None,
            work=done or Work(1.0, ROOMY),
        )  # type: ignore[call-arg]


@contextmanager
def solved_inside() -> Iterator[None]:
    """While it lasts, neither engines nor proofs start a process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler, "Worker", Brief)
        patch.setattr(work_budget, "AT_ROOT", SLOW * work_budget.AT_ROOT)
        patch.setattr(work_budget, "IN_TREE", SLOW * work_budget.IN_TREE)
        patch.setattr(Prover, "_ask", _answer)
        yield


def _answer(_self: Prover, question: dict[str, Any], _seconds: float) -> dict[str, Any]:
    """What the child would say, on the same way there and back."""
    asked = json.loads(json.dumps(question))
    said: dict[str, Any] = json.loads(json.dumps(ANSWERS[asked["ask"]](from_json(asked["problem"]), asked)))
    return said
